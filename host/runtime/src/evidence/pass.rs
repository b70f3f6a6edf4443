//! One journal, record by record.

use core::ops::ControlFlow;
use std::collections::{BTreeMap, BTreeSet};

use bulkhead_journal::{
    CallRecord, EventKind, EventRecord, FillRecord, OrderRecord, PluginIdentity, PluginRef, Record,
};
use bulkhead_policy::{
    Account, Brake, Cause, HookId, Outcome, SymbolId,
    hooks::{
        amplification::{Action, Recommendation},
        coordination::{self, ConflictSeverity, CoordinationAnswer},
        veto,
    },
};
use serde::de::DeserializeOwned;

use super::{
    day::{Day, Days, Key, deeper, key},
    trade::{Said, Trade, said},
};

/// What a blob says, if it is what the hook's contract says it is.
pub(super) fn understood<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// A pass over one journal.
pub(super) struct Pass<'a> {
    days: &'a mut Days,
    late_ms: u64,
    records: u64,
    /// Day and stage of the latest hook call.
    at: Option<Key>,
    /// Events before the first one.
    early: Vec<EventRecord>,
    trade: Option<Trade>,
    /// Stage and time of the last coordination.
    coordinated: Option<(Key, u64)>,
    /// What the last check for winners recommended.
    recommended: BTreeSet<(SymbolId, Action)>,
    answered: BTreeSet<(Key, PluginRef)>,
}

/// Most events kept for the first call of a journal.
const EARLY: usize = 1_000;

impl<'a> Pass<'a> {
    pub(super) fn new(days: &'a mut Days, late_ms: u64) -> Self {
        Self {
            days,
            late_ms,
            records: 0,
            at: None,
            early: Vec::new(),
            trade: None,
            coordinated: None,
            recommended: BTreeSet::new(),
            answered: BTreeSet::new(),
        }
    }

    /// Takes in the next record.
    pub(super) fn take(&mut self, record: &Record) -> ControlFlow<()> {
        self.records += 1;
        match record {
            Record::Call(call) => self.call(call),
            Record::Order(order) => self.order(order),
            Record::Fill(fill) => self.fill(fill),
            Record::Event(event) => self.event(event),
            Record::Guest(_) | Record::Directives(_) => {}
        }
        ControlFlow::Continue(())
    }

    /// Closes what is open, and says who answered. Returns how many records there were.
    pub(super) fn end(mut self, plugins: &BTreeMap<PluginRef, PluginIdentity>) -> u64 {
        self.close_trade();
        for (key, plugin) in std::mem::take(&mut self.answered) {
            if let Some(identity) = plugins.get(&plugin) {
                let who = (identity.subsystem.clone(), identity.digest.clone());
                self.days.at(key).answered.insert(who);
            }
        }
        self.records
    }

    fn call(&mut self, call: &CallRecord) {
        let at = key(call.stage, call.event_time_ms);
        self.at = Some(at);
        for event in std::mem::take(&mut self.early) {
            self.event(&event);
        }
        self.decisions(at, call);
        match call.hook {
            HookId::Coordination => self.coordination(at, call),
            HookId::AmplificationCheck => self.amplification(at, call),
            HookId::RiskCheck => {
                let account = understood::<veto::Input>(&call.input).map(|input| input.account);
                self.account(at, account);
            }
            _ => {}
        }
        self.trade(at, call);
    }

    fn decisions(&mut self, at: Key, call: &CallRecord) {
        let day = self.days.at(at);
        day.sum.calls += 1;
        if !call.decisions.is_empty() {
            day.mark(call.event_time_ms);
        }
        // Signals and exit levels follow the mode in every stage.
        let staged = !matches!(call.hook, HookId::Signal | HookId::ExitLevels);
        for decision in &call.decisions {
            match decision.outcome {
                Outcome::Defaulted(Cause::Fault(class)) => *day.sum.faults.entry(class).or_default() += 1,
                Outcome::Defaulted(_) => {}
                outcome => {
                    day.sum.applied += u64::from(staged && outcome == Outcome::Applied);
                    self.answered.insert((at, decision.plugin));
                }
            }
        }
    }

    fn account(&mut self, at: Key, account: Option<Account>) {
        let sum = &mut self.days.at(at).sum;
        match account {
            Some(account) => {
                sum.daily_drawdown_pct = deeper(sum.daily_drawdown_pct, Some(account.daily_drawdown_pct));
            }
            None => sum.unreadable += 1,
        }
    }

    fn coordination(&mut self, at: Key, call: &CallRecord) {
        self.account(at, understood::<coordination::Input>(&call.input).map(|input| input.account));
        let answered = call.decisions.iter().find(|d| !matches!(d.outcome, Outcome::Defaulted(_)));
        let Some(answered) = answered else { return };
        let beat = &mut self.days.at(at).sum.coordination;
        // Of the same stage: the way from one to the other is nobody's beat.
        if let Some((_, before)) = self.coordinated.filter(|((_, stage), _)| *stage == at.1) {
            let interval = call.event_time_ms.saturating_sub(before);
            beat.intervals += 1;
            beat.late += u64::from(interval > self.late_ms);
            beat.longest_ms = beat.longest_ms.max(interval);
        }
        self.coordinated = Some((at, call.event_time_ms));
        let sum = &mut self.days.at(at).sum;
        let said = answered.proposed.as_deref().and_then(understood::<CoordinationAnswer>);
        let Some(answer) = said else {
            sum.unreadable += 1;
            return;
        };
        if answered.outcome == Outcome::Applied {
            sum.coordination.issued += 1;
            let forbids = !answer.global.allow_new_trades || !answer.global.allow_new_positions;
            sum.coordination.forbidding += u64::from(forbids);
        }
        let open =
            |c: &&coordination::Conflict| c.severity == ConflictSeverity::Critical || c.resolution.trim().is_empty();
        sum.open_conflicts += answer.conflicts.iter().filter(open).count() as u64;
    }

    /// An opportunity lasts from check to check: it counts when it is first recommended.
    fn amplification(&mut self, at: Key, call: &CallRecord) {
        let owner = call.decisions.iter().find(|d| !matches!(d.outcome, Outcome::Defaulted(_)));
        let Some(said) = owner.and_then(|d| d.proposed.as_deref()) else { return };
        let sum = &mut self.days.at(at).sum;
        let Some(all) = understood::<Vec<Recommendation>>(said) else {
            sum.unreadable += 1;
            return;
        };
        let now: BTreeSet<(SymbolId, Action)> = all.iter().map(|r| (r.symbol, r.action)).collect();
        sum.opportunities += now.difference(&self.recommended).count() as u64;
        self.recommended = now;
    }

    fn trade(&mut self, at: Key, call: &CallRecord) {
        let said = match said(call) {
            None => {
                self.days.at(at).sum.unreadable += 1;
                return;
            }
            Some(Said::Nothing) => return,
            Some(said) => said,
        };
        let (blocked, held_back) = (said == Said::Blocked, said == Said::HeldBack);
        if call.correlation == 0 {
            // Asked from outside: its first question stands for the trade.
            if call.hook == HookId::RiskCheck {
                count(self.days.at(at), blocked, held_back);
            }
            return;
        }
        match &mut self.trade {
            Some(trade) if trade.correlation == call.correlation => {
                trade.blocked |= blocked;
                trade.held_back |= held_back;
            }
            _ => {
                self.close_trade();
                self.trade = Some(Trade { key: at, correlation: call.correlation, blocked, held_back });
            }
        }
    }

    fn close_trade(&mut self) {
        if let Some(trade) = self.trade.take() {
            count(self.days.at(trade.key), trade.blocked, trade.held_back);
        }
    }

    fn order(&mut self, order: &OrderRecord) {
        if let Some(at) = self.at.filter(|_| !order.reduce_only && order.verdict == "accepted") {
            self.days.at(at).sum.trades.orders += 1;
        }
    }

    fn fill(&mut self, fill: &FillRecord) {
        if let Some(at) = self.at {
            let trades = &mut self.days.at(at).sum.trades;
            trades.fills += 1;
            trades.net_usd += fill.realized_pnl_usd - fill.fee_usd;
        }
    }

    fn event(&mut self, event: &EventRecord) {
        if !matches!(event.kind, EventKind::BrakeChanged | EventKind::Quarantined | EventKind::RecordsLost) {
            return;
        }
        let Some(at) = self.at else {
            if self.early.len() < EARLY {
                self.early.push(event.clone());
            }
            return;
        };
        let sum = &mut self.days.at(at).sum;
        match event.kind {
            EventKind::BrakeChanged => sum.brake_activations += u64::from(!released(&event.text)),
            EventKind::Quarantined => sum.quarantines += 1,
            _ => sum.lost += lost(&event.data),
        }
    }
}

fn count(day: &mut Day, blocked: bool, held_back: bool) {
    let trades = &mut day.sum.trades;
    trades.asked += 1;
    trades.blocked += u64::from(blocked);
    trades.held_back += u64::from(held_back && !blocked);
}

/// `brake BEFORE -> AFTER: reason`. What cannot be read as a release is none.
fn released(text: &str) -> bool {
    let after = text.strip_prefix("brake ").and_then(|text| text.split_once(" -> "));
    let (before, after) = after.map_or(("", ""), |(before, rest)| (before, rest.split(':').next().unwrap_or_default()));
    Brake::parse(before).is_some() && Brake::parse(after) == Some(Brake::Released)
}

/// How many records were lost; one at least.
fn lost(data: &str) -> u64 {
    let said = serde_json::from_str::<serde_json::Value>(data).ok();
    said.and_then(|data| data.get("records").and_then(serde_json::Value::as_u64)).unwrap_or(1).max(1)
}
