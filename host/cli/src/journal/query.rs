//! `bulkhead journal query`.

use std::io::{self, Write as _};

use anyhow::Result;
use bulkhead_journal::{Filter, Reader, Record, Stored};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    line,
    select::Select,
    show,
    source::{Names, Opened, Source},
};

#[derive(Debug, Args)]
pub(super) struct Query {
    /// What to find.
    #[arg(value_enum, default_value_t = What::Decisions)]
    what: What,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    select: Select,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// The first ones instead of the latest.
    #[arg(long)]
    oldest: bool,
    /// JSON lines with every field.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Decisions,
    Calls,
    Orders,
    Fills,
    Events,
}

pub(super) fn run(args: &Query) -> Result<()> {
    let Opened { reader, names } = args.source.open()?;
    let filter = Filter { newest_first: !args.oldest, limit: Some(args.limit), ..args.select.filter(&names)? };
    let mut lines = if args.what == What::Decisions {
        decisions(&reader, &names, &filter, args.json)?
    } else {
        let found = records(&reader, args.what, &filter)?;
        let text = |s: &Stored<Record>| match args.json {
            true => show::record(&names, s).to_string(),
            false => line::record(&names, s),
        };
        found.iter().map(text).collect()
    };
    // The latest are found first and told last.
    if filter.newest_first {
        lines.reverse();
    }
    let mut out = io::stdout().lock();
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    if lines.len() == args.limit {
        eprintln!("{} shown; --limit shows more", args.limit);
    }
    Ok(())
}

fn decisions(reader: &Reader, names: &Names, filter: &Filter, json: bool) -> Result<Vec<String>> {
    let text = |row: &bulkhead_journal::DecisionRow| match json {
        false => line::decision(names, row),
        true => {
            let mut object = json!({
                "seq": row.seq,
                "position": row.position,
                "time": show::time(row.event_time_ms),
                "event_time_ms": row.event_time_ms,
                "cycle": row.cycle,
                "hook": row.hook.name(),
                "symbol": row.symbol.map(|id| names.shown(id)),
                "correlation": row.correlation,
                "stage": row.stage.name(),
                "brake": row.brake.name(),
                "risk_mode": row.risk_mode.name(),
                "directive_id": row.directive.map(|d| d.0),
                "directive_age_ms": row.directive.map(|d| d.1),
            });
            if let (Value::Object(to), Value::Object(from)) =
                (&mut object, show::decision(names, row.hook, &row.decision))
            {
                to.extend(from);
            }
            object.to_string()
        }
    };
    Ok(reader.decisions(filter)?.iter().map(text).collect())
}

fn records(reader: &Reader, what: What, filter: &Filter) -> Result<Vec<Stored<Record>>> {
    fn each<T>(all: Vec<Stored<T>>, kind: fn(T) -> Record) -> Vec<Stored<Record>> {
        all.into_iter().map(|s| Stored { seq: s.seq, record: kind(s.record) }).collect()
    }
    Ok(match what {
        What::Decisions | What::Calls => each(reader.calls(filter)?, Record::Call),
        What::Orders => each(reader.orders(filter)?, Record::Order),
        What::Fills => each(reader.fills(filter)?, Record::Fill),
        What::Events => each(reader.events(filter)?, Record::Event),
    })
}
