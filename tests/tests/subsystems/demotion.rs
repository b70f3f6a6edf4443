//! A lower mode takes effect for the next decision: what held trades back in one minute lets them go in the next.

use std::collections::BTreeSet;

use bulkhead_policy::{
    Mode, RiskMode, Stage,
    hooks::{
        SelfHealing, Signal,
        self_healing::Directive,
        signal::{Action, Proposal},
    },
};
use bulkhead_tests::{Days, Ran, Scenario};

use crate::{ai_hfos, modes::on_both_markets, self_healing};

/// The first blocked time at which a strategy wanted to open what nothing else kept it from opening.
fn held_back(ran: &Ran, blocked: impl Fn(u64) -> bool) -> u64 {
    let hour = 3_600_000;
    let busy = |symbol, at: i64| {
        ran.tape.closed().any(|c| c.symbol == symbol && (c.opened_ms - hour..=c.time_ms + hour).contains(&at))
    };
    let wanted = ran.asked::<Signal>().into_iter().filter(|call| blocked(call.record.event_time_ms));
    // Between two questions to self-healing: its next answer would lift the block too.
    let asked: BTreeSet<u64> = ran.asked::<SelfHealing>().iter().map(|call| call.record.event_time_ms).collect();
    let wanted = wanted.filter(|call| !asked.contains(&call.record.event_time_ms));
    let wanted = wanted.filter(|call| {
        let at = call.record.event_time_ms as i64;
        let free = |p: &Proposal| p.action != Action::Flat && p.confidence > 0.6 && !busy(p.symbol, at);
        call.effective.iter().any(free)
    });
    let at = wanted.map(|call| call.record.event_time_ms).next();
    at.expect("nobody wanted to trade while trading was blocked")
}

/// The same days with the subsystem demoted to OBSERVE just before the bar of this time.
fn demoted(scenario: Scenario, subsystem: &str, at: u64) -> Ran {
    scenario.run_with(|registry, slice| {
        if slice.close_ms as u64 == at {
            registry.set_mode(subsystem, Mode::Observe, "test", "demoted", at).unwrap();
            assert_eq!(registry.board().current(at), None, "directives outlived their coordinator");
        }
    })
}

/// Both are alike before, and from this time on only one of them trades.
fn assert_let_go(held: &Ran, demoted: &Ran, at: u64) {
    let before = |ran: &Ran| ran.tape.deeds.iter().filter(|(when, _)| (*when as u64) < at).copied().collect::<Vec<_>>();
    assert_eq!(before(held), before(demoted));
    let sent = |ran: &Ran| ran.tape.sent().filter(|(when, _)| *when as u64 == at).count();
    assert_eq!(sent(held), 0);
    assert!(sent(demoted) > 0, "it still held trades back");
}

fn self_healing_holds_nothing_back_from_the_next_decision_on(days: Days) {
    let scenario = || self_healing::scenario(days, Stage::Autonomy, Mode::Enforced);
    let held = scenario().run();
    let directive = self_healing::directive_at(&held);
    let blocked = |at| directive(at) >= Directive::NoNewTrades;
    let at = held_back(&held, |at| blocked(at) && blocked(at - 60_000));
    assert_let_go(&held, &demoted(scenario(), "self-healing", at), at);
}

fn ai_hfos_directs_nothing_from_the_next_decision_on(days: Days) {
    let scenario = || ai_hfos::scenario(days, Stage::Autonomy, Mode::Enforced);
    let held = scenario().run();
    let mode = ai_hfos::mode_at(&held);
    let blocked = |at| mode(at) == RiskMode::Critical;
    let at = held_back(&held, |at| blocked(at) && blocked(at - 60_000));
    let demoted = demoted(scenario(), "ai-hfos", at);
    assert_let_go(&held, &demoted, at);
    let later = demoted.decisions("ai-hfos").into_iter().filter(|row| row.event_time_ms >= at);
    assert!(later.map(|row| (row.risk_mode, row.directive)).all(|said| said == (RiskMode::Normal, None)));
}

on_both_markets!(
    self_healing_holds_nothing_back_from_the_next_decision_on,
    ai_hfos_directs_nothing_from_the_next_decision_on
);
