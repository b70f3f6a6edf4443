//! Opening, refusing, pressing, failing, closing.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test binary: a failure is the point"
)]

mod common;

use std::time::Duration;

use bulkhead_journal::{
    Backpressure, CallRecord, EventKind, Filter, Journal, JournalError, JournalOptions, OnFailure, Reader, Record,
    Retention, SCHEMA_VERSION, Seq, Synchronous,
};
use common::*;

fn options(queue: usize, backpressure: Backpressure) -> JournalOptions {
    JournalOptions { queue, batch: 8, backpressure, ..JournalOptions::default() }
}

fn refusal(path: &std::path::Path) -> String {
    Journal::open(path, JournalOptions::default()).unwrap_err().to_string()
}

#[test]
fn reopening_continues_the_chain_the_plugins_and_the_symbols() {
    let (ledger, records, head) = written();
    let journal = open(&ledger.path);
    let names = ["BTC", "ETH", "WIF"].map(str::to_owned);
    journal.symbols(&names);
    let risk = journal.intern(&identity("risk-os", "1.0.0"));
    let seq = journal.append(Record::Call(call(9, vec![decision(risk)])));
    // Only the renamed symbol is new.
    assert_eq!(seq.get(), head.seq + 2);
    assert_eq!(journal.status().head, head, "nothing is committed yet or the chain went on");
    journal.close().unwrap();
    let reader = Reader::open(&ledger.path).unwrap();
    assert_eq!(reader.verify_against(&head).unwrap().entries, head.seq + 2);
    assert_eq!(read_everything(&reader).len(), records.len() + 1);
    assert_eq!(reader.plugins().unwrap().len(), 2);
    assert_eq!(reader.symbols().unwrap()[&2], "WIF");
}

#[test]
fn a_path_that_cannot_be_written_says_what_where_and_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for path in [file.join("a.journal"), "/proc/bulkhead/a.journal".into()] {
        let text = refusal(&path);
        assert!(text.starts_with(&format!("cannot write the journal {}: ", path.display())), "{text}");
        assert!(text.ends_with("choose another journal path.") && text.lines().count() == 1, "{text}");
    }
}

#[test]
fn what_is_no_ledger_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("notes.txt");
    std::fs::write(&text, "dear diary").unwrap();
    let folder = dir.path().join("photos");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("cat.jpg"), "meow").unwrap();
    for path in [&text, &folder] {
        for error in [refusal(path), Reader::open(path).unwrap_err().to_string()] {
            let expected = format!("{} is not a Bulkhead journal and was left as it is. ", path.display());
            assert!(error.starts_with(&expected), "{error}");
        }
    }
    assert_eq!(std::fs::read_to_string(&text).unwrap(), "dear diary");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no lock file");
    let missing = Reader::open(&dir.path().join("none")).unwrap_err();
    assert!(matches!(missing, JournalError::Missing { .. }), "{missing}");
}

#[test]
fn a_ledger_of_another_version_is_refused_and_left_as_it_is() {
    let (ledger, ..) = written();
    let file = &segments(&ledger.path)[0];
    let mut bytes = std::fs::read(file).unwrap();
    let body = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    bytes[8..12].copy_from_slice(&(SCHEMA_VERSION + 1).to_le_bytes());
    // Another version's header is whole: its checksum holds.
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[8..16]);
    sum.update(&bytes[24..24 + body]);
    bytes[16..20].copy_from_slice(&sum.finalize().to_le_bytes());
    std::fs::write(file, &bytes).unwrap();
    for error in [refusal(&ledger.path), Reader::open(&ledger.path).unwrap_err().to_string()] {
        assert!(error.contains("was written by another version of Bulkhead (its schema is 3"), "{error}");
    }
    assert_eq!(std::fs::read(file).unwrap(), bytes);
}

#[test]
fn a_database_of_before_is_named_as_what_it_is_and_left() {
    let ledger = ledger();
    std::fs::create_dir(ledger.path.parent().unwrap()).unwrap();
    let bytes = b"SQLite format 3\0and what follows";
    std::fs::write(&ledger.path, bytes).unwrap();
    for error in [refusal(&ledger.path), Reader::open(&ledger.path).unwrap_err().to_string()] {
        assert!(error.contains("written by another version of Bulkhead (it is a SQLite database"), "{error}");
    }
    assert_eq!(std::fs::read(&ledger.path).unwrap(), bytes);
    std::fs::write(&ledger.path, "notes").unwrap();
    assert!(refusal(&ledger.path).contains("is not a Bulkhead journal"));
}

#[test]
fn an_empty_folder_becomes_a_ledger() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Reader::open(dir.path()).unwrap_err(), JournalError::NotAJournal { .. }));
    let journal = open(dir.path());
    journal.append(note(0));
    journal.close().unwrap();
    Reader::open(dir.path()).unwrap().verify().unwrap();
}

#[test]
fn strange_options_are_made_sane() {
    let ledger = ledger();
    let strange = JournalOptions {
        queue: 0,
        batch: 0,
        max_delay: Duration::MAX,
        backpressure: Backpressure::Wait,
        ..JournalOptions::default()
    };
    let journal = Journal::open(&ledger.path, strange).unwrap();
    assert!((0..50).all(|n| journal.append(note(n)).is_kept()));
    assert_eq!(journal.close().unwrap().seq, 50);
}

#[test]
fn there_is_one_writer() {
    let ledger = ledger();
    let first = open(&ledger.path);
    assert!(refusal(&ledger.path).contains("is already being written by another host"));
    first.close().unwrap();
    open(&ledger.path).close().unwrap();
}

#[test]
fn sync_makes_records_visible_to_a_reader() {
    for synchronous in [Synchronous::Full, Synchronous::Normal] {
        let ledger = ledger();
        let max_delay = Duration::from_secs(60);
        let options = JournalOptions { max_delay, synchronous, ..JournalOptions::default() };
        let journal = Journal::open(&ledger.path, options).unwrap();
        let reader = Reader::open(&ledger.path).unwrap();
        for n in 1..=3 {
            let seq = journal.append(note(0));
            let head = journal.sync().unwrap();
            let events = reader.counts().unwrap().events;
            assert_eq!((head.seq, events), (seq.get(), n), "a sync does not wait for the delay");
            assert_eq!(journal.sync().unwrap(), head);
            assert_eq!(reader.head().unwrap(), head);
        }
        let status = journal.status();
        assert_eq!((status.appended, status.written, status.dropped, status.lag, status.durable), (3, 3, 0, 0, 3));
        assert_eq!((status.path, status.error), (ledger.path.clone(), None));
    }
}

#[test]
fn a_record_is_committed_after_the_delay_without_a_sync() {
    let ledger = ledger();
    let journal = open(&ledger.path);
    journal.append(note(0));
    wait_until("the commit", || journal.status().written == 1);
    assert_eq!(Reader::open(&ledger.path).unwrap().counts().unwrap().events, 1);
}

/// Appends until the queue has no room, and as many records more.
fn flood(journal: &Journal, records: u64) -> u64 {
    (0..records).filter(|n| journal.append(note(*n)).is_kept()).count() as u64
}

#[test]
fn a_full_queue_drops_counts_and_confesses() {
    let ledger = ledger();
    let journal = Journal::open(&ledger.path, options(16, Backpressure::Drop)).unwrap();
    let mut kept = 0;
    let mut sent = 0;
    // The writer is quick: press until something was dropped.
    while journal.status().dropped == 0 {
        kept += flood(&journal, 100_000);
        sent += 100_000;
    }
    journal.sync().unwrap();
    assert_eq!(journal.status().dropped, sent - kept);
    journal.close().unwrap();
    let reader = Reader::open(&ledger.path).unwrap();
    reader.verify().unwrap();
    let (mut found, mut lost) = (0, 0);
    for event in reader.events(&Filter::default()).unwrap().into_iter().map(|e| e.record) {
        if event.kind == EventKind::RecordsLost {
            let text = event.data.strip_prefix("{\"records\":").and_then(|t| t.strip_suffix('}')).unwrap();
            lost += text.parse::<u64>().unwrap();
        } else {
            // It stands where they are missing and says how many.
            assert_eq!(event.event_time_ms, (found + lost) % 100_000);
            found += 1;
        }
    }
    assert_eq!((found, lost), (kept, sent - kept));
}

#[test]
fn under_wait_a_full_queue_holds_the_caller_and_loses_nothing() {
    let ledger = ledger();
    let journal = Journal::open(&ledger.path, options(8, Backpressure::Wait)).unwrap();
    assert_eq!(flood(&journal, 5_000), 5_000);
    assert_eq!(journal.clone().close().unwrap().seq, 5_000);
    assert_eq!(journal.status().dropped, 0);
    Reader::open(&ledger.path).unwrap().verify().unwrap();
}

/// A journal whose files were taken away while it is written, and that has noticed.
fn lost(on_failure: OnFailure) -> (Ledger, Journal) {
    let ledger = ledger();
    let options = JournalOptions { on_failure, ..options(8, Backpressure::Wait) };
    let journal = Journal::open(&ledger.path, options).unwrap();
    journal.append(note(0));
    journal.sync().unwrap();
    std::fs::remove_dir_all(&ledger.path).unwrap();
    wait_until("the loss is noticed", || {
        journal.append(note(1));
        journal.status().error.is_some()
    });
    (ledger, journal)
}

#[test]
fn a_journal_that_is_taken_away_is_noticed_and_final() {
    let (ledger, journal) = lost(OnFailure::Continue);
    let error = journal.sync().unwrap_err().to_string();
    assert!(error.contains("stopped being written: its files were removed or replaced"), "{error}");
    assert!(error.ends_with("fix the disk and restart the host."), "{error}");
    let dropped = journal.status().dropped;
    assert_eq!(journal.append(note(2)), Seq::NONE);
    assert_eq!(journal.status().dropped, dropped + 1);
    assert_eq!(journal.status().lag, 0);
    assert!(journal.clone().close().is_err());
    drop(journal);
    open(&ledger.path).close().unwrap();
}

#[test]
fn a_disk_without_room_is_named_and_never_blocks() {
    // The one device that is always full.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal");
    std::fs::create_dir(&path).unwrap();
    std::os::unix::fs::symlink("/dev/full", path.join("next.tmp")).unwrap();
    let journal = Journal::open(&path, JournalOptions::default());
    // What lay there under that name was an unfinished segment: it is removed, not written through.
    journal.unwrap().close().unwrap();
    Reader::open(&path).unwrap().verify().unwrap();
}

#[test]
fn an_order_waits_until_its_decisions_are_durable() {
    for (synchronous, durable) in [(Synchronous::Full, true), (Synchronous::Normal, false)] {
        let ledger = ledger();
        let max_delay = Duration::from_secs(60);
        let options = JournalOptions { max_delay, synchronous, ..JournalOptions::default() };
        let journal = Journal::open(&ledger.path, options).unwrap();
        let risk = journal.intern(&identity("risk-os", "1"));
        for n in 0..5 {
            let seq = journal.append(Record::Call(call(n, vec![decision(risk)])));
            journal.before_order().unwrap();
            let status = journal.status();
            assert_eq!((status.head.seq, status.lag), (seq.get(), 0));
            assert_eq!(status.durable == seq.get(), durable);
            assert!(Reader::open(&ledger.path).unwrap().call(seq).unwrap().is_some());
        }
        assert_eq!((journal.status().unrecorded_orders, journal.status().withheld_orders), (0, 0));
    }
}

#[test]
fn without_a_journal_the_policy_decides_about_orders() {
    let (_ledger, journal) = lost(OnFailure::Continue);
    (0..3).for_each(|_| journal.before_order().unwrap());
    let status = journal.status();
    assert_eq!((status.unrecorded_orders, status.withheld_orders), (3, 0));

    let (_ledger, journal) = lost(OnFailure::HaltNew);
    let why = journal.before_order().unwrap_err();
    assert_eq!(why.name(), "journal-failed");
    assert!(why.to_string().contains("its files were removed"), "{why}");
    let status = journal.status();
    assert_eq!((status.unrecorded_orders, status.withheld_orders), (0, 1));
}

#[test]
fn an_order_does_not_wait_for_ever() {
    let ledger = ledger();
    let options =
        JournalOptions { patience: Duration::ZERO, on_failure: OnFailure::HaltNew, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    journal.append(note(0));
    let why = journal.before_order().unwrap_err();
    assert_eq!((why.name(), journal.status().withheld_orders), ("journal-late", 1));
    journal.sync().unwrap();
    journal.before_order().unwrap();
}

#[test]
fn a_long_ledger_is_many_segments_and_reads_as_one() {
    let ledger = ledger();
    let options = JournalOptions { segment_bytes: 64 << 10, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options.clone()).unwrap();
    journal.symbols(&["BTC".to_owned()]);
    let risk = journal.intern(&identity("risk-os", "1"));
    (0..2_000).for_each(|n| assert!(journal.append(Record::Call(call(n, vec![decision(risk)]))).is_kept()));
    // Longer than a segment: it gets one of its own.
    let big = journal.append(Record::Call(CallRecord { input: vec![7; 300 << 10], ..call(2_000, vec![]) }));
    journal.close().unwrap();
    let journal = Journal::open(&ledger.path, options).unwrap();
    let last = journal.append(Record::Order(order(2_001)));
    assert_eq!(journal.intern(&identity("risk-os", "1")), risk, "known from the last header");
    journal.close().unwrap();
    assert!(segments(&ledger.path).len() > 5);
    let reader = Reader::open(&ledger.path).unwrap();
    assert_eq!(reader.verify().unwrap().entries, last.get());
    assert_eq!(reader.counts().unwrap().calls, 2_001);
    assert_eq!(reader.call(big).unwrap().unwrap().record.input.len(), 300 << 10);
    let one = Filter { correlation: Some(77), ..Filter::default() };
    assert_eq!(reader.decisions(&one).unwrap()[0].identity.subsystem, "risk-os");
    let newest = Filter { newest_first: true, limit: Some(1_500), ..Filter::default() };
    let found: Vec<u64> = reader.calls(&newest).unwrap().into_iter().map(|c| c.record.correlation).collect();
    assert_eq!(found, (501..=2_000).rev().collect::<Vec<_>>());
    assert_eq!(reader.symbols().unwrap()[&0], "BTC");
    // The maps are an index: without them the answers are the same.
    for file in std::fs::read_dir(&ledger.path).unwrap().map(|f| f.unwrap().path()) {
        if file.extension().is_some_and(|e| e == "zone") {
            std::fs::remove_file(file).unwrap();
        }
    }
    assert_eq!(reader.counts().unwrap().calls, 2_001);
    assert_eq!(reader.calls(&one).unwrap().len(), 1);
    open(&ledger.path).close().unwrap();
    assert!(ledger.path.join("00000000.zone").exists(), "the next writer makes them again");
    reader.verify().unwrap();
}

#[test]
fn retention_lets_old_segments_go_and_says_so() {
    let ledger = ledger();
    let retention = Retention { max_bytes: Some(512 << 10), max_age_ms: None };
    let options = JournalOptions { segment_bytes: 64 << 10, retention, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    let risk = journal.intern(&identity("risk-os", "1"));
    for n in 0..20_000 {
        journal.append(Record::Call(call(n, vec![decision(risk)])));
        if n % 500 == 0 {
            journal.sync().unwrap();
        }
    }
    let head = journal.close().unwrap();
    let bytes: u64 = segments(&ledger.path).iter().map(|f| f.metadata().unwrap().len()).sum();
    assert!(bytes < 1 << 20, "{bytes} bytes were kept");
    let reader = Reader::open(&ledger.path).unwrap();
    let verified = reader.verify_against(&head).unwrap();
    assert!(verified.first > 10_000 && verified.head == head, "{verified:?}");
    let said = reader.events(&Filter::default()).unwrap();
    assert!(said.iter().any(|e| e.record.kind == EventKind::JournalTrimmed && e.record.actor == "journal"));
    // Who decided is still known, though the entry that said it first is gone.
    let row = reader.decisions(&Filter { limit: Some(1), ..Filter::default() }).unwrap().remove(0);
    assert_eq!(row.identity.subsystem, "risk-os");
}

#[test]
fn after_close_the_other_clones_drop_and_say_so() {
    let ledger = ledger();
    let journal = open(&ledger.path);
    let clone = journal.clone();
    journal.append(note(0));
    assert_eq!(journal.close().unwrap().seq, 1);
    assert_eq!(clone.append(note(1)), Seq::NONE);
    let _ = clone.intern(&identity("risk-os", "1"));
    assert_eq!(clone.status().dropped, 2);
    assert_eq!(clone.sync().unwrap().seq, 1, "what was accepted is durable");
    assert_eq!(clone.close().unwrap().seq, 1);
}

#[test]
fn the_last_clone_writes_out_what_waits() {
    let ledger = ledger();
    let max_delay = Duration::from_secs(60);
    let journal = Journal::open(&ledger.path, JournalOptions { max_delay, ..JournalOptions::default() }).unwrap();
    (0..100).for_each(|n| assert!(journal.append(note(n)).is_kept()));
    drop(journal);
    let mut names: Vec<_> = std::fs::read_dir(&ledger.path).unwrap().map(|f| f.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["00000000.seg", "head", "lock"], "nothing is left over");
    assert_eq!(Reader::open(&ledger.path).unwrap().verify().unwrap().entries, 100);
}
