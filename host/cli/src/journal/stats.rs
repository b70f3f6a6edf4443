//! `bulkhead journal stats`.

use core::ops::ControlFlow;
use std::collections::BTreeMap;

use anyhow::Result;
use bulkhead_journal::{OutcomeKind, Record, Seq};
use bulkhead_policy::{HookId, Outcome};
use clap::Args;
use comfy_table::{Table, presets};

use super::{
    show::time,
    source::{Opened, Source},
};

#[derive(Debug, Args)]
pub(super) struct Stats {
    #[command(flatten)]
    source: Source,
}

/// Answers by outcome.
#[derive(Default)]
struct Tally {
    all: u64,
    by_outcome: [u64; 4],
    fuel: u64,
    duration_ns: u64,
}

impl Tally {
    fn add(&mut self, outcome: Outcome, fuel: u64, duration_ns: u64) {
        self.all += 1;
        if let Some(count) = self.by_outcome.get_mut(OutcomeKind::of(outcome) as usize) {
            *count += 1;
        }
        self.fuel += fuel;
        self.duration_ns += duration_ns;
    }

    fn cells(&self, name: &str) -> Vec<String> {
        let mut cells = vec![name.to_owned(), self.all.to_string()];
        cells.extend(self.by_outcome.iter().map(u64::to_string));
        cells.push((self.fuel / self.all.max(1)).to_string());
        cells.push(format!("{:.1}", self.duration_ns as f64 / self.all.max(1) as f64 / 1e3));
        cells
    }
}

#[derive(Default)]
struct Sums {
    hooks: BTreeMap<HookId, Tally>,
    subsystems: BTreeMap<String, Tally>,
    verdicts: BTreeMap<String, u64>,
    times: Option<(u64, u64)>,
}

pub(super) fn run(args: &Stats) -> Result<()> {
    let Opened { reader, names } = args.source.open()?;
    let counts = reader.counts()?;
    let mut sums = Sums::default();
    reader.replay(Seq::NONE, |stored| {
        let ms = stored.record.event_time_ms();
        // What the host says before the market's first bar has no time.
        if ms > 0 {
            sums.times = Some(sums.times.map_or((ms, ms), |(from, to)| (from.min(ms), to.max(ms))));
        }
        match stored.record {
            Record::Call(call) => {
                sums.hooks.entry(call.hook).or_default().add(call.outcome, 0, call.duration_ns);
                for d in &call.decisions {
                    let name = names.plugin(d.plugin).subsystem;
                    sums.subsystems.entry(name).or_default().add(d.outcome, d.fuel, d.duration_ns);
                }
            }
            Record::Order(order) => *sums.verdicts.entry(order.verdict).or_default() += 1,
            Record::Fill(_) | Record::Event(_) | Record::Guest(_) | Record::Directives(_) => {}
        }
        ControlFlow::Continue(())
    })?;

    println!("journal   {}", reader.path().display());
    if let Some((from, to)) = sums.times {
        println!("times     {} to {}", time(from), time(to));
    }
    let c = counts;
    println!(
        "records   {} calls with {} decisions, {} orders, {} fills, {} events; {} for replays",
        c.calls, c.decisions, c.orders, c.fills, c.events, c.replay
    );
    println!("head      {}", reader.head()?);
    table("hook", sums.hooks.iter().map(|(hook, tally)| tally.cells(hook.name())));
    table("subsystem", sums.subsystems.iter().map(|(name, tally)| tally.cells(name)));
    for (verdict, count) in sums.verdicts {
        println!("orders {verdict}: {count}");
    }
    Ok(())
}

fn table(what: &str, rows: impl Iterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([what, "asked", "applied", "advised", "observed", "defaulted", "mean fuel", "mean us"]);
    table.add_rows(rows);
    println!("\n{table}");
}
