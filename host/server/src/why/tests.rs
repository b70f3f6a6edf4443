//! Stories of a journal with three signals: one traded, one vetoed, one that the base logic stopped.

use std::path::PathBuf;

use bulkhead_journal::{
    CallRecord, DecisionRecord, EventKind, EventRecord, FillRecord, Journal, JournalOptions, OrderRecord,
    PluginIdentity, PluginRef, Record,
};
use bulkhead_policy::{
    Authority, Brake, Cause, FaultClass, HookId, Mode, Outcome, ReasonCode, RiskMode, Side, Stage, Verdict,
    hooks::{
        signal::{Action, Proposal},
        universe::Selection,
    },
    trade::OrderType,
};
use serde::Serialize;
use serde_json::json;
use tempfile::TempDir;

use super::*;

const AT: u64 = 1_746_446_400_000;
const MINUTE: u64 = 60_000;

struct Bench {
    _folder: TempDir,
    path: PathBuf,
    journal: Journal,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let journal = Journal::open(&path, JournalOptions::default()).unwrap();
        journal.symbols(&["BTCUSDT", "ETHUSDT"].map(str::to_owned));
        Self { _folder: folder, path, journal }
    }

    fn plugin(&self, subsystem: &str) -> PluginRef {
        let (subsystem, version) = (subsystem.to_owned(), "1.2.0".to_owned());
        let plugin = subsystem.clone();
        self.journal.intern(&PluginIdentity { subsystem, plugin, version, ..PluginIdentity::default() })
    }

    fn call(
        &self,
        hook: HookId,
        at: u64,
        correlation: u64,
        effective: &impl Serialize,
        decisions: Vec<DecisionRecord>,
    ) {
        let outcome = decisions.last().map_or(Outcome::Defaulted(Cause::Unbound), |d| d.outcome);
        self.journal.append(Record::Call(CallRecord {
            event_time_ms: at,
            cycle: 7,
            hook,
            symbol: (correlation != 0).then_some(0),
            correlation,
            stage: Stage::Coordination,
            brake: Brake::Released,
            risk_mode: RiskMode::Normal,
            directive: Some((3, 42_000)),
            input: Vec::new(),
            effective: bytes(effective),
            outcome,
            duration_ns: 5,
            decisions,
        }));
    }

    fn stop(&self, at: u64, correlation: u64, by: &str, reason: &str) {
        let data = json!({"symbol": 0, "correlation": correlation, "by": by, "reason": reason}).to_string();
        let (kind, actor, text) = (EventKind::TradeStopped, by.to_owned(), reason.to_owned());
        self.journal.append(Record::Event(EventRecord { event_time_ms: at, kind, actor, text, data }));
    }

    fn order(&self, at: u64, correlation: u64, order_id: u64, verdict: &str) {
        self.journal.append(Record::Order(OrderRecord {
            event_time_ms: at,
            correlation,
            order_id,
            symbol: 0,
            side: Side::Long,
            reduce_only: false,
            order_type: OrderType::Market,
            quantity: 0.25,
            price: None,
            notional_usd: 2_500.0,
            verdict: verdict.to_owned(),
            text: String::new(),
        }));
    }

    fn signal(&self, at: u64) {
        let proposal =
            |symbol| Proposal { symbol, action: Action::Long, confidence: 0.7, stop_loss: None, take_profit: None };
        let said = vec![proposal(0), proposal(1)];
        let decision = self.said("momentum", &said, Outcome::Applied);
        self.call(HookId::Signal, at, 0, &said, vec![decision]);
    }

    fn said(&self, subsystem: &str, said: &impl Serialize, outcome: Outcome) -> DecisionRecord {
        DecisionRecord {
            plugin: self.plugin(subsystem),
            mode: Mode::Enforced,
            authority: Authority::Enforce,
            proposed: Some(bytes(said)),
            effective: bytes(said),
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

    fn ask(&self, question: Question) -> Option<Story> {
        self.journal.sync().unwrap();
        let reader = Reader::open(&self.path).unwrap();
        answer(&reader, &question, &reader.names().unwrap()).unwrap()
    }
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap()
}

fn told(story: &Story, wanted: &str) {
    assert!(story.text.iter().any(|line| line.contains(wanted)), "{wanted:?} is not in {:#?}", story.text);
}

/// One signal that became an order and a fill, one that a plugin refused, one for which nobody was asked.
fn journal() -> Bench {
    let b = Bench::new();
    b.signal(AT);
    let kept = Selection { kept: vec![0, 1], dropped: Vec::new() };
    b.call(HookId::UniverseFilter, AT, 0, &kept, vec![b.said("universe-os", &kept, Outcome::Applied)]);
    let fault = DecisionRecord {
        proposed: None,
        fault: Some("unreachable executed".to_owned()),
        ..b.said("ai-hfos", &Verdict::Allow, Outcome::Defaulted(Cause::Fault(FaultClass::Trap)))
    };
    let observed = DecisionRecord {
        mode: Mode::Observe,
        authority: Authority::Observe,
        ..b.said("risk-os", &Verdict::deny(ReasonCode::MaxLeverage, "7x over 5x"), Outcome::Observed)
    };
    b.call(HookId::RiskCheck, AT, 11, &Verdict::Allow, vec![observed, fault]);
    b.call(HookId::PortfolioCheck, AT, 11, &Verdict::Allow, Vec::new());
    b.order(AT, 11, 5, "accepted");
    b.journal.append(Record::Fill(FillRecord {
        event_time_ms: AT + MINUTE,
        correlation: 11,
        order_id: 5,
        symbol: 0,
        side: Side::Long,
        quantity: 0.25,
        price: 10_001.5,
        fee_usd: 1.25,
        slippage_bps: 1.5,
        realized_pnl_usd: 0.0,
        maker: false,
        liquidation: false,
    }));

    b.signal(AT + 10 * MINUTE);
    let denied = Verdict::deny(ReasonCode::MaxLeverage, "7x over 5x");
    b.call(HookId::RiskCheck, AT + 10 * MINUTE, 12, &denied, vec![b.said("risk-os", &denied, Outcome::Applied)]);
    b.stop(AT + 10 * MINUTE, 12, "pre-trade-risk-check", "max-leverage");

    b.signal(AT + 20 * MINUTE);
    b.stop(AT + 20 * MINUTE, 0, "base", "cooldown");
    b
}

#[test]
fn a_trade_is_told_from_signal_to_fill() {
    let b = journal();
    for question in [
        Question::Order(5),
        Question::Correlation(11),
        Question::Moment { symbol: 0, at_ms: AT },
        Question::Moment { symbol: 0, at_ms: AT + 2 * MINUTE },
    ] {
        let story = b.ask(question).unwrap();
        assert!(story.traded, "{question:?}");
        assert_eq!((story.order, story.correlation, story.event_time_ms), (Some(5), Some(11), AT));
        assert_eq!(story.summary, "order 5 LONG 0.25, accepted, filled 0.25");
        let steps: Vec<_> = serde_json::to_value(&story.steps).unwrap().as_array().unwrap().clone();
        let kinds: Vec<&str> = steps.iter().map(|s| s["step"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["signal", "universe", "hook", "hook", "order", "fill"]);
        assert_eq!(steps[2]["asked"][0]["said"]["deny"]["code"], "MAX_LEVERAGE");
        told(&story, "BTCUSDT at 2025-05-05T12:00Z: order 5");
        told(&story, "stage COORDINATION, brake released, risk mode NORMAL, directives 3 (42 s old)");
        told(&story, "Signal: momentum 1.2.0 (ENFORCED) proposed action LONG, confidence 0.7 (applied)");
        told(&story, "Universe: kept");
        told(
            &story,
            "risk-os 1.2.0 (OBSERVE) said deny, MAX_LEVERAGE (7x over 5x): not applied, it may only observe here",
        );
        told(
            &story,
            "ai-hfos 1.2.0 (ENFORCED) failed (unreachable executed): not applied, trap, so the safe default holds",
        );
        told(&story, "Nobody was asked (defaulted: unbound)");
        told(&story, "Envelope: admitted");
        told(&story, "At 2025-05-05T12:01Z: Filled: order 5 LONG 0.25 at 10001.5, fee 1.25 USD, slippage 1.5 bps");
    }
}

#[test]
fn a_trade_that_did_not_happen_is_told_with_who_stopped_it() {
    let b = journal();
    for question in [Question::Correlation(12), Question::Moment { symbol: 0, at_ms: AT + 10 * MINUTE }] {
        let story = b.ask(question).unwrap();
        assert!(!story.traded);
        assert_eq!(story.summary, "no trade: stopped by pre-trade-risk-check (max-leverage)");
        told(&story, "risk-os 1.2.0 (ENFORCED) said deny, MAX_LEVERAGE (7x over 5x): applied");
        told(&story, "No order: pre-trade-risk-check said max-leverage");
    }
    let story = b.ask(Question::Moment { symbol: 0, at_ms: AT + 25 * MINUTE }).unwrap();
    assert_eq!((story.traded, story.correlation, story.asked_ms), (false, None, Some(AT + 25 * MINUTE)));
    told(&story, "Nothing was decided about it at 2025-05-05T12:25Z; this is the nearest");
    told(&story, "No order: base said cooldown");
    told(&story, "No plugin was asked about it");
}

#[test]
fn what_the_envelope_refused_is_told_with_its_verdict() {
    let b = Bench::new();
    b.call(HookId::PortfolioCheck, AT, 4, &Verdict::Allow, Vec::new());
    b.order(AT, 4, 9, "gross-exposure");
    b.stop(AT, 4, "envelope", "gross-exposure");
    for question in [Question::Order(9), Question::Moment { symbol: 0, at_ms: AT }] {
        let story = b.ask(question).unwrap();
        assert!(!story.traded);
        assert_eq!(story.summary, "no trade: stopped by envelope (gross-exposure)");
        told(&story, "Envelope: refused, gross-exposure");
        told(&story, "Order 9 did not go out: MARKET LONG 0.25, 2500 USD");
    }
}

#[test]
fn the_end_of_a_position_is_told_with_what_came_of_it() {
    let b = journal();
    b.journal.append(Record::Fill(FillRecord {
        event_time_ms: AT + 30 * MINUTE,
        correlation: 11,
        order_id: 1 << 63,
        symbol: 0,
        side: Side::Short,
        quantity: 0.25,
        price: 9_961.5,
        fee_usd: 1.25,
        slippage_bps: 0.0,
        realized_pnl_usd: -10.0,
        maker: false,
        liquidation: false,
    }));
    let story = b.ask(Question::Order(5)).unwrap();
    assert_eq!(story.summary, "order 5 LONG 0.25, accepted, filled 0.25, realised -12.50 USD after fees");
    told(&story, "At 2025-05-05T12:30Z: Filled: an exit of the venue's own, SHORT 0.25 at 9961.5, fee 1.25 USD");
    assert_eq!(b.ask(Question::Order(1 << 63)).unwrap().correlation, Some(11));
}

#[test]
fn the_same_again_is_counted_and_what_is_not_known_is_no_story() {
    let b = journal();
    for minute in 2..40 {
        b.call(HookId::ExitLevels, AT + minute * MINUTE, 11, &(), Vec::new());
    }
    let story = b.ask(Question::Order(5)).unwrap();
    assert_eq!(story.steps.len(), 7);
    told(&story, "37 more times until 2025-05-05T12:39Z");

    // What has no effect makes no step of its own, and is not hidden.
    for minute in 40..44 {
        let says = Verdict::deny(ReasonCode::MaxLeverage, format!("{minute}x"));
        let observed = DecisionRecord { mode: Mode::Observe, ..b.said("risk-os", &says, Outcome::Observed) };
        b.call(HookId::RiskCheck, AT + minute * MINUTE, 11, &Verdict::Allow, vec![observed]);
    }
    let story = b.ask(Question::Order(5)).unwrap();
    assert_eq!(story.steps.len(), 8);
    told(&story, "pre-trade-risk-check: allow, 3 more times until 2025-05-05T12:43Z");
    told(&story, "Who may only observe said other things meanwhile");
    assert!(b.ask(Question::Order(77)).is_none());
    assert!(b.ask(Question::Correlation(0)).is_none());
    assert!(b.ask(Question::Moment { symbol: 0, at_ms: AT + 100 * 86_400_000 }).is_none());
    assert!(b.ask(Question::Moment { symbol: 1, at_ms: AT }).is_none());
}
