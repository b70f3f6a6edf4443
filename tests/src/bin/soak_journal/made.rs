//! Records as a loop over 30 symbols makes them: a question to the strategies each minute, two proposals with all their
//! hooks, of which every third becomes an order, and eight open positions that are looked at again and again.

use bulkhead_journal::{
    CallRecord, DecisionRecord, EventKind, EventRecord, FillRecord, Journal, OrderRecord, PluginIdentity, PluginRef,
    Record,
};
use bulkhead_policy::{
    Authority, Brake, HookId, Mode, Outcome, RiskMode, Side, Stage, Verdict,
    hooks::signal::{Action, Proposal},
    trade::OrderType,
};
use serde::Serialize;

/// Event time of the first cycle.
pub const START_MS: u64 = 1_700_000_000_000;
/// A cycle, ms.
pub const CYCLE_MS: u64 = 60_000;
pub const SYMBOLS: u64 = 30;
/// Cycles for which a position is held.
const HELD: u64 = 100;
const OPEN: u64 = 8;
const ASKED: [HookId; 4] =
    [HookId::RiskCheck, HookId::PortfolioCheck, HookId::SlippageCheck, HookId::AmplificationCheck];

/// Who answers.
pub struct Plugins {
    momentum: PluginRef,
    vetoes: [PluginRef; 2],
}

impl Plugins {
    pub fn of(journal: &Journal) -> Self {
        let names: Vec<String> = (0..SYMBOLS).map(|n| format!("S{n:02}USDT")).collect();
        journal.symbols(&names);
        let plugin = |subsystem: &str| {
            let (subsystem, plugin) = (subsystem.to_owned(), subsystem.to_owned());
            journal.intern(&PluginIdentity {
                subsystem,
                plugin,
                version: "1.0.0".to_owned(),
                ..PluginIdentity::default()
            })
        };
        Self { momentum: plugin("momentum"), vetoes: [plugin("risk-os"), plugin("ai-hfos")] }
    }
}

/// The records of one cycle.
pub fn cycle(n: u64, plugins: &Plugins) -> Vec<Record> {
    let now = START_MS + n * CYCLE_MS;
    let symbol = |trade: u64| (trade * 7 % SYMBOLS) as u32;
    let proposals: Vec<Proposal> = [2 * n + 1, 2 * n + 2]
        .map(|trade| Proposal {
            symbol: symbol(trade),
            action: Action::Long,
            confidence: 0.7,
            stop_loss: None,
            take_profit: None,
        })
        .to_vec();
    let said = bytes(&proposals);
    let mut all = vec![asking(call(HookId::Signal, now, n, 0, None, &said, vec![said_by(plugins.momentum, &said)]))];
    let allow = bytes(&Verdict::Allow);
    for trade in [2 * n + 1, 2 * n + 2] {
        for hook in ASKED {
            let decisions = plugins.vetoes.map(|plugin| said_by(plugin, &allow)).to_vec();
            all.push(asking(call(hook, now, n, trade, Some(symbol(trade)), &allow, decisions)));
        }
        if trade % 3 == 0 {
            all.push(Record::Order(order(now, trade, symbol(trade))));
            all.push(Record::Fill(fill(now + CYCLE_MS / 2, trade, symbol(trade))));
        } else {
            all.push(Record::Event(stop(now, trade, symbol(trade))));
        }
    }
    let oldest = n.saturating_sub(HELD) * 2 / 3;
    for position in 0..OPEN {
        let trade = (oldest + position * HELD / 6 + 1) * 3;
        if trade < 2 * n {
            let decisions = vec![said_by(plugins.vetoes[0], &allow)];
            let hook = HookId::PositionClassification;
            all.push(asking(call(hook, now, n, trade, Some(symbol(trade)), &allow, decisions)));
        }
    }
    all
}

/// The record of a call that asked two subsystems, encoded as the host encodes it.
pub fn asked(n: u64, question: &impl Serialize, plugins: &Plugins) -> Record {
    let answer = bytes(&Verdict::Allow);
    let decisions = plugins.vetoes.map(|plugin| said_by(plugin, &bytes(&Verdict::Allow))).to_vec();
    let made = call(HookId::RiskCheck, START_MS + n, n, n, Some(0), &answer, decisions);
    Record::Call(CallRecord { input: bytes(question), ..made })
}

/// The latest trade before cycle `n` that became an order.
pub const fn traded_before(n: u64) -> u64 {
    2 * n / 3 * 3
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap()
}

fn said_by(plugin: PluginRef, said: &[u8]) -> DecisionRecord {
    DecisionRecord {
        plugin,
        mode: Mode::Enforced,
        authority: Authority::Enforce,
        proposed: Some(said.to_vec()),
        effective: said.to_vec(),
        outcome: Outcome::Applied,
        reason: None,
        fault: None,
        fuel: 12_345,
        duration_ns: 4_321,
        memory_bytes: 1_114_112,
        instance: 0,
        turn: 0,
    }
}

fn call(
    hook: HookId,
    now: u64,
    n: u64,
    correlation: u64,
    symbol: Option<u32>,
    effective: &[u8],
    decisions: Vec<DecisionRecord>,
) -> CallRecord {
    CallRecord {
        event_time_ms: now,
        cycle: n,
        hook,
        symbol,
        correlation,
        stage: Stage::Autonomy,
        brake: Brake::Released,
        risk_mode: RiskMode::Normal,
        directive: Some((n / 10, 20_000)),
        input: Vec::new(),
        effective: effective.to_vec(),
        outcome: Outcome::Applied,
        duration_ns: 9_876,
        decisions,
    }
}

/// With a question of the usual size.
fn asking(call: CallRecord) -> Record {
    let input = (0..300u64).map(|i| (call.cycle.wrapping_mul(31) ^ i) as u8).collect();
    Record::Call(CallRecord { input, ..call })
}

fn order(now: u64, trade: u64, symbol: u32) -> OrderRecord {
    OrderRecord {
        event_time_ms: now,
        correlation: trade,
        order_id: trade,
        symbol,
        side: Side::Long,
        reduce_only: false,
        order_type: OrderType::Market,
        quantity: 0.25,
        price: None,
        notional_usd: 2_500.0,
        verdict: "accepted".to_owned(),
        text: String::new(),
    }
}

fn fill(now: u64, trade: u64, symbol: u32) -> FillRecord {
    FillRecord {
        event_time_ms: now,
        correlation: trade,
        order_id: trade,
        symbol,
        side: Side::Long,
        quantity: 0.25,
        price: 10_000.0,
        fee_usd: 1.25,
        slippage_bps: 1.5,
        realized_pnl_usd: 0.0,
        maker: false,
        liquidation: false,
    }
}

fn stop(now: u64, trade: u64, symbol: u32) -> EventRecord {
    let (by, reason) = ("pre-trade-risk-check", "max-leverage");
    let data = serde_json::json!({ "symbol": symbol, "correlation": trade, "by": by, "reason": reason });
    EventRecord {
        event_time_ms: now,
        kind: EventKind::TradeStopped,
        actor: by.to_owned(),
        text: reason.to_owned(),
        data: data.to_string(),
    }
}
