//! Which market the arguments ask for.

use anyhow::{Context, Result};
use bulkhead_executor::market::{choice::MarketChoice, time::parse_time};

use crate::args::Run;

/// The wish, with times understood.
pub(crate) fn choice(args: &Run) -> Result<MarketChoice> {
    let time = |name: &str, text: &Option<String>| {
        text.as_deref().map(|t| parse_time(t).with_context(|| format!("--{name}"))).transpose()
    };
    Ok(MarketChoice {
        data: args.data.clone(),
        from_ms: time("from", &args.from)?,
        to_ms: time("to", &args.to)?,
        symbols: args.symbols.clone(),
        strict: args.strict,
        exchange_info: args.exchange_info.clone(),
        funding: args.funding.clone(),
        seed: args.seed,
        days: args.days,
    })
}
