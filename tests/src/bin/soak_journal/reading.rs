//! What people ask of a long journal, and the whole of it.

use core::ops::ControlFlow;
use std::time::Instant;

use bulkhead_journal::{Filter, KnownNames, Reader, Seq};
use bulkhead_server::why::{Question, answer};
use bulkhead_tests::soak::{Report, memory};
use hdrhistogram::Histogram;

use crate::{
    made::{CYCLE_MS, START_MS, SYMBOLS, traded_before},
    writing::Written,
};

const NAME: &str = "reading";
/// Questions of each kind.
const QUESTIONS: u64 = 100;

/// Stories of orders, signals and moments all over the journal, each as the command line asks: from the opening on.
pub fn questions(written: &Written, report: &mut Report) {
    type Ask = fn(u64) -> Question;
    report.say(&format!("\nquestions to {} records", written.records));
    let kinds: [(&str, Ask); 3] = [
        ("why, by order", |cycle| Question::Order(traded_before(cycle))),
        ("why, by correlation", |cycle| Question::Correlation(2 * cycle + 1)),
        ("why, by symbol and time", |cycle| Question::Moment {
            symbol: (cycle * 11 % SYMBOLS) as u32,
            at_ms: START_MS + cycle * CYCLE_MS + 7_000,
        }),
    ];
    let kept = Reader::open(&written.path).unwrap();
    let names = kept.names().unwrap();
    let mut untold = 0;
    for (name, question) in kinds {
        let (mut first, mut again) = (times(), times());
        for n in 0..QUESTIONS {
            let question = question(2 + (written.cycles - 2) * n / QUESTIONS);
            untold += u64::from(!told(&mut first, || {
                let reader = Reader::open(&written.path).unwrap();
                let names = reader.names().unwrap();
                ask(&reader, &names, &question)
            }));
            untold += u64::from(!told(&mut again, || ask(&kept, &names, &question)));
        }
        report.times(name, &first, "us");
        report.times(&format!("{name}, reader kept"), &again, "us");
        report.most(NAME, &format!("{name}, p99, ms"), first.value_at_quantile(0.99) as f64 / 1e3, 100.0);
    }
    report.none(NAME, "questions without an answer", untold);
}

fn times() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).unwrap()
}

fn told(times: &mut Histogram<u64>, ask: impl FnOnce() -> bool) -> bool {
    let begun = Instant::now();
    let told = ask();
    times.saturating_record(u64::try_from(begun.elapsed().as_micros()).unwrap());
    told
}

fn ask(reader: &Reader, names: &KnownNames, question: &Question) -> bool {
    answer(reader, question, names).unwrap().is_some_and(|story| story.sentences().len() > 2)
}

/// Verified, counted, streamed: in memory that does not grow with it.
pub fn whole(written: &Written, report: &mut Report) {
    report.say(&format!("\nthe whole of {} records", written.records));
    let before = memory::resident_bytes();
    let reader = Reader::open(&written.path).unwrap();
    let mut timed = |what: &str, done: &mut dyn FnMut()| {
        let begun = Instant::now();
        done();
        let seconds = begun.elapsed().as_secs_f64();
        report.say(&format!("  {what:<12} {seconds:>8.2} s, {:.0} records/s", written.records as f64 / seconds));
    };
    let mut seen = 0u64;
    timed("verify", &mut || assert_eq!(reader.verify_against(&written.head).unwrap().head, written.head));
    timed("stream", &mut || {
        let counted = |_| {
            seen += 1;
            ControlFlow::Continue(())
        };
        reader.replay(Seq::NONE, counted).unwrap();
    });
    timed("counts", &mut || assert!(reader.counts().unwrap().calls > 0));
    timed("latest 50", &mut || {
        let latest = Filter { newest_first: true, limit: Some(50), ..Filter::default() };
        assert_eq!(reader.decisions(&latest).unwrap().len(), 50);
    });
    let grown = (memory::peak_bytes() - before) / (1 << 20) as f64;
    report.none(NAME, "records that are missing", written.records.abs_diff(seen));
    report.most(NAME, &format!("memory for {} records, MiB", written.records), grown, 128.0);
}
