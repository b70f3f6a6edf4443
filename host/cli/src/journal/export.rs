//! `bulkhead journal export`.

use core::ops::ControlFlow;
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use bulkhead_journal::Seq;
use clap::Args;
use serde_json::Value;

use super::{
    parquet::Parquet,
    show,
    source::{Opened, Source},
};

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    to: To,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct To {
    /// Write one JSON object per record to this file; `-` is the standard output.
    #[arg(long, value_name = "FILE")]
    jsonl: Option<PathBuf>,
    /// Write a Parquet file for each kind of record (calls, decisions, orders, fills, events …) in this folder.
    #[arg(long, value_name = "FOLDER")]
    parquet: Option<PathBuf>,
}

pub(super) fn run(args: &Export) -> Result<()> {
    let opened = args.source.open()?;
    let records = match (&args.to.jsonl, &args.to.parquet) {
        (Some(file), _) => lines(&opened, file)?,
        (None, Some(folder)) => {
            let mut files = Parquet::create(folder)?;
            let records = each(&opened, |record| files.add(&record))?;
            files.finish()?;
            records
        }
        (None, None) => 0,
    };
    eprintln!("{records} records exported from {}", opened.reader.path().display());
    Ok(())
}

fn lines(opened: &Opened, file: &Path) -> Result<u64> {
    let to: Box<dyn Write> = if file.as_os_str() == "-" {
        Box::new(io::stdout().lock())
    } else {
        Box::new(File::create(file).with_context(|| format!("cannot write {}", file.display()))?)
    };
    let mut out = BufWriter::new(to);
    let records = each(opened, |record| Ok(writeln!(out, "{record}")?))?;
    out.flush().context("the export is not complete")?;
    Ok(records)
}

/// Gives every record in its JSON form, and counts them.
fn each(opened: &Opened, mut take: impl FnMut(Value) -> Result<()>) -> Result<u64> {
    let (mut records, mut failed) = (0, None);
    opened.reader.replay(Seq::NONE, |stored| match take(show::record(&opened.names, &stored)) {
        Ok(()) => {
            records += 1;
            ControlFlow::Continue(())
        }
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    })?;
    failed.map_or(Ok(records), |error| Err(error.context("the export is not complete")))
}
