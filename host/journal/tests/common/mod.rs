//! A ledger with one of everything.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "shared by several test binaries")]

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use bulkhead_journal::{
    CallRecord, DecisionRecord, EventKind, EventRecord, FillRecord, Head, Journal, JournalOptions, OrderRecord,
    PluginIdentity, PluginRef, Reader, Record, Seq, Stored,
};
use bulkhead_policy::{
    Authority, Brake, Cause, FaultClass, HookId, Mode, Outcome, ReasonCode, RiskMode, Side, Stage, trade::OrderType,
};

pub struct Ledger {
    pub dir: tempfile::TempDir,
    pub path: PathBuf,
}

pub fn ledger() -> Ledger {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run").join("decisions.journal");
    Ledger { dir, path }
}

pub fn open(path: &Path) -> Journal {
    Journal::open(path, JournalOptions::default()).unwrap()
}

pub fn identity(subsystem: &str, version: &str) -> PluginIdentity {
    PluginIdentity {
        subsystem: subsystem.to_owned(),
        plugin: format!("{subsystem}-rules"),
        version: version.to_owned(),
        digest: "ab".repeat(32),
        wit_version: "1.0.0".to_owned(),
        config_digest: "cd".repeat(32),
        setup: String::new(),
    }
}

pub fn decision(plugin: PluginRef) -> DecisionRecord {
    DecisionRecord {
        plugin,
        mode: Mode::Advisory,
        authority: Authority::Advise,
        proposed: Some(vec![1, 4, 0]),
        effective: vec![0],
        outcome: Outcome::Advised,
        reason: Some(ReasonCode::MaxLeverage),
        fault: None,
        fuel: 12_345,
        duration_ns: 4_321,
        memory_bytes: 1_114_112,
        instance: 0,
        turn: 0,
    }
}

pub fn faulty(plugin: PluginRef, class: FaultClass) -> DecisionRecord {
    DecisionRecord {
        proposed: None,
        outcome: Outcome::Defaulted(Cause::Fault(class)),
        reason: None,
        fault: Some("the guest trapped: unreachable".to_owned()),
        ..decision(plugin)
    }
}

pub fn call(n: u64, decisions: Vec<DecisionRecord>) -> CallRecord {
    CallRecord {
        event_time_ms: 1_700_000_000_000 + n * 1_000,
        cycle: 1 + n / 4,
        hook: HookId::RiskCheck,
        symbol: Some((n % 3) as u32),
        correlation: n,
        stage: Stage::Partial,
        brake: Brake::Released,
        risk_mode: RiskMode::Safe,
        directive: Some((7, 1_500)),
        input: (0..40).map(|i| (n as u8).wrapping_add(i)).collect(),
        effective: vec![0],
        outcome: Outcome::Applied,
        duration_ns: 9_876,
        decisions,
    }
}

pub fn order(n: u64) -> OrderRecord {
    OrderRecord {
        event_time_ms: 1_700_000_000_000 + n * 1_000,
        correlation: n,
        order_id: 100 + n,
        symbol: 1,
        side: Side::Short,
        reduce_only: false,
        order_type: OrderType::PostOnly,
        quantity: 0.125,
        price: Some(43_210.5),
        notional_usd: 5_401.312_5,
        verdict: "accepted".to_owned(),
        text: "entry".to_owned(),
    }
}

pub fn fill(n: u64) -> FillRecord {
    FillRecord {
        event_time_ms: 1_700_000_000_500 + n * 1_000,
        correlation: n,
        order_id: 100 + n,
        symbol: 1,
        side: Side::Short,
        quantity: 0.125,
        price: 43_209.75,
        fee_usd: -0.54,
        slippage_bps: 0.17,
        realized_pnl_usd: -12.5,
        maker: true,
        liquidation: false,
    }
}

pub fn event(kind: EventKind, text: &str) -> EventRecord {
    EventRecord {
        event_time_ms: 1_700_000_000_000,
        kind,
        actor: "alice".to_owned(),
        text: text.to_owned(),
        data: r#"{"why":"test"}"#.to_owned(),
    }
}

pub fn note(n: u64) -> Record {
    Record::Event(EventRecord { event_time_ms: n, ..event(EventKind::Note, "note") })
}

/// Writes one of everything and returns what was appended, in order.
pub fn write_everything(journal: &Journal) -> Vec<Stored<Record>> {
    journal.symbols(&["BTC".to_owned(), "ETH".to_owned(), "SOL".to_owned()]);
    let risk = journal.intern(&identity("risk-os", "1.0.0"));
    let hfos = journal.intern(&identity("ai-hfos", "2.1.0"));
    let trap = FaultClass::Trap;
    let records = [
        Record::Event(event(EventKind::RunStarted, "replay")),
        Record::Call(call(1, vec![decision(risk)])),
        Record::Call(call(2, vec![decision(risk), faulty(hfos, trap)])),
        Record::Order(order(2)),
        Record::Fill(fill(2)),
        Record::Call(CallRecord {
            symbol: None,
            directive: None,
            outcome: Outcome::Defaulted(Cause::Brake),
            brake: Brake::HaltCancel,
            ..call(3, vec![])
        }),
        Record::Call(CallRecord {
            hook: HookId::PositionSizing,
            outcome: Outcome::Defaulted(Cause::Fault(trap)),
            ..call(4, vec![faulty(risk, trap), decision(hfos), decision(risk)])
        }),
        Record::Order(OrderRecord { price: None, reduce_only: true, verdict: "price-stale".to_owned(), ..order(4) }),
        Record::Event(event(EventKind::RunEnded, "")),
    ];
    records.into_iter().map(|record| Stored { seq: journal.append(record.clone()), record }).collect()
}

pub fn read_everything(reader: &Reader) -> Vec<Stored<Record>> {
    let mut all = Vec::new();
    reader
        .replay(Seq::NONE, |stored| {
            all.push(stored);
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

/// A closed ledger with one of everything.
pub fn written() -> (Ledger, Vec<Stored<Record>>, Head) {
    let ledger = ledger();
    let options = JournalOptions { meta: vec![("seed".to_owned(), "42".to_owned())], ..JournalOptions::default() };
    let journal = Journal::open(&ledger.path, options).unwrap();
    let records = write_everything(&journal);
    let head = journal.close().unwrap();
    (ledger, records, head)
}

/// The segment files of a ledger, in order.
pub fn segments(path: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(path)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|f| f.extension().is_some_and(|e| e == "seg"))
        .collect();
    all.sort();
    all
}

/// Everything of a folder, in a new place.
pub fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what} did not come true");
        std::thread::sleep(Duration::from_millis(2));
    }
}
