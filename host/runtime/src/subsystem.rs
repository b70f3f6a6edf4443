//! A named slot at run time.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use bulkhead_policy::{
    FaultClass, HookId, Limits, Stage,
    alarm::{AlarmKind, Listener},
    quarantine::Quarantine,
};
use bulkhead_sandbox::{Fault, Usage};
use parking_lot::Mutex;

use crate::{Refused, SubsystemSpec, SubsystemStatus, shadow::Shadow, spec::Binding, world::World};

/// A raw answer that passed its contract, kept for `on-fault = last-good`.
#[derive(Debug)]
pub(crate) struct LastGood {
    pub(crate) raw: Vec<u8>,
    pub(crate) event_time_ms: u64,
}

/// A slot: what is configured, and what has come of it. What serves stands in the [`World`].
#[derive(Debug)]
pub(crate) struct Subsystem {
    /// Its place in the world.
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) spec: SubsystemSpec,
    /// Files that somebody bound it to in place of the configured ones, by history.
    pub(crate) bound: Mutex<BTreeMap<String, PathBuf>>,
    pub(crate) last_good: Mutex<BTreeMap<HookId, LastGood>>,
    /// Strikes and time out.
    pub(crate) quarantine: Mutex<Quarantine>,
    /// It does not serve: taken out, or probing.
    pub(crate) out: AtomicBool,
    /// It was taken out and nobody has looked for another version yet.
    pub(crate) fallen: AtomicBool,
    /// It came back by its probes, and nobody has noted it yet.
    pub(crate) recovered: AtomicBool,
    /// Held while a candidate is on its way.
    pub(crate) reloading: Mutex<()>,
    /// The last candidate that was refused since a version was put into service.
    pub(crate) refused: Mutex<Option<Refused>>,
    /// A candidate that runs beside it.
    pub(crate) shadow: ArcSwapOption<Shadow>,
    /// Event time, epoch ms, until which faults bring back the version before.
    pub(crate) trial: Mutex<Option<u64>>,
    /// Strange answers, by hook.
    pub(crate) listeners: Mutex<BTreeMap<HookId, Listener>>,
    counters: Counters,
}

#[derive(Debug, Default)]
struct Counters {
    calls: AtomicU64,
    faults: AtomicU64,
    faults_in_a_row: AtomicU32,
    last_answer_ms: AtomicU64,
    peak_fuel: AtomicU64,
    versions: AtomicU64,
    refusals: AtomicU64,
    last_fault: Mutex<Option<(FaultClass, String)>>,
}

impl Subsystem {
    pub(crate) fn new(index: usize, spec: SubsystemSpec, bound: BTreeMap<String, PathBuf>) -> Self {
        Self {
            index,
            name: spec.name.clone(),
            spec,
            bound: Mutex::new(bound),
            shadow: ArcSwapOption::empty(),
            trial: Mutex::new(None),
            listeners: Mutex::new(BTreeMap::new()),
            quarantine: Mutex::new(Quarantine::default()),
            out: AtomicBool::new(false),
            fallen: AtomicBool::new(false),
            recovered: AtomicBool::new(false),
            reloading: Mutex::new(()),
            refused: Mutex::new(None),
            last_good: Mutex::new(BTreeMap::new()),
            counters: Counters::default(),
        }
    }

    /// What serves in a stage.
    pub(crate) fn binding(&self, stage: Stage) -> Arc<Binding> {
        let mut binding = self.spec.binding(stage);
        if let Some(file) = self.bound.lock().get(&binding.history) {
            binding.file.clone_from(file);
        }
        Arc::new(binding)
    }

    pub(crate) fn limits(&self, hook: HookId) -> Limits {
        self.spec.limits.get(&hook).copied().unwrap_or_default()
    }

    pub(crate) fn answered(&self, usage: Usage, event_time_ms: u64) {
        self.counters.calls.fetch_add(1, Ordering::Relaxed);
        self.counters.faults_in_a_row.store(0, Ordering::Relaxed);
        self.counters.peak_fuel.fetch_max(usage.fuel, Ordering::Relaxed);
        self.counters.last_answer_ms.store(event_time_ms, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self, fault: &Fault) {
        self.counters.calls.fetch_add(1, Ordering::Relaxed);
        self.counters.faults.fetch_add(1, Ordering::Relaxed);
        self.counters.faults_in_a_row.fetch_add(1, Ordering::Relaxed);
        *self.counters.last_fault.lock() = Some((fault.class, fault.text.clone()));
    }

    /// A candidate was refused: people are told until another one serves.
    pub(crate) fn note_refused(&self, refused: Refused) {
        self.counters.refusals.fetch_add(1, Ordering::Relaxed);
        *self.refused.lock() = Some(refused);
    }

    /// Another version serves.
    pub(crate) fn note_version(&self) {
        self.counters.versions.fetch_add(1, Ordering::Relaxed);
        *self.refused.lock() = None;
    }

    pub(crate) fn status(&self, world: &World) -> Option<SubsystemStatus> {
        let version = world.version(self.index)?;
        let plugin = version.pool.plugin();
        let last = self.counters.last_answer_ms.load(Ordering::Relaxed);
        Some(SubsystemStatus {
            name: self.name.clone(),
            mode: world.mode(self.index),
            plugin: plugin.description().name.clone(),
            version: plugin.description().version.clone(),
            digest: plugin.digest().to_owned(),
            hooks: version.hooks(),
            file: version.binding.file.clone(),
            calls: self.counters.calls.load(Ordering::Relaxed),
            faults: self.counters.faults.load(Ordering::Relaxed),
            faults_in_a_row: self.counters.faults_in_a_row.load(Ordering::Relaxed),
            last_fault: self.counters.last_fault.lock().clone(),
            last_answer_ms: (last > 0).then_some(last),
            peak_fuel: self.counters.peak_fuel.load(Ordering::Relaxed),
            fuel_budget: self.spec.budget.fuel,
            cpu_budget: self.spec.budget.cpu,
            versions: self.counters.versions.load(Ordering::Relaxed),
            refusals: self.counters.refusals.load(Ordering::Relaxed),
            refused: self.refused.lock().clone(),
            quarantined: self.out.load(Ordering::Acquire),
            trial_until_ms: *self.trial.lock(),
            shadow: self.shadow.load().as_ref().map(|shadow| shadow.status()),
            alarms: self.alarms(),
        })
    }

    fn alarms(&self) -> Vec<(HookId, AlarmKind)> {
        let listeners = self.listeners.lock();
        let raised = |(hook, listener): (&HookId, &Listener)| -> Vec<_> {
            listener.raised().iter().map(|kind| (*hook, *kind)).collect()
        };
        listeners.iter().flat_map(raised).collect()
    }
}

impl Drop for Subsystem {
    /// The shadow's thread holds the journal: whoever opens it next must not find it in use.
    fn drop(&mut self) {
        if let Some(shadow) = self.shadow.swap(None) {
            shadow.end();
        }
    }
}
