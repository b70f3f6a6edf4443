//! `bulkhead why`: the whole chain of one signal, as a person would tell it, also of a trade that did not happen.

use std::io::{self, Write as _};

use anyhow::{Result, anyhow};
use bulkhead_server::why::{Question, answer};
use clap::Args;

use crate::journal::{
    moment,
    show::time,
    source::{Opened, Source},
};

/// Why an order went out, or why a symbol was not traded.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The order's number.
    #[arg(required_unless_present_any = ["symbol", "correlation"], conflicts_with_all = ["symbol", "time", "correlation"])]
    order: Option<u64>,
    /// The symbol asked about, with --time.
    #[arg(long, requires = "time", conflicts_with = "correlation")]
    symbol: Option<String>,
    /// Event time of the decision, or near it: 2025-05-05T12:00, or epoch ms (UTC).
    #[arg(long, requires = "symbol")]
    time: Option<String>,
    /// The signal of this correlation id, as queries show it.
    #[arg(long)]
    correlation: Option<u64>,
    /// Every step as JSON, as the API answers it.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: Source,
}

pub(crate) fn run(args: &Why) -> Result<()> {
    let Opened { reader, names } = args.source.open()?;
    let (question, unknown) = match (args.order, args.correlation, &args.symbol, &args.time) {
        (Some(order), ..) => {
            (Question::Order(order), format!("the journal {} has no order {order}", reader.path().display()))
        }
        (None, Some(id), ..) => {
            (Question::Correlation(id), format!("the journal {} has no signal {id}", reader.path().display()))
        }
        (None, None, Some(symbol), Some(at)) => {
            let (symbol, at_ms) = (names.symbol_id(symbol)?, moment(at)?);
            let (name, when) = (names.shown(symbol), time(at_ms));
            let text = format!("nothing was decided about {name} within a day of {when}: no strategy proposed it");
            (Question::Moment { symbol, at_ms }, text)
        }
        _ => return Err(anyhow!("name an order, or --symbol and --time, or --correlation")),
    };
    let story = answer(&reader, &question, names.known())?.ok_or_else(|| anyhow!(unknown))?;
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&story)?)?;
    } else {
        story.sentences().iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}
