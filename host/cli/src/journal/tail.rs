//! `bulkhead journal tail`.

use core::ops::ControlFlow;
use std::{
    io::{self, Write as _},
    thread,
    time::Duration,
};

use anyhow::Result;
use bulkhead_journal::{Reader, Seq};
use clap::Args;

use super::{
    line, show,
    source::{Names, Opened, Source},
};

/// How often a follower looks.
const LOOK: Duration = Duration::from_millis(250);

#[derive(Debug, Args)]
pub(super) struct Tail {
    #[command(flatten)]
    source: Source,
    /// How many of the latest entries.
    #[arg(short = 'n', long, default_value_t = 20)]
    lines: u64,
    /// Go on with what comes, until Ctrl-C.
    #[arg(short, long)]
    follow: bool,
    /// JSON lines with every field.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Tail) -> Result<()> {
    let Opened { reader, mut names } = args.source.open()?;
    let mut after = Seq(reader.head()?.seq.saturating_sub(args.lines));
    loop {
        after = print(&reader, &names, after, args.json)?;
        if !args.follow {
            return Ok(());
        }
        thread::sleep(LOOK);
        names = Names::of(&reader)?;
    }
}

/// Prints what came after an entry, and returns the last one.
fn print(reader: &Reader, names: &Names, after: Seq, json: bool) -> Result<Seq> {
    let mut out = io::stdout().lock();
    let (mut last, mut failed) = (after, None);
    reader.replay(after, |stored| {
        let text = if json { show::record(names, &stored).to_string() } else { line::record(names, &stored) };
        last = stored.seq;
        match writeln!(out, "{text}") {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failed.map_or(Ok(last), |error| Err(error.into()))
}
