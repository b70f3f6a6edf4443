//! A named slot at run time.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwap;
use bulkhead_journal::PluginRef;
use bulkhead_policy::{FaultClass, HookId, Limits, Mode, quarantine::Quarantine};
use bulkhead_sandbox::{Fault, Pool, Usage};
use parking_lot::Mutex;

use crate::{Refused, SubsystemSpec, SubsystemStatus};

/// One plugin version that serves.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) pool: Pool,
    pub(crate) reference: PluginRef,
}

/// A raw answer that passed its contract, kept for `on-fault = last-good`.
#[derive(Debug)]
pub(crate) struct LastGood {
    pub(crate) raw: Vec<u8>,
    pub(crate) event_time_ms: u64,
}

/// A slot: its serving version behind one pointer, its dial, its counters.
#[derive(Debug)]
pub(crate) struct Subsystem {
    pub(crate) name: String,
    pub(crate) spec: SubsystemSpec,
    pub(crate) hooks: Vec<HookId>,
    pub(crate) serving: ArcSwap<Version>,
    pub(crate) mode: ArcSwap<Mode>,
    pub(crate) last_good: Mutex<BTreeMap<HookId, LastGood>>,
    /// Strikes and time out.
    pub(crate) quarantine: Mutex<Quarantine>,
    /// It does not serve: taken out, or probing.
    pub(crate) out: AtomicBool,
    /// It was taken out and nobody has looked for another version yet.
    pub(crate) fallen: AtomicBool,
    /// Held while a candidate is on its way.
    pub(crate) reloading: Mutex<()>,
    /// The last candidate that was refused since a version was put into service.
    pub(crate) refused: Mutex<Option<Refused>>,
    counters: Counters,
}

#[derive(Debug, Default)]
struct Counters {
    calls: AtomicU64,
    faults: AtomicU64,
    faults_in_a_row: AtomicU32,
    last_answer_ms: AtomicU64,
    peak_fuel: AtomicU64,
    last_fault: Mutex<Option<(FaultClass, String)>>,
}

impl Subsystem {
    pub(crate) fn new(spec: crate::SubsystemSpec, hooks: Vec<HookId>, version: Version) -> Self {
        Self {
            name: spec.name.clone(),
            hooks,
            serving: ArcSwap::from_pointee(version),
            mode: ArcSwap::from_pointee(spec.mode),
            spec,
            quarantine: Mutex::new(Quarantine::default()),
            out: AtomicBool::new(false),
            fallen: AtomicBool::new(false),
            reloading: Mutex::new(()),
            refused: Mutex::new(None),
            last_good: Mutex::new(BTreeMap::new()),
            counters: Counters::default(),
        }
    }

    pub(crate) fn limits(&self, hook: HookId) -> Limits {
        self.spec.limits.get(&hook).copied().unwrap_or_default()
    }

    /// Mode as it stands.
    pub(crate) fn mode(&self) -> Mode {
        **self.mode.load()
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        self.mode.store(Arc::new(mode));
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

    pub(crate) fn status(&self) -> SubsystemStatus {
        let version = self.serving.load();
        let plugin = version.pool.plugin();
        let last = self.counters.last_answer_ms.load(Ordering::Relaxed);
        SubsystemStatus {
            name: self.name.clone(),
            mode: self.mode(),
            plugin: plugin.description().name.clone(),
            version: plugin.description().version.clone(),
            digest: plugin.digest().to_owned(),
            hooks: self.hooks.clone(),
            calls: self.counters.calls.load(Ordering::Relaxed),
            faults: self.counters.faults.load(Ordering::Relaxed),
            faults_in_a_row: self.counters.faults_in_a_row.load(Ordering::Relaxed),
            last_fault: self.counters.last_fault.lock().clone(),
            last_answer_ms: (last > 0).then_some(last),
            peak_fuel: self.counters.peak_fuel.load(Ordering::Relaxed),
            fuel_budget: self.spec.budget.fuel,
            refused: self.refused.lock().clone(),
            quarantined: self.out.load(Ordering::Acquire),
        }
    }
}
