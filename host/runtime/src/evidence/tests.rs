//! Journals made record by record, and what they show.

use std::path::PathBuf;

use bulkhead_journal::{
    CallRecord, DecisionRecord, EventKind, EventRecord, FillRecord, Journal, JournalOptions, OrderRecord,
    PluginIdentity, PluginRef, Reader, Record,
};
use bulkhead_policy::{
    Account, Authority, Brake, Candidate, Cause, Exposures, FaultClass, HookId, Market, Mode, Outcome, ReasonCode,
    Regime, RiskMode, Side, Stage, SymbolMarks, Verdict, Volatility,
    activation::{Activation, Measured},
    hooks::{
        amplification::{Action, Recommendation},
        confidence, slippage, veto,
    },
    trade::OrderType,
    value::{Confidence, SizeUsd},
};
use serde::Serialize;
use tempfile::TempDir;

use super::*;

const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;
/// A midnight.
const T0: u64 = 20_000 * DAY;

/// Journals in a folder.
struct Shelf {
    folder: TempDir,
    files: Vec<PathBuf>,
}

impl Shelf {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), files: Vec::new() }
    }

    fn journal(mut self, write: impl FnOnce(&Journal, PluginRef)) -> Self {
        let path = self.folder.path().join(format!("{}", self.files.len()));
        let meta = vec![("market".to_owned(), "simulated".to_owned())];
        let journal = Journal::open(&path, JournalOptions { meta, ..JournalOptions::default() }).unwrap();
        let identity = PluginIdentity { subsystem: "risk-os".into(), digest: "d1".into(), ..PluginIdentity::default() };
        let plugin = journal.intern(&identity);
        write(&journal, plugin);
        journal.close().unwrap();
        self.files.push(path);
        self
    }

    fn evidence(&self) -> Evidence {
        let mut evidence = Evidence::new(90_000);
        for file in &self.files {
            evidence.add(&Reader::open(file).unwrap()).unwrap();
        }
        evidence
    }

    fn partial(&self) -> Measured {
        self.evidence().measured(Stage::Partial, &Activation::default().coordination)
    }
}

/// What is measured in a journal of these records.
fn measured(write: impl FnOnce(&Journal, PluginRef)) -> Measured {
    Shelf::new().journal(write).partial()
}

fn write(journal: &Journal, records: impl Iterator<Item = Record>) {
    for record in records {
        journal.append(record);
    }
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap()
}

fn decision(plugin: PluginRef, outcome: Outcome) -> DecisionRecord {
    DecisionRecord {
        plugin,
        mode: Mode::Enforced,
        authority: Authority::Observe,
        proposed: None,
        effective: Vec::new(),
        outcome,
        reason: None,
        fault: None,
        fuel: 1,
        duration_ns: 1,
        memory_bytes: 1,
        instance: 0,
        turn: 0,
    }
}

fn call(at: u64, hook: HookId, decisions: Vec<DecisionRecord>) -> CallRecord {
    CallRecord {
        event_time_ms: at,
        cycle: 1,
        hook,
        symbol: None,
        correlation: 0,
        stage: Stage::Partial,
        brake: Brake::Released,
        risk_mode: RiskMode::Normal,
        directive: None,
        input: Vec::new(),
        effective: Vec::new(),
        outcome: Outcome::Observed,
        duration_ns: 1,
        decisions,
    }
}

fn event(kind: EventKind, text: &str, data: &str) -> Record {
    let (actor, text, data) = ("ann".to_owned(), text.to_owned(), data.to_owned());
    Record::Event(EventRecord { event_time_ms: 0, kind, actor, text, data })
}

fn account(daily_drawdown_pct: f64) -> Account {
    Account { daily_drawdown_pct, ..Account::default() }
}

fn candidate(confidence: f64) -> Candidate {
    Candidate {
        symbol: 1,
        side: Side::Long,
        confidence,
        size_usd: 100.0,
        leverage_x: 1.0,
        risk_usd: 1.0,
        price: 10.0,
        price_age_ms: 0,
        marks: SymbolMarks::default(),
    }
}

/// A signal, asked of a plugin in this minute.
fn beat(journal: &Journal, plugin: PluginRef, at: u64) {
    journal.append(Record::Call(call(at, HookId::Signal, vec![decision(plugin, Outcome::Observed)])));
}

#[test]
fn minutes_count_once_however_often_and_in_how_many_journals_they_were_recorded() {
    let two_hours = |journal: &Journal, plugin: PluginRef| {
        (0..120).for_each(|m| beat(journal, plugin, T0 + DAY - 60 * MINUTE + m * MINUTE));
    };
    let once = Shelf::new().journal(two_hours).partial();
    let twice = Shelf::new().journal(two_hours).journal(two_hours).partial();
    assert_eq!((once.days, once.longest_gap_min, once.calls), (120.0 / 1_440.0, 0, 120));
    assert_eq!((twice.days, twice.longest_gap_min, twice.calls), (once.days, 0, 240));
    assert_eq!(once.versions["risk-os"]["d1"], 2, "on both sides of midnight");
    assert_eq!(once.first_ms.zip(once.last_ms), Some((T0 + DAY - 60 * MINUTE, T0 + DAY + 59 * MINUTE)));
}

#[test]
fn a_gap_is_bridged_up_to_the_limit_and_what_reached_nobody_is_no_record() {
    let m = measured(|journal, plugin| {
        for minute in [0, 60, 121] {
            beat(journal, plugin, T0 + minute * MINUTE);
        }
        // Under a brake nobody is asked: this fills no gap.
        journal.append(Record::Call(call(T0 + 90 * MINUTE, HookId::Signal, Vec::new())));
    });
    assert_eq!((m.days, m.longest_gap_min), (62.0 / 1_440.0, 61));
}

#[test]
fn only_the_stage_asked_about_and_only_its_latest_days_speak() {
    let asked = Activation::default().coordination;
    let window = asked.days as u64;
    let shelf = Shelf::new().journal(|journal, plugin| {
        let fault = Outcome::Defaulted(Cause::Fault(FaultClass::Trap));
        for (day, stage) in [(0, Stage::Partial), (1, Stage::Partial), (1, Stage::Observation)] {
            let failed = call(T0 + day * DAY, HookId::Signal, vec![decision(plugin, fault)]);
            journal.append(Record::Call(CallRecord { stage, ..failed }));
        }
        beat(journal, plugin, T0 + (window + 1) * DAY);
    });
    let m = shelf.partial();
    assert_eq!(m.faults.into_iter().collect::<Vec<_>>(), [(FaultClass::Trap, 1)], "that of the day before is gone");
    let all = shelf.evidence().all(&Activation::default());
    assert_eq!(all[&Stage::Observation].faults[&FaultClass::Trap], 1);
    assert_eq!(all[&Stage::Coordination], Measured::default());
}

#[test]
fn what_has_no_stage_belongs_to_the_call_before_it_or_to_the_first() {
    let m = measured(|journal, plugin| {
        journal.append(event(EventKind::BrakeChanged, "brake halt from before this start (ann): why", ""));
        beat(journal, plugin, T0);
        for text in [
            "brake released -> halt: too fast",
            "brake halt -> halt-cancel: worse",
            "brake halt-cancel -> released: over",
            "brake released -> halt: as in brake halt -> released: no",
            "nobody knows",
        ] {
            journal.append(event(EventKind::BrakeChanged, text, ""));
        }
        journal.append(event(EventKind::Quarantined, "out", ""));
        journal.append(event(EventKind::RecordsLost, "", r#"{"records":7}"#));
        journal.append(event(EventKind::RecordsLost, "", "?"));
        journal.append(event(EventKind::Note, "brake released -> halt: a note is none", ""));
    });
    assert_eq!((m.brake_activations, m.quarantines, m.lost), (5, 1, 8));
}

#[test]
fn faults_effects_and_who_answered() {
    let m = measured(|journal, plugin| {
        let fault = |class| decision(plugin, Outcome::Defaulted(Cause::Fault(class)));
        journal.append(Record::Call(call(T0, HookId::SelfHealing, vec![fault(FaultClass::Deadline)])));
        journal.append(Record::Call(call(T0, HookId::SelfHealing, vec![fault(FaultClass::Trap)])));
        for hook in [HookId::Signal, HookId::ExitLevels, HookId::SelfHealing] {
            journal.append(Record::Call(call(T0, hook, vec![decision(plugin, Outcome::Applied)])));
        }
    });
    assert_eq!(m.faults.values().sum::<u64>(), 2);
    assert_eq!(m.applied, 1, "signals and exit levels follow the mode in every stage");
    let braked = measured(|journal, plugin| {
        let braked = decision(plugin, Outcome::Defaulted(Cause::Brake));
        journal.append(Record::Call(call(T0, HookId::SelfHealing, vec![braked])));
    });
    assert!(braked.versions.is_empty() && braked.faults.is_empty());
}

/// A call that reached a plugin: only a day with one speaks for its stage.
fn reached(plugin: PluginRef) -> Record {
    Record::Call(call(T0, HookId::SelfHealing, vec![decision(plugin, Outcome::Observed)]))
}

/// The calls about one trade.
fn trade(correlation: u64, calls: Vec<CallRecord>) -> impl Iterator<Item = Record> {
    calls.into_iter().map(move |call| Record::Call(CallRecord { correlation, ..call }))
}

fn risk(plugin: PluginRef, verdict: Verdict, said: Option<(Mode, Outcome)>) -> CallRecord {
    let input = veto::Input { candidate: candidate(0.8), exposures: Exposures::default(), account: account(1.5) };
    let denied = said.map(|(mode, outcome)| DecisionRecord {
        mode,
        reason: Some(ReasonCode::MaxLeverage),
        ..decision(plugin, outcome)
    });
    let record = call(T0, HookId::RiskCheck, denied.into_iter().collect());
    CallRecord { input: bytes(&input), effective: bytes(&verdict), ..record }
}

fn threshold(plugin: PluginRef, confidence: f64, said: f64, outcome: Outcome) -> CallRecord {
    let base = Confidence::new(0.5).unwrap();
    let market = Market { regime: Regime::Normal, volatility: Volatility::Normal, volatility_bps: 1.0, trend: 0.0 };
    let input =
        confidence::Input { candidate: candidate(confidence), base_threshold: base, account: account(0.0), market };
    let effective = if outcome == Outcome::Applied { Confidence::new(said).unwrap() } else { base };
    let decided = DecisionRecord { proposed: Some(bytes(&said)), ..decision(plugin, outcome) };
    let record = call(T0, HookId::ConfidenceAdjustment, vec![decided]);
    CallRecord { input: bytes(&input), effective: bytes(&effective), ..record }
}

fn slip(phase: slippage::Phase) -> CallRecord {
    let (symbol, side, price) = (1, Side::Long, 10.0);
    let (expected_price, actual_price, spread_bps, size_usd) = (price, price, 1.0, 100.0);
    let input = slippage::Execution { symbol, side, phase, expected_price, actual_price, spread_bps, size_usd };
    let verdict = Verdict::deny(ReasonCode::SlippageCap, "too dear");
    let record = call(T0, HookId::SlippageCheck, Vec::new());
    CallRecord { input: bytes(&input), effective: bytes(&verdict), ..record }
}

#[test]
fn what_became_of_a_trade() {
    type Calls = fn(PluginRef) -> Vec<CallRecord>;
    let table: &[(&str, Calls, (u64, u64, u64))] = &[
        ("allowed", |_| vec![risk_allowed()], (1, 0, 0)),
        ("vetoed", |p| vec![risk(p, Verdict::deny(ReasonCode::MaxLeverage, "no"), None)], (1, 1, 0)),
        (
            "only the stage kept the veto back",
            |p| vec![risk(p, Verdict::Allow, Some((Mode::Enforced, Outcome::Advised)))],
            (1, 0, 1),
        ),
        (
            "its own mode kept the veto back",
            |p| vec![risk(p, Verdict::Allow, Some((Mode::Advisory, Outcome::Advised)))],
            (1, 0, 0),
        ),
        (
            "blocked and held back is blocked",
            |p| {
                let held = risk(p, Verdict::Allow, Some((Mode::Enforced, Outcome::Advised)));
                vec![held, slip(slippage::Phase::Estimate)]
            },
            (1, 1, 0),
        ),
        ("what a fill costs blocks nothing", |_| vec![risk_allowed(), slip(slippage::Phase::Filled)], (1, 0, 0)),
        ("a threshold", |p| vec![threshold(p, 0.6, 0.7, Outcome::Applied)], (1, 1, 0)),
        ("a threshold that is met", |p| vec![threshold(p, 0.7, 0.7, Outcome::Applied)], (1, 0, 0)),
        ("a threshold held back", |p| vec![threshold(p, 0.6, 0.7, Outcome::Observed)], (1, 0, 1)),
        ("the base threshold is nobody's block", |p| vec![threshold(p, 0.4, 0.7, Outcome::Applied)], (0, 0, 0)),
        (
            "a size of zero",
            |_| {
                let sized = call(T0, HookId::PositionSizing, Vec::new());
                vec![CallRecord { effective: bytes(&SizeUsd::new(0.0).unwrap()), ..sized }]
            },
            (1, 1, 0),
        ),
    ];
    for (what, calls, want) in table {
        let m = measured(|journal, plugin| {
            journal.append(reached(plugin));
            write(journal, trade(1, calls(plugin)));
        });
        assert_eq!((m.trades.asked, m.trades.blocked, m.trades.held_back), *want, "{what}");
        assert_eq!(m.unreadable, 0, "{what}");
    }
}

fn risk_allowed() -> CallRecord {
    let input = veto::Input { candidate: candidate(0.8), exposures: Exposures::default(), account: account(1.5) };
    let record = call(T0, HookId::RiskCheck, Vec::new());
    CallRecord { input: bytes(&input), effective: bytes(&Verdict::Allow), ..record }
}

#[test]
fn trades_are_told_apart_by_correlation_and_questions_from_outside_stand_alone() {
    let m = measured(|journal, plugin| {
        let denied = || risk(plugin, Verdict::deny(ReasonCode::MaxLeverage, "no"), None);
        journal.append(reached(plugin));
        write(journal, trade(1, vec![risk_allowed(), risk_allowed()]));
        write(journal, trade(2, vec![denied()]));
        write(journal, trade(0, vec![denied(), risk_allowed()]));
    });
    assert_eq!((m.trades.asked, m.trades.blocked), (4, 2));
    assert_eq!(m.daily_drawdown_pct, Some(1.5));
}

#[test]
fn orders_and_fills() {
    let order = |verdict: &str, reduce_only| {
        let (side, order_type, verdict) = (Side::Long, OrderType::Market, verdict.to_owned());
        let (quantity, price, notional_usd, text) = (1.0, None, 10.0, String::new());
        let (event_time_ms, correlation, order_id, symbol) = (T0, 1, 1, 1);
        Record::Order(OrderRecord {
            event_time_ms,
            correlation,
            order_id,
            symbol,
            side,
            reduce_only,
            order_type,
            quantity,
            price,
            notional_usd,
            verdict,
            text,
        })
    };
    let fill = Record::Fill(FillRecord {
        event_time_ms: T0,
        correlation: 1,
        order_id: 1,
        symbol: 1,
        side: Side::Long,
        quantity: 1.0,
        price: 10.0,
        fee_usd: 0.5,
        slippage_bps: 0.0,
        realized_pnl_usd: 2.0,
        maker: false,
        liquidation: false,
    });
    let m = measured(|journal, plugin| {
        beat(journal, plugin, T0);
        for record in [order("accepted", false), order("max-leverage", false), order("accepted", true), fill] {
            journal.append(record);
        }
    });
    assert_eq!((m.trades.orders, m.trades.fills, m.trades.net_usd), (1, 1, 1.5));
}

#[test]
fn a_winner_counts_when_it_is_first_recommended() {
    let recommend = |symbol, action| Recommendation {
        symbol,
        action,
        priority: 1,
        confidence: 50.0,
        expected_r: 1.0,
        add_size_usd: None,
        close_fraction: None,
        extend_ms: None,
        rationale: String::new(),
    };
    let (hold, trend) = (Action::ExtendHold, Action::SwitchToTrendFollow);
    let checks: [&[(u32, Action)]; 6] =
        [&[(1, hold)], &[(1, hold)], &[(1, hold), (2, trend)], &[(2, trend)], &[], &[(2, trend)]];
    let m = measured(|journal, plugin| {
        for said in checks {
            let all: Vec<_> = said.iter().map(|(symbol, action)| recommend(*symbol, *action)).collect();
            let proposed = Some(bytes(&all));
            let decided = DecisionRecord { proposed, ..decision(plugin, Outcome::Advised) };
            journal.append(Record::Call(call(T0, HookId::AmplificationCheck, vec![decided])));
        }
    });
    assert_eq!(m.opportunities, 3);
}

#[test]
fn what_cannot_be_understood_is_counted_and_not_guessed() {
    for hook in [HookId::RiskCheck, HookId::ConfidenceAdjustment, HookId::Coordination, HookId::SlippageCheck] {
        let m = measured(|journal, plugin| {
            let decided = DecisionRecord { proposed: Some(vec![0xff; 3]), ..decision(plugin, Outcome::Applied) };
            let (input, effective) = (vec![0xff; 3], vec![0xff; 3]);
            journal.append(Record::Call(CallRecord { input, effective, ..call(T0, hook, vec![decided]) }));
        });
        assert!(m.unreadable > 0, "{hook}");
        assert_eq!(m.trades.asked, 0, "{hook}");
    }
}

#[test]
fn journals_beside_are_the_journals_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["b", "a"] {
        Journal::open(&dir.path().join(name), JournalOptions::default()).unwrap().close().unwrap();
    }
    std::fs::write(dir.path().join("notes.txt"), "").unwrap();
    std::fs::create_dir(dir.path().join("c")).unwrap();
    let found = journals_beside(&dir.path().join("b"));
    assert_eq!(found, ["a", "b"].map(|name| dir.path().join(name)));
    let nowhere = dir.path().join("gone/x");
    assert_eq!(journals_beside(&nowhere), std::slice::from_ref(&nowhere));
}

#[test]
fn the_journals_are_named_with_their_market() {
    let shelf = Shelf::new().journal(|journal, plugin| beat(journal, plugin, T0));
    let read = shelf.evidence().journals().to_vec();
    assert_eq!((read[0].path.clone(), read[0].records), (shelf.files[0].clone(), 1));
    assert_eq!(read[0].markets, ["simulated"]);
}
