//! `cargo xtask soak reload`: thousands of reloads, half of them of bad candidates, while thousands of calls a second are
//! answered; then renames of a shipped plugin's file under the watch.
//!
//! It stops by itself. It fails, and names the claim, when a call was failed, lost, mixed or answered by a refused
//! candidate, and in a full run also when calls wait for reloads, memory grows, or a swap or a rename takes too long: in a
//! short one a busy machine would decide about those.

mod callers;
mod candidates;
mod host;
mod judge;
mod mass;
mod swaps;
mod watched;

use std::{path::PathBuf, process::ExitCode};

use bulkhead_tests::soak::Report;
use mass::Mass;

/// Reloads, by default.
const RELOADS: u32 = 10_000;
/// Of so many reloads one more is made with a content that is new: it is compiled, which takes most of the time.
const NEW_OF: u32 = 40;
/// Reloads from which on times and memory are judged, too.
const FULL: u32 = 1_000;

/// What a person wants.
struct Asked {
    reloads: u32,
    report: Option<PathBuf>,
}

fn asked() -> Option<Asked> {
    let mut asked = Asked { reloads: RELOADS, report: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--reloads" => asked.reloads = words.next()?.parse().ok().filter(|n| *n >= 100)?,
            "--report" => asked.report = Some(words.next()?.into()),
            _ => return None,
        }
    }
    Some(asked)
}

fn main() -> ExitCode {
    let Some(asked) = asked() else {
        eprintln!("usage: soak-reload [--reloads N] [--report FILE], N at least 100");
        return ExitCode::FAILURE;
    };
    let swaps = swaps::listen();
    let mut report = Report::new(asked.reloads >= FULL);
    mass::run(&Mass::known(asked.reloads), &swaps, &mut report);
    mass::run(&Mass::new((asked.reloads / NEW_OF).max(16)), &swaps, &mut report);
    watched::run(if report.full() { 100 } else { 10 }, &mut report);
    let broken = report.end(asked.report.as_deref());
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
