//! What a person is to know first.

use bulkhead_executor::market::time::format_ms;
use bulkhead_policy::{HookId, Kind};

use crate::report::{Observed, Report, Runs};

pub(super) fn full(report: &Report) -> Vec<String> {
    let Some(runs) = &report.runs else { return Vec::new() };
    if report.is_identical() {
        return vec![format!(
            "No difference: all {} decisions, all {} trades and the whole curve of the account are the same, bit by bit.",
            grouped(report.changes.compared()),
            grouped(runs.trades.same)
        )];
    }
    let mut all = vec![account(runs), trades(runs)];
    all.push(changed(report));
    let alone: (u64, u64) =
        report.changes.by_hook.values().fold((0, 0), |(a, b), h| (a + h.only_before, b + h.only_after));
    if alone != (0, 0) {
        all.push(format!(
            "What follows from the first change leads to other questions: {} were asked only before, {} only after.",
            grouped(alone.0),
            grouped(alone.1)
        ));
    }
    if let Some(at) = runs.parts_from_ms {
        all.push(format!("The accounts part at {}.", format_ms(at)));
    }
    all
}

pub(super) fn decisions(report: &Report) -> Vec<String> {
    if report.changes.changed() == 0 {
        let compared = grouped(report.changes.compared());
        return vec![format!("No difference: all {compared} recorded questions get the answer that they got.")];
    }
    let follow = "Each question is the recorded one: what would have followed from another answer is told by --full.";
    vec![changed(report), follow.to_owned()]
}

pub(super) fn observed(report: &Report) -> Vec<String> {
    if report.observed.is_empty() {
        return vec![
            "Every answer in this journal was applied or failed: nothing was only observed or advised.".to_owned(),
        ];
    }
    report.observed.iter().filter_map(would).collect()
}

/// What one subsystem would have done, if it is worth a sentence.
fn would(o: &Observed) -> Option<String> {
    let (who, hook) = (&o.subsystem, o.hook?);
    if hook == HookId::Coordination {
        return Some(coordinated(o));
    }
    if o.would_stop > 0 {
        let (stopped, all) = (grouped(o.would_stop), grouped(o.proposals));
        let (share, made) = (percent(o.would_stop, o.proposals), made(o));
        return Some(format!("{who} would have stopped {stopped} of {all} proposals ({share}) at {hook}{made}."));
    }
    let changed = o.tighter + o.looser + o.other;
    // A label always says something; what it does is in other rows.
    (changed > 0 && hook.kind() != Kind::Annotate).then(|| {
        format!(
            "{who} would have changed {} of {} answers at {hook}: {} tighter, {} looser.",
            grouped(changed),
            grouped(o.answers),
            grouped(o.tighter),
            grouped(o.looser)
        )
    })
}

/// What a coordinator would have asked for, and which orders it would not have allowed.
fn coordinated(o: &Observed) -> String {
    let modes: Vec<String> = o.risk_modes.iter().map(|(mode, n)| format!("{mode} {}", grouped(*n))).collect();
    let mut asked: Vec<_> = o.directives.iter().collect();
    asked.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let asked: Vec<String> = asked.into_iter().take(6).map(|(what, n)| format!("{what} {}", grouped(*n))).collect();
    let asked = if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") };
    let stopped = if o.would_stop == 0 {
        format!("none of {} orders would have been stopped", grouped(o.proposals))
    } else {
        let share = percent(o.would_stop, o.proposals);
        format!(
            "{} of {} orders ({share}) would have been stopped{}",
            grouped(o.would_stop),
            grouped(o.proposals),
            made(o)
        )
    };
    format!(
        "{} would have changed something with {} of {} directives: {stopped}; asked for: {asked}; risk modes: {}.",
        o.subsystem,
        grouped(o.answers - o.same),
        grouped(o.answers),
        modes.join(", ")
    )
}

fn made(o: &Observed) -> String {
    if o.trades_made == 0 {
        return String::new();
    }
    format!("; {} of these were made and brought {:+.2} USD", grouped(o.trades_made), o.trades_pnl_usd)
}

fn account(runs: &Runs) -> String {
    let (b, a) = (&runs.before, &runs.after);
    format!(
        "Profit and loss {:+.2} USD instead of {:+.2}; deepest drawdown {:.2} % instead of {:.2} %; mean exposure {:.1} % of equity instead of {:.1} %.",
        a.gain_usd(),
        b.gain_usd(),
        a.max_drawdown_pct,
        b.max_drawdown_pct,
        a.mean_exposure_pct,
        b.mean_exposure_pct
    )
}

fn trades(runs: &Runs) -> String {
    let t = &runs.trades;
    let of = |count: u64, usd: f64| {
        if count == 0 { grouped(count) } else { format!("{} ({usd:+.2} USD)", grouped(count)) }
    };
    format!(
        "Trades: {} lost, {} added, {} changed, {} as before.",
        of(t.lost, t.lost_pnl_usd),
        of(t.added, t.added_pnl_usd),
        grouped(t.changed),
        grouped(t.same)
    )
}

fn changed(report: &Report) -> String {
    let c = &report.changes;
    let (applied, said, tighter, looser) = c
        .by_hook
        .values()
        .fold((0, 0, 0, 0), |(a, s, t, l), hook| (a + hook.applied, s + hook.said, t + hook.tighter, l + hook.looser));
    format!(
        "{} of {} decisions differ ({}): {} take effect otherwise, {} are only said otherwise; {} are tighter, {} looser.",
        grouped(c.changed()),
        grouped(c.compared()),
        percent(c.changed(), c.compared()),
        grouped(applied),
        grouped(said),
        grouped(tighter),
        grouped(looser)
    )
}

fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1} %", part as f64 / whole as f64 * 100.0) }
}

/// 1234567 as 1,234,567.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let said: Vec<String> = [0, 999, 1_000, 12_345, 1_234_567].map(grouped).into();
        assert_eq!(said, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn what_would_have_been_stopped_is_told_with_what_came_of_it() {
        let o = Observed {
            subsystem: "portfolio-balancer".to_owned(),
            hook: Some(HookId::PortfolioCheck),
            answers: 1_900,
            would_stop: 133,
            proposals: 1_900,
            trades_made: 20,
            trades_pnl_usd: -120.5,
            ..Observed::default()
        };
        let said = would(&o).unwrap();
        assert_eq!(
            said,
            "portfolio-balancer would have stopped 133 of 1,900 proposals (7.0 %) at pre-trade-portfolio-check; 20 of these were made and brought -120.50 USD."
        );
    }
}
