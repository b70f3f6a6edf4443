//! As fast as it goes: decisions a second, and what is held in memory for it.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use bulkhead_journal::{Head, Journal, JournalOptions, Record};
use bulkhead_tests::soak::{Report, memory};

use crate::made::{self, Plugins};

const NAME: &str = "writing";

/// A journal that was written.
pub struct Written {
    pub path: PathBuf,
    pub records: u64,
    pub cycles: u64,
    pub head: Head,
}

/// Writes so many records, every commit on the disk.
pub fn run(path: &Path, records: u64, report: &mut Report) -> Written {
    report.say(&format!("\n{NAME}: {records} records"));
    let journal = Journal::open(path, JournalOptions::default()).unwrap();
    let plugins = Plugins::of(&journal);
    let before = memory::resident_bytes();
    let (mut appended, mut decisions, mut cycles) = (0, 0, 0);
    let begun = Instant::now();
    while appended < records {
        for record in made::cycle(cycles, &plugins) {
            if let Record::Call(call) = &record {
                decisions += call.decisions.len() as u64;
            }
            appended += u64::from(journal.append(record).is_kept());
        }
        cycles += 1;
    }
    journal.sync().unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    let grown = (memory::peak_bytes() - before) / (1 << 20) as f64;
    let dropped = journal.status().dropped;
    let head = journal.close().unwrap();
    let length: u64 = std::fs::read_dir(path).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    let rate = decisions as f64 / seconds;
    report.say(&format!(
        "  {appended} records with {decisions} decisions in {seconds:.1} s: {rate:.0} decisions/s; {} bytes a record; memory \
         grew by {grown:.0} MiB",
        length / appended
    ));
    report.most(NAME, "time of 100,000 decisions on the disk, s", 100_000.0 / rate, 1.0);
    report.most(NAME, &format!("memory for {records} records, MiB"), grown, 64.0);
    report.none(NAME, "records lost", dropped);
    Written { path: path.to_owned(), records: appended, cycles, head }
}
