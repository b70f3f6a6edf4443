//! Core modules.

use wasmparser::{
    CompositeInnerType, ElementItems, ElementSectionReader, ImportSectionReader, MemorySectionReader, Payload, SubType,
    TableSectionReader, TypeRef, TypeSectionReader,
};

use super::{Measure, NotAComponent, walk::Walk};

/// Values that a function takes and returns.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arity {
    pub(super) params: u64,
    pub(super) results: u64,
}

/// The module that is open.
#[derive(Debug, Default)]
pub(super) struct Module {
    types: Vec<Arity>,
    /// Type of each function, imports first.
    functions: Vec<u32>,
    /// Index of the function whose body comes next.
    next: usize,
}

impl Arity {
    pub(super) const fn sum(self) -> u64 {
        self.params.saturating_add(self.results)
    }

    fn of(ty: &SubType) -> Self {
        match &ty.composite_type.inner {
            CompositeInnerType::Func(f) => Self { params: f.params().len() as u64, results: f.results().len() as u64 },
            _ => Self::default(),
        }
    }
}

impl Module {
    /// An index that is not there is refused by the compiler, before it does any work.
    pub(super) fn ty(&self, index: u32) -> Arity {
        usize::try_from(index).ok().and_then(|index| self.types.get(index)).copied().unwrap_or_default()
    }

    pub(super) fn function(&self, index: u32) -> Arity {
        let ty = usize::try_from(index).ok().and_then(|index| self.functions.get(index));
        ty.map_or_else(Arity::default, |ty| self.ty(*ty))
    }

    /// The function whose body comes next.
    pub(super) fn next_body(&mut self) -> Arity {
        let ty = self.functions.get(self.next).map_or_else(Arity::default, |ty| self.ty(*ty));
        self.next += 1;
        ty
    }
}

impl<'a> Walk<'a> {
    pub(super) fn module(&mut self, payload: Payload<'a>) -> Result<(), NotAComponent> {
        match payload {
            Payload::TypeSection(groups) => self.core_types(groups),
            Payload::ImportSection(imports) => self.core_imports(imports),
            Payload::ExportSection(exports) => {
                self.gauge.add(Measure::Exports, exports.count().into())?;
                for export in exports {
                    let name = export?.name;
                    self.name(name)?;
                    self.outline.implements(name);
                }
                Ok(())
            }
            Payload::FunctionSection(functions) => {
                self.gauge.add(Measure::Functions, functions.count().into())?;
                for ty in functions {
                    self.module.functions.push(ty?);
                }
                Ok(())
            }
            Payload::CodeSectionEntry(body) => self.body(&body),
            Payload::TableSection(tables) => self.tables(tables),
            Payload::MemorySection(memories) => self.memories(memories),
            Payload::GlobalSection(globals) => Ok(self.gauge.add(Measure::Globals, globals.count().into())?),
            Payload::ElementSection(segments) => self.elements(segments),
            Payload::DataSection(segments) => Ok(self.gauge.add(Measure::DataSegments, segments.count().into())?),
            // Start and data count are numbers; tags are refused by the compiler.
            _ => Ok(()),
        }
    }

    fn core_types(&mut self, groups: TypeSectionReader<'a>) -> Result<(), NotAComponent> {
        for group in groups {
            let group = group?;
            self.gauge.add(Measure::CoreTypes, group.types().len() as u64)?;
            for ty in group.types() {
                let arity = Arity::of(ty);
                self.gauge.peak(Measure::Signature, arity.sum())?;
                self.module.types.push(arity);
            }
        }
        Ok(())
    }

    fn core_imports(&mut self, imports: ImportSectionReader<'a>) -> Result<(), NotAComponent> {
        for import in imports.into_imports() {
            let import = import?;
            self.gauge.add(Measure::Imports, 1)?;
            self.name(import.module)?;
            self.name(import.name)?;
            if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) = import.ty {
                self.module.functions.push(ty);
                self.module.next += 1;
            }
        }
        Ok(())
    }

    fn tables(&mut self, tables: TableSectionReader<'a>) -> Result<(), NotAComponent> {
        self.gauge.add(Measure::Tables, tables.count().into())?;
        for table in tables {
            self.gauge.peak(Measure::TableElements, table?.ty.initial)?;
        }
        Ok(())
    }

    fn memories(&mut self, memories: MemorySectionReader<'a>) -> Result<(), NotAComponent> {
        self.gauge.add(Measure::Memories, memories.count().into())?;
        for memory in memories {
            let memory = memory?;
            let page = 1u64.checked_shl(memory.page_size_log2.unwrap_or(16)).unwrap_or(u64::MAX);
            self.gauge.peak(Measure::MemoryBytes, memory.initial.saturating_mul(page))?;
        }
        Ok(())
    }

    fn elements(&mut self, segments: ElementSectionReader<'a>) -> Result<(), NotAComponent> {
        self.gauge.add(Measure::ElementSegments, segments.count().into())?;
        for segment in segments {
            let entries = match segment?.items {
                ElementItems::Functions(functions) => functions.count(),
                ElementItems::Expressions(_, expressions) => expressions.count(),
            };
            self.gauge.add(Measure::Elements, entries.into())?;
        }
        Ok(())
    }
}
