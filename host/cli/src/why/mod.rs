//! `bulkhead why`: the whole chain of one signal, as a person would tell it, also of a trade that did not happen.

mod find;
pub(crate) mod say;
mod story;

use anyhow::{Result, anyhow};
use clap::Args;

use crate::journal::source::{Opened, Source};

/// Why an order went out, or why a symbol was not traded.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The order's number.
    #[arg(required_unless_present = "symbol", conflicts_with_all = ["symbol", "time"])]
    order: Option<u64>,
    /// The symbol asked about, with --time.
    #[arg(long, requires = "time")]
    symbol: Option<String>,
    /// Event time of the decision, or near it: 2025-05-05T12:00, or epoch ms (UTC).
    #[arg(long, requires = "symbol")]
    time: Option<String>,
    #[command(flatten)]
    source: Source,
}

pub(crate) fn run(args: &Why) -> Result<()> {
    let Opened { reader, names } = args.source.open()?;
    let case = match (args.order, &args.symbol, &args.time) {
        (Some(order), ..) => find::order(&reader, order)?,
        (None, Some(symbol), Some(time)) => {
            find::moment(&reader, &names, names.symbol_id(symbol)?, crate::journal::moment(time)?)?
        }
        _ => return Err(anyhow!("name an order, or --symbol and --time")),
    };
    print!("{}", story::tell(&reader, &names, &case)?);
    Ok(())
}
