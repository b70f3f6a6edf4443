//! What is open: exit levels that age, classification, amplification, exposure and rebalancing.

use bulkhead_policy::{
    Authority, Candidate, HookId, Outcome, SymbolId,
    hooks::{
        AmplificationCheck, ExitLevels, ExposureCheck, PositionClassification, Rebalance, amplification,
        classification::{self, Action},
        exit_levels, exposure,
    },
};

use super::{TradingLoop, step::due};
use crate::venue::{ExitReason, OpenPosition, Venue};

/// Share closed by a class that says to take some off.
const CLASS_SHARE: f64 = 0.25;
/// Trail of a position whose class says to trail, fraction of price.
const CLASS_TRAIL: f64 = 0.02;

impl<V: Venue> TradingLoop<V> {
    pub(super) fn tend_positions(&mut self, now: u64) {
        if self.venue.positions().is_empty() {
            self.classes.clear();
            self.acted.clear();
            // Nobody is asked about an empty book, and a block that nobody renews must not stay.
            self.restraint.forget(false, true);
            return;
        }
        self.age_exits(now);
        self.classify(now);
        self.amplify(now);
        self.rebalance(now);
    }

    /// Asks again for the exit levels of what is open. An answer is a new plan; the stop never goes farther away than
    /// the hook's contract allows.
    fn age_exits(&mut self, now: u64) {
        let in_force = self.registry.bound(HookId::ExitLevels);
        if !in_force || !due(&mut self.asked.exit_levels, self.config.exit_levels_ms, now) {
            return;
        }
        for symbol in self.venue.positions().symbols.clone() {
            let Some(position) = self.venue.position(symbol).filter(|p| !p.closing) else { continue };
            let Some(input) = self.aged(&position, now) else { continue };
            let base = input.base;
            let decided = self.registry.call::<ExitLevels>(&self.moment(now, position.correlation), input);
            if decided.outcome == Outcome::Applied
                && decided.answer != base
                && let Err(reject) = self.venue.set_exits(symbol, decided.answer)
            {
                tracing::warn!(symbol, "exits not changed: {reject}");
            }
        }
    }

    fn aged(&self, p: &OpenPosition, now: u64) -> Option<exit_levels::Input> {
        let base = p.exits?;
        let size_usd = p.quantity * p.mark_price;
        let (_, price_age_ms) = self.observer.price(p.symbol, i64::try_from(now).unwrap_or(i64::MAX))?;
        let candidate = Candidate {
            symbol: p.symbol,
            side: p.side,
            confidence: self.models.entry(p.correlation).map_or(self.config.base_threshold, |e| e.confidence),
            size_usd,
            leverage_x: p.leverage_x,
            risk_usd: size_usd * base.stop_loss,
            price: p.mark_price,
            price_age_ms,
            marks: self.registry.board().marks(p.symbol, now),
        };
        let opened = u64::try_from(p.opened_ms).unwrap_or(0);
        let profit = (p.mark_price / p.entry_price - 1.0) * p.side.sign();
        let aged = exit_levels::PositionAge { age_ms: now.saturating_sub(opened), profit };
        Some(exit_levels::Input { candidate, base, market: self.market(), aged: Some(aged) })
    }

    fn classify(&mut self, now: u64) {
        let bound = self.registry.bound(HookId::PositionClassification);
        if !bound || !due(&mut self.asked.classification, self.config.classification_ms, now) {
            return;
        }
        let input = classification::Input { positions: self.venue.positions().clone(), market: self.market() };
        let decided = self.registry.call::<PositionClassification>(&self.moment(now, 0), input);
        self.classes = decided.answer;
        // Advised, a class is a word. Enforced, what it says to take away is taken away.
        let enforced =
            |p: &bulkhead_runtime::Part<_>| p.outcome == Outcome::Applied && p.authority == Authority::Enforce;
        if decided.parts.iter().any(enforced) {
            self.act_on_classes(now);
        }
    }

    /// Once per position and action, so that a class that lasts does not wear its position down.
    fn act_on_classes(&mut self, now: u64) {
        let open: Vec<u64> = self
            .venue
            .positions()
            .symbols
            .iter()
            .filter_map(|s| self.venue.position(*s))
            .map(|p| p.correlation)
            .collect();
        self.acted.retain(|(correlation, _)| open.contains(correlation));
        let wanted: Vec<(SymbolId, Action)> = self.classes.iter().map(|c| (c.symbol, c.action)).collect();
        for (symbol, action) in wanted {
            let Some(position) = self.venue.position(symbol).filter(|p| !p.closing) else { continue };
            if !self.acted.insert((position.correlation, action)) {
                continue;
            }
            match action {
                Action::ExitImmediately | Action::ExitSoon => self.close(symbol, 1.0, ExitReason::Classification, now),
                Action::ScaleOut | Action::Reduce | Action::PartialTp => {
                    self.close(symbol, CLASS_SHARE, ExitReason::Classification, now);
                }
                Action::TightenSl => self.tighten(&position),
                Action::EnableTrailing => self.trail(&position, CLASS_TRAIL),
                // What gives a position more room is not for a class to do.
                Action::Hold | Action::HoldLonger | Action::ExtendHold | Action::ScaleIn | Action::LoosenTp => {}
            }
        }
    }

    fn amplify(&mut self, now: u64) {
        let bound = self.registry.bound(HookId::AmplificationCheck);
        if !bound || !due(&mut self.asked.amplification, self.config.amplification_ms, now) {
            return;
        }
        let input = amplification::Input {
            positions: self.venue.positions().clone(),
            classes: self.classes.clone(),
            account: self.account(),
            market: self.market(),
            proposed: Vec::new(),
        };
        let decided = self.registry.call::<AmplificationCheck>(&self.moment(now, 0), input);
        if decided.outcome == Outcome::Applied {
            for recommendation in decided.answer {
                self.amplify_one(&recommendation, now);
            }
        }
    }

    fn rebalance(&mut self, now: u64) {
        if !due(&mut self.asked.portfolio, self.config.portfolio_ms, now) {
            return;
        }
        let positions = self.venue.positions().clone();
        let returns = self.observer.returns(positions.symbols.iter().copied());
        let input = exposure::Input { positions, account: self.account(), returns };
        if self.registry.bound(HookId::ExposureCheck) {
            // Annotation: the answer is in the journal and in the counters; the coordinator hears it by report.
            self.registry.call::<ExposureCheck>(&self.moment(now, 0), input.clone());
        }
        if self.registry.bound(HookId::Rebalance) {
            let decided = self.registry.call::<Rebalance>(&self.moment(now, 0), input);
            self.restraint.forget(false, true);
            if decided.outcome == Outcome::Applied {
                self.carry_out_rebalance(&decided.answer, now);
            }
        }
    }
}
