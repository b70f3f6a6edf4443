//! What holds for every input.

use super::*;

#[test]
fn a_worse_part_never_asks_for_less_whatever_the_rest_does() {
    for part in PARTS {
        for other in STATUSES {
            let mut before = Directive::AllowAll;
            for status in STATUSES {
                let report = once(&aggressive(), &[(part, status), (PARTS[(part as usize + 1) % 13], other)]);
                assert!(report.directive >= before, "{part:?} {status:?} {other:?}");
                before = report.directive;
            }
        }
    }
}

#[test]
fn the_order_of_the_rows_and_their_repetition_change_nothing() {
    // Each part with some status, in many orders.
    let mut table: Vec<PartStatus> = Vec::new();
    for (i, part) in PARTS.into_iter().enumerate() {
        table.push(PartStatus { part, status: STATUSES[i % 5], age_ms: i as u64 * 100_000 });
    }
    let want = ask(&aggressive(), &mut Memory::default(), &table);
    for turn in 0..13 {
        table.rotate_left(turn);
        table.reverse();
        assert_eq!(ask(&aggressive(), &mut Memory::default(), &table), want);
        let twice: Vec<PartStatus> = table.iter().chain(&table).copied().collect();
        assert_eq!(ask(&aggressive(), &mut Memory::default(), &twice), want);
    }
}

/// The host takes 256 rows and 256 bytes of a text.
#[test]
fn however_many_rows_come_the_answer_stays_within_the_contract() {
    for status in STATUSES {
        let many: Vec<PartStatus> =
            PARTS.into_iter().cycle().take(10_000).map(|part| PartStatus { part, status, age_ms: u64::MAX }).collect();
        let account = Account { daily_drawdown_pct: f64::MAX, losing_streak: u32::MAX, ..testing::account() };
        let bad = Performance { win_rate_7d: Some(f64::MIN), trades_7d: u32::MAX, losing_streak: u32::MAX };
        let report = check(&aggressive(), &mut Memory::default(), u64::MAX, &many, &account, &bad);
        assert!(report.issues.len() <= 16 && report.actions.len() <= 16);
        assert!(report.issues.iter().all(|issue| !issue.text.is_empty() && issue.text.len() <= 256));
    }
}

/// Whatever state the parts are in. A drawdown that is no number is not known to be small: it is not among these.
#[test]
fn worse_results_never_ask_for_less_whatever_the_parts_do() {
    let well = Performance { win_rate_7d: Some(0.6), trades_7d: 40, losing_streak: 0 };
    let ask = |status, drawdown_pct, performance: &Performance| {
        let account = Account { daily_drawdown_pct: drawdown_pct, ..testing::account() };
        let rows = rows(&[(Part::Database, status)]);
        check(&aggressive(), &mut Memory::default(), 0, &rows, &account, performance).directive
    };
    for status in STATUSES {
        let (mut by_loss, mut by_streak, mut by_rate) = (Vec::new(), Vec::new(), Vec::new());
        for step in 0..60u32 {
            let share = f64::from(step) / 60.0;
            by_loss.push(ask(status, share * 6.0, &well));
            by_streak.push(ask(status, 0.0, &Performance { losing_streak: step, ..well }));
            by_rate.push(ask(status, 0.0, &Performance { win_rate_7d: Some(1.0 - share), ..well }));
        }
        for directives in [by_loss, by_streak, by_rate] {
            assert!(directives.is_sorted(), "{status:?} {directives:?}");
            assert!(status != Healthy || directives.first() < directives.last(), "{directives:?}");
        }
    }
}
