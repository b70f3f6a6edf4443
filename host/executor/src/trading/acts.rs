//! Acting on applied answers that reach open positions: exits, directives, emergency actions, rebalancing, amplification.
//! All of it reduces, tightens or holds; only an amplification with a grant adds, and it goes through the envelope.

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    Brake, SymbolId,
    envelope::OrderIntent,
    hooks::{
        amplification::{self, Recommendation},
        coordination::{EmergencyAction, EmergencyKind},
        order_type::OrderPlan,
        rebalance::{self, RebalanceAction},
        self_healing::Directive,
        signal::Action,
    },
    trade::OrderType,
};

use super::{TradingLoop, inputs::Owned};
use crate::venue::{ExitReason, OpenPosition, OrderRequest, Venue};

/// Share of the stop distance that is left when exits turn defensive.
const DEFENSIVE_STOP: f64 = 0.5;
/// Trail of a position that switches to trend following, fraction of price.
const TREND_TRAIL: f64 = 0.02;
/// Share closed by an action that names none.
const DEFAULT_SHARE: f64 = 0.25;

impl<V: Venue> TradingLoop<V> {
    /// Strategies that want to be flat leave their own positions. Exits wait for nobody.
    pub(super) fn leave(&mut self, proposals: &[Owned], now: u64) {
        for owned in proposals.iter().filter(|o| o.proposal.action == Action::Flat) {
            let symbol = owned.proposal.symbol;
            let own = self.venue.position(symbol).is_some_and(|p| p.owner as usize == owned.owner);
            if own {
                self.close(symbol, 1.0, ExitReason::Signal, now);
            }
        }
    }

    pub(super) fn close(&mut self, symbol: SymbolId, fraction: f64, reason: ExitReason, now: u64) {
        if let Err(reject) = self.venue.close(symbol, fraction, reason, time(now)) {
            let text = format!("close of symbol {symbol} ({}) was refused: {reject}", reason.name());
            tracing::warn!("{text}");
            self.registry.event(now, EventKind::Note, "venue", text);
        }
    }

    fn open_symbols(&self) -> Vec<SymbolId> {
        self.venue.positions().symbols.clone()
    }

    /// Closes all positions and takes back working entries.
    pub(super) fn close_everything(&mut self, reason: ExitReason, now: u64) {
        self.cancel_entries(now);
        for symbol in self.open_symbols() {
            if self.venue.position(symbol).is_some_and(|p| !p.closing) {
                self.close(symbol, 1.0, reason, now);
            }
        }
    }

    fn reduce_everything(&mut self, fraction: f64, reason: ExitReason, now: u64) {
        for symbol in self.open_symbols() {
            self.close(symbol, fraction, reason, now);
        }
    }

    /// Directives that concern open positions: forced exits, defensive exits, exposure to give up.
    pub(super) fn obey_directives(&mut self, now: u64) {
        let Some(d) = self.registry.board().current(now) else { return };
        let forced = self.registry.board().with(now, |_, _, a| a.global.force_exit_symbols.clone()).unwrap_or_default();
        for symbol in forced {
            if self.venue.position(symbol).is_some_and(|p| !p.closing) {
                self.close(symbol, 1.0, ExitReason::Directive, now);
            }
        }
        if d.enforce_defensive_exits {
            self.tighten_all();
        }
        // Given up once when the demand rises, not again with every coordination.
        let (done, asked) = (self.restraint.reduced_pct, d.reduce_exposure_pct);
        if asked > done && asked > 0.0 {
            let share = ((asked - done) / (100.0 - done)).clamp(0.0, 1.0);
            self.reduce_everything(share, ExitReason::Directive, now);
        }
        self.restraint.reduced_pct = asked;
    }

    /// Brings every stop to half its distance, once per position: a stop that is already nearer stays.
    fn tighten_all(&mut self) {
        for symbol in self.open_symbols() {
            if let Some(position) = self.venue.position(symbol) {
                self.tighten(&position);
            }
        }
    }

    /// Makes a position trail, unless it does already.
    pub(super) fn trail(&mut self, position: &OpenPosition, trail: f64) {
        let Some(plan) = position.exits.filter(|p| p.trail.is_none()) else { return };
        let trailing = crate::venue::ExitPlan { trail: Some(trail), ..plan };
        if let Err(reject) = self.venue.set_exits(position.symbol, trailing) {
            tracing::warn!(symbol = position.symbol, "trail not set: {reject}");
        }
    }

    pub(super) fn tighten(&mut self, position: &OpenPosition) {
        let Some(plan) = position.exits else { return };
        let defensive = self.config.stop_loss * DEFENSIVE_STOP;
        if plan.stop_loss > defensive {
            let tighter = crate::venue::ExitPlan { stop_loss: defensive, ..plan };
            if let Err(reject) = self.venue.set_exits(position.symbol, tighter) {
                tracing::warn!(symbol = position.symbol, "stop not tightened: {reject}");
            }
        }
    }

    /// Carries out the coordinator's emergency actions, most important first.
    pub(super) fn carry_out(&mut self, actions: &[EmergencyAction], now: u64) {
        let mut actions: Vec<&EmergencyAction> = actions.iter().collect();
        actions.sort_by_key(|a| a.priority);
        for action in actions {
            let until = now.saturating_add(action.duration_ms.unwrap_or(0));
            match action.kind {
                EmergencyKind::CloseAllPositions => self.close_everything(ExitReason::Directive, now),
                EmergencyKind::PauseNewTrades => self.restraint.pause(until),
                EmergencyKind::ReduceAllPositions if self.reduced_lately(now) => continue,
                EmergencyKind::ReduceAllPositions => {
                    self.restraint.reduced_all_ms = Some(now);
                    self.reduce_everything(action.fraction.unwrap_or(DEFAULT_SHARE), ExitReason::Directive, now);
                }
                EmergencyKind::HaltSymbol => {
                    if let Some(symbol) = action.symbol {
                        self.restraint.pause_symbol(symbol, until);
                    }
                }
                EmergencyKind::HaltSystem => self.registry.engage(Brake::Halt, "ai-hfos", &action.rationale, now),
            }
            let text = format!("{}: {}", action.kind, action.rationale);
            self.registry.event(now, EventKind::EmergencyAction, "ai-hfos", text);
        }
    }

    fn reduced_lately(&self, now: u64) -> bool {
        self.restraint.reduced_all_ms.is_some_and(|at| now.saturating_sub(at) < self.config.reduction_cooldown_ms)
    }

    /// Acts on a self-healing directive that became more severe.
    pub(super) fn act_on_healing(&mut self, directive: Directive, now: u64) {
        self.registry.event(now, EventKind::EmergencyAction, "self-healing", directive.name().to_owned());
        match directive {
            Directive::DefensiveExit => self.tighten_all(),
            Directive::EmergencyShutdown => {
                self.registry.engage(Brake::HaltCancel, "self-healing", "EMERGENCY_SHUTDOWN", now);
                self.close_everything(ExitReason::SelfHealing, now);
            }
            Directive::AllowAll | Directive::SafeRiskProfile | Directive::NoNewTrades => {}
        }
    }

    /// Carries out rebalance actions.
    pub(super) fn carry_out_rebalance(&mut self, actions: &[RebalanceAction], now: u64) {
        for action in actions {
            let share = action.fraction.unwrap_or(DEFAULT_SHARE);
            match (action.action, action.symbol) {
                (rebalance::Action::BlockNewTrades, _) => self.restraint.rebalance_block = true,
                (rebalance::Action::DefensiveMode, _) => self.tighten_all(),
                (rebalance::Action::ClosePosition, Some(symbol)) => {
                    self.close(symbol, 1.0, ExitReason::Rebalance, now);
                }
                // With isolated margin, less leverage on the same margin is less position.
                (rebalance::Action::ReducePosition | rebalance::Action::ReduceLeverage, Some(symbol)) => {
                    self.close(symbol, share, ExitReason::Rebalance, now);
                }
                (_, None) => {}
            }
        }
    }

    /// Acts on one recommendation that passed the chain.
    pub(super) fn amplify_one(&mut self, r: &Recommendation, now: u64) {
        let Some(position) = self.venue.position(r.symbol) else { return };
        let plan = position.exits;
        let change = |plan: Option<crate::venue::ExitPlan>, f: &dyn Fn(&mut crate::venue::ExitPlan)| {
            plan.map(|mut p| {
                f(&mut p);
                p
            })
        };
        let next = match r.action {
            amplification::Action::AddSize => {
                self.add_size(&position, r.add_size_usd.unwrap_or(0.0), now);
                None
            }
            amplification::Action::PartialTakeProfit => {
                self.close(r.symbol, r.close_fraction.unwrap_or(DEFAULT_SHARE), ExitReason::Amplification, now);
                None
            }
            amplification::Action::ExtendHold => {
                let extend = r.extend_ms.unwrap_or(0);
                change(plan, &|p| p.max_hold_ms = p.max_hold_ms.map(|hold| hold.saturating_add(extend)))
            }
            amplification::Action::SwitchToTrendFollow => change(plan, &|p| p.trail = Some(TREND_TRAIL)),
            amplification::Action::TightenStops => {
                self.tighten(&position);
                None
            }
        };
        if let Some(exits) = next
            && let Err(reject) = self.venue.set_exits(r.symbol, exits)
        {
            tracing::warn!(symbol = r.symbol, "exits not changed: {reject}");
        }
    }

    /// Adds to a winner: the one act that increases, so it is a decision of its own and goes through the envelope.
    fn add_size(&mut self, position: &OpenPosition, add_usd: f64, now: u64) {
        // What keeps the loop from opening keeps it from adding.
        if let Some(reason) = self.restraint.blocks(now) {
            self.refuse("base", reason);
            return;
        }
        let marks = self.registry.board().marks(position.symbol, now);
        let directed =
            self.registry.board().current(now).is_some_and(|d| !d.allow_new_trades || !d.allow_new_positions);
        if directed || marks.paused || marks.force_exit || self.restraint.symbol_paused(position.symbol, now) {
            self.refuse("directives", "no addition");
            return;
        }
        let Some(instrument) = self.instruments.get(position.symbol as usize) else { return };
        let Some((price, age)) = self.observer.price(position.symbol, time(now)) else { return };
        let quantity = instrument.floor_qty(add_usd / price);
        if !instrument.is_orderable(quantity, price) {
            return;
        }
        let (id, decision) = (self.next_order, self.next_correlation);
        self.next_order += 1;
        self.next_correlation += 1;
        self.envelope.decided(decision);
        let intent = OrderIntent {
            id,
            decision,
            symbol: position.symbol,
            side: position.side,
            quantity,
            price,
            reference_price: price,
            reference_age_ms: age,
            leverage_x: position.leverage_x,
            risk_usd: position.exits.map_or(0.0, |e| e.stop_loss) * quantity * price,
            base_size_usd: add_usd,
            reduce_only: false,
            held_quantity: position.quantity * position.side.sign(),
        };
        if let Err(refusal) = self.admit(&intent, now) {
            self.envelope.dropped(decision);
            self.journal_order(&intent, OrderType::Market, None, refusal.name(), refusal.to_string(), now);
            self.refuse("envelope", refusal.name());
            return;
        }
        if let Err(held) = self.may_leave() {
            self.envelope.settle(id);
            self.envelope.dropped(decision);
            self.journal_order(&intent, OrderType::Market, None, held.reason, held.text, now);
            self.refuse(held.by, held.reason);
            return;
        }
        let request = OrderRequest {
            id,
            correlation: decision,
            owner: position.owner,
            symbol: position.symbol,
            side: position.side,
            quantity,
            plan: OrderPlan::MARKET,
            reduce_only: false,
            leverage_x: position.leverage_x,
            decision_price: price,
            exits: None,
        };
        match self.venue.submit(request, time(now)) {
            Ok(ack) => {
                self.journal_order(&intent, OrderType::Market, ack.limit_price, "accepted", String::new(), now);
                self.summary.orders += 1;
            }
            Err(reject) => {
                self.envelope.settle(id);
                self.journal_order(&intent, OrderType::Market, None, reject.code(), reject.to_string(), now);
                self.refuse("venue", reject.code());
            }
        }
    }
}

fn time(now: u64) -> i64 {
    i64::try_from(now).unwrap_or(i64::MAX)
}
