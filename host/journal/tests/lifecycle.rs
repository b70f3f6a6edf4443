//! Opening, refusing, pressing, failing, closing.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test binary: a failure is the point"
)]

mod common;

use std::time::{Duration, Instant};

use bulkhead_journal::{
    Backpressure, EventKind, Filter, Journal, JournalError, JournalOptions, Reader, Record, SCHEMA_VERSION, Seq,
    Synchronous,
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
    // The view names a symbol as it was called at the time.
    let names: Vec<String> = shell(&ledger.path)
        .prepare("SELECT symbol FROM call WHERE seq IN (9, 17) ORDER BY seq")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(names, ["SOL", "BTC"]);
}

#[test]
fn a_path_that_cannot_be_written_says_what_where_and_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for path in [file.join("a.journal"), dir.path().to_owned(), "/proc/bulkhead/a.journal".into()] {
        let text = refusal(&path);
        assert!(text.starts_with(&format!("cannot write the journal {}: ", path.display())), "{text}");
        assert!(text.ends_with("choose another journal path.") && text.lines().count() == 1, "{text}");
    }
}

#[test]
fn what_is_no_ledger_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("notes.txt");
    std::fs::write(&text, "dear diary, ".repeat(100)).unwrap();
    let foreign = dir.path().join("browser.sqlite");
    shell(&foreign).execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE history (url TEXT)").unwrap();
    for path in [&text, &foreign] {
        let before = std::fs::read(path).unwrap();
        let files = std::fs::read_dir(dir.path()).unwrap().count();
        for error in [refusal(path), Reader::open(path).unwrap_err().to_string()] {
            let expected = format!("{} is not a Bulkhead journal and was left as it is. ", path.display());
            assert!(error.starts_with(&expected), "{error}");
        }
        assert_eq!(std::fs::read(path).unwrap(), before);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), files, "no lock file, no WAL");
    }
    let missing = Reader::open(&dir.path().join("none")).unwrap_err();
    assert!(matches!(missing, JournalError::Missing { .. }), "{missing}");
}

#[test]
fn a_ledger_of_another_version_is_refused_and_left_as_it_is() {
    let edits = [
        format!("PRAGMA user_version = {}", SCHEMA_VERSION + 1),
        // The same tables, but a number means something else.
        "UPDATE names SET name = 'kill-the-switch' WHERE kind = 'reason' AND id = 0".to_owned(),
        "INSERT INTO names VALUES ('hook', 99, 'pre-trade-horoscope')".to_owned(),
    ];
    for edit in edits {
        let (ledger, ..) = written();
        shell(&ledger.path).execute_batch(&edit).unwrap();
        let before = std::fs::read(&ledger.path).unwrap();
        for error in [refusal(&ledger.path), Reader::open(&ledger.path).unwrap_err().to_string()] {
            assert!(error.contains("was written by another version of Bulkhead ("), "{edit}: {error}");
        }
        assert_eq!(std::fs::read(&ledger.path).unwrap(), before);
    }
}

#[test]
fn an_empty_file_becomes_a_ledger_and_a_ledger_without_a_sane_head_does_not_grow() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("empty");
    std::fs::write(&path, "").unwrap();
    assert!(matches!(Reader::open(&path).unwrap_err(), JournalError::NotAJournal { .. }));
    let journal = open(&path);
    journal.append(note(0));
    journal.close().unwrap();
    Reader::open(&path).unwrap().verify().unwrap();

    for seq in [-1, i64::MAX, i64::MIN] {
        shell(&path).execute("UPDATE head SET seq = ?", [seq]).unwrap();
        let error = refusal(&path);
        assert!(error.contains("its head has a number that no record can have"), "{error}");
        assert_eq!(Reader::open(&path).unwrap().verify().unwrap_err().seq, Seq::NONE);
    }
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
fn sync_makes_records_visible_to_another_connection() {
    for synchronous in [Synchronous::Full, Synchronous::Normal] {
        let ledger = ledger();
        let max_delay = Duration::from_secs(60);
        let options = JournalOptions { max_delay, synchronous, ..JournalOptions::default() };
        let journal = Journal::open(&ledger.path, options).unwrap();
        let other = shell(&ledger.path);
        let rows = || other.query_row("SELECT count(*) FROM events", [], |r| r.get::<_, i64>(0)).unwrap();
        for n in 1..=3 {
            let seq = journal.append(note(0));
            let head = journal.sync().unwrap();
            assert_eq!((head.seq, rows()), (seq.get(), n), "a sync does not wait for the delay");
            assert_eq!(journal.sync().unwrap(), head);
        }
        let status = journal.status();
        assert_eq!((status.appended, status.written, status.dropped, status.lag), (3, 3, 0, 0));
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

#[test]
fn a_full_queue_drops_counts_and_confesses() {
    let ledger = ledger();
    let journal = Journal::open(&ledger.path, options(16, Backpressure::Drop)).unwrap();
    let other = shell(&ledger.path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = Instant::now();
    let kept = (0..1_000).filter(|n| journal.append(note(*n)).is_kept()).count() as u64;
    assert!(start.elapsed() < Duration::from_secs(1), "an append waited for the disk");
    assert!((16..=32).contains(&kept), "{kept}: one queue waits and one may be in the writer's hands");
    let status = journal.status();
    assert_eq!((status.dropped, status.written, status.error), (1_000 - kept, 0, None));
    assert_eq!(status.lag, status.appended);
    other.execute_batch("COMMIT").unwrap();
    journal.sync().unwrap();
    assert!(journal.append(note(5_000)).is_kept());
    journal.close().unwrap();
    let reader = Reader::open(&ledger.path).unwrap();
    reader.verify().unwrap();
    let (mut expected, mut lost, mut found) = (0, 0, 0);
    for event in reader.events(&Filter::default()).unwrap().into_iter().map(|e| e.record) {
        if event.kind == EventKind::RecordsLost {
            // It stands where they are missing and says how many.
            let text = event.data.strip_prefix("{\"records\":").and_then(|t| t.strip_suffix('}')).unwrap();
            let records: u64 = text.parse().unwrap();
            expected += records;
            lost += records;
            assert_eq!(event.event_time_ms, expected - 1, "time of the last one lost");
        } else if event.event_time_ms < 1_000 {
            assert_eq!(event.event_time_ms, expected);
            expected += 1;
            found += 1;
        }
    }
    assert_eq!((found, lost, expected), (kept, 1_000 - kept, 1_000));
}

#[test]
fn under_wait_a_full_queue_holds_the_caller_and_loses_nothing() {
    let ledger = ledger();
    let journal = Journal::open(&ledger.path, options(8, Backpressure::Wait)).unwrap();
    let other = shell(&ledger.path);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let caller = scope.spawn(|| (0..200).all(|n| journal.append(note(n)).is_kept()));
        wait_until("a full queue", || journal.status().appended >= 8);
        std::thread::sleep(Duration::from_millis(50));
        let appended = journal.status().appended;
        assert!(appended <= 16 && !caller.is_finished(), "{appended}");
        other.execute_batch("COMMIT").unwrap();
        assert!(caller.join().unwrap());
    });
    assert_eq!(journal.clone().close().unwrap().seq, 200);
    assert_eq!(journal.status().dropped, 0);
}

#[test]
fn a_write_error_is_kept_reported_and_final() {
    let ledger = ledger();
    let journal = open(&ledger.path);
    journal.append(note(0));
    let head = journal.sync().unwrap();
    let fail = "CREATE TRIGGER f BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, 'the disk said no'); END";
    shell(&ledger.path).execute_batch(fail).unwrap();
    journal.append(note(1));
    journal.append(Record::Call(call(1, vec![])));
    let error = journal.sync().unwrap_err().to_string();
    assert!(error.contains("stopped being written: the disk said no"), "{error}");
    assert!(error.ends_with("fix the disk and restart the host."), "{error}");
    assert_eq!(journal.append(note(2)), Seq::NONE);
    let status = journal.status();
    assert_eq!((status.appended, status.written, status.lag), (3, 1, 0));
    assert_eq!(status.dropped, 3, "two of the failed transaction and one after it");
    assert!(status.error.unwrap().contains("the disk said no"));
    assert!(journal.sync().is_err() && journal.clone().close().is_err());
    drop(journal);
    // Nothing of the failed transaction stays behind, and the next host goes on from there.
    shell(&ledger.path).execute_batch("DROP TRIGGER f").unwrap();
    let journal = open(&ledger.path);
    assert_eq!(journal.sync().unwrap(), head);
    journal.append(note(3));
    journal.close().unwrap();
    Reader::open(&ledger.path).unwrap().verify_against(&head).unwrap();
}

#[test]
fn a_caller_that_waits_is_freed_when_the_writer_fails() {
    let ledger = ledger();
    let journal = Journal::open(&ledger.path, options(8, Backpressure::Wait)).unwrap();
    let other = shell(&ledger.path);
    // Somebody who ignores the lock file: the writer must not fork the chain.
    other.execute_batch("BEGIN IMMEDIATE; UPDATE head SET seq = 70").unwrap();
    std::thread::scope(|scope| {
        let caller = scope.spawn(|| (0..100).filter(|n| journal.append(note(*n)).is_kept()).count());
        wait_until("a full queue", || journal.status().appended >= 8);
        other.execute_batch("COMMIT").unwrap();
        assert!(caller.join().unwrap() <= 16);
    });
    let status = journal.status();
    assert_eq!((status.error.as_deref(), status.dropped), (Some("somebody else wrote to it"), 100));
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
    let mut names: Vec<_> =
        std::fs::read_dir(ledger.path.parent().unwrap()).unwrap().map(|f| f.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["decisions.journal", "decisions.journal.lock"], "one whole file, and no WAL");
    assert_eq!(Reader::open(&ledger.path).unwrap().verify().unwrap().entries, 100);
}
