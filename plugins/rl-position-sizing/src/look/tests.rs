use super::*;
use crate::testkit::Random;
use bulkhead_sdk::testing;

fn look(equity_usd: f64, rows: &[(SymbolId, f64)]) -> Look {
    let account = Account { equity_usd, open_positions: rows.len() as u32, ..testing::account() };
    let exposures =
        Exposures { symbols: rows.iter().map(|row| row.0).collect(), size_usd: rows.iter().map(|row| row.1).collect() };
    Look::of(0, &account, &exposures).unwrap()
}

fn profits(before: &Look, now: &Look) -> Vec<(SymbolId, Option<f64>)> {
    before.profits(now).into_iter().map(|(symbol, usd)| (symbol, usd.map(|usd| (usd * 1e6).round() / 1e6))).collect()
}

#[test]
fn a_quantity_that_stands_still_tells_its_profit_also_without_equity() {
    let before = look(f64::NAN, &[(0, 1_000.0), (1, -1_000.0)]);
    let now = look(f64::NAN, &[(0, 1_050.0), (1, -1_020.0)]);
    assert_eq!(profits(&before, &now), [(0, Some(50.0)), (1, Some(-20.0))]);
}

#[test]
fn what_went_has_what_is_left_of_the_equitys_change() {
    let before = look(10_000.0, &[(0, 1_000.0), (1, 2_000.0)]);
    let now = look(9_970.0, &[(1, 2_020.0)]);
    assert_eq!(profits(&before, &now), [(0, Some(-50.0)), (1, Some(20.0))]);
    // Two that went share it by size.
    let now = look(9_970.0, &[]);
    assert_eq!(profits(&before, &now), [(0, Some(-10.0)), (1, Some(-20.0))]);
}

#[test]
fn a_part_closed_is_no_loss() {
    // Half of it sold with 40 USD of profit in all; the other position stood still.
    let before = look(10_000.0, &[(0, 1_000.0), (1, -500.0)]);
    let now = look(10_045.0, &[(0, 520.0), (1, -495.0)]);
    assert_eq!(profits(&before, &now), [(0, Some(40.0)), (1, Some(5.0))]);
}

#[test]
fn fees_are_shared_where_nothing_came_or_went() {
    let before = look(10_000.0, &[(0, 3_000.0), (1, -1_000.0)]);
    let now = look(9_996.0, &[(0, 3_000.0), (1, -1_000.0)]);
    assert_eq!(profits(&before, &now), [(0, Some(-3.0)), (1, Some(-1.0))]);
}

#[test]
fn unknown_equity_leaves_the_profit_of_what_went_unknown() {
    let (before, now) = (look(10_000.0, &[(0, 1_000.0)]), look(f64::NAN, &[(1, 500.0)]));
    assert_eq!(profits(&before, &now), [(0, None), (1, None)]);
    assert_eq!(profits(&now, &before), [(0, None), (1, None)]);
}

#[test]
fn more_than_a_position_can_have_earned_is_not_its_profit() {
    let before = look(10_000.0, &[(0, 10.0), (1, 2_000.0)]);
    for (equity_usd, want) in [(10_001.4, Some(1.4)), (9_998.6, Some(-1.4)), (9_875.0, None), (10_002.0, None)] {
        let now = look(equity_usd, &[(1, 2_000.0)]);
        assert_eq!(profits(&before, &now), [(0, want), (1, Some(0.0))], "{equity_usd}");
    }
}

#[test]
fn every_dollar_is_given_once_and_the_order_of_rows_does_not_matter() {
    let mut random = Random::new(8);
    let (mut known, mut unknown) = (0, 0);
    for _ in 0..5_000 {
        let rows = |random: &mut Random| -> Vec<(SymbolId, f64)> {
            let ids: Vec<SymbolId> = (0..8).filter(|_| random.below(3) > 0).collect();
            ids.into_iter().map(|id| (id, random.between(-5_000.0, 5_000.0))).collect()
        };
        let first = rows(&mut random);
        let mut second = rows(&mut random);
        // Most stand still.
        for row in &mut second {
            if let Some(old) = first.iter().find(|old| old.0 == row.0).filter(|_| random.below(4) > 0) {
                row.1 = old.1 * random.between(0.92, 1.08);
            }
        }
        let (from, to) = (10_000.0, 10_000.0 + random.between(-500.0, 500.0));
        let got = look(from, &first).profits(&look(to, &second));
        let sum: Option<f64> = got.iter().map(|(_, usd)| *usd).sum();
        match sum.filter(|_| !got.is_empty()) {
            Some(sum) => {
                assert!((sum - (to - from)).abs() < 1e-6, "{sum} {}", to - from);
                known += 1;
            }
            None => unknown += 1,
        }
        let mut turned = first.clone();
        turned.reverse();
        assert_eq!(look(from, &turned).profits(&look(to, &second)), got);
    }
    assert!(known > 1_000 && unknown > 50, "{known} {unknown}");
}

#[test]
fn rows_that_cannot_be_believed_make_no_look() {
    let of = |size_usd: Vec<f64>| {
        let exposures = Exposures { symbols: (0..size_usd.len() as u32).collect(), size_usd };
        Look::of(0, &testing::account(), &exposures)
    };
    assert!(of(vec![1.0; MOST_ROWS]).is_some());
    assert_eq!(of(vec![1.0; MOST_ROWS + 1]), None);
    assert_eq!(of(vec![1.0, f64::NAN]), None);
    assert_eq!(of(vec![f64::INFINITY]), None);
}

#[test]
fn working_orders_unsettle_a_look() {
    let account = Account { open_positions: 1, ..testing::account() };
    let of = |symbols: Vec<SymbolId>| {
        let size_usd = vec![100.0; symbols.len()];
        Look::of(0, &account, &Exposures { symbols, size_usd }).unwrap()
    };
    assert!(of(vec![3]).settled);
    let more = of(vec![3, 3]);
    assert_eq!((more.settled, more.notional_usd(3), more.notional_usd(4)), (false, Some(200.0), None));
}
