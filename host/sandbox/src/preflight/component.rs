//! Components: imports, exports, instances, functions lifted and lowered.

use wasmparser::{CanonicalFunction, ComponentExport, ComponentExternalKind, ComponentInstance, Instance, Payload};

use super::{
    Measure, NotAComponent,
    scope::{Exports, Item},
    walk::Walk,
};

impl<'a> Walk<'a> {
    pub(super) fn component(&mut self, payload: Payload<'a>) -> Result<(), NotAComponent> {
        match payload {
            Payload::ComponentTypeSection(types) => self.types(&types)?,
            Payload::CoreTypeSection(types) => {
                for ty in types {
                    self.core_type(&ty?)?;
                }
            }
            Payload::ComponentImportSection(imports) => {
                for import in imports {
                    self.gauge.add(Measure::Imports, 1)?;
                    let item = self.import(import?)?;
                    item.iter().try_for_each(|item| self.spell(item))?;
                }
            }
            Payload::ComponentExportSection(exports) => {
                for export in exports {
                    self.component_export(&export?)?;
                }
            }
            Payload::ComponentAliasSection(aliases) => {
                for alias in aliases {
                    self.alias(alias?)?;
                }
            }
            Payload::ComponentInstanceSection(instances) => {
                for instance in instances {
                    self.instance(instance?)?;
                }
            }
            Payload::InstanceSection(instances) => {
                for instance in instances {
                    self.core_instance(&instance?)?;
                }
            }
            Payload::ComponentCanonicalSection(functions) => {
                for function in functions {
                    self.canonical(&function?)?;
                }
            }
            // Nested components and modules come as payloads of their own.
            _ => {}
        }
        Ok(())
    }

    fn component_export(&mut self, export: &ComponentExport<'a>) -> Result<(), NotAComponent> {
        self.gauge.add(Measure::Exports, 1)?;
        self.no_code(export.kind)?;
        let mut item = self.item(export.kind, export.index)?;
        item.iter().try_for_each(|item| self.spell(item))?;
        if let Some(ty) = export.ty {
            item = self.of_type(ty)?;
            item.iter().try_for_each(|item| self.spell(item))?;
        }
        if self.scopes.len() == 1 {
            self.outline.exports(export.name.name);
        }
        self.export(export.name.name, item)
    }

    fn instance(&mut self, instance: ComponentInstance<'a>) -> Result<(), NotAComponent> {
        let exports = match instance {
            ComponentInstance::Instantiate { component_index, args } => {
                for arg in &args {
                    self.name(arg.name)?;
                    self.no_code(arg.kind)?;
                    let item = self.item(arg.kind, arg.index)?;
                    item.iter().try_for_each(|item| self.spell(item))?;
                }
                let index = usize::try_from(component_index).unwrap_or(usize::MAX);
                let shape = self.scope()?.components.get(index).cloned();
                let shape = shape.ok_or(self.astray())?;
                self.made(shape.instances)?;
                shape.exports
            }
            ComponentInstance::FromExports(list) => {
                self.made(1)?;
                let mut exports = Exports::default();
                for export in &list {
                    self.name(export.name.name)?;
                    self.no_code(export.kind)?;
                    if let Some(item) = self.item(export.kind, export.index)? {
                        exports.insert(export.name.name, item);
                    }
                }
                exports.into()
            }
        };
        let instance = Item::Instance(exports);
        self.spell(&instance)?;
        self.scope()?.push(instance);
        Ok(())
    }

    fn core_instance(&mut self, instance: &Instance<'a>) -> Result<(), NotAComponent> {
        self.made(1)?;
        match instance {
            Instance::Instantiate { args, .. } => args.iter().try_for_each(|arg| self.name(arg.name)),
            Instance::FromExports(exports) => {
                self.gauge.add(Measure::Exports, exports.len() as u64)?;
                exports.iter().try_for_each(|export| self.name(export.name))
            }
        }
    }

    fn canonical(&mut self, function: &CanonicalFunction) -> Result<(), NotAComponent> {
        self.gauge.add(Measure::Canonicals, 1)?;
        match function {
            CanonicalFunction::Lift { type_index, .. } => {
                let item = Item::Function(self.type_at(*type_index)?.size);
                self.spell(&item)?;
                self.scope()?.push(item);
            }
            CanonicalFunction::Lower { func_index, .. } => {
                let item = self.item(ComponentExternalKind::Func, *func_index)?;
                item.iter().try_for_each(|item| self.spell(item))?;
            }
            // Built in, or a core function.
            _ => {}
        }
        Ok(())
    }

    /// What stands at an index of the innermost component.
    fn item(&mut self, kind: ComponentExternalKind, index: u32) -> Result<Option<Item<'a>>, NotAComponent> {
        if kind == ComponentExternalKind::Value {
            return Ok(None);
        }
        let item = self.scope()?.get(kind, index);
        Ok(Some(item.ok_or(self.astray())?))
    }

    /// The compiler writes it out in full here.
    pub(super) fn spell(&mut self, item: &Item<'a>) -> Result<(), NotAComponent> {
        Ok(self.gauge.add(Measure::TypeSizes, item.size())?)
    }

    fn made(&mut self, instances: u64) -> Result<(), NotAComponent> {
        let scope = self.scope()?;
        scope.made = scope.made.saturating_add(instances);
        let made = scope.made;
        Ok(self.gauge.peak(Measure::Instances, made)?)
    }
}
