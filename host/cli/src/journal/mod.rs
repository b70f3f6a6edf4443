//! `bulkhead journal`: what people ask of a ledger. Reading only, also while a host writes it.

mod export;
mod line;
mod parquet;
mod query;
mod select;
pub(crate) mod show;
pub(crate) mod source;
mod stats;
mod tail;
mod verify;

use anyhow::Result;
use clap::{Args, Subcommand};

pub(crate) use select::moment;

/// Look into a journal: check it, search it, follow it, sum it up, or write it out for other tools.
#[derive(Debug, Args)]
pub(crate) struct Journal {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Recompute the hash chain and every checksum; say where the journal is not what was written.
    Verify(verify::Verify),
    /// Find decisions, calls, orders, fills or events.
    Query(query::Query),
    /// The latest entries, and with --follow those to come.
    Tail(tail::Tail),
    /// How many of what: by hook, by subsystem, by outcome.
    Stats(stats::Stats),
    /// Write all records out as JSON lines or as Parquet.
    Export(export::Export),
}

pub(crate) fn run(args: &Journal) -> Result<()> {
    match &args.command {
        Command::Verify(args) => verify::run(args),
        Command::Query(args) => query::run(args),
        Command::Tail(args) => tail::run(args),
        Command::Stats(args) => stats::run(args),
        Command::Export(args) => export::run(args),
    }
}
