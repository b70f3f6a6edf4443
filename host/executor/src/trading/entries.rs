//! From proposals to orders: the pre-trade hooks, each a call of its own, then the envelope, then the venue.

use std::cmp::Ordering;

use bulkhead_policy::{
    Account, Candidate, ReasonCode, Side, SymbolId, Verdict,
    envelope::OrderIntent,
    hooks::{
        ConfidenceAdjustment, ExitLevels, OrderTypeSelection, PortfolioCheck, PositionSizing, RiskCheck, SlippageCheck,
        confidence, exit_levels, order_type, signal::Action, sizing, slippage, veto,
    },
    trade::OrderType,
    value::{Confidence, SizeUsd},
};

use super::{TradingLoop, inputs::Owned, models::Entry};
use crate::venue::{OrderRequest, Venue};

/// Why a candidate ended without an order.
pub(super) struct Stopped {
    pub(super) by: &'static str,
    pub(super) reason: String,
    /// Of the calls that were made about it; 0 when none was.
    pub(super) correlation: u64,
}

impl Stopped {
    fn new(by: &'static str, reason: impl Into<String>) -> Self {
        Self { by, reason: reason.into(), correlation: 0 }
    }

    fn verdict(by: &'static str, verdict: &Verdict) -> Result<(), Self> {
        match verdict {
            Verdict::Allow => Ok(()),
            Verdict::Deny(denial) => Err(Self::new(by, denial.code.name())),
        }
    }
}

/// A candidate with everything the hooks said so far.
struct Draft {
    owner: usize,
    correlation: u64,
    candidate: Candidate,
    base_size_usd: f64,
    levels: exit_levels::Levels,
    account: Account,
}

impl<V: Venue> TradingLoop<V> {
    /// Processes the proposals of one moment, best confidence first.
    pub(super) fn enter(&mut self, proposals: &[Owned], kept: Option<&[SymbolId]>, now: u64) {
        let mut entries: Vec<Owned> = proposals.iter().copied().filter(|o| o.proposal.action != Action::Flat).collect();
        if entries.is_empty() {
            return;
        }
        entries.sort_by(|a, b| {
            let by_confidence = b.proposal.confidence.partial_cmp(&a.proposal.confidence).unwrap_or(Ordering::Equal);
            by_confidence.then(a.proposal.symbol.cmp(&b.proposal.symbol))
        });
        for (place, owned) in entries.into_iter().enumerate() {
            let stopped = if place >= self.config.max_candidates {
                Err(Stopped::new("base", "too many candidates in one cycle"))
            } else {
                self.consider(&owned, kept, now)
            };
            match stopped {
                Ok(()) => {
                    let name = self.registry.subsystem_name(owned.owner).to_owned();
                    self.summary.proposals.entry(name).or_default().1 += 1;
                }
                Err(stopped) => {
                    self.journal_stop(owned.proposal.symbol, &stopped, now);
                    self.refuse(stopped.by, &stopped.reason);
                }
            }
        }
    }

    fn consider(&mut self, owned: &Owned, kept: Option<&[SymbolId]>, now: u64) -> Result<(), Stopped> {
        let symbol = owned.proposal.symbol;
        self.base_allows(symbol, now)?;
        self.models_allow(owned, now)?;
        if kept.is_some_and(|kept| !kept.contains(&symbol)) {
            return Err(Stopped::new("pre-trade-universe-filter", "not-in-universe"));
        }
        let mut draft = self.draft(owned, now)?;
        self.envelope.decided(draft.correlation);
        let result = self.negotiate(&mut draft, now);
        if result.is_err() {
            self.envelope.dropped(draft.correlation);
        }
        result.map_err(|stopped| Stopped { correlation: draft.correlation, ..stopped })
    }

    /// The base logic's own reasons, and the directives in force.
    fn base_allows(&self, symbol: SymbolId, now: u64) -> Result<(), Stopped> {
        if !self.registry.dials().brake.allows_increase() {
            return Err(Stopped::new("brake", self.registry.dials().brake.name()));
        }
        if let Some(reason) = self.restraint.blocks(now) {
            return Err(Stopped::new("base", reason));
        }
        if let Some(d) = self.registry.board().current(now) {
            if !d.allow_new_trades || !d.allow_new_positions {
                return Err(Stopped::new("directives", "no new trades"));
            }
            if d.max_position_count.is_some_and(|max| self.venue.account().open_positions >= max) {
                return Err(Stopped::new("directives", "position count"));
            }
        }
        let marks = self.registry.board().marks(symbol, now);
        if marks.paused || marks.blacklisted || marks.force_exit || self.restraint.symbol_paused(symbol, now) {
            return Err(Stopped::new("directives", "symbol paused"));
        }
        let busy = self.venue.position(symbol).is_some()
            || self.venue.working().iter().any(|o| o.symbol == symbol && !o.reduce_only);
        if busy {
            return Err(Stopped::new("base", "symbol has a position or an order"));
        }
        let cooling =
            self.last_entry_ms.get(&symbol).is_some_and(|at| now.saturating_sub(*at) < self.config.cooldown_ms);
        if cooling {
            return Err(Stopped::new("base", "cooldown"));
        }
        Ok(())
    }

    /// What is in force about the strategy itself.
    fn models_allow(&self, owned: &Owned, now: u64) -> Result<(), Stopped> {
        let side = if owned.proposal.action == Action::Long { Side::Long } else { Side::Short };
        if self.models.biased_side() == Some(side) {
            return Err(Stopped::new("model-evaluation", ReasonCode::ModelBias.name()));
        }
        let name = self.registry.subsystem_name(owned.owner);
        let disabled = self.registry.board().with(now, |_, _, a| a.models.disable.iter().any(|m| m == name));
        if disabled == Some(true) {
            return Err(Stopped::new("directives", "model disabled"));
        }
        Ok(())
    }

    fn draft(&mut self, owned: &Owned, now: u64) -> Result<Draft, Stopped> {
        let p = owned.proposal;
        let now_ms = i64::try_from(now).unwrap_or(i64::MAX);
        let (price, price_age_ms) =
            self.observer.price(p.symbol, now_ms).ok_or_else(|| Stopped::new("base", "no price"))?;
        let account = self.account();
        let base_size_usd = account.equity_usd.max(0.0) * self.config.position_pct / 100.0;
        let stop_loss = p.stop_loss.unwrap_or(self.config.stop_loss);
        let levels = exit_levels::Levels {
            stop_loss,
            take_profit: p.take_profit.unwrap_or(self.config.take_profit),
            trail: None,
            partial: None,
            max_hold_ms: (self.config.max_hold_ms > 0).then_some(self.config.max_hold_ms),
        };
        let capped = self.registry.board().current(now).and_then(|d| d.max_leverage_x);
        let leverage_x = capped.map_or(self.config.leverage_x, |max| self.config.leverage_x.min(max)).max(1.0);
        let correlation = self.next_correlation;
        self.next_correlation += 1;
        let candidate = Candidate {
            symbol: p.symbol,
            side: if p.action == Action::Long { Side::Long } else { Side::Short },
            confidence: p.confidence,
            size_usd: base_size_usd,
            leverage_x,
            risk_usd: base_size_usd * stop_loss,
            price,
            price_age_ms,
            marks: self.registry.board().marks(p.symbol, now),
        };
        Ok(Draft { owner: owned.owner, correlation, candidate, base_size_usd, levels, account })
    }

    /// Threshold, risk, portfolio, size, exits, order type, slippage: each a call of its own.
    fn negotiate(&mut self, draft: &mut Draft, now: u64) -> Result<(), Stopped> {
        self.check_threshold(draft, now)?;
        let moment = self.moment(now, draft.correlation);
        let (candidate, exposures, account) = (draft.candidate.clone(), self.exposures(), draft.account);
        let input = veto::Input { candidate: candidate.clone(), exposures: exposures.clone(), account };
        let risk = self.registry.call::<RiskCheck>(&moment, input).answer;
        Stopped::verdict("pre-trade-risk-check", &risk)?;
        let returns = self.observer.returns(exposures.symbols.iter().copied().chain([candidate.symbol]));
        let input = veto::PortfolioInput { candidate, exposures, account, returns };
        let portfolio = self.registry.call::<PortfolioCheck>(&moment, input).answer;
        Stopped::verdict("pre-trade-portfolio-check", &portfolio)?;
        let quantity = self.size(draft, now)?;
        self.choose_exits(draft, now);
        let plan = self.choose_order(draft, now);
        self.check_estimate(draft, &plan, now)?;
        self.send(draft, quantity, plan, now)
    }

    fn check_threshold(&self, draft: &Draft, now: u64) -> Result<(), Stopped> {
        let base = Confidence::new(self.config.base_threshold).map_err(|b| Stopped::new("base", b.to_string()))?;
        let input = confidence::Input {
            candidate: draft.candidate.clone(),
            base_threshold: base,
            account: draft.account,
            market: self.market(),
        };
        let adjusted =
            self.registry.call::<ConfidenceAdjustment>(&self.moment(now, draft.correlation), input).answer.get();
        let of_models = self.registry.board().with(now, |_, _, a| a.models.confidence_threshold).flatten();
        let threshold = of_models.map_or(adjusted, |t| t.max(adjusted));
        if draft.candidate.confidence >= threshold {
            return Ok(());
        }
        let by = if threshold > base.get() { "pre-trade-confidence-adjustment" } else { "base" };
        Err(Stopped::new(by, "confidence under the threshold"))
    }

    /// Size in USD, and rounding last: the venue's step, downwards.
    fn size(&self, draft: &mut Draft, now: u64) -> Result<f64, Stopped> {
        let wanted = draft.base_size_usd * self.restraint.size_factor() * self.models.size_factor(draft.owner);
        let base_size_usd = SizeUsd::new(wanted).map_err(|b| Stopped::new("base", b.to_string()))?;
        draft.candidate.size_usd = wanted;
        let input = sizing::Input {
            candidate: draft.candidate.clone(),
            base_size_usd,
            exposures: self.exposures(),
            account: draft.account,
            market: self.market(),
        };
        let size = self.registry.call::<PositionSizing>(&self.moment(now, draft.correlation), input).answer.get();
        let symbol = draft.candidate.symbol as usize;
        let instrument = self.instruments.get(symbol).ok_or_else(|| Stopped::new("base", "unknown symbol"))?;
        let quantity = instrument.floor_qty(size / draft.candidate.price);
        if !instrument.is_orderable(quantity, draft.candidate.price) {
            let by = if size < wanted { "pre-trade-position-sizing" } else { "base" };
            return Err(Stopped::new(by, "size under the venue's minimum"));
        }
        draft.candidate.size_usd = quantity * draft.candidate.price;
        draft.candidate.risk_usd = draft.candidate.size_usd * draft.levels.stop_loss;
        Ok(quantity)
    }

    fn choose_exits(&self, draft: &mut Draft, now: u64) {
        let input = exit_levels::Input {
            candidate: draft.candidate.clone(),
            base: draft.levels,
            market: self.market(),
            aged: None,
        };
        draft.levels = self.registry.call::<ExitLevels>(&self.moment(now, draft.correlation), input).answer;
        draft.candidate.risk_usd = draft.candidate.size_usd * draft.levels.stop_loss;
    }

    fn choose_order(&self, draft: &Draft, now: u64) -> order_type::OrderPlan {
        let book = self.estimated_book(&draft.candidate);
        let input =
            order_type::Input { candidate: draft.candidate.clone(), default_plan: order_type::OrderPlan::MARKET, book };
        self.registry.call::<OrderTypeSelection>(&self.moment(now, draft.correlation), input).answer
    }

    fn estimated_book(&self, candidate: &Candidate) -> order_type::Book {
        let symbol = candidate.symbol;
        let spread_bps = self.spread_bps(symbol, candidate.price);
        let half = candidate.price * spread_bps / 2e4;
        let tick = self.instruments.get(symbol as usize).map_or(0.0, |i| i.tick);
        let volume = self.observer.minute_volume(symbol);
        order_type::Book {
            best_bid: candidate.price - half,
            best_ask: candidate.price + half,
            spread_bps,
            impact_bps: self.slippage.cost_bps(candidate.size_usd, volume, candidate.price, tick),
        }
    }

    /// The slippage hook on the estimate, before the order. A resting order expects none, a TWAP that of one child.
    fn check_estimate(&self, draft: &Draft, plan: &order_type::OrderPlan, now: u64) -> Result<(), Stopped> {
        let c = &draft.candidate;
        let children = if plan.order_type == OrderType::Twap { f64::from(plan.slices.max(1)) } else { 1.0 };
        let child = Candidate { size_usd: c.size_usd / children, ..c.clone() };
        let book = self.estimated_book(&child);
        let takes = matches!(plan.order_type, OrderType::Market | OrderType::Twap);
        let cost_bps = if takes { book.impact_bps } else { 0.0 };
        let input = slippage::Execution {
            symbol: c.symbol,
            side: c.side,
            phase: slippage::Phase::Estimate,
            expected_price: c.price,
            actual_price: c.price * (1.0 + c.side.sign() * cost_bps / 1e4),
            spread_bps: book.spread_bps,
            size_usd: c.size_usd,
        };
        let verdict = self.registry.call::<SlippageCheck>(&self.moment(now, draft.correlation), input).answer;
        Stopped::verdict("execution-slippage-check", &verdict)
    }

    /// The envelope, the journal, then the venue. The slot is reserved before the order leaves and freed when it is refused.
    fn send(&mut self, draft: &Draft, quantity: f64, plan: order_type::OrderPlan, now: u64) -> Result<(), Stopped> {
        let c = &draft.candidate;
        let id = self.next_order;
        self.next_order += 1;
        let intent = OrderIntent {
            id,
            decision: draft.correlation,
            symbol: c.symbol,
            side: c.side,
            quantity,
            price: c.price,
            reference_price: c.price,
            reference_age_ms: c.price_age_ms,
            leverage_x: c.leverage_x,
            risk_usd: c.risk_usd,
            base_size_usd: draft.base_size_usd,
            reduce_only: false,
            held_quantity: 0.0,
        };
        if let Err(refusal) = self.admit(&intent, now) {
            self.journal_order(&intent, plan.order_type, None, refusal.name(), refusal.to_string(), now);
            return Err(Stopped::new("envelope", refusal.name()));
        }
        if let Err(held) = self.may_leave() {
            self.envelope.settle(id);
            self.journal_order(&intent, plan.order_type, None, held.reason, held.text, now);
            return Err(Stopped::new(held.by, held.reason));
        }
        let request = OrderRequest {
            id,
            correlation: draft.correlation,
            owner: u32::try_from(draft.owner).unwrap_or(u32::MAX),
            symbol: c.symbol,
            side: c.side,
            quantity,
            plan,
            reduce_only: false,
            leverage_x: c.leverage_x,
            decision_price: c.price,
            exits: Some(draft.levels),
        };
        match self.venue.submit(request, i64::try_from(now).unwrap_or(i64::MAX)) {
            Ok(ack) => {
                self.journal_order(&intent, plan.order_type, ack.limit_price, "accepted", String::new(), now);
                self.last_entry_ms.insert(c.symbol, now);
                let entry = Entry { confidence: c.confidence, regime: self.market().regime };
                self.models.opened(draft.correlation, entry);
                self.summary.orders += 1;
                Ok(())
            }
            Err(reject) => {
                self.envelope.settle(id);
                self.journal_order(&intent, plan.order_type, None, reject.code(), reject.to_string(), now);
                Err(Stopped::new("venue", reject.code()))
            }
        }
    }
}
