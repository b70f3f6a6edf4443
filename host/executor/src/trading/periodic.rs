//! The hooks that are asked by the clock of event time: self-healing, coordination, and those about open positions.

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    HookId, Outcome,
    hooks::{
        AmplificationCheck, Coordination, ExposureCheck, PositionClassification, Rebalance, SelfHealing, amplification,
        classification::{self, Class},
        coordination::{self, Inputs},
        exposure,
        self_healing::{self, Directive, Part, PartStatus, Performance},
    },
    reports::{HealthStatus, PositionReport, RiskReport},
};

use super::{TradingLoop, step::due};
use crate::venue::Venue;

/// Closed trades in 7 days from which a win rate means something.
const ENOUGH_TRADES: u32 = 10;

impl<V: Venue> TradingLoop<V> {
    pub(super) fn heal(&mut self, now: u64) {
        if !self.registry.bound(HookId::SelfHealing)
            || !due(&mut self.asked.self_healing, self.config.self_healing_ms, now)
        {
            return;
        }
        let stats = self.venue.stats();
        let account = self.account();
        let enough = stats.closed_positions_7d >= ENOUGH_TRADES;
        let input = self_healing::Input {
            parts: self.parts(),
            account,
            performance: Performance {
                win_rate_7d: stats.win_rate_7d.filter(|_| enough),
                trades_7d: stats.closed_positions_7d,
                losing_streak: account.losing_streak,
            },
        };
        let decided = self.registry.call::<SelfHealing>(&self.moment(now, 0), input);
        // Not applied, or failed: what held before does not go on for ever.
        let next = match (decided.outcome, decided.answer) {
            (Outcome::Applied, Some(report)) => report.directive,
            _ => Directive::AllowAll,
        };
        let before = std::mem::replace(&mut self.restraint.healing, next);
        if next > before {
            self.act_on_healing(next, now);
        }
    }

    /// What the host sees of its own parts. The loop runs and has a bar, or this would not be asked.
    fn parts(&self) -> Vec<PartStatus> {
        let journal = self.registry.journal().status();
        let database = if journal.error.is_some() { HealthStatus::Critical } else { HealthStatus::Healthy };
        [
            (Part::DataFeed, HealthStatus::Healthy),
            (Part::ExchangeConnection, HealthStatus::Healthy),
            (Part::EventExecutor, HealthStatus::Healthy),
            (Part::RiskGuard, HealthStatus::Healthy),
            (Part::Database, database),
        ]
        .into_iter()
        .map(|(part, status)| PartStatus { part, status, age_ms: 0 })
        .collect()
    }

    pub(super) fn coordinate(&mut self, now: u64) {
        let at_once = std::mem::take(&mut self.regime_changed);
        if !self.registry.bound(HookId::Coordination) {
            return;
        }
        if !due(&mut self.asked.coordination, self.config.coordination_ms, now) && !at_once {
            return;
        }
        self.asked.coordination = Some(now);
        let moment = self.moment(now, 0);
        let mut inputs = self.measured_inputs(now, at_once);
        self.registry.collect_reports(&moment, &mut inputs);
        let input = coordination::Input { inputs, account: self.account(), market: self.market() };
        let decided = self.registry.call::<Coordination>(&moment, input);
        let Some(answer) = decided.answer.filter(|_| decided.outcome == Outcome::Applied) else { return };
        let before = self.registry.board().risk_mode(now);
        let mode = answer.risk_mode;
        let emergency = answer.emergency.clone();
        let text = format!("risk mode {before} -> {mode}: {}", answer.summary);
        let first = self.registry.board().current(now).is_none();
        self.registry.board().issue(answer, now);
        if first || before != mode {
            self.registry.event(now, EventKind::DirectivesIssued, "ai-hfos", text);
        }
        self.carry_out(&emergency, now);
    }

    /// What the host measures itself. Plugins cannot overwrite it.
    fn measured_inputs(&self, now: u64, regime_changed: bool) -> Inputs {
        let account = self.venue.account();
        let dials = self.registry.dials();
        let count = |wanted: &[Class]| {
            u32::try_from(self.classes.iter().filter(|c| wanted.contains(&c.class)).count()).unwrap_or(u32::MAX)
        };
        Inputs {
            risk: Some(RiskReport {
                brake: !dials.brake.allows_plugins(),
                daily_drawdown_pct: account.daily_drawdown_pct,
                open_drawdown_pct: account.open_drawdown_pct,
            }),
            positions: Some(PositionReport {
                open: account.open_positions,
                toxic: count(&[Class::Toxic]),
                winners: count(&[Class::Winner, Class::StrongTrend]),
            }),
            execution: self.measures.report(),
            regime_changed,
            erratic_symbols: self.observer.erratic().to_vec(),
            brake_age_ms: dials.braked_since_ms.map(|since| now.saturating_sub(since)),
            ..Inputs::default()
        }
    }

    /// Classification, amplification, exposure and rebalancing of what is open.
    pub(super) fn tend_positions(&mut self, now: u64) {
        if self.venue.positions().is_empty() {
            self.classes.clear();
            return;
        }
        self.classify(now);
        self.amplify(now);
        self.rebalance(now);
    }

    fn classify(&mut self, now: u64) {
        let bound = self.registry.bound(HookId::PositionClassification);
        if !bound || !due(&mut self.asked.classification, self.config.classification_ms, now) {
            return;
        }
        let input = classification::Input { positions: self.venue.positions().clone(), market: self.market() };
        self.classes = self.registry.call::<PositionClassification>(&self.moment(now, 0), input).answer;
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
        let input = exposure::Input { positions: self.venue.positions().clone(), account: self.account() };
        if self.registry.bound(HookId::ExposureCheck) {
            // Annotation: the answer is in the journal and in the counters; the coordinator hears it by report.
            self.registry.call::<ExposureCheck>(&self.moment(now, 0), input.clone());
        }
        if self.registry.bound(HookId::Rebalance) {
            let decided = self.registry.call::<Rebalance>(&self.moment(now, 0), input);
            self.restraint.rebalance_block = false;
            if decided.outcome == Outcome::Applied {
                self.carry_out_rebalance(&decided.answer, now);
            }
        }
    }
}
