//! `cargo xtask soak journal`: a journal of millions of records, written, asked and killed.
//!
//! It stops by itself. It fails, and names the claim, when a record that was acknowledged is missing, a chain does not hold or a
//! reader held up the writer; in a full run also when writing or answering takes too long or memory grows with the journal: in a
//! short one a busy machine would decide about those.

mod calling;
mod kills;
mod made;
mod reading;
mod writing;

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
    if let ["append", folder] = words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // This program in another part.
        kills::append(folder.as_ref());
    }
    let Some(asked) = asked(words.into_iter()) else {
        eprintln!("usage: soak-journal [--short] [--report FILE]");
        return ExitCode::FAILURE;
    };
    let mut report = Report::new(!asked.short);
    let of = |full: u64, short: u64| if asked.short { short } else { full };
    // On the disk that is meant, not in memory: a file system in memory acknowledges everything at once.
    let folder = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let million = writing::run(&folder.path().join("million"), of(1_000_000, 50_000), &mut report);
    reading::questions(&million, &mut report);
    calling::run(folder.path(), of(10, 1), &mut report);
    let long = writing::run(&folder.path().join("long"), of(10_000_000, 100_000), &mut report);
    reading::whole(&long, &mut report);
    kills::run(folder.path(), of(1_000, 20), &mut report);
    let broken = report.end(asked.report.as_deref());
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
