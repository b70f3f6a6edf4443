//! What is appended is what is read.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test binary: a failure is the point"
)]

mod common;

use core::ops::ControlFlow;

use bulkhead_journal::{
    Counts, DecisionRecord, EventKind, FillRecord, Filter, Journal, JournalOptions, OrderRecord, OutcomeKind, Reader,
    Record, Seq,
};
use bulkhead_policy::{
    Authority, Brake, Cause, FaultClass, HookId, Mode, Outcome, ReasonCode, RiskMode, Side, Stage, trade::OrderType,
    value::MAX_TEXT,
};
use common::*;

#[test]
fn everything_reads_back_equal_and_in_order() {
    let (ledger, records, head) = written();
    let reader = Reader::open(&ledger.path).unwrap();
    assert_eq!(read_everything(&reader), records);
    // seed, three symbols and two plugins stand before the first record.
    let seqs: Vec<u64> = records.iter().map(|r| r.seq.get()).collect();
    assert_eq!(seqs, (7..16).collect::<Vec<_>>());
    assert_eq!(reader.head().unwrap(), head);
    assert_eq!(reader.verify().unwrap().entries, 15);
    let counts =
        Counts { calls: 4, decisions: 6, orders: 2, fills: 1, events: 2, plugins: 2, symbols: 3, meta: 1, replay: 0 };
    assert_eq!(reader.counts().unwrap(), counts);
    assert_eq!(reader.meta().unwrap()[0].record, ("seed".to_owned(), "42".to_owned()));
    assert_eq!(reader.symbols().unwrap().into_values().collect::<Vec<_>>(), ["BTC", "ETH", "SOL"]);
    let plugins = reader.plugins().unwrap();
    assert_eq!(plugins[1].1, identity("ai-hfos", "2.1.0"));
}

#[test]
fn every_value_of_every_closed_set_survives() {
    let ledger = ledger();
    let journal = open(&ledger.path);
    let plugin = journal.intern(&identity("risk-os", "1"));
    let faults = FaultClass::ALL.iter().map(|c| Cause::Fault(*c));
    let causes = [Cause::Unbound, Cause::Off, Cause::Brake].into_iter().chain(faults).map(Outcome::Defaulted);
    let outcomes: Vec<_> = [Outcome::Applied, Outcome::Advised, Outcome::Observed].into_iter().chain(causes).collect();
    let mut records = Vec::new();
    for n in 0..ReasonCode::ALL.len() {
        fn at<T: Copy>(all: &[T], n: usize) -> T {
            all[n % all.len()]
        }
        let mut record = call(n as u64, vec![]);
        record.hook = at(HookId::ALL, n);
        record.stage = at(Stage::ALL, n);
        record.brake = at(Brake::ALL, n);
        record.risk_mode = at(RiskMode::ALL, n);
        record.outcome = at(&outcomes, n);
        record.decisions.push(DecisionRecord {
            mode: at(Mode::ALL, n),
            authority: at(Authority::ALL, n),
            reason: Some(ReasonCode::ALL[n]),
            outcome: at(&outcomes, n + 1),
            ..decision(plugin)
        });
        records.push(Record::Call(record));
        let (side, order_type) = (at(Side::ALL, n), at(OrderType::ALL, n));
        records.push(Record::Order(OrderRecord { side, order_type, ..order(n as u64) }));
        records.push(Record::Event(event(at(EventKind::ALL, n), "")));
    }
    records.iter().for_each(|r| assert!(journal.append(r.clone()).is_kept()));
    journal.close().unwrap();
    let reader = Reader::open(&ledger.path).unwrap();
    reader.verify().unwrap();
    let read: Vec<_> = read_everything(&reader).into_iter().map(|s| s.record).collect();
    assert_eq!(read, records);
}

#[test]
fn evidence_is_kept_as_it_came() {
    let ledger = ledger();
    let journal = open(&ledger.path);
    let plugin = journal.intern(&identity("risk-os", "1"));
    let order = OrderRecord {
        correlation: u64::MAX,
        order_id: 1 << 63,
        quantity: f64::NAN,
        price: Some(-f64::NAN),
        notional_usd: f64::NEG_INFINITY,
        verdict: String::new(),
        text: "nul \0 and 'quotes'; DROP TABLE calls".to_owned(),
        ..order(0)
    };
    let fill = FillRecord { price: f64::INFINITY, fee_usd: -0.0, slippage_bps: f64::MIN_POSITIVE / 4.0, ..fill(0) };
    let fault = format!("\u{1b}[31m{}", "é".repeat(400));
    let mut hostile = call(0, vec![DecisionRecord { fault: Some(fault), ..decision(plugin) }]);
    hostile.duration_ns = u64::MAX;
    hostile.input = Vec::new();
    journal.append(Record::Order(order.clone()));
    journal.append(Record::Fill(fill.clone()));
    journal.append(Record::Call(hostile.clone()));
    journal.close().unwrap();

    let reader = Reader::open(&ledger.path).unwrap();
    reader.verify().unwrap();
    let read = reader.orders(&Filter::default()).unwrap().remove(0).record;
    assert!(read.quantity.is_nan() && read.price.unwrap().is_nan(), "a refused NaN is no absent number");
    assert_eq!(OrderRecord { quantity: 0.0, price: None, ..read }, OrderRecord { quantity: 0.0, price: None, ..order });
    let read = reader.fills(&Filter::default()).unwrap().remove(0).record;
    assert_eq!(read, fill);
    let read = reader.calls(&Filter::default()).unwrap().remove(0).record;
    let text = read.decisions[0].fault.clone().unwrap();
    assert!(text.len() <= MAX_TEXT && text.starts_with("\u{fffd}[31mé"), "{text}");
    hostile.decisions[0].fault = Some(text);
    assert_eq!(read, hostile);
}

#[test]
fn filters_find_what_they_say_and_nothing_else() {
    let (ledger, records, _) = written();
    let reader = Reader::open(&ledger.path).unwrap();
    let calls = |filter: Filter| -> Vec<u64> {
        reader.calls(&filter).unwrap().into_iter().map(|c| c.record.correlation).collect()
    };
    let decisions = |filter: Filter| -> Vec<(u64, u32)> {
        reader.decisions(&filter).unwrap().into_iter().map(|d| (d.correlation, d.position)).collect()
    };
    let all = Filter::default();
    let trap = Cause::Fault(FaultClass::Trap);
    let hfos = Some("ai-hfos".to_owned());

    assert_eq!(calls(all.clone()), [1, 2, 3, 4]);
    assert_eq!(calls(Filter { newest_first: true, limit: Some(2), ..all.clone() }), [4, 3]);
    assert_eq!(calls(Filter { hook: Some(HookId::PositionSizing), ..all.clone() }), [4]);
    assert_eq!(calls(Filter { subsystem: hfos.clone(), ..all.clone() }), [2, 4]);
    assert_eq!(calls(Filter { symbol: Some(1), ..all.clone() }), [1, 4]);
    assert_eq!(calls(Filter { outcome: Some(OutcomeKind::Applied), ..all.clone() }), [1, 2]);
    assert_eq!(calls(Filter { cause: Some(Cause::Brake), ..all.clone() }), [3]);
    assert_eq!(calls(Filter { correlation: Some(2), ..all.clone() }), [2]);
    let times = (Some(1_700_000_002_000), Some(1_700_000_004_000));
    assert_eq!(calls(Filter { from_ms: times.0, until_ms: times.1, ..all.clone() }), [2, 3]);
    assert_eq!(calls(Filter { after: Some(records[2].seq), ..all.clone() }), [3, 4]);

    assert_eq!(decisions(all.clone()), [(1, 0), (2, 0), (2, 1), (4, 0), (4, 1), (4, 2)]);
    assert_eq!(decisions(Filter { newest_first: true, limit: Some(2), ..all.clone() }), [(4, 2), (4, 1)]);
    assert_eq!(decisions(Filter { subsystem: hfos.clone(), ..all.clone() }), [(2, 1), (4, 1)]);
    assert_eq!(decisions(Filter { cause: Some(trap), ..all.clone() }), [(2, 1), (4, 0)]);
    assert_eq!(decisions(Filter { cause: Some(trap), subsystem: hfos, ..all.clone() }), [(2, 1)]);
    assert_eq!(decisions(Filter { outcome: Some(OutcomeKind::Defaulted), ..all.clone() }), [(2, 1), (4, 0)]);
    assert_eq!(decisions(Filter { from_ms: times.0, until_ms: times.1, ..all.clone() }), [(2, 0), (2, 1)]);
    assert_eq!(decisions(Filter { after: Some(records[2].seq), limit: Some(1), ..all.clone() }), [(4, 0)]);
    assert_eq!(decisions(Filter { correlation: Some(2), symbol: Some(2), ..all.clone() }), [(2, 0), (2, 1)]);
    let row = reader.decisions(&Filter { cause: Some(trap), ..all.clone() }).unwrap().remove(0);
    assert_eq!(*row.identity, identity("ai-hfos", "2.1.0"));
    assert_eq!((row.stage, row.symbol, row.seq), (Stage::Partial, Some(2), records[2].seq));
    assert_eq!((row.brake, row.risk_mode, row.directive), (Brake::Released, RiskMode::Safe, Some((7, 1_500))));

    let orders = |filter: Filter| reader.orders(&filter).unwrap().len();
    assert_eq!((orders(all.clone()), orders(Filter { correlation: Some(4), ..all.clone() })), (2, 1));
    assert_eq!(orders(Filter { symbol: Some(2), ..all.clone() }), 0);
    assert_eq!(reader.fills(&Filter { correlation: Some(2), ..all.clone() }).unwrap().len(), 1);
    assert_eq!(
        (orders(Filter { order: Some(104), ..all.clone() }), orders(Filter { order: Some(9), ..all.clone() })),
        (1, 0)
    );
    assert_eq!(reader.events(&Filter { newest_first: true, limit: Some(1), ..all }).unwrap()[0].seq, records[8].seq);
    assert_eq!(reader.call(records[2].seq).unwrap().map(|c| Record::Call(c.record)), Some(records[2].record.clone()));
    assert_eq!(reader.call(Seq(1)).unwrap(), None);
}

#[test]
fn a_replay_starts_where_it_is_told_and_stops_when_it_is_told() {
    let (ledger, records, _) = written();
    let reader = Reader::open(&ledger.path).unwrap();
    let replayed = |after: Seq, most: usize| {
        let mut all = Vec::new();
        let visit = |stored| {
            all.push(stored);
            if all.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        reader.replay(after, visit).unwrap();
        all
    };
    assert_eq!(replayed(records[2].seq, 3), records[3..6]);
    assert_eq!(replayed(records[5].seq, 99), records[6..]);
    for beyond in [records[8].seq.get(), 1 << 47, i64::MAX as u64, u64::MAX] {
        assert_eq!(replayed(Seq(beyond), 99), []);
    }
}

#[test]
fn the_same_identity_is_the_same_plugin_and_stands_before_its_use() {
    let ledger = ledger();
    let journal = open(&ledger.path);
    let first = journal.intern(&identity("risk-os", "1"));
    assert_eq!(journal.intern(&identity("risk-os", "1")), first);
    let second = journal.intern(&identity("risk-os", "2"));
    assert_ne!(first, second);
    let used = journal.append(Record::Call(call(1, vec![decision(second)])));
    journal.close().unwrap();
    let reader = Reader::open(&ledger.path).unwrap();
    assert_eq!(reader.plugins().unwrap(), [(first, identity("risk-os", "1")), (second, identity("risk-os", "2"))]);
    // Two plugins, then the call: nothing else has a number.
    assert_eq!(used, Seq(3));
}

#[test]
fn records_of_many_threads_are_each_kept_once() {
    let ledger = ledger();
    let options = JournalOptions { queue: 64, batch: 32, ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    let mut seqs: Vec<(Seq, u64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4u64)
            .map(|worker| {
                let journal = journal.clone();
                scope.spawn(move || {
                    (0..500).map(|n| worker * 1_000 + n).map(|n| (journal.append(note(n)), n)).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|w| w.join().unwrap()).collect()
    });
    journal.close().unwrap();
    seqs.sort_unstable();
    let read: Vec<_> = read_everything(&Reader::open(&ledger.path).unwrap())
        .into_iter()
        .map(|s| (s.seq, s.record.event_time_ms()))
        .collect();
    assert_eq!(read, seqs);
    assert_eq!(read.len(), 2_000);
}
