//! What holds whatever the input: one answer per row, numbers in their range, no order, no forgetting.

use super::*;

#[test]
fn the_most_important_comes_first_whatever_the_order_of_the_rows() {
    let rows: Vec<PositionRow> = (0..40)
        .map(|symbol| {
            let r = 2.6 + f64::from(symbol % 7) / 10.0;
            PositionRow { symbol, quantity: f64::from(1 + symbol % 9), r, peak_r: r, ..row() }
        })
        .collect();
    let want = ask(&mut plugin(GRANTED).unwrap(), 0, &rows);
    assert!(want.iter().any(|s| s.action == Action::AddSize) && want.iter().any(|s| s.action == Action::ExtendHold));
    assert!(want.is_sorted_by(|left, right| order(left, right).is_lt()));
    for by in [1, 7, 39] {
        let mut turned = rows.clone();
        turned.rotate_left(by);
        assert_eq!(ask(&mut plugin(GRANTED).unwrap(), 0, &turned), want);
    }
}

#[test]
fn behind_another_owner_it_only_takes_away() {
    let rows = [row(), PositionRow { symbol: 1, ..row() }];
    let own = ask(&mut plugin("{}").unwrap(), 0, &rows);
    assert_eq!(own.len(), 2);
    let answer = ask_in(&mut plugin("{}").unwrap(), &at(0), &rows, Class::StrongTrend, &testing::market(), &own[1..]);
    assert_eq!(answer, own[1..]);
    let other = [Recommendation { action: Action::TightenStops, ..own[0].clone() }];
    assert_eq!(ask_in(&mut plugin("{}").unwrap(), &at(0), &rows, Class::StrongTrend, &testing::market(), &other), []);
}

#[test]
fn no_numbers_whatever_break_the_contract() {
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -1.0, 0.0, 3.0];
    let mut plugin = plugin(GRANTED).unwrap();
    for at_ in 0..32_768usize {
        let value = |place: u32| values[at_ / 8usize.pow(place) % 8];
        let broken = PositionRow {
            quantity: value(0),
            mark_price: value(1),
            r: value(2),
            peak_r: value(3),
            leverage_x: value(4),
            opened_ms: at_ as u64,
            ..row()
        };
        ask(&mut plugin, 0, &[broken]);
    }
}

#[test]
fn the_report_is_forgotten_when_nobody_asks() {
    let mut plugin = plugin(GRANTED).unwrap();
    ask(&mut plugin, 0, &[row()]);
    assert_eq!((report(&mut plugin, 45), report(&mut plugin, 46)), (vec![(0, 1, false)], vec![]));
}
