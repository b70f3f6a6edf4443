//! What a component says its hooks take, every word of it: the host keeps the hooks that it knows.

use std::collections::BTreeMap;

use wasmtime::{
    Config, Engine, OptLevel, Store,
    component::{Component, Linker, Val},
};

/// Figures by the name of the interface.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) summary: String,
    fuel: BTreeMap<String, u64>,
}

impl Described {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let Val::Record(fields) = describe(bytes) else { panic!("describe returns no record") };
        let field = |name: &str| fields.iter().find_map(|(field, value)| (field == name).then_some(value)).unwrap();
        let (Val::String(summary), Val::List(rows)) = (field("summary"), field("fuel")) else {
            panic!("describe returns other types")
        };
        let fuel: BTreeMap<String, u64> = rows.iter().map(figure).collect();
        assert_eq!(fuel.len(), rows.len(), "a hook has two figures");
        Self { summary: summary.clone(), fuel }
    }

    pub(crate) fn fuel(&self, hook: &str) -> Option<u64> {
        self.fuel.get(hook).copied()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fuel.keys().map(String::as_str)
    }

    pub(crate) fn figures(&self) -> impl Iterator<Item = u64> {
        self.fuel.values().copied()
    }
}

fn figure(row: &Val) -> (String, u64) {
    match row {
        Val::Record(fields) => match fields.as_slice() {
            [(_, Val::String(hook)), (_, Val::U64(fuel))] => (hook.clone(), *fuel),
            other => panic!("not a figure: {other:?}"),
        },
        other => panic!("not a figure: {other:?}"),
    }
}

#[allow(clippy::disallowed_methods, reason = "one call, for which nothing is to be optimised or metered")]
fn describe(bytes: &[u8]) -> Val {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::None).concurrency_support(false);
    let engine = Engine::new(&config).unwrap();
    let component = Component::from_binary(&engine, bytes).unwrap();
    let mut linker: Linker<()> = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&component).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component).unwrap();
    let interface = component.get_export_index(None, "bulkhead:hooks/plugin@1.0.0").unwrap();
    let index = component.get_export_index(Some(&interface), "describe").unwrap();
    let mut said = [Val::Bool(false)];
    instance.get_func(&mut store, index).unwrap().call(&mut store, &[], &mut said).unwrap();
    let [said] = said;
    said
}
