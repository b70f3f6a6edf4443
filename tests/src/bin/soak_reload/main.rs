//! `cargo xtask soak reload`: thousands of reloads, half of them of bad candidates, while thousands of calls a second are
//! answered. It stops by itself and fails when a call was failed, lost, mixed or answered by a refused candidate, when
//! calls wait for reloads, or when memory grows.

mod callers;
mod candidates;
mod judge;
mod phases;
mod watched;

use std::process::ExitCode;

use phases::Phase;

/// Reloads without a rehearsal, by default.
const RELOADS: u32 = 10_000;
/// Of so many reloads one more is made with a rehearsal: each starts a process.
const REHEARSED_OF: u32 = 20;

fn main() -> ExitCode {
    let asked = std::env::args().nth(1);
    let Some(reloads) = asked.map_or(Some(RELOADS), |text| text.parse().ok()).filter(|n| *n >= 100) else {
        eprintln!("usage: soak-reload [RELOADS], at least 100");
        return ExitCode::FAILURE;
    };
    let mut wrong = Vec::new();
    for phase in [Phase::plain(reloads), Phase::rehearsed((reloads / REHEARSED_OF).max(40))] {
        wrong.extend(phases::run(&phase));
    }
    watched::run();
    for text in &wrong {
        println!("WRONG  {text}");
    }
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
