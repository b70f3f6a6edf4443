//! The loop's side of a coordination.

use std::{hint::black_box, time::Instant};

use bulkhead_journal::{Journal, JournalOptions};
use bulkhead_policy::{
    HookId, Outcome, PolicySet, Stage,
    alarm::AlarmRules,
    envelope::EnvelopeLimits,
    hooks::{
        Coordination,
        coordination::{Input, Inputs},
    },
    promotion::PromotionRules,
};
use bulkhead_runtime::{Moment, Registry, RegistryOptions};
use bulkhead_tests::{Scene, Typical, components, each_hook, lab};
use tempfile::TempDir;

/// Times of one cycle, µs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    pub(crate) reports: f64,
    pub(crate) coordinator: f64,
}

/// A registry with every first-party plugin.
pub(crate) struct Loop {
    registry: Registry,
    cycle: u64,
    _folder: TempDir,
}

impl Loop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("bench"), JournalOptions::default()).unwrap();
        let options = RegistryOptions {
            stage: Stage::Coordination,
            policy: PolicySet::Live,
            symbols: Scene::LARGE.table(),
            directive_max_age_ms: 180_000,
            promotion: PromotionRules::default(),
            alarms: AlarmRules::default(),
            limits: EnvelopeLimits::default(),
        };
        let spec = |name: &String| lab::subsystem(name, components::plugin(name), Scene::LARGE.config(name));
        let specs = components::first_party().iter().map(spec).collect();
        let registry = Registry::new(lab::sandbox(), journal, options, specs).unwrap();
        Self { registry, cycle: 0, _folder: folder }
    }

    /// Lets a minute pass, then coordinates.
    pub(crate) fn cycle(&mut self) -> Took {
        self.cycle += 1;
        let moment = Scene::moment(self.cycle);
        each_hook!(H => self.ask::<H>(&moment));
        let asked = Coordination::typical(&Scene::LARGE, self.cycle);
        self.registry.journal().sync().unwrap();

        let started = Instant::now();
        let mut inputs = measured_by_the_host(asked.inputs);
        self.registry.collect_reports(&moment, &mut inputs);
        let reports = started.elapsed();
        let complete = is_complete(&inputs);
        let input = Input { inputs, account: asked.account, market: asked.market };
        let decided = self.registry.call::<Coordination>(&moment, input);
        let whole = started.elapsed();

        assert!(complete || self.cycle < 3, "a subsystem did not report");
        assert_eq!(decided.outcome, Outcome::Applied);
        self.registry.issue_directives(decided.answer.unwrap(), moment.event_time_ms);
        let micros = |time: std::time::Duration| time.as_nanos() as f64 / 1_000.0;
        Took { reports: micros(reports), coordinator: micros(whole - reports) }
    }

    fn ask<H: Typical>(&self, moment: &Moment) {
        if H::ID != HookId::Coordination {
            let decided = self.registry.call::<H>(moment, H::typical(&Scene::LARGE, self.cycle));
            assert!(!matches!(decided.outcome, Outcome::Defaulted(_)), "{}: {:?}", H::ID, decided.outcome);
            black_box(decided.answer);
        }
    }
}

/// The rest is for the plugins to say.
fn measured_by_the_host(all: Inputs) -> Inputs {
    Inputs {
        risk: all.risk,
        positions: all.positions,
        execution: all.execution,
        regime_changed: all.regime_changed,
        erratic_symbols: all.erratic_symbols,
        ..Inputs::default()
    }
}

fn is_complete(i: &Inputs) -> bool {
    let of_plugins = [
        i.universe.is_some(),
        i.models.is_some(),
        i.self_healing.is_some(),
        i.amplification.is_some(),
        i.orchestrator.is_some(),
        i.portfolio.is_some(),
    ];
    of_plugins.into_iter().all(|said| said)
}
