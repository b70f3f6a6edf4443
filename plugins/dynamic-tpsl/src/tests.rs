use super::*;
use bulkhead_sdk::testing;

mod aged;
mod configuration;
mod golden;
mod properties;
mod standing;

const MINUTE_MS: u64 = 60_000;
const MODES: [RiskMode; 4] = [RiskMode::Critical, RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive];
/// The loop's own levels.
const BASE: ExitPlan =
    ExitPlan { stop_loss: 0.025, take_profit: 0.06, trail: None, partial: None, max_hold_ms: Some(172_800_000) };
/// Nothing of the base binds.
const WIDE: ExitPlan = ExitPlan { stop_loss: 0.5, take_profit: 5.0, ..BASE };
const OVERRIDE: &str = r#"{"override": true}"#;

fn plugin(json: &str) -> Result<DynamicTpsl, String> {
    DynamicTpsl::new(bulkhead_sdk::config::parse(json)?)
}

/// A market nobody has measured yet.
fn unmeasured() -> Market {
    Market { volatility_bps: 0.0, ..testing::market() }
}

fn sure(confidence: f64) -> Candidate {
    Candidate { confidence, ..testing::candidate() }
}

fn in_mode(risk_mode: RiskMode) -> Context {
    Context { risk_mode, ..testing::context() }
}

/// Asks, and holds the answer against what the host checks.
fn ask_in(
    plugin: &mut DynamicTpsl,
    context: &Context,
    candidate: &Candidate,
    base: &ExitPlan,
    market: &Market,
    aged: Option<PositionAge>,
) -> Answer<ExitPlan> {
    let symbols = SymbolTable::new(vec![testing::symbol(0, "BTC"), testing::symbol(1, "ETH")]);
    let plan = plugin.levels(&Ctx::new(context, &symbols), candidate, base, market, aged)?;
    let granted = plugin.config.stop_cap;
    assert!((1e-6..=0.5).contains(&plan.stop_loss), "{plan:?}");
    assert!((1e-6..=5.0).contains(&plan.take_profit), "{plan:?}");
    assert!(plan.trail.is_none_or(|trail| (1e-6..=0.5).contains(&trail)), "{plan:?}");
    assert!(plan.partial.is_none_or(|partial| (0.0..=1.0).contains(&partial)), "{plan:?}");
    assert!(plan.stop_loss <= base.stop_loss * granted, "{plan:?} over {base:?}");
    assert_eq!(plan.max_hold_ms, base.max_hold_ms);
    Ok(plan)
}

/// A new candidate in an unmeasured market.
fn ask(plugin: &mut DynamicTpsl, risk_mode: RiskMode, confidence: f64, base: &ExitPlan) -> ExitPlan {
    ask_in(plugin, &in_mode(risk_mode), &sure(confidence), base, &unmeasured(), None).unwrap()
}

fn assert_near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-9, "{left} is not {right}");
}
