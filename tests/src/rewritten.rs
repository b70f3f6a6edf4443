//! A journal written once more, with something changed: whole and well linked, and not what happened.

use std::{collections::HashMap, ops::ControlFlow, path::Path};

use bulkhead_journal::{GuestStep, Journal, JournalOptions, Reader, Record, Seq};

/// Writes the journal at `from` to `to`. `change` sees every record with its number there, and says whether it stays.
///
/// # Panics
/// When one cannot be read or the other cannot be written.
pub fn rewritten(from: &Path, to: &Path, mut change: impl FnMut(Seq, &mut Record) -> bool) {
    let reader = Reader::open(from).unwrap();
    let journal = Journal::open(to, JournalOptions::default()).unwrap();
    for document in reader.documents().unwrap().values() {
        let _ = journal.document(document);
    }
    for (reference, identity) in reader.plugins().unwrap() {
        assert_eq!(journal.intern(&identity), reference, "numbers are given in order");
    }
    let symbols: Vec<String> = reader.symbols().unwrap().into_values().collect();
    journal.symbols(&symbols);
    // Instances are called by the number of their birth, which is another one here.
    let mut names: HashMap<u64, u64> = HashMap::new();
    reader
        .replay(Seq::NONE, |stored| {
            let mut record = stored.record;
            if !change(stored.seq, &mut record) {
                return ControlFlow::Continue(());
            }
            rename(&mut record, &names);
            let born = matches!(&record, Record::Guest(guest) if guest.step == GuestStep::Born);
            let seq = journal.append(record);
            if born {
                names.insert(stored.seq.get(), seq.get());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    journal.close().unwrap();
}

fn rename(record: &mut Record, names: &HashMap<u64, u64>) {
    let new = |name: &mut u64| {
        if *name != 0 {
            *name = names.get(name).copied().unwrap_or(u64::MAX);
        }
    };
    match record {
        Record::Call(call) => call.decisions.iter_mut().for_each(|decision| new(&mut decision.instance)),
        Record::Guest(guest) => new(&mut guest.instance),
        _ => {}
    }
}
