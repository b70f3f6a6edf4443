//! What readers find, against a plain look at everything; also while a writer writes.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test binary: a failure is the point")]

mod common;

use std::ops::ControlFlow;

use bulkhead_journal::{
    CallRecord, EventKind, EventRecord, FillRecord, Filter, Journal, JournalOptions, OrderRecord, OutcomeKind, Reader,
    Record, Seq, Stored,
};
use bulkhead_policy::{Cause, FaultClass, HookId, Outcome};
use common::*;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize]
    }

    fn perhaps<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.roll(3) == 0).then(|| value(self))
    }
}

const START: u64 = 1_700_000_000_000;
const KINDS: [EventKind; 3] = [EventKind::Note, EventKind::TradeStopped, EventKind::ModeChanged];

/// A record about one of the trades around `n`: time goes on, old trades come back.
fn record(dice: &mut Dice, n: u64, plugins: &[bulkhead_journal::PluginRef]) -> Record {
    let (event_time_ms, correlation) = (START + n / 3, (n / 7).saturating_sub(dice.roll(3) * dice.roll(60)));
    let order_id = correlation * 2 + dice.roll(2);
    match dice.roll(10) {
        0 => Record::Order(OrderRecord { event_time_ms, correlation, order_id, ..order(1) }),
        1 => Record::Fill(FillRecord { event_time_ms, correlation, order_id, ..fill(1) }),
        2 => Record::Event(EventRecord { event_time_ms, ..event(dice.one(&KINDS), "said") }),
        _ => {
            let outcome = dice.one(&[Outcome::Applied, Outcome::Observed, Outcome::Defaulted(Cause::Off)]);
            let decisions = (0..dice.roll(3)).map(|_| match dice.roll(40) {
                0 => faulty(dice.one(plugins), FaultClass::Trap),
                _ => decision(dice.one(plugins)),
            });
            let decisions = decisions.collect();
            let hook = dice.one(&[HookId::RiskCheck, HookId::Signal, HookId::PositionSizing]);
            let symbol = dice.perhaps(|dice| dice.roll(5) as u32);
            Record::Call(CallRecord { event_time_ms, correlation, hook, symbol, outcome, ..call(n, decisions) })
        }
    }
}

fn question(dice: &mut Dice, records: u64) -> Filter {
    let from_ms = dice.perhaps(|dice| START + dice.roll(records / 3 + 1));
    Filter {
        hook: dice.perhaps(|dice| dice.one(&[HookId::RiskCheck, HookId::Signal, HookId::Rebalance])),
        symbol: dice.perhaps(|dice| dice.roll(6) as u32),
        outcome: dice.perhaps(|dice| dice.one(OutcomeKind::ALL)),
        cause: dice.perhaps(|dice| dice.one(&[Cause::Off, Cause::Fault(FaultClass::Trap)])),
        from_ms,
        until_ms: dice.perhaps(|dice| from_ms.unwrap_or(START) + dice.roll(400)),
        correlation: dice.perhaps(|dice| dice.roll(records / 7 + 1)),
        order: dice.perhaps(|dice| dice.roll(records / 3 + 1)),
        event: dice.perhaps(|dice| dice.one(&KINDS)),
        after: dice.perhaps(|dice| Seq(dice.roll(records + 1))),
        newest_first: dice.roll(2) == 0,
        limit: dice.perhaps(|dice| dice.roll(40) as usize),
        subsystem: dice.perhaps(|dice| dice.one(&["risk-os", "ai-hfos", "nobody"]).to_owned()),
    }
}

/// The same conditions, one record at a time.
fn matches(f: &Filter, seq: Seq, record: &Record, who: impl Fn(&CallRecord) -> bool) -> bool {
    let ms = record.event_time_ms();
    let of_trade = |symbol: Option<u32>, correlation: u64| {
        f.symbol.is_none_or(|wanted| symbol == Some(wanted)) && f.correlation.is_none_or(|wanted| wanted == correlation)
    };
    f.after.is_none_or(|after| seq > after)
        && f.from_ms.is_none_or(|from| ms >= from)
        && f.until_ms.is_none_or(|until| ms < until)
        && match record {
            Record::Call(r) => {
                of_trade(r.symbol, r.correlation)
                    && f.hook.is_none_or(|hook| hook == r.hook)
                    && f.outcome.is_none_or(|kind| kind == OutcomeKind::of(r.outcome))
                    && f.cause.is_none_or(|cause| Some(cause) == r.outcome.cause())
                    && (f.subsystem.is_none() || who(r))
            }
            Record::Order(r) => {
                of_trade(Some(r.symbol), r.correlation) && f.order.is_none_or(|order| order == r.order_id)
            }
            Record::Fill(r) => {
                of_trade(Some(r.symbol), r.correlation) && f.order.is_none_or(|order| order == r.order_id)
            }
            Record::Event(r) => f.event.is_none_or(|kind| kind == r.kind),
            Record::Guest(_) | Record::Directives(_) => true,
        }
}

fn ask(reader: &Reader, all: &[Stored<Record>], f: &Filter) {
    let plugins = reader.plugins().unwrap();
    let who = |call: &CallRecord| {
        call.decisions.iter().any(|d| {
            plugins
                .iter()
                .any(|(number, identity)| *number == d.plugin && Some(&identity.subsystem) == f.subsystem.as_ref())
        })
    };
    let mut expected: Vec<&Stored<Record>> = all.iter().filter(|s| matches(f, s.seq, &s.record, who)).collect();
    if f.newest_first {
        expected.reverse();
    }
    let limit = f.limit.unwrap_or(usize::MAX);
    let of = |kind: fn(&Record) -> bool| -> Vec<u64> {
        expected.iter().filter(|s| kind(&s.record)).take(limit).map(|s| s.seq.get()).collect()
    };
    fn seqs<T>(found: Vec<Stored<T>>) -> Vec<u64> {
        found.into_iter().map(|s| s.seq.get()).collect()
    }
    assert_eq!(seqs(reader.calls(f).unwrap()), of(|r| matches!(r, Record::Call(_))), "calls, {f:?}");
    assert_eq!(seqs(reader.orders(f).unwrap()), of(|r| matches!(r, Record::Order(_))), "orders, {f:?}");
    assert_eq!(seqs(reader.fills(f).unwrap()), of(|r| matches!(r, Record::Fill(_))), "fills, {f:?}");
    assert_eq!(seqs(reader.events(f).unwrap()), of(|r| matches!(r, Record::Event(_))), "events, {f:?}");
    let first = reader.find_event(f, |_| true).unwrap().map(|found| found.seq.get());
    let event = expected.iter().find(|s| matches!(s.record, Record::Event(_))).map(|s| s.seq.get());
    assert_eq!(first, event, "{f:?}");
}

#[test]
fn every_question_finds_what_a_plain_look_finds_while_the_ledger_grows_and_afterwards() {
    let ledger = ledger();
    let options = JournalOptions { segment_bytes: 256 << 10, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    let plugins = [("risk-os", "1"), ("ai-hfos", "1"), ("risk-os", "2")]
        .map(|(name, version)| journal.intern(&identity(name, version)));
    journal.sync().unwrap();
    let follower = Reader::open(&ledger.path).unwrap();
    let (mut dice, mut all) = (Dice(1), Vec::new());
    for n in 0..20_000 {
        let record = record(&mut dice, n, &plugins);
        let seq = journal.append(record.clone());
        all.push(Stored { seq, record });
        if n % 1_000 == 0 {
            journal.sync().unwrap();
            for _ in 0..4 {
                ask(&follower, &all, &question(&mut dice, n));
            }
            assert_eq!(follower.head().unwrap().seq, seq.get());
            let calls = all.iter().filter(|s| matches!(s.record, Record::Call(_))).count() as u64;
            assert_eq!(follower.counts().unwrap().calls, calls);
        }
    }
    let late = journal.intern(&identity("late", "1"));
    assert!(!plugins.contains(&late));
    let head = journal.close().unwrap();
    assert!(segments(&ledger.path).len() > 6);
    let fresh = Reader::open(&ledger.path).unwrap();
    for reader in [&follower, &fresh] {
        (0..400).for_each(|_| ask(reader, &all, &question(&mut dice, 20_000)));
        assert_eq!((reader.head().unwrap(), reader.counts().unwrap()), (head.clone(), fresh.counts().unwrap()));
        assert_eq!(reader.plugins().unwrap().len(), 4);
        for place in [0, 1, all.len() / 2, all.len() - 1] {
            let found = reader.call(all[place].seq).unwrap().map(|found| Record::Call(found.record));
            assert_eq!(found.as_ref(), Some(&all[place].record).filter(|r| matches!(r, Record::Call(_))));
        }
    }
    // Maps that are damaged or gone change no answer.
    for segment in segments(&ledger.path) {
        let _ = std::fs::write(segment.with_extension("zone"), b"nothing");
    }
    let fresh = Reader::open(&ledger.path).unwrap();
    (0..40).for_each(|_| ask(&fresh, &all, &question(&mut dice, 20_000)));
}

#[test]
fn a_reader_beside_a_writer_never_sees_damage_and_never_less_than_before() {
    let ledger = ledger();
    let options = JournalOptions { segment_bytes: 256 << 10, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    journal.sync().unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let follower = Reader::open(&ledger.path).unwrap();
            let (mut seen, mut looks) = (0, 0);
            while !done.load(std::sync::atomic::Ordering::Relaxed) || looks == 0 {
                let mut last = seen;
                follower
                    .replay(Seq(seen), |stored| {
                        assert_eq!(stored.seq.get(), last + 1, "nothing is missing");
                        last = stored.seq.get();
                        ControlFlow::Continue(())
                    })
                    .unwrap();
                assert!(follower.head().unwrap().seq >= last);
                Reader::open(&ledger.path).unwrap().verify().unwrap();
                (seen, looks) = (last, looks + 1);
            }
        });
        for n in 0..60_000 {
            journal.append(note(n));
            if n % 50 == 0 {
                journal.before_order().unwrap();
            }
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(Reader::open(&ledger.path).unwrap().verify().unwrap().head, journal.close().unwrap());
}
