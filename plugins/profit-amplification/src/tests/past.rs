//! Steps that were taken are not asked for again.

use super::*;

#[test]
fn additions_end_at_one_and_a_half_times_the_first_size_and_at_the_concentration() {
    for (quantity, want) in [
        // 20 % of 500 and of 600; then only 30 of the growth are left, which is not worth an order.
        (5.0, &[100.0, 120.0][..]),
        // 20 % of 2,000, then what is left to a quarter of the 10,000 of equity is too little.
        (20.0, &[400.0]),
        (25.0, &[]),
    ] {
        let mut plugin = plugin(GRANTED).unwrap();
        let mut held = PositionRow { quantity, ..row() };
        let mut added = Vec::new();
        for minute in (0..300).step_by(15) {
            if let Some(add) = ask(&mut plugin, minute, &[held]).first().and_then(|step| step.add_size_usd) {
                held.quantity += add / held.mark_price;
                added.push(add);
            }
        }
        assert_eq!(added, want, "{quantity}");
    }
}

#[test]
fn time_is_given_once_while_it_runs() {
    let mut plugin = plugin("{}").unwrap();
    let given: Vec<u64> =
        (0..26 * 60).step_by(15).filter(|minute| !ask(&mut plugin, *minute, &[row()]).is_empty()).collect();
    assert_eq!(given, [0, 12 * 60, 24 * 60]);
    // Another position in the same symbol is another matter.
    let other = PositionRow { opened_ms: 7, ..row() };
    assert_eq!(only(&ask(&mut plugin, 26 * 60, &[other])), Some(Action::ExtendHold));
}

#[test]
fn profit_is_taken_once_and_the_rest_is_not_added_to() {
    let mut plugin = plugin(GRANTED).unwrap();
    let runner = PositionRow { r: 3.1, peak_r: 3.1, ..row() };
    let wary = Market { volatility: Volatility::High, ..testing::market() };
    let ask = |plugin: &mut ProfitAmplification, row: PositionRow, market: &Market| {
        only(&ask_in(plugin, &at(0), &[row], Class::StrongTrend, market, &[]))
    };
    // Volatility forbids more size, and an R under the one of an extension forbids more time.
    let partial = PositionRow { r: 2.4, peak_r: 3.0, ..runner };
    let config =
        r#"{"add_size_cap": 0.5, "max_dd_for_amplify": 25, "symbols": {"S0": {"rank": 1, "category": "core"}}}"#;
    let mut loose = super::plugin(config).unwrap();
    assert_eq!(ask(&mut loose, partial, &wary), Some(Action::PartialTakeProfit));
    let half = PositionRow { quantity: 2.5, ..partial };
    assert_eq!(ask(&mut loose, half, &wary), None);
    assert_eq!(ask(&mut plugin, runner, &testing::market()), Some(Action::AddSize));
    let half = PositionRow { quantity: 2.5, ..runner };
    assert_eq!(ask(&mut plugin, half, &testing::market()), Some(Action::ExtendHold));
}

#[test]
fn the_next_version_knows_what_was_done() {
    let mut old = plugin("{}").unwrap();
    assert_eq!(only(&ask(&mut old, 0, &[row()])), Some(Action::ExtendHold));
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(only(&ask(&mut new, 15, &[row()])), None);
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
    assert_eq!(only(&ask(&mut new, 30, &[row()])), None);
}
