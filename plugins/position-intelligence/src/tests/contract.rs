//! What holds whatever the input: one answer per row, numbers in their range, no order, no forgetting.

use super::*;

#[test]
fn the_next_version_knows_how_long_a_loss_has_lasted() {
    let sinking = [row(-0.45, 0.0)];
    let mut old = plugin("{}").unwrap();
    for minute in (0..=120).step_by(5) {
        ask(&mut old, minute, &sinking);
    }
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(ask(&mut new, 125, &sinking)[0].class, Class::Toxic);
    assert_ne!(ask(&mut plugin("{}").unwrap(), 125, &sinking)[0].class, Class::Toxic);
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
}

#[test]
fn positions_without_numbers_are_not_classed_and_disturb_nobody() {
    let broken = PositionRow { symbol: 1, mark_price: f64::NAN, ..row(1.0, 1.0) };
    for mut plugin in [plugin("{}").unwrap(), pnl_percent()] {
        let answer = ask(&mut plugin, 60, &[row(2.0, 2.0), broken, PositionRow { symbol: 2, ..row(-0.6, 0.0) }]);
        assert_eq!(
            (answer[1].class, answer[1].action, answer[1].confidence),
            (Class::Unclassified, PositionAction::Hold, 0.0)
        );
        assert_ne!(answer[0].class, Class::Unclassified);
        assert_ne!(answer[2].class, Class::Unclassified);
    }
}

#[test]
fn no_numbers_whatever_break_the_contract() {
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -1.0, 0.0, 1.0];
    for mut plugin in [plugin("{}").unwrap(), pnl_percent()] {
        for at in 0..4_096usize {
            let value = |place: u32| values[at / 8usize.pow(place) % 8];
            let position = PositionRow { quantity: value(0), mark_price: value(1), ..row(value(2), value(3)) };
            ask(&mut plugin, 60, &[position]);
        }
    }
}

/// By R. By percent the original calls a small loss less urgent than a long breakeven.
#[test]
fn less_profit_of_the_same_peak_is_never_less_urgent() {
    for (minute, peak) in [1, 14, 15, 29, 30, 59, 60, 800, 1_500].into_iter().flat_map(|m| (0..12).map(move |p| (m, p)))
    {
        let peak_r = f64::from(peak) * 0.25;
        let mut last = Urgency::Normal;
        for step in 0..=80 {
            let answer = ask(&mut plugin("{}").unwrap(), minute, &[row(peak_r - f64::from(step) * 0.05, peak_r)])[0];
            assert!(answer.urgency >= last, "{minute} min, {peak_r} R less {step} steps: {answer:?}");
            assert!(answer.class != Class::Toxic || peak_r < f64::from(step) * 0.05);
            last = answer.urgency;
        }
    }
}

#[test]
fn neither_order_nor_company_changes_a_class() {
    let rows: Vec<PositionRow> = [(0, 2.0, 2.0), (1, -0.6, 0.1), (2, 0.2, 0.8)]
        .map(|(symbol, r, peak)| PositionRow { symbol, mark_price: 100.0 + r, ..row(r, peak) })
        .into();
    for make in [|| plugin("{}").unwrap(), pnl_percent] {
        let together = ask(&mut make(), 60, &rows);
        let back: Vec<PositionRow> = rows.iter().rev().copied().collect();
        let mut turned = ask(&mut make(), 60, &back);
        turned.reverse();
        assert_eq!(together, turned);
        for (row, want) in rows.iter().zip(&together) {
            assert_eq!(ask(&mut make(), 60, &[*row])[0], *want);
        }
    }
}

#[test]
fn the_report_counts_the_last_answer_until_it_is_old() {
    let symbols = table();
    let mut plugin = plugin("{}").unwrap();
    let report = |plugin: &mut PositionIntelligence, minute: u64| {
        let context = Context { event_time_ms: OPENED_MS + minute * MINUTE_MS, ..testing::context() };
        let Some(SubsystemReport::Positions(report)) = plugin.report(&Ctx::new(&context, &symbols)).unwrap() else {
            panic!("wrong report");
        };
        (report.open, report.toxic, report.winners)
    };
    assert_eq!(report(&mut plugin, 0), (0, 0, 0));
    ask(
        &mut plugin,
        60,
        &[row(2.0, 2.0), PositionRow { symbol: 1, ..row(-0.6, 0.0) }, PositionRow { symbol: 2, ..row(0.1, 0.1) }],
    );
    assert_eq!((report(&mut plugin, 60), report(&mut plugin, 75)), ((3, 1, 1), (3, 1, 1)));
    assert_eq!(report(&mut plugin, 76), (0, 0, 0));
}
