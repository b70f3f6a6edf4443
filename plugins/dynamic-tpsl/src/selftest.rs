//! The check before serving: whatever is configured, in every risk mode a plan is in its contract, has the reward it
//! must have and a stop that the grant covers, and a position that ages gets no more room.

use crate::DynamicTpsl;
use crate::config::Config;
use bulkhead_sdk::prelude::*;

const MODES: [RiskMode; 4] = [RiskMode::Critical, RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive];
/// Rounding of a product and a quotient.
const ROUNDING: f64 = 1e-9;

pub fn run(config: &Config) -> Answer<()> {
    // A plugin of its own: the test leaves nothing behind.
    let mut plugin = DynamicTpsl::new(config.clone())?;
    for (stop_loss, take_profit) in [(0.025, 0.06), (0.5, 5.0), (0.001, 0.001), (0.5, 0.001), (0.001, 5.0)] {
        let base = ExitPlan { stop_loss, take_profit, trail: None, partial: None, max_hold_ms: Some(1) };
        for risk_mode in MODES {
            for confidence in [0.0, 0.5, 1.0] {
                let plan = ask(&mut plugin, risk_mode, confidence, &base, None)?;
                judge(config, &base, &plan).map_err(|what| format!("{what} for {base:?} in {risk_mode:?}"))?;
            }
        }
        for profit in [0.0, 1.0] {
            let aged = PositionAge { age_ms: u64::MAX, profit };
            let plan = ask(&mut plugin, RiskMode::Normal, 0.5, &base, Some(aged))?;
            if plan.stop_loss > base.stop_loss || plan.take_profit > base.take_profit {
                return Err(format!("age gives more room than {base:?}"));
            }
        }
    }
    Ok(())
}

fn judge(config: &Config, base: &ExitPlan, plan: &ExitPlan) -> Result<(), String> {
    let reward = plan.take_profit / plan.stop_loss;
    let widest = if config.replace { base.stop_loss * config.stop_cap } else { base.stop_loss };
    if plan.stop_loss > widest {
        return Err(format!("the stop is {}, over {widest},", plan.stop_loss));
    }
    if reward < config.min_risk_reward - ROUNDING || reward > config.max_risk_reward + ROUNDING {
        return Err(format!("the reward is {reward} times the risk"));
    }
    if plan.max_hold_ms != base.max_hold_ms {
        return Err("the time to hold is another one".into());
    }
    Ok(())
}

fn ask(
    plugin: &mut DynamicTpsl,
    risk_mode: RiskMode,
    confidence: f64,
    base: &ExitPlan,
    aged: Option<PositionAge>,
) -> Answer<ExitPlan> {
    let context = Context {
        event_time_ms: 0,
        cycle: 1,
        stage: Stage::Autonomy,
        mode: Mode::Enforced,
        risk_mode,
        directives: None,
    };
    let candidate = Candidate {
        symbol: 0,
        side: Side::Long,
        confidence,
        size_usd: 1.0,
        leverage_x: 1.0,
        risk_usd: 1.0,
        price: 1.0,
        price_age_ms: 0,
        marks: SymbolMarks::empty(),
    };
    let symbols = SymbolTable::new(vec![SymbolInfo {
        id: 0,
        name: "SELFTEST".into(),
        tick: 0.01,
        step: 0.01,
        min_notional_usd: 0.0,
        sector: String::new(),
        tier: None,
    }]);
    let market = Market { regime: Regime::Normal, volatility: Volatility::Normal, volatility_bps: 5.0, trend: 0.0 };
    plugin.levels(&Ctx::new(&context, &symbols), &candidate, base, &market, aged)
}
