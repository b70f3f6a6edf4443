//! Index spaces of a component or of a type declaration, as far as sizes depend on them.

use std::{collections::BTreeMap, rc::Rc};

use wasmparser::ComponentExternalKind;

/// Sizes are nodes of the type written out in full, names resolved.
#[derive(Clone, Debug, Default)]
pub(super) struct Type<'a> {
    pub(super) size: u64,
    /// Of an instance type.
    pub(super) exports: Rc<Exports<'a>>,
}

/// What an instance exports.
#[derive(Debug, Default)]
pub(super) struct Exports<'a> {
    by_name: BTreeMap<&'a str, Item<'a>>,
    pub(super) size: u64,
}

/// Something that has a type.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    Type(Type<'a>),
    Function(u64),
    Instance(Rc<Exports<'a>>),
}

/// A component that is closed.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape<'a> {
    /// Instances that one instance of it is made of, itself included.
    pub(super) instances: u64,
    pub(super) exports: Rc<Exports<'a>>,
}

/// A component or a type declaration that is open.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    pub(super) types: Vec<Type<'a>>,
    functions: Vec<u64>,
    instances: Vec<Rc<Exports<'a>>>,
    pub(super) components: Vec<Shape<'a>>,
    pub(super) exports: Exports<'a>,
    /// Instances made in it.
    pub(super) made: u64,
}

impl<'a> Exports<'a> {
    pub(super) fn insert(&mut self, name: &'a str, item: Item<'a>) {
        self.size = self.size.saturating_add(item.size());
        self.by_name.insert(name, item);
    }
}

impl Item<'_> {
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Type(ty) => ty.size,
            Self::Function(size) => *size,
            Self::Instance(exports) => exports.size.saturating_add(1),
        }
    }
}

impl<'a> Scope<'a> {
    /// The next index of its kind is this.
    pub(super) fn push(&mut self, item: Item<'a>) {
        match item {
            Item::Type(ty) => self.types.push(ty),
            Item::Function(size) => self.functions.push(size),
            Item::Instance(exports) => self.instances.push(exports),
        }
    }

    /// What stands at an index. None for kinds that have no size here, and for an index that is not there.
    pub(super) fn get(&self, kind: ComponentExternalKind, index: u32) -> Option<Item<'a>> {
        let index = usize::try_from(index).ok()?;
        match kind {
            ComponentExternalKind::Type => self.types.get(index).cloned().map(Item::Type),
            ComponentExternalKind::Func => self.functions.get(index).copied().map(Item::Function),
            ComponentExternalKind::Instance => self.instances.get(index).cloned().map(Item::Instance),
            ComponentExternalKind::Module | ComponentExternalKind::Component | ComponentExternalKind::Value => None,
        }
    }

    /// What an instance exports under a name.
    pub(super) fn export_of(&self, instance: u32, name: &str) -> Option<Item<'a>> {
        self.instances.get(usize::try_from(instance).ok()?)?.by_name.get(name).cloned()
    }

    pub(super) fn into_shape(self) -> Shape<'a> {
        Shape { instances: self.made.saturating_add(1), exports: Rc::new(self.exports) }
    }

    /// Of the declarations of an instance or component type.
    pub(super) fn into_type(self) -> Type<'a> {
        Type { size: self.exports.size.saturating_add(1), exports: Rc::new(self.exports) }
    }
}
