//! Self-healing and coordination, asked by the clock of event time.

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    HookId, Outcome,
    hooks::{
        Coordination, SelfHealing,
        classification::Class,
        coordination::{self, Inputs},
        self_healing::{self, Directive, Performance},
    },
    reports::{PositionReport, RiskReport},
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
            parts: self.parts(now),
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
        self.registry.issue_directives(answer, now);
        if first || before != mode {
            self.registry.event(now, EventKind::DirectivesIssued, "ai-hfos", text);
        }
        self.carry_out(&emergency, now);
    }

    /// What the host measures itself. Plugins cannot overwrite it.
    fn measured_inputs(&self, now: u64, regime_changed: bool) -> Inputs {
        let account = self.standing();
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

    /// Lets go of what was set up by an answer that could not be applied any more: a lower mode or stage, or a brake,
    /// takes effect for the next decision.
    pub(super) fn forget_demoted(&mut self) {
        let gone = |hook| !self.registry.in_force(hook);
        self.restraint.forget(gone(HookId::SelfHealing), gone(HookId::Rebalance));
        if gone(HookId::ModelEvaluation) {
            self.models.evaluated(None, 0);
        }
        if gone(HookId::PositionClassification) {
            self.classes.clear();
        }
        if gone(HookId::Coordination) {
            self.restraint.forget_pause();
            self.registry.board().clear();
        }
    }
}
