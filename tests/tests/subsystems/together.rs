//! All thirteen at once, as they come without a configuration.

use std::collections::BTreeSet;

use bulkhead_policy::{HookId, Mode, Outcome, Stage};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::json;

use crate::modes::{assert_alike, on_both_markets};

const THIRTEEN: [&str; 13] = [
    "universe-os",
    "risk-os",
    "portfolio-balancer",
    "position-intelligence",
    "profit-amplification",
    "self-healing",
    "model-supervisor",
    "retraining-orchestrator",
    "aelm",
    "dynamic-tpsl",
    "orchestrator",
    "ai-hfos",
    "rl-position-sizing",
];

fn ran(days: Days, stage: Stage, mode: impl Fn(&str) -> Mode) -> Ran {
    let strategies = Scenario::base(stage).on(days);
    THIRTEEN.iter().fold(strategies, |scenario, name| scenario.with(name, mode(name), json!({}))).run()
}

/// Hooks that somebody answered who was observed.
fn observed(ran: &Ran) -> BTreeSet<HookId> {
    let decisions = THIRTEEN.iter().flat_map(|name| ran.decisions(name));
    decisions.inspect(|row| assert_eq!(row.decision.outcome, Outcome::Observed)).map(|row| row.hook).collect()
}

fn whether_off_or_watching_they_change_nothing_and_every_hook_is_asked(days: Days) {
    let nobody = Scenario::base(Stage::Autonomy).on(days).run();
    let off = ran(days, Stage::Autonomy, |_| Mode::Off);
    assert_alike(&nobody, &off, "nobody and everybody OFF");
    let watching = ran(days, Stage::Autonomy, |_| Mode::Observe);
    assert_alike(&nobody, &watching, "nobody and everybody in OBSERVE");
    // Exit levels follow the mode in every stage.
    let enforced = |name: &str| if name == "dynamic-tpsl" { Mode::Observe } else { Mode::Enforced };
    let held_back = ran(days, Stage::Observation, enforced);
    assert_alike(&nobody, &held_back, "nobody and everybody ENFORCED in OBSERVATION");

    // The strategies' own hook, and retraining: it speaks of an evaluation in force, and an observed one is none.
    let others: BTreeSet<HookId> = HookId::ALL.iter().copied().collect();
    let others = &others - &BTreeSet::from([HookId::Signal, HookId::RetrainingPlan]);
    for ran in [&watching, &held_back] {
        assert_eq!(ran.summary.faults, 0);
        assert_eq!(observed(ran), others);
    }
}

on_both_markets!(whether_off_or_watching_they_change_nothing_and_every_hook_is_asked);
