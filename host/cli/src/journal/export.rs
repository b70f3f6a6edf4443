//! `bulkhead journal export`.

use core::ops::ControlFlow;
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};
use bulkhead_journal::Seq;
use clap::Args;

use super::{
    show,
    source::{Opened, Source},
};

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    source: Source,
    /// Write one JSON object per record to this file; `-` is the standard output.
    #[arg(long, value_name = "FILE")]
    jsonl: PathBuf,
}

pub(super) fn run(args: &Export) -> Result<()> {
    let Opened { reader, names } = args.source.open()?;
    let to: Box<dyn Write> = if args.jsonl.as_os_str() == "-" {
        Box::new(io::stdout().lock())
    } else {
        let file = File::create(&args.jsonl).with_context(|| format!("cannot write {}", args.jsonl.display()))?;
        Box::new(file)
    };
    let mut out = BufWriter::new(to);
    let (mut records, mut failed) = (0u64, None);
    reader.replay(Seq::NONE, |stored| {
        records += 1;
        match writeln!(out, "{}", show::record(&names, &stored)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failed.map_or(Ok(()), Err).and_then(|()| out.flush()).context("the export is not complete")?;
    eprintln!("{records} records exported from {}", reader.path().display());
    Ok(())
}
