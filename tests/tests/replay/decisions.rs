//! What would have been decided: held against what is decided when it is really so.

use std::{collections::BTreeMap, sync::atomic::AtomicBool};

use bulkhead_journal::{Filter, Reader, Seq};
use bulkhead_policy::{
    HookId, Likeness, Mode, Outcome, PolicySet, Stage, Verdict,
    hooks::{ConfidenceAdjustment, PositionSizing, RiskCheck},
};
use bulkhead_replay::{
    DecisionChange, ReplayError, Said, Tally,
    decisions::{Swap, WhatIf, decide},
};
use bulkhead_runtime::{SubsystemSpec, version::Candidate};
use bulkhead_tests::{
    Lab, Sample as _, components,
    lab::{chaos, moment},
};
use serde_json::{Value, json};

use crate::stand::{Stand, ran};

fn ask(stand: &Stand, what_if: &WhatIf) -> Result<(Tally, Vec<DecisionChange>), ReplayError> {
    let (stop, mut changes) = (AtomicBool::new(false), Vec::new());
    let mut keep = |change| changes.push(change);
    let tally = decide(&stand.source, &stand.survey, &stand.components, what_if, &stop, &mut keep, &mut |_| {})?;
    Ok((tally, changes))
}

/// Two of whom one scales what the other leaves, and a loop that takes no notice of either.
fn specs(modes: [Mode; 2], second: Value) -> Vec<SubsystemSpec> {
    let [one, two] = modes;
    let hooks = vec![HookId::PositionSizing, HookId::ConfidenceAdjustment, HookId::RiskCheck];
    let of = |name, mode, config| SubsystemSpec { mode, hooks: hooks.clone(), ..chaos(name, config) };
    vec![of("ai-hfos", one, json!({ "answer": "different" })), of("portfolio-balancer", two, second)]
}

/// Asks the same of a registry, and returns what took effect, call by call.
fn really(lab: &Lab, stage: Stage, specs: Vec<SubsystemSpec>) -> Vec<(HookId, Outcome, Vec<u8>)> {
    let registry = lab.registry(stage, PolicySet::Live, specs);
    for cycle in 1..=50 {
        registry.call::<PositionSizing>(&moment(cycle, 0), PositionSizing::input());
        registry.call::<ConfidenceAdjustment>(&moment(cycle, 0), ConfidenceAdjustment::input());
        registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
    }
    let journal = registry.journal().clone();
    drop(registry);
    journal.close().unwrap();
    let calls = Reader::open(&lab.journal()).unwrap().calls(&Filter::default()).unwrap();
    calls.into_iter().map(|call| (call.record.hook, call.record.outcome, call.record.effective)).collect()
}

/// Records one world, asks what another one would have done, and makes the other one: both must say the same.
fn assert_foretold(recorded: (Stage, Vec<SubsystemSpec>), other: (Stage, Vec<SubsystemSpec>), what_if: &WhatIf) {
    let (here, there) = (Lab::default(), Lab::default());
    let was = really(&here, recorded.0, recorded.1);
    let is = really(&there, other.0, other.1);
    let stand = Stand::of(&here.journal());
    let (tally, changes) = ask(&stand, what_if).unwrap();
    let calls = stand.source.reader.calls(&Filter::default()).unwrap();
    let in_force: BTreeMap<Seq, &DecisionChange> =
        changes.iter().filter(|change| change.subsystem.is_none()).map(|change| (change.seq, change)).collect();
    let mut otherwise = 0;
    for ((call, was), is) in calls.iter().zip(&was).zip(&is) {
        match in_force.get(&call.seq) {
            Some(change) => {
                otherwise += 1;
                assert_eq!(
                    (&change.recorded, &change.replayed),
                    (&Said::Answer(was.2.clone()), &Said::Answer(is.2.clone()))
                );
                assert_eq!(change.replayed_outcome, is.1, "{} {}", call.seq, is.0);
            }
            None => assert_eq!(was.2, is.2, "{} {}", call.seq, is.0),
        }
    }
    assert_eq!(tally.total().in_force, otherwise);
    assert!(otherwise > 0, "nothing was otherwise");
}

#[test]
fn a_stage_decides_as_it_really_does() {
    let both = || specs([Mode::Enforced; 2], json!({ "answer": "different" }));
    for (from, to) in [(Stage::Observation, Stage::Autonomy), (Stage::Autonomy, Stage::Partial)] {
        let what_if = WhatIf { stage: Some(to), ..WhatIf::default() };
        assert_foretold((from, both()), (to, both()), &what_if);
    }
}

#[test]
fn a_mode_decides_as_it_really_does() {
    let world = |modes| (Stage::Autonomy, specs(modes, json!({ "answer": "different" })));
    let mode = |mode| WhatIf { modes: BTreeMap::from([("ai-hfos".to_owned(), mode)]), ..WhatIf::default() };
    assert_foretold(world([Mode::Observe, Mode::Enforced]), world([Mode::Enforced; 2]), &mode(Mode::Enforced));
    assert_foretold(world([Mode::Enforced; 2]), world([Mode::Off, Mode::Enforced]), &mode(Mode::Off));
    // It was off and never asked; the journal knows what it was set up with all the same.
    assert_foretold(world([Mode::Off, Mode::Enforced]), world([Mode::Enforced; 2]), &mode(Mode::Enforced));
}

#[test]
fn a_configuration_decides_as_it_really_does() {
    let world = |second| (Stage::Autonomy, specs([Mode::Observe, Mode::Enforced], second));
    let lab = Lab::default();
    drop(really(&lab, Stage::Observation, world(json!({})).1));
    let stand = Stand::of(&lab.journal());
    let balancer = stand.source.plugins().find(|(_, identity)| identity.subsystem == "portfolio-balancer").unwrap().0;
    let mut setup = stand.source.made(balancer).unwrap().setup.clone();
    for config in [json!({ "answer": "different" }), json!({ "fault": "panic", "after": 5 })] {
        setup.config = config.clone();
        let swap = Swap { component: None, setup: Some(setup.clone()) };
        let what_if = WhatIf { swaps: BTreeMap::from([("portfolio-balancer".to_owned(), swap)]), ..WhatIf::default() };
        assert_foretold(world(json!({})), world(config), &what_if);
    }
}

#[test]
fn another_version_is_asked_and_only_it_and_who_stands_behind_it() {
    let ran = ran(Stage::Autonomy);
    let stand = Stand::of(&ran.journal);
    let swap = |file: &str| {
        let component = Some(Candidate::read(&components::folder().join(file)).unwrap());
        let swaps = BTreeMap::from([("risk-os".to_owned(), Swap { component, setup: None })]);
        WhatIf { swaps, ..WhatIf::default() }
    };
    // The same version says the same.
    let (tally, changes) = ask(&stand, &swap("risk-os.wasm")).unwrap();
    assert!(changes.is_empty(), "{:#?}", changes.first());
    let asked = ran.decisions("risk-os").len() as u64;
    assert!(asked > 10, "{asked} risk checks");
    assert_eq!((tally.total().asked, tally.total().calls), (asked, stand.survey.calls));

    let component = std::fs::read(components::guest("chaos")).unwrap();
    let component = Some(Candidate::of_bytes("chaos.wasm".as_ref(), component));
    let risk = stand.source.plugins().find(|(_, identity)| identity.subsystem == "risk-os").unwrap().0;
    let mut setup = stand.source.made(risk).unwrap().setup.clone();
    setup.config = json!({ "answer": "different" });
    setup.hooks = vec![HookId::RiskCheck];
    let swaps = BTreeMap::from([("risk-os".to_owned(), Swap { component, setup: Some(setup) })]);
    let (tally, changes) = ask(&stand, &WhatIf { swaps, ..WhatIf::default() }).unwrap();
    let counts = &tally.hooks[&HookId::RiskCheck];
    assert_eq!(counts.asked, asked);
    assert!(counts.in_force > 0 && counts.tighter == counts.in_force, "{counts:?}");
    for change in &changes {
        assert_eq!(change.hook, HookId::RiskCheck);
        match change.subsystem.as_deref() {
            Some(who) => assert_eq!(who, "risk-os"),
            None => assert_eq!(change.likeness, Some(Likeness::Tighter)),
        }
        let Some(Verdict::Deny(_)) = change.replayed.answer::<RiskCheck>() else { panic!("{change:?}") };
        assert!(!change.replayed_reasons.is_empty());
    }
}

#[test]
fn a_subsystem_that_nobody_knows_is_refused_with_what_may_have_been_meant() {
    let lab = Lab::default();
    drop(really(&lab, Stage::Observation, specs([Mode::Observe; 2], json!({}))));
    let stand = Stand::of(&lab.journal());
    let modes = BTreeMap::from([("ai-hfoss".to_owned(), Mode::Enforced)]);
    let error = ask(&stand, &WhatIf { modes, ..WhatIf::default() }).unwrap_err();
    assert!(error.to_string().contains("did you mean \"ai-hfos\"?"), "{error}");
}
