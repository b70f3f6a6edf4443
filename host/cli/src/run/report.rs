//! The summary that a trader reads.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use bulkhead_executor::{market::time::format_ms, trading::RunSummary};
use bulkhead_policy::{Cause, HookId};
use bulkhead_runtime::HookSnapshot;
use comfy_table::{CellAlignment, Table, presets};

use super::{Ended, Setup};

/// Refusals shown.
const STRONGEST: usize = 12;

pub(crate) fn print(setup: &Setup, s: &RunSummary, ended: Ended, took: Duration) {
    let label = setup.market.label();
    println!("\n== Summary ({label} market, {ended}) ==");
    println!("{}", totals(s, label));
    println!("{}", strategies(s));
    println!("Hooks (counts of subsystems asked; times per call with everybody asked)");
    println!("{}", hooks(&s.hooks));
    println!("Strongest refusals");
    println!("{}", refusals(s));
    let faulty: Vec<_> = setup.registry.status().into_iter().filter(|x| x.faults > 0).collect();
    for status in &faulty {
        let last = status.last_fault.as_ref().map_or_else(String::new, |(class, text)| format!("{class}: {text}"));
        println!("faults of {}: {} of {} calls; last {last}", status.name, status.faults, status.calls);
    }
    let rate = s.bars as f64 / took.as_secs_f64().max(1e-9);
    println!("speed         {} bars in {:.2} s = {rate:.0} bars/s", s.bars, took.as_secs_f64());
    if let Some(mib) = peak_memory_mib() {
        println!("peak memory   {mib} MiB");
    }
    println!("journal       {}", setup.journal_path.display());
}

fn totals(s: &RunSummary, label: &str) -> String {
    let mut text = String::new();
    let pct = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 };
    let _ = writeln!(text, "period        {} to {} UTC, {} bars", format_ms(s.from_ms), format_ms(s.to_ms), s.bars);
    let _ = writeln!(
        text,
        "trades        {} closed, {} won ({:.1} %), {} open",
        s.trades,
        s.winners,
        pct(s.winners, s.trades),
        s.open_positions
    );
    let _ = writeln!(
        text,
        "PnL           {:+.2} USD net of fees and funding ({label}); open {:+.2}; fees {:.2}, funding {:+.2}",
        s.net_pnl_usd, s.open_pnl_usd, s.fees_usd, s.funding_usd
    );
    let _ = writeln!(text, "equity        {:.2} -> {:.2} USD ({label})", s.start_equity_usd, s.end_equity_usd);
    let _ = writeln!(
        text,
        "max drawdown  {:.2} % from the peak, open profit and loss included ({label})",
        s.max_drawdown_pct
    );
    let _ = writeln!(text, "max exposure  {:.1} % of equity, gross", s.max_gross_exposure_pct);
    let _ = write!(
        text,
        "orders        {} out of {} decisions, {} fills, {} liquidations; faults of plugins {}",
        s.reconciliation.1, s.reconciliation.0, s.fills, s.liquidations, s.faults
    );
    text
}

fn table(head: &[&str], left: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(head.iter().copied());
    for (i, column) in table.column_iter_mut().enumerate() {
        if i >= left {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn strategies(s: &RunSummary) -> Table {
    let mut table = table(&["strategy", "proposed", "ordered", "trades", "net USD", "would have brought"], 1);
    for (name, (made, ordered)) in s.proposals.iter().filter(|(name, _)| !s.scores.contains_key(*name)) {
        let (trades, net) = s.by_owner.get(name).copied().unwrap_or_default();
        table.add_row([
            name.clone(),
            made.to_string(),
            ordered.to_string(),
            trades.to_string(),
            format!("{net:+.2}"),
            String::new(),
        ]);
    }
    for (name, score) in &s.scores {
        let mean = score.sum_bps / (score.trades.max(1) as f64);
        let made = s.proposals.get(name).map_or(0, |p| p.0).to_string();
        let scored = format!("{} trades, {} won, {mean:+.1} bps each", score.trades, score.winners);
        table.add_row([name.clone(), made, "observed".to_owned(), "-".to_owned(), "-".to_owned(), scored]);
    }
    table
}

fn hooks(hooks: &[HookSnapshot]) -> Table {
    let head = ["hook", "calls", "asked", "applied", "advised", "observed", "defaulted by cause", "p50 µs", "p99 µs"];
    let mut table = table(&head, 1);
    for h in hooks.iter().filter(|h| h.calls > 0) {
        let causes: Vec<String> = h.defaulted.iter().map(|(cause, n)| format!("{} {n}", cause.name())).collect();
        let us = |ns: u64| if h.asked == 0 { "-".to_owned() } else { format!("{:.1}", ns as f64 / 1000.0) };
        table.add_row([
            h.hook.name().to_owned(),
            h.calls.to_string(),
            h.asked.to_string(),
            h.applied.to_string(),
            h.advised.to_string(),
            h.observed.to_string(),
            causes.join(", "),
            us(h.latency.p50_ns),
            us(h.latency.p99_ns),
        ]);
    }
    table
}

fn refusals(s: &RunSummary) -> Table {
    let mut table = table(&["by", "reason", "times"], 2);
    for r in s.refusals.iter().take(STRONGEST) {
        table.add_row([r.by.clone(), r.reason.clone(), r.count.to_string()]);
    }
    if s.refusals.is_empty() {
        table.add_row(["nobody", "nothing was refused", "0"]);
    }
    table
}

/// The totals for machines.
pub(crate) fn json(setup: &Setup, s: &RunSummary, took: Duration) -> String {
    let hooks: BTreeMap<&str, serde_json::Value> = s.hooks.iter().filter(|h| h.calls > 0).map(hook_json).collect();
    serde_json::json!({
        "market": setup.market.market.source.to_string(),
        "simulated": setup.market.label() == "simulated",
        "stage": setup.registry.dials().stage.name(),
        "policy": setup.registry.dials().policy.name(),
        "brake": setup.registry.dials().brake.name(),
        "bars": s.bars,
        "trades": s.trades,
        "winners": s.winners,
        "net_pnl_usd": s.net_pnl_usd,
        "fees_usd": s.fees_usd,
        "funding_usd": s.funding_usd,
        "start_equity_usd": s.start_equity_usd,
        "end_equity_usd": s.end_equity_usd,
        "max_drawdown_pct": s.max_drawdown_pct,
        "max_gross_exposure_pct": s.max_gross_exposure_pct,
        "orders": s.orders,
        "fills": s.fills,
        "liquidations": s.liquidations,
        "faults": s.faults,
        "refusals": s.refusals,
        "hooks": hooks,
        "seconds": took.as_secs_f64(),
        "peak_memory_mib": peak_memory_mib(),
        "journal": setup.journal_path,
    })
    .to_string()
}

fn hook_json(h: &HookSnapshot) -> (&'static str, serde_json::Value) {
    let hook: HookId = h.hook;
    let causes: BTreeMap<&str, u64> = h.defaulted.iter().map(|(c, n): (&Cause, &u64)| (c.name(), *n)).collect();
    let value = serde_json::json!({
        "calls": h.calls, "asked": h.asked, "applied": h.applied, "advised": h.advised, "observed": h.observed,
        "defaulted": causes, "p50_ns": h.latency.p50_ns, "p99_ns": h.latency.p99_ns, "max_ns": h.latency.max_ns,
    });
    (hook.name(), value)
}

/// Highest resident memory of the process so far; where the system does not say, nothing is shown.
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}
