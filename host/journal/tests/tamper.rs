//! Whatever is changed in the file is noticed and named.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test binary: a failure is the point"
)]

mod common;

use bulkhead_journal::{Broken, Head, Journal, JournalOptions, Reader, Seq};
use common::*;
use rusqlite::{Connection, types::Value};

const TABLES: [&str; 8] = ["meta", "symbols", "plugins", "calls", "decisions", "orders", "fills", "events"];

/// Edits a copy of the ledger and verifies it.
fn after(ledger: &Ledger, edit: impl FnOnce(&Connection)) -> Result<(), Broken> {
    let copy = ledger.path.with_extension("copy");
    std::fs::copy(&ledger.path, &copy).unwrap();
    let conn = shell(&copy);
    edit(&conn);
    drop(conn);
    Reader::open(&copy).unwrap().verify().map(drop)
}

fn broken_at(ledger: &Ledger, edit: &str) -> u64 {
    after(ledger, |conn| conn.execute_batch(edit).unwrap()).expect_err(edit).seq.get()
}

fn changed(value: Value) -> Value {
    match value {
        Value::Null => Value::Integer(1),
        Value::Integer(n) => Value::Integer(n ^ 1),
        Value::Real(x) => Value::Real(f64::from_bits(x.to_bits() ^ 1)),
        Value::Text(text) => Value::Text(format!("{text} ")),
        Value::Blob(mut bytes) => {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            Value::Blob(bytes)
        }
    }
}

#[test]
fn one_changed_bit_in_any_column_of_any_row_is_located() {
    let (ledger, ..) = written();
    let source = shell(&ledger.path);
    let mut tried = 0;
    for table in TABLES {
        let mut statement = source.prepare(&format!("SELECT rowid, * FROM {table}")).unwrap();
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let rowid: i64 = row.get(0).unwrap();
            let seq = if table == "decisions" { rowid >> 16 } else { rowid };
            for (index, column) in columns.iter().enumerate().skip(1) {
                // The key stands first; a moved row has a test of its own. Generated columns hold nothing.
                if index == 1 || ["call_seq", "position"].contains(&column.as_str()) {
                    continue;
                }
                let sql = format!("UPDATE {table} SET {column} = ? WHERE rowid = ?");
                let value = changed(row.get(index).unwrap());
                let broken = after(&ledger, |conn| {
                    assert_eq!(conn.execute(&sql, (&value, rowid)).unwrap(), 1);
                });
                let broken = broken.expect_err(&format!("{table}.{column} of {seq}"));
                assert_eq!(broken.seq.get(), seq.cast_unsigned(), "{table}.{column}: {broken}");
                tried += 1;
            }
        }
    }
    assert!(tried > 180, "{tried}");
}

#[test]
fn deleted_rows_are_missing() {
    let (ledger, records, _) = written();
    for stored in &records {
        let seq = stored.seq.get();
        let edit: String =
            ["calls", "orders", "fills", "events"].map(|t| format!("DELETE FROM {t} WHERE seq = {seq};")).concat();
        assert_eq!(broken_at(&ledger, &edit), seq);
    }
    assert_eq!(broken_at(&ledger, "DELETE FROM plugins WHERE ref = 2"), 6);
    assert_eq!(broken_at(&ledger, "DELETE FROM symbols WHERE id = 1"), 3);
    assert_eq!(broken_at(&ledger, "DELETE FROM meta"), 1);
    for position in 0..3 {
        assert_eq!(broken_at(&ledger, &format!("DELETE FROM decisions WHERE id = 13 * 65536 + {position}")), 13);
    }
}

#[test]
fn moved_and_added_rows_are_located() {
    let (ledger, ..) = written();
    let swap = |table: &str, a: u64, b: u64| {
        format!(
            "UPDATE {table} SET seq = -1 WHERE seq = {a}; UPDATE {table} SET seq = {a} WHERE seq = {b}; \
                 UPDATE {table} SET seq = {b} WHERE seq = -1;"
        )
    };
    // Whole rows with their hashes.
    assert_eq!(broken_at(&ledger, &swap("calls", 8, 9)), 8);
    assert_eq!(broken_at(&ledger, &swap("orders", 10, 14)), 10);
    let first_two = "UPDATE decisions SET id = 99 WHERE id = 9 * 65536; \
                     UPDATE decisions SET id = 9 * 65536 WHERE id = 9 * 65536 + 1; \
                     UPDATE decisions SET id = 9 * 65536 + 1 WHERE id = 99";
    assert_eq!(broken_at(&ledger, first_two), 9);
    let copy =
        "INSERT INTO events SELECT NULL, hash, event_time_ms, kind, actor, text, data FROM events WHERE seq = 7; ";
    assert_eq!(broken_at(&ledger, copy), 16);
    assert_eq!(broken_at(&ledger, &format!("{copy} UPDATE events SET seq = 9 WHERE seq = 16")), 9);
    assert_eq!(broken_at(&ledger, &format!("{copy} UPDATE events SET seq = -9 WHERE seq = 16")), 1);
    // A decision that no call asked for.
    let orphan = |id: &str| {
        format!(
            "INSERT INTO decisions SELECT {id}, plugin, mode, authority, outcome, cause, reason, fault, fuel, \
                 duration_ns, memory_bytes, proposed, effective FROM decisions WHERE id = 8 * 65536"
        )
    };
    assert_eq!(broken_at(&ledger, &orphan("10 * 65536")), 10);
    assert_eq!(broken_at(&ledger, &orphan("8 * 65536 + 1")), 8);
    assert_eq!(broken_at(&ledger, &orphan("900 * 65536")), 16);
    assert_eq!(broken_at(&ledger, &orphan("-1")), 1);
}

#[test]
fn the_head_the_counts_and_the_schema_are_watched_too() {
    let (ledger, ..) = written();
    assert_eq!(broken_at(&ledger, "UPDATE head SET seq = 14"), 15);
    assert_eq!(broken_at(&ledger, "UPDATE head SET seq = 16"), 16);
    assert_eq!(broken_at(&ledger, "UPDATE head SET hash = zeroblob(32)"), 15);
    assert_eq!(broken_at(&ledger, "UPDATE head SET calls = calls + 1"), 0);
    assert_eq!(broken_at(&ledger, "DELETE FROM head"), 0);
    let view = "DROP VIEW fill; CREATE VIEW fill AS SELECT * FROM fills WHERE realized_pnl_usd > 0";
    let broken = after(&ledger, |conn| conn.execute_batch(view).unwrap()).unwrap_err();
    assert!(broken.to_string().contains("`fill` of its schema"), "{broken}");
    assert_eq!(broken_at(&ledger, "CREATE TRIGGER t AFTER INSERT ON calls BEGIN DELETE FROM fills; END"), 0);
}

#[test]
fn a_head_kept_elsewhere_betrays_a_ledger_that_was_cut_or_rewritten() {
    let (ledger, _, kept) = written();
    let reader = Reader::open(&ledger.path).unwrap();
    assert_eq!(reader.verify_against(&kept).unwrap().head, kept);

    // Another ledger whose chain is perfect, of the same length.
    let other = common::ledger();
    let meta = vec![("seed".to_owned(), "43".to_owned())];
    let journal = Journal::open(&other.path, JournalOptions { meta, ..JournalOptions::default() }).unwrap();
    write_everything(&journal);
    journal.close().unwrap();
    let reader = Reader::open(&other.path).unwrap();
    reader.verify().unwrap();
    assert_eq!(reader.verify_against(&kept).unwrap_err().seq, Seq(15));
    assert_eq!(reader.verify_against(&Head { seq: 20, ..kept }).unwrap_err().seq, Seq(16));
}

#[test]
fn no_flipped_byte_of_the_file_passes_for_another_content() {
    let (ledger, records, head) = written();
    let bytes = std::fs::read(&ledger.path).unwrap();
    let copy = ledger.path.with_extension("copy");
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    // Most of a small file is free space, so the flips go where bytes are.
    let used: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i] != 0).collect();
    let mut noticed = 0;
    for _ in 0..800 {
        let mut damaged = bytes.clone();
        damaged[used[random(used.len())]] ^= 1 << random(8);
        std::fs::write(&copy, &damaged).unwrap();
        let passes = Reader::open(&copy).is_ok_and(|reader| {
            reader.verify().is_ok_and(|verified| {
                assert_eq!(verified.head, head);
                assert_eq!(read_everything(&reader), records);
                true
            })
        });
        noticed += usize::from(!passes);
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", copy.display()));
        }
    }
    assert!(noticed > 700, "{noticed} of 800");
}
