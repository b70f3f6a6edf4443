//! The measure: one guarded risk check, as in the benchmark `call`.

use std::{hint::black_box, time::Instant};

use bulkhead_policy::{
    Context, Hook, Limits,
    hooks::{RiskCheck, veto::Input},
};
use bulkhead_sandbox::{Budget, Grants, Instance};
use bulkhead_tests::{Scene, Typical, components, lab};

/// Calls for one figure.
const BATCH: u32 = 200;

pub(crate) struct Check {
    instance: Instance,
    context: Context,
    input: Input,
}

impl Check {
    pub(crate) fn new() -> Self {
        let bytes = std::fs::read(components::plugin("risk-os")).unwrap();
        let plugin = lab::sandbox().load(&bytes, Grants::default()).unwrap();
        let mut instance = Instance::new(&plugin).unwrap();
        instance.configure(&Scene::LARGE.config("risk-os").to_string()).unwrap();
        instance.set_symbols(&Scene::LARGE.table()).unwrap();
        Self { instance, context: Scene::context(0), input: RiskCheck::typical(&Scene::LARGE, 0) }
    }

    /// Mean of a batch.
    pub(crate) fn micros(&mut self) -> f64 {
        let started = Instant::now();
        for _ in 0..BATCH {
            let (raw, _) = self.instance.ask::<RiskCheck>(&self.context, &self.input, &Budget::CALL);
            let verdict = <RiskCheck as Hook>::check(&self.input, raw.unwrap(), &Limits::default()).unwrap();
            assert!(black_box(verdict).allows());
        }
        started.elapsed().as_nanos() as f64 / 1_000.0 / f64::from(BATCH)
    }
}
