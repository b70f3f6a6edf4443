//! Whatever is changed in the folder is noticed, and the place is named.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test binary: a failure is the point"
)]

mod common;

use std::path::Path;

use bulkhead_journal::{Broken, Head, Journal, JournalOptions, Reader, Record, Seq};
use common::*;

/// Offsets of the frames of a segment: behind the header, and each behind the one before.
fn frames(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let mut at = (24 + number(12)).next_multiple_of(4_096);
    let mut all = Vec::new();
    while number(at) != 0 {
        let end = (at + 32 + number(at + 4)).next_multiple_of(8);
        all.push(at..end);
        at = end;
    }
    all
}

/// Gives a frame the checksum of its changed bytes, as somebody would who knows the format.
fn repair(bytes: &mut [u8], frame: &std::ops::Range<usize>) {
    let length = u32::from_le_bytes(bytes[frame.start + 4..frame.start + 8].try_into().unwrap()) as usize;
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[frame.start + 4..frame.start + 8]);
    sum.update(&bytes[frame.start + 12..frame.start + 32 + length]);
    let sum = sum.finalize();
    bytes[frame.start + 8..frame.start + 12].copy_from_slice(&sum.to_le_bytes());
}

/// Edits a copy of the only segment and verifies it.
fn after(path: &Path, edit: impl FnOnce(&mut Vec<u8>, &[std::ops::Range<usize>])) -> Result<(), Broken> {
    let copied = path.with_extension("copy");
    copy(path, &copied);
    let file = &segments(&copied)[0];
    let mut bytes = std::fs::read(file).unwrap();
    let all = frames(&bytes);
    edit(&mut bytes, &all);
    std::fs::write(file, &bytes).unwrap();
    Reader::open(&copied).unwrap().verify().map(drop)
}

#[test]
fn one_changed_byte_is_located_even_when_its_checksum_was_repaired() {
    let (ledger, _, head) = written();
    for n in 0..head.seq as usize {
        let mut at = 0;
        let broken = after(&ledger.path, |bytes, frames| {
            at = frames[n].start;
            bytes[frames[n].start + 33] ^= 1;
        });
        let broken = broken.unwrap_err();
        assert_eq!((broken.seq.get(), broken.place.as_ref().unwrap().offset), (n as u64 + 1, at as u64), "{broken}");
        assert!(broken.to_string().contains("00000000.seg at byte"), "{broken}");
        let broken = after(&ledger.path, |bytes, frames| {
            // The last byte of the payload, padding aside.
            let last = bytes[..frames[n].end].iter().rposition(|b| *b != 0).unwrap();
            bytes[last] ^= 0x40;
            repair(bytes, &frames[n]);
        });
        let broken = broken.unwrap_err();
        assert_eq!(broken.seq.get(), n as u64 + 1, "{broken}");
        assert!(broken.what.contains("was changed"), "{broken}");
    }
}

#[test]
fn a_gap_a_reordering_and_a_repetition_are_told_apart() {
    let (ledger, ..) = written();
    let gap = after(&ledger.path, |bytes, frames| {
        let gone = bytes.drain(frames[7].clone()).len();
        bytes.extend(vec![0; gone]);
    });
    let gap = gap.unwrap_err();
    assert_eq!((gap.seq.get(), &*gap.what), (8, "it is missing: record 9 stands in its place"));
    let swapped = after(&ledger.path, |bytes, frames| {
        let (a, b) = (frames[7].clone(), frames[8].clone());
        let both = [&bytes[b.clone()], &bytes[a.clone()]].concat();
        bytes[a.start..b.end].copy_from_slice(&both);
    });
    let swapped = swapped.unwrap_err();
    assert_eq!((swapped.seq.get(), &*swapped.what), (8, "record 9 stands in its place: records were reordered"));
    let twice = after(&ledger.path, |bytes, frames| {
        let again = bytes[frames[7].clone()].to_vec();
        let at = frames[8].start;
        bytes.splice(at..at, again.iter().copied());
        bytes.truncate(bytes.len() - again.len());
    });
    let twice = twice.unwrap_err();
    assert_eq!((twice.seq.get(), &*twice.what), (9, "record 8 stands in its place, a second time"));
    let zeroed = after(&ledger.path, |bytes, frames| bytes[frames[7].start..frames[9].end].fill(0)).unwrap_err();
    assert_eq!((zeroed.seq.get(), &*zeroed.what), (8, "it and the records up to 10 are damaged or missing"));
}

#[test]
fn files_that_are_gone_cut_or_exchanged_are_named() {
    let ledger = ledger();
    let options = JournalOptions { segment_bytes: 64 << 10, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    (0..2_000).for_each(|n| assert!(journal.append(Record::Call(call(n, vec![]))).is_kept()));
    journal.close().unwrap();
    let copied = ledger.path.with_extension("copy");
    let edited = |edit: &dyn Fn(&[std::path::PathBuf])| {
        copy(&ledger.path, &copied);
        edit(&segments(&copied));
        Reader::open(&copied).unwrap().verify().unwrap_err().to_string()
    };
    let total = segments(&ledger.path).len();
    assert!(total > 3);
    let what = edited(&|files| std::fs::remove_file(&files[1]).unwrap());
    assert!(what.ends_with("(00000001.seg at byte 0): the segment is missing"), "{what}");
    let what = edited(&|files| std::fs::remove_file(&files[0]).unwrap());
    assert!(what.contains("are missing, and none was let go"), "{what}");
    let what = edited(&|files| std::fs::remove_file(&files[total - 1]).unwrap());
    assert!(what.contains("it is missing: the exported head names record 2000"), "{what}");
    let what = edited(&|files| {
        std::fs::rename(&files[1], files[1].with_extension("x")).unwrap();
        std::fs::rename(&files[2], &files[1]).unwrap();
        std::fs::rename(files[1].with_extension("x"), &files[2]).unwrap();
    });
    assert!(what.contains("segments were exchanged"), "{what}");
    let what = edited(&|files| {
        let bytes = std::fs::read(&files[1]).unwrap();
        std::fs::write(&files[1], &bytes[..bytes.len() - 8]).unwrap();
    });
    assert!(what.contains("(00000001.seg at byte 0): the segment was cut off or made longer"), "{what}");
    let what = edited(&|files| {
        let map = files[1].with_extension("zone");
        let other = std::fs::read(files[0].with_extension("zone")).unwrap();
        std::fs::write(map, other).unwrap();
    });
    assert!(what.contains("00000001.zone"), "{what}");
    let what = edited(&|files| std::fs::write(files[0].with_file_name("head"), "2000:abc\n").unwrap());
    assert!(what.contains("the exported head cannot be read"), "{what}");
}

#[test]
fn a_head_kept_elsewhere_betrays_a_ledger_that_was_cut_or_rewritten() {
    let (ledger, _, kept) = written();
    let reader = Reader::open(&ledger.path).unwrap();
    assert_eq!(reader.verify_against(&kept).unwrap().head, kept);
    assert_eq!(kept.to_string().parse::<Head>().unwrap(), kept);

    // Another ledger whose chain is perfect, of the same length.
    let other = common::ledger();
    let meta = vec![("seed".to_owned(), "43".to_owned())];
    let journal = Journal::open(&other.path, JournalOptions { meta, ..JournalOptions::default() }).unwrap();
    write_everything(&journal);
    journal.close().unwrap();
    let reader = Reader::open(&other.path).unwrap();
    reader.verify().unwrap();
    let broken = reader.verify_against(&kept).unwrap_err();
    assert_eq!(broken.seq, Seq(15));
    assert!(broken.what.contains("the head that was kept: records were rewritten"), "{broken}");
    assert_eq!(reader.verify_against(&Head { seq: 20, ..kept }).unwrap_err().seq, Seq(16));
}

#[test]
fn a_flipped_bit_in_a_file_is_noticed_and_no_crash_for_a_reader() {
    let ledger = ledger();
    let options = JournalOptions { segment_bytes: 64 << 10, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    let risk = journal.intern(&identity("risk-os", "1"));
    (0..600).for_each(|n| assert!(journal.append(Record::Call(call(n, vec![decision(risk)]))).is_kept()));
    journal.close().unwrap();
    let files = segments(&ledger.path);
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..2_000 {
        let file = &files[random(files.len())];
        let mut bytes = std::fs::read(file).unwrap();
        let (byte, bit) = (random(bytes.len()), random(8));
        bytes[byte] ^= 1 << bit;
        std::fs::write(file, &bytes).unwrap();
        let reader = Reader::open(&ledger.path).unwrap();
        match reader.verify() {
            Err(broken) => {
                let place = broken.place.expect("a flipped bit has a place");
                assert!(file.ends_with(&place.file), "{byte}: {place:?}");
            }
            // Behind the last record it is no record: bytes that should not be there.
            Ok(verified) => assert!(
                verified.unfinished_bytes > 0 && Some(file) == files.last(),
                "byte {byte}, bit {bit} of {}",
                file.display()
            ),
        }
        // What can be read is read, and nothing of it panics.
        let _ = (reader.counts(), reader.calls(&Default::default()).map(|c| c.len()));
        bytes[byte] ^= 1 << bit;
        std::fs::write(file, &bytes).unwrap();
    }
    Reader::open(&ledger.path).unwrap().verify().unwrap();
}
