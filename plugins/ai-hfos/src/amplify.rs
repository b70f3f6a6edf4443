//! What may be amplified: opportunities for the report, and the filter behind hook 9.

use bulkhead_sdk::amplification::Action;
use bulkhead_sdk::coordination::{Inputs, Opportunity};
use bulkhead_sdk::prelude::*;

/// Least important priority that still passes.
const PRIORITY: u32 = 2;
const CONFIDENCE: f64 = 60.0;

fn is_time_for_it(mode: RiskMode, allow_new_trades: bool) -> bool {
    matches!(mode, RiskMode::Normal | RiskMode::Aggressive) && allow_new_trades
}

fn is_worth_it(priority: u32, confidence: f64, toxic: bool) -> bool {
    priority <= PRIORITY && confidence >= CONFIDENCE && !toxic
}

pub fn opportunities(inputs: &Inputs, mode: RiskMode, allow_new_trades: bool) -> Vec<Opportunity> {
    let candidates = inputs.amplification.iter().flat_map(|report| &report.candidates);
    candidates
        .filter(|c| is_time_for_it(mode, allow_new_trades) && is_worth_it(c.priority, c.confidence, c.toxic))
        .map(|c| Opportunity {
            symbol: c.symbol,
            priority: c.priority,
            confidence: c.confidence,
            expected_r: c.expected_r,
        })
        .collect()
}

/// What is left of the owner's recommendations. Steps that only take risk off are not held back by any mode.
pub fn filter(ctx: &Context, classes: &[Classification], proposed: &[Recommendation]) -> Vec<Recommendation> {
    let time = is_time_for_it(ctx.risk_mode, ctx.directives.as_ref().is_none_or(|d| d.allow_new_trades));
    let is_toxic = |symbol| classes.iter().any(|row| row.symbol == symbol && row.class == Class::Toxic);
    let passes = |r: &&Recommendation| match r.action {
        Action::PartialTakeProfit | Action::TightenStops => true,
        Action::AddSize | Action::ExtendHold | Action::SwitchToTrendFollow => {
            time && is_worth_it(r.priority, r.confidence, is_toxic(r.symbol))
        }
    };
    proposed.iter().filter(passes).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    fn recommendation(symbol: SymbolId, action: Action, priority: u32, confidence: f64) -> Recommendation {
        Recommendation {
            symbol,
            action,
            priority,
            confidence,
            expected_r: 0.5,
            add_size_usd: Some(100.0),
            close_fraction: Some(0.5),
            extend_ms: None,
            rationale: String::new(),
        }
    }

    fn kept(mode: RiskMode, trades: bool, proposed: &[Recommendation]) -> Vec<u32> {
        let directives = Some(Directives { allow_new_trades: trades, ..testing::directives() });
        let context = Context { risk_mode: mode, directives, ..testing::context() };
        let toxic = Classification {
            symbol: 9,
            class: Class::Toxic,
            action: PositionAction::ExitImmediately,
            confidence: 1.0,
            urgency: Urgency::Critical,
        };
        let winner = Classification { symbol: 0, class: Class::Winner, ..toxic };
        filter(&context, &[winner, toxic], proposed).iter().map(|r| r.symbol).collect()
    }

    #[test]
    fn only_important_sure_and_sound_ones_pass_in_a_mode_for_them() {
        let proposed = [
            recommendation(0, Action::AddSize, 1, 75.0),
            recommendation(1, Action::ExtendHold, 2, 60.0),
            recommendation(2, Action::ExtendHold, 3, 90.0),
            recommendation(3, Action::AddSize, 1, 59.9),
            recommendation(9, Action::AddSize, 1, 99.0),
            recommendation(5, Action::SwitchToTrendFollow, 2, 80.0),
        ];
        for (mode, trades, want) in [
            (RiskMode::Normal, true, &[0, 1, 5][..]),
            (RiskMode::Aggressive, true, &[0, 1, 5]),
            (RiskMode::Safe, true, &[]),
            (RiskMode::Critical, true, &[]),
            (RiskMode::Aggressive, false, &[]),
        ] {
            assert_eq!(kept(mode, trades, &proposed), want, "{mode:?} {trades}");
        }
    }

    #[test]
    fn taking_risk_off_passes_always() {
        let proposed =
            [recommendation(9, Action::PartialTakeProfit, 3, 10.0), recommendation(1, Action::TightenStops, 9, 0.0)];
        for mode in [RiskMode::Critical, RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive] {
            assert_eq!(kept(mode, false, &proposed), [9, 1]);
        }
    }

    #[test]
    fn a_filter_takes_away_and_changes_nothing() {
        let proposed = [recommendation(0, Action::AddSize, 1, 75.0)];
        let context = testing::context();
        assert_eq!(filter(&context, &[], &proposed), proposed);
        assert_eq!(filter(&context, &[], &[]), []);
    }
}
