//! Every criterion by itself, the way from stage to stage, and that worse never helps.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::{Brake, FaultClass, HookId, Mode, Stage, envelope::EnvelopeLimits};

const DAY: u64 = 86_400_000;
const NOW: u64 = 30 * DAY;

fn subsystem(name: &str, hooks: &[HookId]) -> SubsystemHealth {
    SubsystemHealth {
        name: name.to_owned(),
        mode: Mode::Enforced,
        digest: format!("{name}-digest"),
        hooks: hooks.to_vec(),
        faults_in_a_row: 0,
        quarantined: false,
        refused: None,
        alarms: Vec::new(),
    }
}

fn health(stage: Stage) -> Health {
    Health {
        stage,
        brake: Brake::Released,
        event_time_ms: Some(NOW),
        journal_failed: false,
        journal_lost: 0,
        limits: Some(EnvelopeLimits::default()),
        autonomy_forbidden: false,
        subsystems: vec![subsystem("risk-os", &[HookId::RiskCheck]), subsystem("momentum", &[HookId::Signal])],
    }
}

/// Just good enough for every step.
fn good() -> Measured {
    let answered = |name: &str| (name.to_owned(), BTreeMap::from([(format!("{name}-digest"), 3)]));
    Measured {
        first_ms: Some(NOW - 15 * DAY),
        last_ms: Some(NOW - 3 * DAY),
        days: 14.0,
        longest_gap_min: 60,
        calls: 10_000,
        faults: BTreeMap::new(),
        quarantines: 0,
        lost: 0,
        unreadable: 0,
        brake_activations: 0,
        applied: 1,
        trades: Trades { asked: 100, blocked: 5, held_back: 4, orders: 91, fills: 180, net_usd: 12.0 },
        coordination: Cadence { intervals: 1_000, late: 10, longest_ms: 120_000, issued: 1_000, forbidding: 99 },
        opportunities: 28,
        open_conflicts: 0,
        daily_drawdown_pct: Some(4.99),
        versions: BTreeMap::from([answered("risk-os"), answered("momentum")]),
    }
}

fn everywhere(measured: &Measured) -> BTreeMap<Stage, Measured> {
    let observed = Measured { applied: 0, ..measured.clone() };
    let mut all: BTreeMap<_, _> = Stage::ALL.iter().map(|stage| (*stage, measured.clone())).collect();
    all.insert(Stage::Observation, observed);
    all
}

fn all_judged() -> BTreeSet<Judged> {
    Judged::ALL.iter().copied().collect()
}

fn judge(from: Stage, target: Stage, measured: &Measured, health: &Health) -> Verdict {
    let health = Health { stage: from, ..health.clone() };
    verdict(target, &Activation::default(), &everywhere(measured), &health, &all_judged())
}

fn failing(verdict: &Verdict) -> Vec<&str> {
    verdict.reasons().map(|check| check.name.as_str()).collect()
}

#[test]
fn just_good_enough_is_yes_for_every_step_and_every_jump() {
    for from in Stage::ALL {
        for target in Stage::ALL {
            let v = judge(*from, *target, &good(), &health(*from));
            assert!(v.yes, "{from} to {target}: {:?}", failing(&v));
            assert_eq!(v.checks.is_empty(), target <= from, "{from} to {target}");
        }
    }
}

#[test]
fn a_step_down_needs_nothing_at_all() {
    let ill = Health { brake: Brake::Halt, journal_failed: true, limits: None, ..health(Stage::Autonomy) };
    for target in Stage::ALL {
        let v = verdict(*target, &Activation::default(), &BTreeMap::new(), &ill, &BTreeSet::new());
        assert!(v.yes && v.checks.is_empty(), "{target}");
    }
}

type Worse<T> = (&'static str, fn(&mut T));

/// Each makes one measurement bad enough to fail one criterion of the step to COORDINATION.
const MEASURED: &[Worse<Measured>] = &[
    ("days", |m| m.days = 13.99),
    ("longest_gap_min", |m| m.longest_gap_min = 61),
    ("fresh_days", |m| m.last_ms = Some(NOW - 3 * DAY - 1)),
    ("fresh_days", |m| m.last_ms = Some(NOW + DAY + 1)),
    ("fresh_days", |m| m.last_ms = None),
    ("version_days", |m| drop(m.versions.remove("risk-os"))),
    ("version_days", |m| drop(m.versions.insert("momentum".into(), BTreeMap::from([("momentum-digest".into(), 2)])))),
    ("version_days", |m| drop(m.versions.insert("momentum".into(), BTreeMap::from([("another".into(), 9)])))),
    ("faults", |m| m.faults = BTreeMap::from([(FaultClass::Trap, 1)])),
    ("quarantines", |m| m.quarantines = 1),
    ("lost_records", |m| m.lost = 1),
    ("lost_records", |m| m.unreadable = 1),
    ("brake_activations", |m| m.brake_activations = 1),
    ("applied", |m| m.applied = 0),
    ("trades", |m| (m.trades.asked, m.trades.blocked, m.trades.held_back) = (19, 0, 0)),
    ("blocked_share", |m| m.trades.blocked = 6),
    ("blocked_share", |m| m.trades.held_back = 5),
    ("directives", |m| m.coordination.forbidding = 100),
    ("coordination_share", |m| m.coordination.late = 11),
    ("coordination_share", |m| (m.coordination.intervals, m.coordination.late) = (0, 0)),
    ("opportunities_per_day", |m| m.opportunities = 27),
    ("open_conflicts", |m| m.open_conflicts = 1),
    ("drawdown_share", |m| m.daily_drawdown_pct = Some(5.0)),
    ("drawdown_share", |m| m.daily_drawdown_pct = None),
];

const HEALTH: &[Worse<Health>] = &[
    ("brake", |h| h.brake = Brake::Bypass),
    ("journal", |h| h.journal_failed = true),
    ("journal", |h| h.journal_lost = 1),
    ("limits", |h| h.limits.as_mut().unwrap().max_net_exposure_pct = 1e6),
    ("plugins", |h| h.subsystems[0].quarantined = true),
    ("plugins", |h| h.subsystems[0].faults_in_a_row = 1),
    ("plugins", |h| h.subsystems[1].refused = Some("describe".into())),
    ("plugins", |h| h.subsystems[0].alarms.push("constant on pre-trade-risk-check".into())),
    ("subsystems", |h| h.subsystems[0].mode = Mode::Off),
    ("fresh_days", |h| h.event_time_ms = None),
    ("version_days", |h| h.subsystems[0].digest = "came a minute ago".into()),
];

#[test]
fn each_criterion_refuses_by_itself_and_is_named() {
    for (name, worse) in MEASURED {
        let mut measured = good();
        worse(&mut measured);
        let v = judge(Stage::Partial, Stage::Coordination, &measured, &health(Stage::Partial));
        assert_eq!(failing(&v), [*name]);
        assert!(!v.yes);
    }
    for (name, worse) in HEALTH {
        let mut health = health(Stage::Partial);
        worse(&mut health);
        let v = judge(Stage::Partial, Stage::Coordination, &good(), &health);
        assert_eq!(failing(&v), [*name]);
    }
    let unlimited = Health { limits: None, ..health(Stage::Partial) };
    let v = judge(Stage::Partial, Stage::Coordination, &good(), &unlimited);
    assert_eq!(failing(&v), ["limits", "drawdown_share"], "without a limit nothing is under it");
}

#[test]
fn what_is_off_neither_helps_nor_hurts() {
    let mut health = health(Stage::Partial);
    let mut off = subsystem("aelm", &[HookId::SlippageCheck]);
    (off.mode, off.quarantined, off.faults_in_a_row) = (Mode::Off, true, 9);
    health.subsystems.push(off);
    assert!(judge(Stage::Partial, Stage::Coordination, &good(), &health).yes);
    health.subsystems[2].mode = Mode::Observe;
    let v = judge(Stage::Partial, Stage::Coordination, &good(), &health);
    assert_eq!(failing(&v), ["plugins", "version_days"]);
}

#[test]
fn zero_change_is_asked_of_observation_alone() {
    let changed = BTreeMap::from([(Stage::Observation, good()), (Stage::Partial, good())]);
    let v = |from, target| verdict(target, &Activation::default(), &changed, &health(from), &all_judged());
    assert_eq!(failing(&v(Stage::Observation, Stage::Partial)), ["no_change"]);
    assert_eq!(failing(&v(Stage::Partial, Stage::Coordination)), [] as [&str; 0]);
}

#[test]
fn a_jump_needs_what_every_skipped_step_needs() {
    let mut measured = everywhere(&good());
    measured.remove(&Stage::Partial);
    let all = Activation::default();
    let v = verdict(Stage::Coordination, &all, &measured, &health(Stage::Observation), &all_judged());
    assert!(!v.yes);
    assert!(v.reasons().all(|check| check.shown_in == Some(Stage::Partial)), "{:?}", failing(&v));
    assert!(verdict(Stage::Partial, &all, &measured, &health(Stage::Observation), &all_judged()).yes);
}

#[test]
fn what_no_journal_tells_needs_a_word_by_name() {
    let all = Activation::default();
    for (from, target) in [(Stage::Partial, Stage::Coordination), (Stage::Coordination, Stage::Autonomy)] {
        let needed: Vec<&str> = Judged::needed(target).iter().map(|judged| judged.name()).collect();
        let v = verdict(target, &all, &everywhere(&good()), &health(from), &BTreeSet::new());
        assert_eq!(failing(&v), needed);
        for missing in Judged::needed(target) {
            let mut judged = all_judged();
            judged.remove(missing);
            let v = verdict(target, &all, &everywhere(&good()), &health(from), &judged);
            assert_eq!(failing(&v), [missing.name()]);
        }
    }
    let v = verdict(Stage::Partial, &all, &everywhere(&good()), &health(Stage::Observation), &BTreeSet::new());
    assert!(v.yes, "nothing was applied in OBSERVATION: there is nothing to compare");
}

#[test]
fn autonomy_with_real_money_is_allowed_by_name_or_not_at_all() {
    let forbidden = Health { autonomy_forbidden: true, ..health(Stage::Coordination) };
    let v = judge(Stage::Coordination, Stage::Autonomy, &good(), &forbidden);
    assert_eq!(failing(&v), ["autonomy"]);
    assert!(judge(Stage::Partial, Stage::Coordination, &good(), &forbidden).yes);
}

/// Each makes one measurement worse, by much or by little.
fn worsen(which: usize, by: u64, m: &mut Measured, h: &mut Health) {
    let less = |value: &mut u64| *value = value.saturating_sub(by);
    match which {
        0 => m.days -= by as f64 / 10.0,
        1 => m.longest_gap_min += by,
        2 => m.last_ms = m.last_ms.map(|last| last.saturating_sub(by * DAY / 4)),
        3 => m.quarantines += by,
        4 => m.lost += by,
        5 => m.unreadable += by,
        6 => m.brake_activations += by,
        7 => *m.faults.entry(FaultClass::Deadline).or_default() += by,
        8 => less(&mut m.applied),
        9 => less(&mut m.trades.asked),
        10 => m.trades.blocked += by,
        11 => m.trades.held_back += by,
        12 => m.coordination.late += by,
        13 => m.coordination.forbidding += by,
        14 => less(&mut m.opportunities),
        15 => m.open_conflicts += by,
        16 => m.daily_drawdown_pct = m.daily_drawdown_pct.map(|pct| pct + by as f64 / 10.0),
        17 => m.versions.values_mut().flat_map(|of| of.values_mut()).for_each(|days| *days = days.saturating_sub(1)),
        18 => h.journal_lost += by,
        19 => h.subsystems[0].faults_in_a_row += 1,
        20 => h.brake = h.brake.stricter(Brake::Halt),
        21 => h.limits = None,
        _ => m.daily_drawdown_pct = None,
    }
}

const WAYS: usize = 23;

proptest! {
    #[test]
    fn worse_never_turns_a_no_into_a_yes(
        from in 0..3_usize,
        before in prop::collection::vec((0..WAYS, 0..4_u64), 0..3),
        which in 0..WAYS,
        by in 0..40_u64,
    ) {
        let (from, target) = (Stage::ALL[from], Stage::ALL[from + 1]);
        let mut measured = good();
        measured.applied *= u64::from(from != Stage::Observation);
        let mut health = health(from);
        for (which, by) in before {
            worsen(which, by, &mut measured, &mut health);
        }
        let judge = |m: &Measured, h: &Health| {
            verdict(target, &Activation::default(), &BTreeMap::from([(from, m.clone())]), h, &all_judged())
        };
        let first = judge(&measured, &health);
        worsen(which, by, &mut measured, &mut health);
        let then = judge(&measured, &health);
        prop_assert!(first.yes || !then.yes);
        let failed: BTreeSet<&str> = failing(&then).into_iter().collect();
        prop_assert!(failing(&first).iter().all(|name| failed.contains(name)), "{:?} then {failed:?}", failing(&first));
    }
}

#[test]
fn every_way_of_becoming_worse_can_turn_a_yes_into_a_no() {
    for which in 0..WAYS {
        let (mut measured, mut health) = (good(), health(Stage::Partial));
        worsen(which, 1_000, &mut measured, &mut health);
        let v = judge(Stage::Partial, Stage::Coordination, &measured, &health);
        assert!(!v.yes, "way {which}");
    }
}
