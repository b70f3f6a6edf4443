//! Reading while writing, and dying while writing.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test binary: a failure is the point"
)]

mod common;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use bulkhead_journal::{Filter, Journal, JournalOptions, Reader, Record, Seq};
use common::*;

#[test]
fn a_reader_sees_whole_moments_and_never_holds_up_the_writer() {
    let ledger = ledger();
    let journal = open(&ledger.path);
    let risk = journal.intern(&identity("risk-os", "1"));
    journal.sync().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let reader = Reader::open(&ledger.path).unwrap();
            let (mut rounds, mut calls, mut followed) = (0, 0, Seq::NONE);
            while !done.load(Ordering::Relaxed) {
                let verified = reader.verify().unwrap();
                assert!(reader.head().unwrap().seq >= verified.head.seq);
                let counts = reader.counts().unwrap();
                assert!(counts.calls >= calls && counts.decisions == counts.calls * 2);
                calls = counts.calls;
                // Following by number misses nothing and repeats nothing.
                for call in reader.calls(&Filter { after: Some(followed), ..Filter::default() }).unwrap() {
                    assert!(call.seq > followed && call.record.decisions.len() == 2);
                    followed = call.seq;
                }
                rounds += 1;
            }
            rounds
        });
        for n in 0..20_000 {
            journal.append(Record::Call(call(n, vec![decision(risk), decision(risk)])));
            if n % 2_000 == 0 {
                journal.sync().unwrap();
            }
        }
        journal.sync().unwrap();
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 1);
    });
    assert_eq!(journal.status().dropped, 0);
    assert_eq!(journal.close().unwrap().seq, 20_001);
}

const CHILD: &str = "BULKHEAD_JOURNAL_TEST_CHILD";

/// The process that is killed: says on standard output what is durable. Without its variable it has nothing to do.
#[test]
fn child_appends_until_it_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let options = JournalOptions {
        batch: 64,
        max_delay: Duration::from_micros(200),
        segment_bytes: 256 << 10,
        ..JournalOptions::default()
    };
    let journal = Journal::open(path.as_ref(), options).unwrap();
    let risk = journal.intern(&identity("risk-os", "1"));
    for n in 0.. {
        journal.append(Record::Call(call(n, vec![decision(risk)])));
        if n % 50 == 0 {
            let head = journal.sync().unwrap();
            writeln!(std::io::stderr(), "durable {} {}", head.seq, head.hash).unwrap();
        }
    }
}

#[test]
fn a_killed_host_leaves_a_whole_chain_with_everything_that_was_synced() {
    let ledger = ledger();
    let mut acknowledged = 0;
    // A quick form by default; BULKHEAD_KILLS=1000 for the long one.
    let kills = std::env::var("BULKHEAD_KILLS").map_or(12, |kills| kills.parse().unwrap());
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_appends_until_it_is_killed", "--nocapture"])
            .env(CHILD, &ledger.path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // Wait for the first word, then die at odd moments.
        let mut last = lines.next().unwrap().unwrap();
        std::thread::sleep(Duration::from_micros(kill * 3_701 % 20_011));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok).filter(|l| l.split(' ').nth(2).is_some_and(|h| h.len() == 64)) {
            last = line;
        }
        let mut words = last.split(' ').skip(1);
        let seq: u64 = words.next().unwrap().parse().unwrap();
        assert!(seq > acknowledged, "the next host continues the chain");
        acknowledged = seq;
        let kept = bulkhead_journal::Head { seq, hash: words.next().unwrap().to_owned() };
        let verified = Reader::open(&ledger.path).unwrap().verify_against(&kept).unwrap();
        // The dead writer's records are whole up to the end, whatever it was in the middle of.
        assert!(verified.head.seq >= seq);
        acknowledged = acknowledged.max(verified.head.seq);
    }
}
