//! Power cuts, failing operations and flipped bits, on a disk in memory. They prove the order of writes and syncs; that
//! a real disk keeps what it acknowledged is its maker's promise.

use std::io::ErrorKind;

use super::{Log, Opened, Refused};
use crate::{
    EventKind, EventRecord, Head, Record, Retention, Seq,
    chain::Chain,
    code,
    disk::{
        Disk, SegmentFile as _,
        faulty::{Dice, Faulty},
    },
    entry::Entry,
    schema::{self, SCHEMA_VERSION, older},
    segment::{
        file_name, frame,
        header::{Header, Tables},
        indexes,
        keys::Keys,
    },
    verify::verify,
};

const SEGMENT: usize = 24 << 10;

fn entry(n: u64) -> Entry {
    if n % 11 == 3 {
        return Entry::Symbol((n % 5) as u32, format!("S{n}"));
    }
    Entry::Record(Record::Event(EventRecord {
        event_time_ms: n,
        kind: EventKind::Note,
        actor: "test".to_owned(),
        text: "x".repeat((n * 37 % 700) as usize),
        data: String::new(),
    }))
}

/// The head of a chain with that many entries, and what it promises: it was acknowledged.
#[derive(Default)]
struct Acked(Option<Head>);

/// Appends, writes and syncs at random until it is done or fails.
fn work(disk: &Faulty, dice: &mut Dice, entries: u64, acked: &mut Acked) -> Result<(), Refused> {
    let Opened { mut log, .. } = Log::open(disk.clone(), SEGMENT)?;
    for _ in 0..entries {
        log.append(&entry(log.chain().seq() + 1))?;
        match dice.roll(12) {
            0..3 => log.write()?,
            3..6 => {
                log.write()?;
                log.sync()?;
                acked.0 = Some(log.chain().head());
            }
            6 => log.export_head()?,
            _ => {}
        }
    }
    if dice.roll(2) == 0 {
        log.close()?;
    }
    Ok(())
}

/// The journal opens, its chain holds and it contains everything that was acknowledged.
fn check(disk: &Faulty, acked: &Acked, what: &str) -> usize {
    let opened = Log::open(disk.clone(), SEGMENT).unwrap_or_else(|why| panic!("{what}: {why:?}"));
    let head = opened.log.chain().head();
    let torn = opened.torn_bytes;
    drop(opened);
    let verified = match &acked.0 {
        Some(kept) => crate::verify::verify(disk, Some(kept)),
        None => verify(disk, None),
    };
    let verified = verified.unwrap_or_else(|broken| panic!("{what}: {broken}"));
    assert_eq!((verified.head, verified.unfinished_bytes), (head, 0), "{what}");
    torn
}

#[test]
fn a_power_cut_at_any_point_loses_nothing_that_was_acknowledged() {
    let (mut torn, mut longest) = (0, 0);
    for seed in 0..1_500u64 {
        let (disk, mut dice, mut acked) = (Faulty::default(), Dice(seed), Acked::default());
        for cut in 0..3 {
            disk.stop_after(dice.roll(260));
            let _ = work(&disk, &mut dice, 60 + seed % 90, &mut acked);
            disk.cut(&mut dice);
            // Power may fail again while the journal heals.
            disk.stop_after(dice.roll(12));
            let _ = Log::open(disk.clone(), SEGMENT);
            disk.cut(&mut dice);
            torn += usize::from(check(&disk, &acked, &format!("seed {seed}, cut {cut}")) > 0);
            longest = longest.max(indexes(&disk.list().unwrap()).len());
        }
    }
    assert!(torn > 100 && longest > 2, "the cuts hit nothing: {torn} torn, {longest} segments");
}

#[test]
fn an_operation_that_fails_ends_the_log_and_loses_nothing_that_was_acknowledged() {
    for kind in [ErrorKind::StorageFull, ErrorKind::Other, ErrorKind::Interrupted, ErrorKind::NotFound] {
        let clean = Faulty::default();
        work(&clean, &mut Dice(7), 120, &mut Acked::default()).unwrap();
        for step in 1..=clean.steps() {
            let (disk, mut acked) = (Faulty::default(), Acked::default());
            disk.fail_at(step, kind);
            // Zone maps and files made ahead may fail without ending anything.
            let ended = work(&disk, &mut Dice(7), 120, &mut acked);
            disk.mend();
            check(&disk, &acked, &format!("{kind:?} at step {step}: {ended:?}"));
            work(&disk, &mut Dice(step), 20, &mut acked).unwrap();
            check(&disk, &acked, &format!("after {kind:?} at step {step}"));
        }
    }
}

fn closed(entries: u64) -> Faulty {
    let disk = Faulty::default();
    let mut log = Log::open(disk.clone(), SEGMENT).unwrap().log;
    (1..=entries).for_each(|n| {
        log.append(&entry(n)).unwrap();
        if n % 7 == 0 {
            log.write().unwrap();
            log.sync().unwrap();
        }
    });
    log.close().unwrap();
    disk
}

#[test]
fn of_ten_thousand_flipped_bits_each_is_noticed() {
    let disk = closed(150);
    verify(&disk, None).unwrap();
    let files: Vec<(String, usize)> =
        disk.list().unwrap().into_iter().map(|name| (name.clone(), disk.len(&name).unwrap() as usize)).collect();
    assert!(files.len() > 5, "{files:?}");
    let total: usize = files.iter().map(|(_, length)| length).sum();
    let last = &files.iter().rfind(|(name, _)| name.ends_with(".seg")).unwrap().0;
    let mut dice = Dice(1);
    for _ in 0..10_000 {
        let mut byte = dice.roll(total as u64) as usize;
        let (name, _) = files
            .iter()
            .find(|(_, length)| {
                byte < *length || {
                    byte -= length;
                    false
                }
            })
            .unwrap();
        let bit = byte * 8 + dice.roll(8) as usize;
        disk.flip(name, bit);
        match verify(&disk, None) {
            Err(broken) if name.ends_with(".seg") => {
                assert_eq!(broken.place.as_ref().map(|p| &p.file), Some(name), "bit {bit}: {broken}");
            }
            Err(_) => {}
            // Behind the last record it is no record: bytes that should not be there.
            Ok(verified) => assert!(verified.unfinished_bytes > 0 && name == last, "{name}, bit {bit}"),
        }
        disk.flip(name, bit);
    }
    verify(&disk, None).unwrap();
}

#[test]
fn a_writer_does_not_continue_what_was_damaged_after_it_was_durable() {
    let disk = closed(150);
    let last = file_name(*indexes(&disk.list().unwrap()).last().unwrap());
    let bytes = disk.read(&last).unwrap();
    let used = bytes.iter().rposition(|b| *b != 0).unwrap();
    for byte in (0..used).step_by(13) {
        disk.flip(&last, byte * 8);
        let refused = Log::open(disk.clone(), SEGMENT).err().expect("a damaged log was opened");
        assert!(matches!(refused, Refused::Damaged { .. }), "{byte}: {refused:?}");
        disk.flip(&last, byte * 8);
    }
    assert_eq!(disk.read(&last).unwrap(), bytes, "it was left as it is");
}

#[test]
fn what_is_let_go_is_said_first_and_the_rest_is_whole() {
    let disk = closed(400);
    let mut log = Log::open(disk.clone(), SEGMENT).unwrap().log;
    let before = indexes(&disk.list().unwrap());
    assert_eq!(log.over(&Retention::default()).unwrap(), None);
    let keep = Retention { max_bytes: Some(3 * SEGMENT as u64), max_age_ms: None };
    let leaving = log.over(&keep).unwrap().unwrap();
    assert_eq!(leaving.segments.len(), before.len() - 3);
    // Gone without a word: noticed.
    log.remove(&leaving.segments).unwrap();
    let broken = verify(&disk, None).unwrap_err();
    assert!(broken.what.contains(&format!("up to {} are missing", leaving.through)), "{broken}");
    let said = EventRecord {
        event_time_ms: 1,
        kind: EventKind::JournalTrimmed,
        actor: "journal".to_owned(),
        text: String::new(),
        data: super::Trimmed { through: leaving.through }.to_json(),
    };
    log.append(&Entry::Record(Record::Event(said))).unwrap();
    log.close().unwrap();
    let verified = verify(&disk, None).unwrap();
    assert_eq!((verified.first, verified.entries), (leaving.through + 1, 401));
    // By age: event times are the entries' numbers here.
    let log = Log::open(disk.clone(), SEGMENT).unwrap().log;
    assert_eq!(log.over(&Retention { max_bytes: None, max_age_ms: Some(399) }).unwrap(), None);
    let leaving = log.over(&Retention { max_bytes: None, max_age_ms: Some(5) }).unwrap().unwrap();
    assert_eq!(leaving.segments, before[before.len() - 3..before.len() - 1]);
}

/// A journal as a host of another time left it: one segment in an older schema.
fn older(notes: u64) -> Faulty {
    let disk = Faulty::default();
    let header = Header {
        index: 0,
        length: SEGMENT as u64,
        first: 1,
        prev: [0; 32],
        names: code::names(),
        tables: Tables::default(),
    };
    let mut bytes = header.to_bytes(older::SCHEMA).unwrap();
    let mut chain = Chain::empty();
    chain.begin_segment(&bytes);
    let base = bytes.len() as u32;
    for n in 1..=notes {
        let note = older::Note { text: format!("note {n}"), event_time_ms: n };
        let payload = postcard::to_stdvec(&(Seq(n), note)).unwrap();
        let link = frame::link(&chain.link(&payload));
        frame::put(&mut bytes, base, &link, &payload).unwrap();
    }
    let mut file = disk.create(&file_name(0), SEGMENT as u64).unwrap();
    file.write_at(&bytes, 0).unwrap();
    file.sync().unwrap();
    disk.sync().unwrap();
    disk
}

#[test]
fn a_journal_of_an_older_schema_is_read_as_it_is_and_continued_in_todays() {
    let disk = older(5);
    let before = disk.read(&file_name(0)).unwrap();
    assert_eq!(verify(&disk, None).unwrap().entries, 5);
    let mut log = Log::open(disk.clone(), SEGMENT).unwrap().log;
    assert_eq!((log.chain().seq(), log.segment()), (5, 1));
    log.append(&entry(6)).unwrap();
    log.close().unwrap();
    let verified = verify(&disk, None).unwrap();
    assert_eq!((verified.first, verified.entries), (1, 6));
    assert_eq!(disk.read(&file_name(0)).unwrap(), before, "what is chained is never rewritten");
    let (old, new) = (disk.read(&file_name(0)).unwrap(), disk.read(&file_name(1)).unwrap());
    let read = Header::read(&old).unwrap();
    assert_eq!(read.schema, older::SCHEMA);
    assert_eq!(Header::read(&new).unwrap().schema, SCHEMA_VERSION);
    let frame = frame::at(&old, read.end).unwrap();
    let (seq, first) = schema::decode(read.schema, frame.payload).unwrap();
    let Entry::Record(Record::Event(note)) = &first else { panic!("{first:?}") };
    assert_eq!((seq.0, note.kind, note.text.as_str(), note.event_time_ms), (1, EventKind::Note, "note 1", 1));
    assert_eq!(schema::keys(read.schema, frame.payload), Some(Keys::of(1, &first)));
    // One of a time to come is refused, and left as it is.
    let later = Faulty::default();
    let header = Header { length: SEGMENT as u64, ..read.header };
    let mut file = later.create(&file_name(0), SEGMENT as u64).unwrap();
    file.write_at(&header.to_bytes(SCHEMA_VERSION + 1).unwrap(), 0).unwrap();
    file.sync().unwrap();
    later.sync().unwrap();
    let refused = Log::open(later, SEGMENT).err().expect("a journal of a later schema was opened");
    assert!(matches!(&refused, Refused::Version(why) if why.contains("its schema is 3")), "{refused:?}");
}
