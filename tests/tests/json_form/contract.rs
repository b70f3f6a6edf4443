//! What wit/v1 says of a hook, as far as its JSON form follows from it.

use std::{collections::BTreeSet, path::Path};

use wit_parser::{Function, Interface, Resolve, Type, TypeDefKind, TypeId};

/// The contract.
pub struct Contract {
    resolve: Resolve,
}

/// A type with its aliases followed.
pub enum Shape<'a> {
    Record(Vec<(String, Type)>),
    Enum(Vec<String>),
    Flags(Vec<String>),
    Variant(Vec<(String, Option<Type>)>),
    Option(Type),
    List(Type),
    Plain(&'a Type),
}

impl Contract {
    pub fn read() -> Self {
        let mut resolve = Resolve::default();
        resolve.push_dir(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/v1"))).unwrap();
        Self { resolve }
    }

    /// The parameters after `ctx`, and the ok arm of the result.
    pub fn question(&self, interface: &str) -> (Vec<(String, Type)>, Type) {
        let function = self.function(interface);
        let (ctx, arguments) = function.params.split_first().unwrap();
        assert_eq!(ctx.name, "ctx", "{interface}");
        let arguments = arguments.iter().map(|param| (field(&param.name), param.ty)).collect();
        let Some(Type::Id(result)) = function.result else { panic!("{interface} has no result") };
        match &self.resolve.types[result].kind {
            TypeDefKind::Result(result) => (arguments, result.ok.unwrap()),
            other => panic!("{interface} returns a {}", other.as_str()),
        }
    }

    pub fn context(&self) -> Type {
        self.function("signal").params[0].ty
    }

    fn function(&self, interface: &str) -> &Function {
        let (_, found) = self.interfaces().find(|(name, _)| *name == interface).unwrap();
        assert_eq!(found.functions.len(), 1, "{interface}");
        &found.functions[0]
    }

    fn interfaces(&self) -> impl Iterator<Item = (&str, &Interface)> {
        self.resolve.interfaces.iter().filter_map(|(_, i)| Some((i.name.as_deref()?, i)))
    }

    /// Names of the interfaces with a function that takes a context.
    pub fn asked(&self) -> BTreeSet<String> {
        let asked = self
            .interfaces()
            .filter(|(_, i)| i.functions.values().any(|f| f.params.first().is_some_and(|param| param.name == "ctx")));
        asked.map(|(name, _)| name.to_owned()).collect()
    }

    /// The type behind its aliases: its id, if it has one.
    pub fn definition(&self, ty: Type) -> (Option<TypeId>, Type) {
        let Type::Id(id) = ty else { return (None, ty) };
        match &self.resolve.types[id].kind {
            TypeDefKind::Type(alias) => self.definition(*alias),
            _ => (Some(id), ty),
        }
    }

    pub fn name(&self, id: TypeId) -> String {
        self.resolve.types[id].name.clone().unwrap_or_else(|| self.resolve.types[id].kind.as_str().to_owned())
    }

    pub fn shape<'a>(&'a self, ty: &'a Type) -> Shape<'a> {
        let Type::Id(id) = ty else { return Shape::Plain(ty) };
        match &self.resolve.types[*id].kind {
            TypeDefKind::Type(alias) => self.shape(alias),
            TypeDefKind::Record(r) => Shape::Record(r.fields.iter().map(|f| (field(&f.name), f.ty)).collect()),
            TypeDefKind::Enum(e) => Shape::Enum(e.cases.iter().map(|c| value(&c.name)).collect()),
            TypeDefKind::Flags(f) => Shape::Flags(f.flags.iter().map(|f| value(&f.name)).collect()),
            TypeDefKind::Variant(v) => Shape::Variant(v.cases.iter().map(|c| (field(&c.name), c.ty)).collect()),
            TypeDefKind::Option(inner) => Shape::Option(*inner),
            TypeDefKind::List(inner) => Shape::List(*inner),
            other => panic!("the JSON form says nothing of a {}", other.as_str()),
        }
    }

    /// Whether it is `symbol-id`, or a list or an option of it.
    pub fn is_symbol(&self, ty: Type) -> bool {
        let Type::Id(id) = ty else { return false };
        let def = &self.resolve.types[id];
        def.name.as_deref() == Some("symbol-id")
            || match &def.kind {
                TypeDefKind::Type(inner) | TypeDefKind::Option(inner) | TypeDefKind::List(inner) => {
                    self.is_symbol(*inner)
                }
                _ => false,
            }
    }

    /// Every named type that can stand in a value of this type, and every field: its name, and whether it is a symbol.
    pub fn reach(&self, ty: Type, types: &mut BTreeSet<String>, fields: &mut BTreeSet<(String, bool)>) {
        if let (Some(id), _) = self.definition(ty)
            && matches!(self.shape(&ty), Shape::Record(_) | Shape::Enum(_) | Shape::Flags(_) | Shape::Variant(_))
            && !types.insert(self.unique(id))
        {
            return;
        }
        match self.shape(&ty) {
            Shape::Record(record) => {
                for (name, inner) in record {
                    fields.insert((name, self.is_symbol(inner)));
                    self.reach(inner, types, fields);
                }
            }
            Shape::Variant(cases) => {
                for inner in cases.into_iter().filter_map(|(_, content)| content) {
                    self.reach(inner, types, fields);
                }
            }
            Shape::Option(inner) | Shape::List(inner) => self.reach(inner, types, fields),
            Shape::Enum(_) | Shape::Flags(_) | Shape::Plain(_) => {}
        }
    }

    /// A name that no other type has: several interfaces have an `action`.
    pub fn unique(&self, id: TypeId) -> String {
        let owner = match self.resolve.types[id].owner {
            wit_parser::TypeOwner::Interface(interface) => self.resolve.interfaces[interface].name.clone(),
            _ => None,
        };
        format!("{}.{}", owner.unwrap_or_default(), self.name(id))
    }
}

/// A name of the WIT as a field.
fn field(name: &str) -> String {
    name.replace('-', "_")
}

/// A name of the WIT as a value.
fn value(name: &str) -> String {
    field(name).to_uppercase()
}
