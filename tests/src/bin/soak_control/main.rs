//! `cargo xtask soak control`: the brake, its memory and the HTTP API under the worst that can come together.
//!
//! It stops by itself. It fails, and names the claim, when a braked decision was not braked, a toggle was lost, a killed host
//! came back looser than it had said, or an answer was wrong; in a full run also when answers take too long or memory grows:
//! in a short one a busy machine would decide about those.

mod asks;
mod disk;
mod host;
mod kills;
mod slow;
mod storm;
mod streams;
mod toggles;

use std::{path::PathBuf, process::ExitCode};

use bulkhead_tests::soak::Report;

/// What a person wants.
struct Asked {
    short: bool,
    report: Option<PathBuf>,
}

fn asked(mut words: impl Iterator<Item = String>) -> Option<Asked> {
    let mut asked = Asked { short: false, report: None };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--short" => asked.short = true,
            "--report" => asked.report = Some(words.next()?.into()),
            _ => return None,
        }
    }
    Some(asked)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // This program in other parts.
        ["serve", folder] => return kills::serve(folder.as_ref()),
        ["dribble", control, brake, count] => return slow::dribble(&[control, brake], count),
        _ => {}
    }
    let Some(asked) = asked(words.into_iter()) else {
        eprintln!("usage: soak-control [--short] [--report FILE]");
        return ExitCode::FAILURE;
    };
    let mut report = Report::new(!asked.short);
    let of = |full: u32, short: u32| if asked.short { short } else { full };
    storm::run(of(2_000, 50), &mut report);
    toggles::run(of(10_000, 200), &mut report);
    kills::run(of(500, 10), &mut report);
    asks::run(of(20, 2), &mut report);
    streams::run(of(60, 5), &mut report);
    let broken = report.end(asked.report.as_deref());
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
