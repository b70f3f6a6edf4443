//! A host that is killed again and again while it writes, rotates and lets old segments go.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use bulkhead_journal::{Head, Journal, JournalOptions, Reader, Retention};
use bulkhead_tests::soak::Report;

use crate::made::{self, Plugins};

const NAME: &str = "kills";
/// Cycles between two acknowledgements: most of the time something is being written.
const BURST: u64 = 20;

/// The other part: appends until it is killed, and says what was acknowledged.
pub fn append(folder: &Path) -> ! {
    let retention = Retention { max_bytes: Some(2 << 20), max_age_ms: None };
    let max_delay = Duration::from_micros(200);
    let options =
        JournalOptions { batch: 64, max_delay, segment_bytes: 256 << 10, retention, ..JournalOptions::default() };
    let journal = Journal::open(folder, options).unwrap();
    let plugins = Plugins::of(&journal);
    let mut out = std::io::stdout().lock();
    for n in 0.. {
        for record in (n * BURST..(n + 1) * BURST).flat_map(|n| made::cycle(n, &plugins)) {
            journal.append(record);
        }
        journal.before_order().unwrap();
        let head = journal.sync().unwrap();
        writeln!(out, "{head}").unwrap();
    }
    unreachable!("numbers do not end");
}

/// Kills so many hosts at odd moments, one after the other on the same journal.
pub fn run(folder: &Path, kills: u64, report: &mut Report) {
    report.say(&format!("\n{NAME}: {kills} hosts"));
    let path = folder.join("killed");
    let (mut lost, mut broken, mut healed) = (0, 0, 0);
    for kill in 0..kills {
        let last = killed(&path, Duration::from_micros(kill * 3_701 % 20_011));
        let reader = Reader::open(&path).unwrap();
        match reader.verify_against(&last) {
            Ok(verified) => {
                lost += u64::from(verified.head.seq < last.seq);
                healed += u64::from(verified.unfinished_bytes > 0);
            }
            Err(why) => {
                report.say(&format!("  kill {kill}: {why}"));
                broken += 1;
            }
        }
    }
    let verified = Reader::open(&path).unwrap().verify().unwrap();
    report.say(&format!(
        "  the chain goes to record {}, from {} on; {healed} hosts died in the middle of a write",
        verified.entries, verified.first
    ));
    report.none(NAME, "acknowledged records lost", lost);
    report.none(NAME, "chains that do not hold", broken);
}

/// Lets a host write, kills it, and returns the last head that it acknowledged.
fn killed(path: &Path, after: Duration) -> Head {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["append".as_ref(), path.as_os_str()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut last = lines.next().unwrap();
    sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    // Its last word may be cut short.
    lines.filter(|line| line.parse::<Head>().is_ok()).for_each(|line| last = line);
    last.parse().unwrap()
}
