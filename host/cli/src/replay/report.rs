//! A report for whoever reads at a terminal.

use std::path::Path;

use anyhow::{Context, Result};
use bulkhead_executor::market::time::format_ms;
use bulkhead_replay::{
    page,
    report::{CostPair, Figures, Funnel, Observed, Report, Runs, Spent, TradeLine},
};
use comfy_table::{CellAlignment, Table, presets::NOTHING};

use super::{Replay, grouped};

/// Lines of a list that is cut off.
const LISTED: usize = 12;

/// Prints it, and writes the page that was asked for.
pub(super) fn give(report: &Report, args: &Replay) -> Result<()> {
    if let Some(file) = &args.html {
        draw(report, file)?;
    }
    if args.json {
        println!("{}", report.json());
    } else {
        print!("{}", said(report));
    }
    Ok(())
}

/// Writes the page.
pub(super) fn draw(report: &Report, file: &Path) -> Result<()> {
    write_page(file, &page::of_report(report))
}

/// Writes a page, and says where.
pub(crate) fn write_page(file: &Path, page: &str) -> Result<()> {
    std::fs::write(file, page).with_context(|| format!("the page cannot be written to {}", file.display()))?;
    eprintln!("page  {}", file.display());
    Ok(())
}

/// For people.
fn said(report: &Report) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    if let Some(m) = &report.market {
        let (from, to) = (format_ms(m.from_ms), format_ms(m.to_ms));
        line(&format!("{} market, {from} to {to}, {} symbols, {} bars", m.kind, m.symbols.len(), grouped(m.bars)));
    }
    report.versions.iter().for_each(|v| line(&format!("changed  {}: {} -> {}", v.subsystem, v.before, v.after)));
    report.settings.iter().for_each(|s| line(&format!("changed  {}: {} -> {}", s.key, s.before, s.after)));
    report.sentences.iter().for_each(|sentence| line(sentence));
    report.notes.iter().for_each(|note| line(&format!("note  {note}")));
    if let Some(runs) = report.runs.as_ref().filter(|_| !report.is_identical()) {
        text.push_str(&money(runs));
        text.push_str(&changes(report));
        text.push_str(&funnel(report.funnel.as_ref()));
        text.push_str(&trades(runs));
        text.push_str(&costs(report));
        text.push_str(&latency(runs));
    }
    text.push_str(&observed(&report.observed));
    text
}

fn table(title: &str, head: &[&str], left: usize, rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(head.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(left) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("\n{title}\n{table}\n")
}

fn money(runs: &Runs) -> String {
    let row = |name: &str, of: &dyn Fn(&Figures) -> f64, digits: usize, unit: &str| {
        let (before, after) = (of(&runs.before), of(&runs.after));
        let value = |n: f64| format!("{n:.digits$}{unit}");
        vec![name.to_owned(), value(before), value(after), format!("{:+.digits$}{unit}", after - before)]
    };
    let rows = vec![
        row("profit and loss, USD", &Figures::gain_usd, 2, ""),
        row("of closed trades, USD", &|f| f.net_pnl_usd, 2, ""),
        row("deepest drawdown", &|f| f.max_drawdown_pct, 2, " %"),
        row("highest exposure", &|f| f.max_exposure_pct, 1, " %"),
        row("mean exposure", &|f| f.mean_exposure_pct, 1, " %"),
        row("trades closed", &|f| f.trades as f64, 0, ""),
        row("of these won", &|f| f.winners as f64, 0, ""),
        row("orders", &|f| f.orders as f64, 0, ""),
        row("fees, USD", &|f| f.fees_usd, 2, ""),
        row("funding, USD", &|f| f.funding_usd, 2, ""),
        row("liquidations", &|f| f.liquidations as f64, 0, ""),
        row("faults", &|f| f.faults as f64, 0, ""),
    ];
    table("Account", &["", "before", "after", "difference"], 1, rows)
}

fn changes(report: &Report) -> String {
    let c = &report.changes;
    let hooks = c.by_hook.iter().filter(|(_, h)| h.changed() + h.reworded + h.only_before + h.only_after > 0);
    let hooks = hooks.map(|(hook, h)| {
        let counts = [h.compared, h.applied, h.said, h.reworded, h.tighter, h.looser, h.only_before, h.only_after];
        std::iter::once(hook.name().to_owned()).chain(counts.map(grouped)).collect()
    });
    let head =
        ["hook", "both asked", "in effect", "only said", "in words", "tighter", "looser", "only before", "only after"];
    let mut text = table("Decisions that differ", &head, 1, hooks.collect());
    let word = |reason: &str| if reason.is_empty() { "-".to_owned() } else { reason.to_owned() };
    let reasons = c.by_reason.iter().take(LISTED);
    let reasons = reasons.map(|r| vec![r.hook.name().to_owned(), word(&r.before), word(&r.after), grouped(r.count)]);
    text.push_str(&table("By reason", &["hook", "before", "after", "times"], 3, reasons.collect()));
    let mut symbols: Vec<_> = c.by_symbol.iter().collect();
    symbols.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let symbols = symbols.into_iter().take(LISTED).map(|(name, count)| vec![name.clone(), grouped(*count)]);
    text.push_str(&table("By symbol", &["symbol", "times"], 1, symbols.collect()));
    text
}

fn funnel(funnel: Option<&Funnel>) -> String {
    let Some(funnel) = funnel else { return String::new() };
    let two = |[before, after]: [u64; 2]| [grouped(before), grouped(after)];
    let row = |by: &str, reason: &str, counts| {
        [by.to_owned(), reason.to_owned()].into_iter().chain(two(counts)).collect::<Vec<_>>()
    };
    let mut rows = vec![row("proposals", "", funnel.proposals)];
    rows.extend(funnel.stops.iter().map(|stop| row(&stop.by, &stop.reason, [stop.before, stop.after])));
    rows.push(row("orders", "", funnel.orders));
    table("From proposals to orders", &["stopped by", "why", "before", "after"], 2, rows)
}

fn trades(runs: &Runs) -> String {
    let t = &runs.trades;
    let line = |trade: &TradeLine| {
        let at = i64::try_from(trade.decided_ms).map_or_else(|_| String::new(), format_ms);
        vec![
            at,
            trade.symbol.clone(),
            trade.side.name().to_owned(),
            trade.stopped.clone(),
            format!("{:.2}", trade.size_usd),
            format!("{:+.2}", trade.pnl_usd),
        ]
    };
    let list = |name: &str, why: &str, count: u64, trades: &[TradeLine]| {
        let more =
            if count > LISTED as u64 { format!(", the first {LISTED} of {}", grouped(count)) } else { String::new() };
        let rows = trades.iter().take(LISTED).map(line).collect();
        table(&format!("Trades {name}{more}"), &["decided", "symbol", "side", why, "size USD", "result USD"], 4, rows)
    };
    let lost = list("lost", "what stopped it now", t.lost, &t.list_lost);
    lost + &list("added", "what had stopped it", t.added, &t.list_added)
}

fn costs(report: &Report) -> String {
    let mean = |of: fn(&Spent) -> u64, unit: f64, digits: usize, spent: &Spent| {
        let mean = of(spent) as f64 / unit / spent.calls as f64;
        if spent.calls == 0 { "-".to_owned() } else { format!("{mean:.digits$}") }
    };
    let row = |(name, CostPair { before, after }): (&String, &CostPair)| {
        vec![
            name.clone(),
            grouped(before.calls),
            grouped(after.calls),
            grouped(before.faulty()),
            grouped(after.faulty()),
            mean(|s| s.fuel, 1.0, 0, before),
            mean(|s| s.fuel, 1.0, 0, after),
            mean(|s| s.time_ns, 1e3, 1, before),
            mean(|s| s.time_ns, 1e3, 1, after),
        ]
    };
    let head = ["subsystem", "answers", "after", "faults", "after", "fuel", "after", "µs", "after"];
    table("What an answer costs", &head, 1, report.costs.iter().map(row).collect())
}

fn latency(runs: &Runs) -> String {
    let us = |ns: u64| format!("{:.1}", ns as f64 / 1000.0);
    let rows = runs.before.hooks.iter().filter_map(|before| {
        let after = runs.after.hooks.iter().find(|after| after.hook == before.hook)?;
        let times = [before.p50_ns, after.p50_ns, before.p99_ns, after.p99_ns].map(us);
        Some(std::iter::once(before.hook.name().to_owned()).chain(times).collect())
    });
    table("Time of a call, both runs at once", &["hook", "p50 µs", "after", "p99 µs", "after"], 1, rows.collect())
}

fn observed(all: &[Observed]) -> String {
    let row = |o: &Observed| {
        let hook = o.hook.map_or("", |hook| hook.name());
        let made = if o.trades_made == 0 {
            "-".to_owned()
        } else {
            format!("{} ({:+.2} USD)", o.trades_made, o.trades_pnl_usd)
        };
        vec![
            o.subsystem.clone(),
            hook.to_owned(),
            grouped(o.answers),
            grouped(o.tighter),
            grouped(o.looser),
            grouped(o.other),
            if o.proposals == 0 {
                "-".to_owned()
            } else {
                format!("{} of {}", grouped(o.would_stop), grouped(o.proposals))
            },
            made,
        ]
    };
    let head =
        ["subsystem", "hook", "answers", "tighter", "looser", "other", "would have stopped", "made all the same"];
    table("Said without effect in the recorded run", &head, 2, all.iter().map(row).collect())
}
