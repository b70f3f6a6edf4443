//! What is about to run, before it runs: stage, policy, modes, limits.

use bulkhead_executor::market::time::{format_ms, format_step};

use super::Setup;
use crate::args::Run;

pub(crate) fn print(args: &Run, setup: &Setup, account: Option<String>) {
    let m = &setup.market.market;
    let dials = setup.registry.dials();
    println!("Bulkhead {}  profile {}", env!("CARGO_PKG_VERSION"), setup.profile);
    println!("stage {}  policy {}  brake {}", dials.stage, dials.policy, dials.brake);
    let span = m.first_ms().zip(m.last_ms());
    let span = span.map_or_else(String::new, |(a, b)| format!(", {} to {}", format_ms(a), format_ms(b)));
    println!("market {}: {} symbols, {} bars of {}{span}", m.source, m.symbols.len(), m.rows(), format_step(m.step_ms));
    if let Some(report) = setup.market.loaded.as_ref().filter(|r| r.inside_gaps + r.edge_gaps > 0) {
        println!(
            "  {} gaps inside symbols ({} bars missing), {} at their ends ({} bars): carried as missing bars",
            report.inside_gaps, report.inside_missing, report.edge_gaps, report.edge_missing
        );
        for gap in report.gaps.iter().take(5) {
            println!(
                "  gap: {} {}:{} from {}, {} bars",
                gap.symbol,
                gap.file.display(),
                gap.line,
                format_ms(gap.from_ms),
                gap.missing
            );
        }
    }
    println!("subsystems");
    for s in setup.registry.status() {
        let digest = s.digest.get(..12).unwrap_or_default();
        let hooks: Vec<&str> = s.hooks.iter().map(|h| h.name()).collect();
        println!("  {:<20} {:<9} {} {} ({digest}): {}", s.name, s.mode, s.plugin, s.version, hooks.join(", "));
    }
    let e = setup.registry.limits();
    println!(
        "limits  order {} USD, leverage {}x, gross {} %, net {} %, symbol {} %, {} positions, halt at {} % of the day, close at {} % from the peak",
        e.max_order_notional_usd,
        e.max_leverage_x,
        e.max_gross_exposure_pct,
        e.max_net_exposure_pct,
        e.max_symbol_share_pct,
        e.max_open_positions,
        e.daily_drawdown_halt_pct,
        e.open_drawdown_close_pct
    );
    if let Some(account) = account {
        println!("{account}");
    }
    let after = if args.hold { ", then hold: it serves until Ctrl-C or SIGTERM" } else { "" };
    println!("speed   {}{after}", args.speed);
    for note in setup.registry.settled() {
        println!("note    {note}");
    }
}
