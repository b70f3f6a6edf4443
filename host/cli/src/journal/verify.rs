//! `bulkhead journal verify`.

use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use bulkhead_journal::Head;
use clap::Args;

use super::source::Source;

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    source: Source,
    /// A head that was kept elsewhere, as `run` prints it at the end: RECORD:HASH.
    #[arg(long)]
    head: Option<String>,
}

pub(super) fn run(args: &Verify) -> Result<()> {
    let kept: Option<Head> = args.head.as_deref().map(str::parse).transpose().context("--head cannot be read")?;
    let reader = args.source.reader()?;
    let started = Instant::now();
    let checked = kept.as_ref().map_or_else(|| reader.verify(), |kept| reader.verify_against(kept));
    let verified = checked.map_err(|broken| {
        anyhow!("the journal {} does not hold: {broken}. Keep it as evidence.", reader.path().display())
    })?;
    println!("journal  {}", reader.path().display());
    println!("holds    records {} to {}, in {:.2?}", verified.first, verified.entries, started.elapsed());
    if verified.first > 1 {
        println!("         older ones were let go by its retention, which the chain says");
    }
    if verified.unfinished_bytes > 0 {
        println!(
            "         behind them is an unfinished write: a host is writing, or died there; the next one heals it"
        );
    }
    println!("head     {}", verified.head);
    Ok(())
}
