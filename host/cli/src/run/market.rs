//! Which market the arguments ask for.

use anyhow::{Context, Result};
use bulkhead_executor::market::{choice::MarketChoice, time::parse_time};

use crate::args::Run;

/// The wish, with times understood.
pub(crate) fn choice(args: &Run) -> Result<MarketChoice> {
    let (from_ms, to_ms) = times(args.from.as_deref(), args.to.as_deref())?;
    Ok(MarketChoice {
        data: args.data.clone(),
        from_ms,
        to_ms,
        symbols: args.symbols.clone(),
        strict: args.strict,
        exchange_info: args.exchange_info.clone(),
        funding: args.funding.clone(),
        seed: args.seed,
        days: args.days,
    })
}

/// `--from` and `--to`, epoch ms UTC.
pub(crate) fn times(from: Option<&str>, to: Option<&str>) -> Result<(Option<i64>, Option<i64>)> {
    let time =
        |name: &str, text: Option<&str>| text.map(|t| parse_time(t).with_context(|| format!("--{name}"))).transpose();
    Ok((time("from", from)?, time("to", to)?))
}
