//! `bulkhead sweep`: a grid of configurations over one market, ranked.

mod args;

use std::{num::NonZeroUsize, time::Instant};

use anyhow::Result;
use bulkhead_executor::market::{choice::MarketChoice, time::format_ms};
use bulkhead_replay::{
    page,
    sweep::{Grid, Row, Sweep as Prepared, Swept, words},
};
use bulkhead_sandbox::Sandbox;
use comfy_table::{CellAlignment, Table, presets::NOTHING};

pub(crate) use args::Sweep;

use crate::{
    replay::{watched, write_page},
    run::{keep_code, times},
};

/// Runs the grid, and says which configuration did best.
pub(crate) fn run(args: &Sweep) -> Result<()> {
    let grid = Grid::parse(&args.vary)?;
    let market = market(args)?.load()?;
    let prepared = Prepared::prepare(grid, &args.config.sources(), market, &args.plugins, args.keep.clone())?;
    let config = prepared.sandbox_config();
    let ceilings = config.ceilings().map_err(anyhow::Error::msg)?;
    let sandbox = keep_code(Sandbox::new(ceilings)?, config.code_cache(&args.state).as_deref());
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    let (started, runs) = (Instant::now(), prepared.configurations());
    let swept = watched(prepared.bars(), |pace| prepared.run(&sandbox, threads, args.by, pace))??;
    let found = if swept.found > 0 { format!(", {} of them done before", swept.found) } else { String::new() };
    eprintln!("{runs} configurations on {threads} threads in {:.2} s{found}", started.elapsed().as_secs_f64());
    if let Some(file) = &args.html {
        write_page(file, &page::of_sweep(&swept))?;
    }
    if args.json {
        println!("{}", serde_json::to_string(&swept)?);
    } else {
        print!("{}", said(&swept, args.show));
    }
    Ok(())
}

fn market(args: &Sweep) -> Result<MarketChoice> {
    let (from_ms, to_ms) = times(args.from.as_deref(), args.to.as_deref())?;
    Ok(MarketChoice {
        data: args.data.clone(),
        from_ms,
        to_ms,
        symbols: args.symbols.clone(),
        strict: false,
        exchange_info: args.exchange_info.clone(),
        funding: args.funding.clone(),
        seed: args.seed,
        days: args.days,
    })
}

/// For people.
fn said(swept: &Swept, most: usize) -> String {
    let m = &swept.market;
    let done = swept.rows.iter().filter(|row| row.figures.is_some()).count();
    let mut text = format!(
        "{} market, {} to {}, {} symbols, {} bars each\n{done} of {} configurations, the best by {} first\n\n{}\n",
        m.kind,
        format_ms(m.from_ms),
        format_ms(m.to_ms),
        m.symbols.len(),
        m.bars,
        swept.rows.len(),
        swept.by.name(),
        table(swept, most)
    );
    if done > most {
        text.push_str(&format!("... and {} more; --show N prints more\n", done - most));
    }
    for row in swept.rows.iter().filter(|row| row.error.is_some()) {
        text.push_str(&format!("failed  {}: {}\n", words(&row.set), row.error.as_deref().unwrap_or_default()));
    }
    text.push_str("The best of many on one market is in part the luckiest: let it show itself on other days.\n");
    text
}

fn table(swept: &Swept, most: usize) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    let keys = swept.axes.iter().map(|axis| axis.key.clone());
    let figures = ["PnL USD", "drawdown", "mean exposure", "trades", "won", "fees USD", "faults"];
    table.set_header(["".to_owned()].into_iter().chain(keys).chain(figures.map(str::to_owned)));
    for (place, row) in (1..).zip(swept.rows.iter().filter(|row| row.figures.is_some()).take(most)) {
        table.add_row(cells(place, row));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn cells(place: usize, row: &Row) -> Vec<String> {
    let mut cells = vec![place.to_string()];
    cells.extend(row.set.iter().map(|(_, value)| value.clone()));
    if let Some(f) = &row.figures {
        let won = if f.trades > 0 { f.winners as f64 / f.trades as f64 * 100.0 } else { 0.0 };
        cells.extend([
            format!("{:+.2}", f.gain_usd),
            format!("{:.2} %", f.max_drawdown_pct),
            format!("{:.1} %", f.mean_exposure_pct),
            f.trades.to_string(),
            format!("{won:.1} %"),
            format!("{:.2}", f.fees_usd),
            f.faults.to_string(),
        ]);
    }
    cells
}
