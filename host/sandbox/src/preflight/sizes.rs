//! The size of a type: its nodes, written out in full.

use wasmparser::{ComponentDefinedType, ComponentFuncType, ComponentValType};

use super::{Measure, NotAComponent, walk::Walk};

impl<'a> Walk<'a> {
    fn value(&mut self, ty: ComponentValType) -> Result<u64, NotAComponent> {
        match ty {
            ComponentValType::Primitive(_) => Ok(1),
            ComponentValType::Type(index) => Ok(self.type_at(index)?.size),
        }
    }

    fn values(&mut self, parts: impl Iterator<Item = Option<ComponentValType>>) -> Result<u64, NotAComponent> {
        let mut size = 1u64;
        for part in parts {
            self.gauge.add(Measure::TypeItems, 1)?;
            let part = part.map_or(Ok(1), |ty| self.value(ty))?;
            size = size.saturating_add(part);
        }
        Ok(size)
    }

    pub(super) fn function(&mut self, ty: &ComponentFuncType<'a>) -> Result<u64, NotAComponent> {
        for (name, _) in &ty.params {
            self.name(name)?;
        }
        self.values(ty.params.iter().map(|(_, ty)| Some(*ty)).chain([ty.result]))
    }

    pub(super) fn defined(&mut self, ty: &ComponentDefinedType<'a>) -> Result<u64, NotAComponent> {
        use ComponentDefinedType as Ty;
        match ty {
            Ty::Primitive(_) | Ty::Own(_) | Ty::Borrow(_) => Ok(1),
            Ty::Record(fields) => {
                for (name, _) in fields {
                    self.name(name)?;
                }
                self.values(fields.iter().map(|(_, ty)| Some(*ty)))
            }
            Ty::Variant(cases) => {
                for case in cases {
                    self.name(case.name)?;
                }
                self.values(cases.iter().map(|case| case.ty))
            }
            Ty::Flags(names) | Ty::Enum(names) => {
                for name in names {
                    self.name(name)?;
                }
                self.values(names.iter().map(|_| None))
            }
            Ty::Tuple(parts) => self.values(parts.iter().copied().map(Some)),
            Ty::List(part) | Ty::Option(part) => self.values([Some(*part)].into_iter()),
            Ty::Map(key, value) => self.values([Some(*key), Some(*value)].into_iter()),
            Ty::Result { ok, err } => self.values([*ok, *err].into_iter()),
            Ty::Future(part) | Ty::Stream(part) => self.values([*part].into_iter()),
            Ty::FixedLengthList(part, len) => {
                Ok(self.values([Some(*part)].into_iter())?.saturating_mul(u64::from(*len).max(1)))
            }
        }
    }
}
