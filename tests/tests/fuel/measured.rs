//! What a plugin's hooks take, one instance living through cycle after cycle as it would in the loop.

use std::collections::BTreeMap;

use bulkhead_policy::{Hook, HookId, Kind, Limits};
use bulkhead_sandbox::{Grants, Instance, Plugin};
use bulkhead_tests::{Scene, Typical, each_hook, lab};

/// Cycles before anything is measured: until windows are full, which takes a strategy a day and more.
const WARM_UP: u64 = 300;
const WARM_UP_OF_STRATEGIES: u64 = 1_560;
/// Cycles that are measured.
const MEASURED: u64 = 100;

/// Additions to positions are granted: recommending one is ordinary.
const GRANTED: Limits =
    Limits { size_cap: 1.0, loosen_threshold: false, threshold_floor: 0.0, stop_cap: 1.0, add_size_cap: 1.0 };

/// A hook, in the order of the loop, or the report behind all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    Hook(HookId),
    Report,
}

impl Entry {
    fn name(self) -> &'static str {
        match self {
            Self::Hook(hook) => hook.name(),
            Self::Report => "report",
        }
    }
}

/// Fuel of one entry over the measured cycles.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) most: u64,
    pub(crate) mean: u64,
}

/// All that it answers.
#[derive(Debug)]
pub(crate) struct Costs(BTreeMap<Entry, Cost>);

impl Costs {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let plugin = lab::sandbox().load(bytes, Grants::default()).unwrap();
        // Behind an owner the coordinator filters: it is the one that sees what somebody recommended.
        let proposed = if plugin.answers(HookId::Coordination) { Scene::TYPICAL.held } else { 0 };
        let scene = Scene { proposed, ..Scene::TYPICAL };
        let mut run = Run::new(plugin, scene);
        let warm_up = if run.plugin.answers(HookId::Signal) { WARM_UP_OF_STRATEGIES } else { WARM_UP };
        (0..warm_up).for_each(|cycle| run.cycle(cycle));
        run.fuel.clear();
        (warm_up..warm_up + MEASURED).for_each(|cycle| run.cycle(cycle));
        Self(run.fuel.into_iter().map(|(entry, fuel)| (entry, cost(&fuel))).collect())
    }

    /// By the name of the interface.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, Cost)> {
        self.0.iter().map(|(entry, cost)| (entry.name(), *cost))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().map(|entry| entry.name())
    }
}

fn cost(fuel: &[u64]) -> Cost {
    let most = fuel.iter().copied().max().unwrap_or(0);
    Cost { most, mean: fuel.iter().sum::<u64>() / fuel.len() as u64 }
}

struct Run {
    plugin: Plugin,
    instance: Instance,
    scene: Scene,
    fuel: BTreeMap<Entry, Vec<u64>>,
}

impl Run {
    fn new(plugin: Plugin, scene: Scene) -> Self {
        let mut instance = Instance::new(&plugin).unwrap();
        let config = scene.config(&plugin.description().name);
        instance.configure(&config.to_string()).unwrap();
        instance.set_symbols(&scene.table()).unwrap();
        Self { plugin, instance, scene, fuel: BTreeMap::new() }
    }

    fn cycle(&mut self, cycle: u64) {
        each_hook!(H => self.ask::<H>(cycle));
        if self.plugin.reports() {
            // To say nothing costs nothing, and is no report.
            if self.instance.report(&Scene::context(cycle), &lab::BUDGET).unwrap().is_some() {
                self.fuel.entry(Entry::Report).or_default().push(self.instance.used().fuel);
            }
        }
    }

    /// A fault, or a refusal at the first look, would be the cost of something else.
    fn ask<H: Typical>(&mut self, cycle: u64) {
        if !self.plugin.answers(H::ID) {
            return;
        }
        let input = H::typical(&self.scene, cycle);
        let (raw, usage) = self.instance.ask::<H>(&Scene::context(cycle), &input, &lab::BUDGET);
        let answer = <H as Hook>::check(&input, raw.unwrap(), &GRANTED).unwrap();
        assert!(H::ID.kind() != Kind::Veto || H::reasons(&answer).is_empty(), "refused: {answer:?}");
        self.fuel.entry(Entry::Hook(H::ID)).or_default().push(usage.fuel);
    }
}
