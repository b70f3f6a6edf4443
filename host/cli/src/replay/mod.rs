//! `bulkhead replay`: the decisions of a journal, made again.

mod args;
mod bar;
mod decisions;
mod full;
mod proof;
mod report;
mod what_if;

use std::{
    num::NonZeroUsize,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    thread,
};

use anyhow::{Context, Result, anyhow};
use bulkhead_replay::inputs::{Components, Source, Survey};
use bulkhead_sandbox::{Ceilings, Sandbox};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::run::keep_code;

pub(crate) use args::Replay;
pub(crate) use full::watched;
pub(crate) use report::write_page;

/// A journal, looked through.
struct Opened {
    source: Source,
    survey: Survey,
    components: Components,
    /// Set by Ctrl-C and SIGTERM.
    stop: Arc<AtomicBool>,
}

/// Stack of the thread that asks. A guest may use 256 KiB of it.
const STACK: usize = 8 << 20;

/// Proves, or says what would have been decided.
pub(crate) fn run(args: &Replay) -> Result<()> {
    let args = args.clone();
    let worker = thread::Builder::new()
        .name("replay".to_owned())
        .stack_size(STACK)
        .spawn(move || drive(&args))
        .context("the replay's thread does not start")?;
    worker.join().map_err(|_| anyhow!("the replay panicked; the journal is as it was"))?
}

fn drive(args: &Replay) -> Result<()> {
    if args.observed {
        return report::give(&bulkhead_replay::report::of_journal(&args.journal)?, args);
    }
    if args.full {
        return full::run(args);
    }
    let opened = open(args)?;
    if args.change.is_nothing() { proof::run(args, &opened) } else { decisions::run(args, &opened) }
}

fn open(args: &Replay) -> Result<Opened> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).context("signals cannot be listened for")?;
    }
    let source = Source::open(&args.journal)?;
    let survey = Survey::of(&source)?;
    // What the host compiled is not compiled again; where it keeps nothing, nothing is made.
    let code = Some(args.state.join("code")).filter(|folder| folder.is_dir());
    // What stores may hold is recorded with every plugin.
    let sandbox = keep_code(Sandbox::new(Ceilings::default())?, code.as_deref());
    let store = args.state.join("components");
    let components = Components::new(sandbox, Some(&store), std::slice::from_ref(&args.plugins));
    Ok(Opened { source, survey, components, stop })
}

fn threads(args: &Replay) -> NonZeroUsize {
    args.threads.unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
}

/// Where an interrupted replay is kept: beside the journal.
fn kept(args: &Replay) -> PathBuf {
    let mut name = args.journal.file_name().unwrap_or_default().to_owned();
    name.push(".replay");
    args.journal.with_file_name(name)
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), text);
        }
    }
}
