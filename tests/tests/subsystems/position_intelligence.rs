//! position-intelligence: an annotation. Advised, a class is a word that is handed on; enforced, it takes away.

use std::collections::BTreeSet;

use bulkhead_executor::venue::ExitReason;
use bulkhead_journal::DecisionRow;
use bulkhead_policy::{
    Authority, HookId, Mode, Outcome, Stage, SymbolId,
    hooks::{
        AmplificationCheck, Coordination, PositionClassification,
        classification::{Action, Class},
    },
};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::json;

use crate::modes::{Modes, assert_alike, on_both_markets};

/// With the shipped thresholds: a loss of half of the risk after half an hour is TOXIC. Two observed subsystems are there
/// to be handed the classes.
fn scenario(days: Days, stage: Stage, mode: Mode) -> Scenario {
    let scenario = Scenario::base(stage).on(days).with("position-intelligence", mode, json!({}));
    let scenario = scenario.with("profit-amplification", Mode::Observe, json!({}));
    scenario.with("ai-hfos", Mode::Observe, json!({})).hooks("ai-hfos", &[HookId::Coordination])
}

/// Most toxic positions that the coordinator was told of at once, and that amplification was shown.
fn handed_on(ran: &Ran) -> (u32, usize) {
    let told = ran.asked::<Coordination>();
    let told = told.iter().filter_map(|call| call.input.inputs.positions).map(|report| report.toxic).max();
    let shown = ran.asked::<AmplificationCheck>();
    let shown = shown.iter().map(|call| call.input.classes.iter().filter(|c| c.class == Class::Toxic).count()).max();
    (told.unwrap(), shown.unwrap())
}

/// Positions, by symbol and opening, that were called TOXIC at two questions in a row or more.
fn stayed_toxic(ran: &Ran) -> usize {
    let mut calls = BTreeSet::new();
    let mut again = BTreeSet::<(SymbolId, u64)>::new();
    for call in ran.asked::<PositionClassification>() {
        let opened = call.input.positions.symbols.iter().copied().zip(call.input.positions.opened_ms.iter().copied());
        let opened: Vec<(SymbolId, u64)> = opened.collect();
        for class in call.effective.iter().filter(|c| c.class == Class::Toxic) {
            let position = *opened.iter().find(|(symbol, _)| *symbol == class.symbol).unwrap();
            if !calls.insert(position) {
                again.insert(position);
            }
        }
    }
    again.len()
}

fn enforced_toxic_positions_are_closed_and_advice_only_hands_the_class_on(days: Days) {
    let ran = Modes::of("position-intelligence", |stage, mode| scenario(days, stage, mode));
    ran.assert_stage_holds_back("position-intelligence");
    // An annotation is applied when it is advised. It moves nothing by itself.
    let advised = ran.advisory.decisions("position-intelligence");
    let applied = |row: &DecisionRow| (row.decision.authority, row.decision.outcome);
    assert!(advised.iter().all(|row| applied(row) == (Authority::Advise, Outcome::Applied)));
    assert_alike(&ran.off, &ran.advisory, "OFF and ADVISORY");
    assert_eq!((handed_on(&ran.off), handed_on(&ran.observe)), ((0, 0), (0, 0)));
    let (told, shown) = handed_on(&ran.advisory);
    assert!(told > 0 && shown > 0, "{told} told, {shown} shown");
    assert!(stayed_toxic(&ran.advisory) >= 3);

    assert_eq!(stayed_toxic(&ran.enforced), 0);
    assert!(ran.enforced.closed_by("CLASSIFICATION") >= 3 && ran.off.closed_by("CLASSIFICATION") == 0);
    let asked = ran.enforced.asked::<PositionClassification>();
    for (at, symbol, fraction) in ran.enforced.tape.closings(ExitReason::Classification) {
        let call = asked.iter().find(|call| call.record.event_time_ms == at as u64).unwrap();
        let action = call.effective.iter().find(|c| c.symbol == symbol).unwrap().action;
        let want = match action {
            Action::ExitImmediately | Action::ExitSoon => 1.0,
            Action::ScaleOut | Action::Reduce | Action::PartialTp => 0.25,
            _ => panic!("{symbol} was closed at {at} for {action}"),
        };
        assert_eq!(fraction, want, "{action}");
    }
    for (at, symbol, before, plan) in ran.enforced.tape.replanned() {
        assert!(plan.stop_loss < before.unwrap().stop_loss, "the stop of {symbol} went away at {at}");
    }
}

on_both_markets!(enforced_toxic_positions_are_closed_and_advice_only_hands_the_class_on);
