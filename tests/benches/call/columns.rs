//! The contract's own shape: ids, enums, columns. On bare wasmtime and through the sandbox.

use std::hint::black_box;

use bulkhead_policy::{
    Context, Hook, Limits,
    hooks::{RiskCheck, veto::Input},
};
use bulkhead_sandbox::{Budget, Ceilings, Grants, Instance, Sandbox, WireHook};
use wasmtime::{
    Config, Engine, Store,
    component::{Component, Linker},
};

use crate::{Variant, component};

type Answer = (Result<<RiskCheck as WireHook>::Lifted, String>,);

#[allow(clippy::disallowed_methods, reason = "bare wasmtime is what the host is compared with")]
pub(crate) fn bare_engine() -> Engine {
    let mut config = Config::new();
    config.concurrency_support(false);
    Engine::new(&config).unwrap()
}

pub(crate) fn bare(context: &'static Context, input: &'static Input) -> Variant {
    let engine = bare_engine();
    let bytes = std::fs::read(component("bench-columns.wasm")).unwrap();
    let component = Component::from_binary(&engine, &bytes).unwrap();
    let mut linker: Linker<()> = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&component).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component).unwrap();
    let interface = component.get_export_index(None, "bulkhead:hooks/pre-trade-risk-check@1.0.0").unwrap();
    let index = component.get_export_index(Some(&interface), "check").unwrap();
    let func = instance.get_func(&mut store, index).unwrap();
    let typed = func.typed::<<RiskCheck as WireHook>::Params<'static>, Answer>(&store).unwrap();
    let call = move || {
        let (answer,) = typed.call(&mut store, RiskCheck::lower(context, input)).unwrap();
        black_box(answer).unwrap();
    };
    Variant { name: "bare", call: Box::new(call) }
}

pub(crate) fn guarded(context: &'static Context, input: &'static Input) -> Variant {
    let sandbox = Sandbox::new(Ceilings::default()).unwrap();
    let bytes = std::fs::read(component("bench-columns.wasm")).unwrap();
    let plugin = sandbox.load(&bytes, Grants::default()).unwrap();
    let mut instance = Instance::new(&plugin).unwrap();
    instance.configure("{}").unwrap();
    let limits = Limits::default();
    let (_, usage) = instance.ask::<RiskCheck>(context, input, &Budget::CALL);
    let (_, again) = instance.ask::<RiskCheck>(context, input, &Budget::CALL);
    println!("fuel of a guarded call: first {}, then {}", usage.fuel, again.fuel);
    let call = move || {
        let _keep = &sandbox;
        let (raw, _) = instance.ask::<RiskCheck>(context, input, &Budget::CALL);
        let verdict = RiskCheck::check(input, raw.unwrap(), &limits).unwrap();
        assert!(black_box(verdict).allows());
    };
    Variant { name: "guarded", call: Box::new(call) }
}
