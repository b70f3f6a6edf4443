//! Rewrites a core module: new functions stand in for exported ones, and call them while they behave.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, Module,
    SectionId, StartSection, TypeSection,
};
use wasmparser::{
    CodeSectionReader, Export, ExternalKind, FunctionSectionReader, GlobalSectionReader, Parser, Payload, TypeRef,
    TypeSectionReader,
};

use super::mutation::{ARM_CYCLE, ARMED, Deed, FAULT_CYCLE, Mutation, in_cycle};

/// The module with the mutation in it.
pub(crate) fn mutate(module: &[u8], mutation: Mutation) -> Result<Vec<u8>> {
    let outline = Outline::read(module)?;
    let mut rewriter = Rewriter::new(&outline, mutation);
    match mutation {
        Mutation::Hook(deed) => {
            rewriter.wrap(&outline.hooks("bulkhead:hooks/"), |code, places| {
                in_cycle(code, FAULT_CYCLE, |code| places.write(deed, code));
            })?;
        }
        Mutation::Realloc(deed) => {
            rewriter.arm_in(&outline.hooks("bulkhead:hooks/"), ARM_CYCLE)?;
            rewriter.wrap_armed(&["cabi_realloc".to_string()], deed)?;
        }
        Mutation::PostReturn(deed) => {
            rewriter.arm_in(&outline.hooks("bulkhead:hooks/"), FAULT_CYCLE)?;
            rewriter.wrap_armed(&outline.hooks("cabi_post_bulkhead:hooks/"), deed)?;
        }
        Mutation::Start(deed) => rewriter.start_with(deed),
        Mutation::Memory { .. } => {}
    }
    let mut rewritten = Module::new();
    rewriter
        .parse_core_module(&mut rewritten, Parser::new(0), module)
        .map_err(|error| anyhow!("the module cannot be rewritten: {error}"))?;
    Ok(rewritten.finish())
}

/// What of a module must be known before it is rewritten.
#[derive(Default)]
struct Outline {
    types: u32,
    globals: u32,
    /// Type of every function, imported ones first.
    functions: Vec<u32>,
    /// Exported functions.
    exports: BTreeMap<String, u32>,
}

impl Outline {
    fn read(module: &[u8]) -> Result<Self> {
        let mut outline = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(types) => outline.types = types.count(),
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        match import?.ty {
                            TypeRef::Func(of) => outline.functions.push(of),
                            TypeRef::Global(_) => outline.globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    for of in functions {
                        outline.functions.push(of?);
                    }
                }
                Payload::GlobalSection(globals) => outline.globals += globals.count(),
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            outline.exports.insert(export.name.to_string(), export.index);
                        }
                    }
                }
                Payload::StartSection { .. } => bail!("the module has a start function already"),
                _ => {}
            }
        }
        Ok(outline)
    }

    /// Exports that begin so and belong to a hook.
    fn hooks(&self, prefix: &str) -> Vec<String> {
        const OTHERS: [&str; 4] = ["plugin@", "report@", "self-test@", "state@"];
        let of_hook = |name: &&String| {
            name.strip_prefix(prefix).is_some_and(|name| !OTHERS.iter().any(|other| name.starts_with(other)))
        };
        self.exports.keys().filter(of_hook).cloned().collect()
    }
}

/// What deeds refer to.
#[derive(Clone, Copy)]
struct Places {
    /// Type of a function without parameters and results.
    nothing: u32,
    /// The flag.
    armed: u32,
}

impl Places {
    fn write(self, deed: Deed, code: &mut wasm_encoder::InstructionSink<'_>) {
        deed.write(code, self.nothing);
    }
}

struct Rewriter<'a> {
    outline: &'a Outline,
    places: Places,
    /// Type and body of the functions to be added.
    added: Vec<(u32, Function)>,
    /// Exports that are to mean an added function.
    redirected: BTreeMap<String, u32>,
    start: Option<u32>,
    mutation: Mutation,
}

impl<'a> Rewriter<'a> {
    fn new(outline: &'a Outline, mutation: Mutation) -> Self {
        let places = Places { nothing: outline.types, armed: outline.globals };
        Self { outline, places, added: Vec::new(), redirected: BTreeMap::new(), start: None, mutation }
    }

    fn add(&mut self, of: u32, body: Function) -> u32 {
        self.added.push((of, body));
        (self.outline.functions.len() + self.added.len() - 1) as u32
    }

    /// Puts `before` in front of these functions.
    fn wrap(
        &mut self,
        names: &[String],
        before: impl Fn(&mut wasm_encoder::InstructionSink<'_>, Places),
    ) -> Result<()> {
        if names.is_empty() {
            bail!("there is no function to change");
        }
        for name in names {
            let missing = || format!("the module does not export {name}");
            let index = *self.outline.exports.get(name).with_context(missing)?;
            let of = *self.outline.functions.get(index as usize).with_context(missing)?;
            let parameters = if name == "cabi_realloc" { 4 } else { 1 };
            let mut body = Function::new([]);
            let mut code = body.instructions();
            before(&mut code, self.places);
            for parameter in 0..parameters {
                code.local_get(parameter);
            }
            code.call(index).end();
            let wrapper = self.add(of, body);
            self.redirected.insert(name.clone(), wrapper);
        }
        Ok(())
    }

    fn arm_in(&mut self, names: &[String], cycle: i64) -> Result<()> {
        self.wrap(names, |code, places| {
            in_cycle(code, cycle, |code| {
                code.i32_const(1).global_set(places.armed);
            });
        })
    }

    fn wrap_armed(&mut self, names: &[String], deed: Deed) -> Result<()> {
        self.wrap(names, |code, places| {
            code.global_get(places.armed).if_(wasm_encoder::BlockType::Empty);
            places.write(deed, code);
            code.end();
        })
    }

    fn start_with(&mut self, deed: Deed) {
        let mut body = Function::new([]);
        let mut code = body.instructions();
        self.places.write(deed, &mut code);
        code.end();
        self.start = Some(self.add(self.places.nothing, body));
    }
}

type Done = Result<(), reencode::Error>;

impl Reencode for Rewriter<'_> {
    type Error = std::convert::Infallible;

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Done {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], []);
        Ok(())
    }

    fn parse_function_section(&mut self, functions: &mut FunctionSection, section: FunctionSectionReader<'_>) -> Done {
        utils::parse_function_section(self, functions, section)?;
        for (of, _) in &self.added {
            functions.function(*of);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Done {
        utils::parse_code_section(self, code, section)?;
        for (_, body) in &self.added {
            code.function(body);
        }
        Ok(())
    }

    fn parse_global_section(&mut self, globals: &mut GlobalSection, section: GlobalSectionReader<'_>) -> Done {
        utils::parse_global_section(self, globals, section)?;
        let flag = GlobalType { val_type: ARMED, mutable: true, shared: false };
        globals.global(flag, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Done {
        match self.redirected.get(export.name) {
            Some(function) => {
                exports.export(export.name, ExportKind::Func, *function);
                Ok(())
            }
            None => utils::parse_export(self, exports, export),
        }
    }

    fn memory_type(&mut self, memory: wasmparser::MemoryType) -> Result<wasm_encoder::MemoryType, reencode::Error> {
        let mut memory = utils::memory_type(self, memory);
        if let Mutation::Memory { pages } = self.mutation {
            memory.minimum = memory.minimum.max(pages);
        }
        Ok(memory)
    }

    fn table_type(&mut self, table: wasmparser::TableType) -> Result<wasm_encoder::TableType, reencode::Error> {
        let mut table = utils::table_type(self, table)?;
        if self.mutation == Mutation::Hook(Deed::TableGrowth) {
            table.maximum = None;
        }
        Ok(table)
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Done {
        let follows = matches!(before, Some(SectionId::Element | SectionId::DataCount | SectionId::Code));
        if let Some(function_index) = self.start.take_if(|_| follows) {
            module.section(&StartSection { function_index });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
        MemorySection, MemoryType, Module, RefType, TableSection, TableType, TypeSection, ValType,
    };
    use wasmparser::{Validator, WasmFeatures};

    use super::{Outline, mutate};
    use crate::guests::mutation::{ALL, Mutation};

    const EXPORTS: [&str; 4] = [
        "bulkhead:hooks/plugin@1.0.0#describe",
        "bulkhead:hooks/signal@1.0.0#on-bars",
        "cabi_post_bulkhead:hooks/signal@1.0.0#on-bars",
        "cabi_realloc",
    ];

    /// What a plugin's core module looks like from far away.
    fn plugin() -> Vec<u8> {
        const I32: ValType = ValType::I32;
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([I32], [I32]);
        types.ty().function([I32], []);
        types.ty().function([I32; 4], [I32]);
        let mut functions = FunctionSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        for (index, name) in (0..).zip(EXPORTS) {
            functions.function([0, 0, 1, 2][index as usize]);
            exports.export(name, ExportKind::Func, index);
            let mut body = Function::new([]);
            body.instructions().unreachable().end();
            code.function(&body);
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 1,
            maximum: Some(1),
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 17,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        let stack = GlobalType { val_type: I32, mutable: true, shared: false };
        globals.global(stack, &ConstExpr::i32_const(65_536));
        module.section(&types).section(&functions).section(&tables);
        module.section(&memories).section(&globals);
        module.section(&exports).section(&code);
        module.finish()
    }

    #[test]
    fn every_mutation_is_a_valid_module_with_the_same_exports() {
        let original = plugin();
        let before = Outline::read(&original).unwrap();
        for (name, mutation) in ALL {
            let module = mutate(&original, *mutation).unwrap();
            Validator::new_with_features(WasmFeatures::default())
                .validate_all(&module)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            if matches!(mutation, Mutation::Start(_)) {
                continue;
            }
            let after = Outline::read(&module).unwrap();
            assert!(before.exports.keys().eq(after.exports.keys()), "{name}");
            assert_eq!(before.exports.get(EXPORTS[0]), after.exports.get(EXPORTS[0]), "{name} leaves describe alone");
            let changed = before.exports != after.exports;
            assert_eq!(changed, !matches!(mutation, Mutation::Memory { .. }), "{name}");
        }
    }
}
