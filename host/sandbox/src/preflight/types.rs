//! Types of components, and what else defines names for types: aliases, imports, exports.

use wasmparser::{
    BinaryReader, ComponentAlias, ComponentExternName, ComponentExternalKind, ComponentImport, ComponentOuterAliasKind,
    ComponentType, ComponentTypeRef, ComponentTypeSectionReader, CoreType, TypeBounds,
};

use super::{
    Measure, NotAComponent,
    scope::{Item, Scope, Type},
    walk::Walk,
};

/// What stands where a type begins.
enum Head<'a> {
    /// A type of its own.
    Leaf(Type<'a>),
    /// So many declarations, and types among them.
    Open(u32),
}

impl<'a> Walk<'a> {
    pub(super) fn types(&mut self, section: &ComponentTypeSectionReader<'a>) -> Result<(), NotAComponent> {
        let range = section.range();
        let mut reader = BinaryReader::new(self.bytes.get(range.clone()).unwrap_or_default(), range.start);
        for _ in 0..reader.read_var_u32()? {
            self.one_type(&mut reader)?;
        }
        Ok(())
    }

    /// A type with all types in it, by a stack of ours: wasmparser's own reader would recurse.
    fn one_type(&mut self, reader: &mut BinaryReader<'a>) -> Result<(), NotAComponent> {
        // Declarations still to come in each type that is open.
        let mut left: Vec<u32> = Vec::new();
        loop {
            match self.head(reader)? {
                Head::Leaf(ty) => self.define(ty)?,
                Head::Open(declarations) => {
                    self.scopes.push(Scope::default());
                    left.push(declarations);
                    self.gauge.peak(Measure::TypeDepth, left.len() as u64)?;
                }
            }
            // Until a type begins again.
            loop {
                match left.last_mut() {
                    None => return Ok(()),
                    Some(0) => {
                        left.pop();
                        let closed = self.scopes.pop().unwrap_or_default();
                        self.define(closed.into_type())?;
                    }
                    Some(more) => {
                        *more -= 1;
                        self.gauge.add(Measure::TypeItems, 1)?;
                        if self.declaration(reader)? {
                            break;
                        }
                    }
                }
            }
        }
    }

    fn head(&mut self, reader: &mut BinaryReader<'a>) -> Result<Head<'a>, NotAComponent> {
        self.gauge.add(Measure::TypeItems, 1)?;
        if matches!(reader.clone().read_u8()?, 0x41 | 0x42) {
            reader.read_u8()?;
            return Ok(Head::Open(reader.read_var_u32()?));
        }
        let size = match reader.read::<ComponentType<'a>>()? {
            ComponentType::Defined(ty) => self.defined(&ty)?,
            ComponentType::Func(ty) => self.function(&ty)?,
            // The other two begin with the bytes above.
            ComponentType::Resource { .. } | ComponentType::Component(_) | ComponentType::Instance(_) => 1,
        };
        Ok(Head::Leaf(Type { size, ..Type::default() }))
    }

    /// Reads one declaration. True when it is a type, which then follows.
    fn declaration(&mut self, reader: &mut BinaryReader<'a>) -> Result<bool, NotAComponent> {
        match reader.clone().read_u8()? {
            0x00 => {
                reader.read_u8()?;
                let ty = reader.read::<CoreType<'a>>()?;
                self.core_type(&ty)?;
            }
            0x01 => {
                reader.read_u8()?;
                return Ok(true);
            }
            0x02 => {
                reader.read_u8()?;
                let alias = reader.read::<ComponentAlias<'a>>()?;
                self.alias(alias)?;
            }
            0x03 => {
                reader.read_u8()?;
                let import = reader.read::<ComponentImport<'a>>()?;
                self.import(import)?;
            }
            _ => {
                let offset = reader.original_position() as u64;
                if reader.read_u8()? != 0x04 {
                    return Err(NotAComponent::Damaged { offset, text: "no declaration of a type".to_owned() });
                }
                let name = reader.read::<ComponentExternName<'a>>()?.name;
                let ty = reader.read::<ComponentTypeRef>()?;
                let item = self.of_type(ty)?;
                self.export(name, item)?;
            }
        }
        Ok(false)
    }

    pub(super) fn core_type(&mut self, ty: &CoreType<'a>) -> Result<(), NotAComponent> {
        let items = match ty {
            CoreType::Rec(group) => group.types().len(),
            CoreType::Module(declarations) => declarations.len().saturating_add(1),
        };
        Ok(self.gauge.add(Measure::TypeItems, items as u64)?)
    }

    pub(super) fn alias(&mut self, alias: ComponentAlias<'a>) -> Result<(), NotAComponent> {
        self.gauge.add(Measure::Aliases, 1)?;
        let item = match alias {
            ComponentAlias::InstanceExport { kind, instance_index, name } => {
                self.no_code(kind)?;
                self.scope()?.export_of(instance_index, name)
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Type, count, index } => {
                self.outer_scope(count)?.get(ComponentExternalKind::Type, index)
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::CoreModule, .. } => {
                return self.no_code(ComponentExternalKind::Module);
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, .. } => {
                return self.no_code(ComponentExternalKind::Component);
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::CoreType, .. }
            | ComponentAlias::CoreInstanceExport { .. } => return Ok(()),
        };
        let item = item.ok_or(self.astray())?;
        if matches!(item, Item::Instance(_)) {
            self.spell(&item)?;
        }
        self.scope()?.push(item);
        Ok(())
    }

    /// An import, of a component or of a component type.
    pub(super) fn import(&mut self, import: ComponentImport<'a>) -> Result<Option<Item<'a>>, NotAComponent> {
        self.name(import.name.name)?;
        let item = self.of_type(import.ty)?;
        if let Some(item) = &item {
            self.scope()?.push(item.clone());
        }
        Ok(item)
    }

    /// An export, of a component or of an instance type. It has an index of its own.
    pub(super) fn export(&mut self, name: &'a str, item: Option<Item<'a>>) -> Result<(), NotAComponent> {
        self.name(name)?;
        if let Some(item) = item {
            let scope = self.scope()?;
            scope.push(item.clone());
            scope.exports.insert(name, item);
        }
        Ok(())
    }

    /// Something of this type. None for a plain value.
    pub(super) fn of_type(&mut self, ty: ComponentTypeRef) -> Result<Option<Item<'a>>, NotAComponent> {
        self.no_code(ty.kind())?;
        Ok(match ty {
            ComponentTypeRef::Func(index) => Some(Item::Function(self.type_at(index)?.size)),
            ComponentTypeRef::Type(TypeBounds::Eq(index)) => Some(Item::Type(self.type_at(index)?)),
            ComponentTypeRef::Type(TypeBounds::SubResource) => Some(Item::Type(Type { size: 1, ..Type::default() })),
            ComponentTypeRef::Instance(index) => Some(Item::Instance(self.type_at(index)?.exports)),
            ComponentTypeRef::Value(_) | ComponentTypeRef::Module(_) | ComponentTypeRef::Component(_) => None,
        })
    }

    /// Components and modules are not handed around.
    pub(super) fn no_code(&mut self, kind: ComponentExternalKind) -> Result<(), NotAComponent> {
        let code = matches!(kind, ComponentExternalKind::Component | ComponentExternalKind::Module);
        Ok(self.gauge.add(Measure::CodeValues, code.into())?)
    }

    fn define(&mut self, ty: Type<'a>) -> Result<(), NotAComponent> {
        self.gauge.peak(Measure::TypeSize, ty.size)?;
        self.scope()?.push(Item::Type(ty));
        Ok(())
    }

    pub(super) fn type_at(&mut self, index: u32) -> Result<Type<'a>, NotAComponent> {
        match self.scope()?.get(ComponentExternalKind::Type, index) {
            Some(Item::Type(ty)) => Ok(ty),
            _ => Err(self.astray().into()),
        }
    }
}
