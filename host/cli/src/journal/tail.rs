//! `bulkhead journal tail`.

use core::ops::ControlFlow;
use std::{
    collections::VecDeque,
    io::{self, Write as _},
    thread,
    time::Duration,
};

use anyhow::Result;
use bulkhead_journal::{Reader, Record, Seq};
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
    /// Also what only a replay needs: births of instances, their reports, directives.
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Tail) -> Result<()> {
    let Opened { reader, mut names } = args.source.open()?;
    let mut after = begin(&reader, args)?;
    loop {
        after = print(&reader, &names, after, args)?;
        if !args.follow {
            return Ok(());
        }
        thread::sleep(LOOK);
        names = Names::of(&reader)?;
    }
}

/// Whether a person means this entry: what only a replay needs is most of a quiet journal.
const fn is_meant(record: &Record, args: &Tail) -> bool {
    args.all || !matches!(record, Record::Guest(_) | Record::Directives(_))
}

/// The entry behind which the latest ones begin. Looks further and further back, until enough of them are meant.
fn begin(reader: &Reader, args: &Tail) -> Result<Seq> {
    let head = reader.head()?.seq;
    let most = usize::try_from(args.lines).unwrap_or(usize::MAX);
    let mut back = args.lines;
    loop {
        let from = Seq(head.saturating_sub(back));
        let mut latest = VecDeque::new();
        reader.replay(from, |stored| {
            if is_meant(&stored.record, args) {
                latest.push_back(stored.seq);
                if latest.len() > most {
                    latest.pop_front();
                }
            }
            ControlFlow::Continue(())
        })?;
        match latest.front() {
            Some(first) if latest.len() >= most => return Ok(Seq(first.get() - 1)),
            _ if from == Seq::NONE || most == 0 => return Ok(from),
            _ => back = back.saturating_mul(8),
        }
    }
}

/// Prints what came after an entry, and returns the last one.
fn print(reader: &Reader, names: &Names, after: Seq, args: &Tail) -> Result<Seq> {
    let mut out = io::stdout().lock();
    let (mut last, mut failed) = (after, None);
    reader.replay(after, |stored| {
        last = stored.seq;
        if !is_meant(&stored.record, args) {
            return ControlFlow::Continue(());
        }
        let text = if args.json { show::record(names, &stored).to_string() } else { line::record(names, &stored) };
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
