use super::*;
use crate::config::Config;
use crate::testkit::{base, everything_bad, losses, self_healing, symbols};
use bulkhead_sdk::coordination::Inputs;
use bulkhead_sdk::testing;

/// Noon of some day.
const NOON: u64 = 20_000 * DAY_MS + DAY_MS / 2;

fn ask(memory: &mut Memory, now_ms: u64, account: &Account, change: impl FnOnce(&mut Inputs)) -> Vec<EmergencyAction> {
    let config = Config::default();
    let mut inputs = base();
    change(&mut inputs);
    let picture = Picture::new(&config, &inputs, account, now_ms);
    actions(&picture, &Health::of(&picture), memory, &symbols())
}

fn first(change: impl FnOnce(&mut Inputs)) -> Vec<EmergencyAction> {
    ask(&mut Memory::default(), NOON, &testing::account(), change)
}

#[test]
fn nothing_wrong_nothing_done() {
    assert_eq!(first(|_| ()), []);
    assert_eq!(first(|i| losses(i, 5.0, 10.0)), []);
    assert_eq!(first(|i| i.brake_age_ms = Some(3_600_000)), []);
}

#[test]
fn each_documented_trigger_has_its_action_with_what_it_needs() {
    let reduce = first(|i| losses(i, 5.1, 0.0));
    assert_eq!((reduce[0].kind, reduce[0].fraction), (EmergencyKind::ReduceAllPositions, Some(0.5)));
    let close = first(|i| losses(i, 0.0, 10.1));
    assert_eq!((close[0].kind, close[0].priority), (EmergencyKind::CloseAllPositions, 1));
    let pause = first(|i| self_healing(i, HealthStatus::Critical, 0));
    assert_eq!((pause[0].kind, pause[0].duration_ms), (EmergencyKind::PauseNewTrades, Some(3_600_000)));
    let symbol = first(|i| i.erratic_symbols = vec![1]);
    let want = (EmergencyKind::HaltSymbol, Some(1), Some(1_800_000));
    assert_eq!((symbol[0].kind, symbol[0].symbol, symbol[0].duration_ms), want);
    assert!(symbol[0].rationale.contains("LAYERUSDT"));
    let halt = first(|i| i.brake_age_ms = Some(3_600_001));
    assert_eq!(halt[0].kind, EmergencyKind::HaltSystem);
}

#[test]
fn the_most_important_comes_first_and_closing_all_makes_reducing_idle() {
    let all = first(|i| {
        everything_bad(i);
        i.erratic_symbols = vec![0, 1];
        i.brake_age_ms = Some(7_200_000);
    });
    let kinds: Vec<EmergencyKind> = all.iter().map(|action| action.kind).collect();
    use EmergencyKind::{CloseAllPositions, HaltSymbol, HaltSystem, PauseNewTrades};
    assert_eq!(kinds, [CloseAllPositions, HaltSystem, PauseNewTrades, HaltSymbol, HaltSymbol]);
    assert!(all.windows(2).all(|pair| pair[0].priority <= pair[1].priority));
}

#[test]
fn what_was_found_later_goes_before_what_is_less_important_and_behind_its_equals() {
    let found = first(|i| {
        losses(i, 5.1, 0.0);
        self_healing(i, HealthStatus::Critical, 0);
        i.brake_age_ms = Some(7_200_000);
    });
    let kinds: Vec<EmergencyKind> = found.iter().map(|action| action.kind).collect();
    assert_eq!(kinds, [EmergencyKind::HaltSystem, EmergencyKind::ReduceAllPositions, EmergencyKind::PauseNewTrades]);
}

#[test]
fn positions_are_reduced_once_a_day_however_often_the_limit_is_crossed() {
    let mut memory = Memory::default();
    let account = testing::account();
    let mut reductions =
        |minute: u64, daily: f64| ask(&mut memory, NOON + minute * 60_000, &account, |i| losses(i, daily, 0.0)).len();
    assert_eq!(reductions(0, 5.2), 1);
    assert_eq!((1..100).map(|minute| reductions(minute, 5.2)).sum::<usize>(), 0);
    assert_eq!(reductions(100, 4.0), 0);
    assert_eq!(reductions(101, 6.0), 0);
    assert_eq!(reductions(12 * 60, 6.0), 1);
}

#[test]
fn an_empty_book_is_neither_closed_nor_reduced() {
    let empty = |i: &mut Inputs, daily, open| {
        losses(i, daily, open);
        crate::testkit::open_positions(i, 0);
    };
    assert_eq!(first(|i| empty(i, 6.0, 20.0)), []);
    // What the host counts is enough to act on.
    let account = Account { open_positions: 2, ..testing::account() };
    let acted = ask(&mut Memory::default(), NOON, &account, |i| empty(i, 6.0, 20.0));
    assert_eq!(acted[0].kind, EmergencyKind::CloseAllPositions);
}

#[test]
fn halted_symbols_are_remembered_by_name_until_their_time() {
    let mut memory = Memory::default();
    let account = testing::account();
    ask(&mut memory, NOON, &account, |i| i.erratic_symbols = vec![1, 77]);
    assert_eq!(memory.halted.keys().collect::<Vec<_>>(), ["LAYERUSDT"]);
    ask(&mut memory, NOON + 29 * 60_000, &account, |_| ());
    assert_eq!(memory.halted.len(), 1);
    ask(&mut memory, NOON + 30 * 60_000, &account, |_| ());
    assert_eq!(memory.halted.len(), 0);
}
