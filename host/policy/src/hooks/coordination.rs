//! Hook 13: the coordinator's directives. One owner. Only range and sanity are checked here: what a directive may loosen
//! is decided where it takes effect, by the tighten-only rule of sizing and threshold and by the envelope.

use serde::{Deserialize, Serialize};

use crate::{
    Account, Breach, Directives, Hook, HookId, Limits, Market, RiskMode, SymbolId, SymbolMarks,
    directives::{OrderPreference, UniverseMode},
    flags::flag_set,
    reports::{
        AmplificationReport, ExecutionReport, ModelReport, OrchestratorReport, PortfolioReport, PositionReport,
        RiskReport, SelfHealingReport, UniverseReport,
    },
    stage::closed_set,
    value::{in_range, tame_text},
};

/// Marker of the hook.
pub struct Coordination;

/// What the subsystems and the host know. `None`: nobody has said anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Of universe-os.
    pub universe: Option<UniverseReport>,
    /// Of the host.
    pub risk: Option<RiskReport>,
    /// Of the host or position-intelligence.
    pub positions: Option<PositionReport>,
    /// Of the host.
    pub execution: Option<ExecutionReport>,
    /// Of model-supervisor.
    pub models: Option<ModelReport>,
    /// Of self-healing.
    pub self_healing: Option<SelfHealingReport>,
    /// Of profit-amplification.
    pub amplification: Option<AmplificationReport>,
    /// Of the orchestrator.
    pub orchestrator: Option<OrchestratorReport>,
    /// Of portfolio-balancer.
    pub portfolio: Option<PortfolioReport>,
    /// The regime changed since the last coordination.
    pub regime_changed: bool,
    /// Symbols whose price moves out of all proportion.
    pub erratic_symbols: Vec<SymbolId>,
    /// How long the brake has been engaged.
    pub brake_age_ms: Option<u64>,
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What is known.
    pub inputs: Inputs,
    /// The account.
    pub account: Account,
    /// The market.
    pub market: Market,
}

closed_set! {
    /// Health of the whole system.
    SystemHealth {
        /// Everything at its best.
        Optimal = "OPTIMAL",
        /// Well.
        Healthy = "HEALTHY",
        /// Not well.
        Degraded = "DEGRADED",
        /// Badly.
        Critical = "CRITICAL",
        /// Very badly.
        Emergency = "EMERGENCY",
    }
}

/// Directives for everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlobalDirectives {
    /// No new trades when false.
    pub allow_new_trades: bool,
    /// No new positions when false.
    pub allow_new_positions: bool,
    /// Exits are taken early.
    pub enforce_defensive_exits: bool,
    /// Risk is to come down.
    pub reduce_global_risk: bool,
    /// No new trades in these.
    pub pause_symbols: Vec<SymbolId>,
    /// Replaces the base threshold.
    pub confidence_threshold: Option<f64>,
    /// 0 to 2.
    pub scale_position_sizes: f64,
    /// May only tighten the host's limit.
    pub max_daily_drawdown_pct: Option<f64>,
    /// Positions in these are to be closed.
    pub force_exit_symbols: Vec<SymbolId>,
}

flag_set! {
    /// Sets of symbol categories.
    Categories {
        /// The best.
        core = "CORE",
        /// Good.
        expansion = "EXPANSION",
        /// Sometimes good.
        conditional = "CONDITIONAL",
        /// Watched.
        monitoring = "MONITORING",
        /// Bad.
        toxic = "TOXIC",
    }
}

/// Directives for the universe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UniverseDirectives {
    /// How bold.
    pub universe_mode: UniverseMode,
    /// Shut out.
    pub blacklist_symbols: Vec<SymbolId>,
    /// In whatever the scores say.
    pub whitelist_symbols: Vec<SymbolId>,
    /// Categories to prefer.
    pub promote: Categories,
    /// Categories to avoid.
    pub demote: Categories,
}

/// Directives for execution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExecutionDirectives {
    /// Preferred way out.
    pub order_preference: OrderPreference,
    /// Slippage cap.
    pub max_slippage_bps: f64,
    /// Spread cap.
    pub max_spread_bps: f64,
    /// No hurry.
    pub reduce_urgency: bool,
    /// Every order is a limit order.
    pub enforce_limit_orders: bool,
    /// Wait before an order.
    pub delay_ms: u64,
}

/// Directives for the portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PortfolioDirectives {
    /// Share of exposure to give up, 0 to 100.
    pub reduce_exposure_pct: f64,
    /// Cap on open positions.
    pub max_position_count: Option<u32>,
    /// Cap on leverage.
    pub max_leverage_x: Option<f64>,
    /// Correlated positions are to come down.
    pub reduce_correlated_positions: bool,
    /// No symbols of the expansion tier.
    pub avoid_expansion_symbols: bool,
    /// Cap on one symbol's share.
    pub concentration_limit_pct: f64,
}

/// A model's suggested share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelWeight {
    /// Its name.
    pub model: String,
    /// 0 to 1.
    pub weight: f64,
}

/// Directives for the models.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelDirectives {
    /// Shares of the ensemble.
    pub weights: Vec<ModelWeight>,
    /// To be retrained.
    pub retrain: Vec<String>,
    /// To be turned off.
    pub disable: Vec<String>,
    /// Replaces the base threshold.
    pub confidence_threshold: Option<f64>,
    /// To be read with care.
    pub use_conservative_predictions: bool,
}

closed_set! {
    /// What the coordinator asks for in an emergency.
    EmergencyKind {
        /// Close everything.
        CloseAllPositions = "CLOSE_ALL_POSITIONS",
        /// Open nothing for a time.
        PauseNewTrades = "PAUSE_NEW_TRADES",
        /// Close a share of everything.
        ReduceAllPositions = "REDUCE_ALL_POSITIONS",
        /// Open nothing in one symbol for a time.
        HaltSymbol = "HALT_SYMBOL",
        /// Engage the brake.
        HaltSystem = "HALT_SYSTEM",
    }
}

/// One emergency action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmergencyAction {
    /// What to do.
    pub kind: EmergencyKind,
    /// For HALT_SYMBOL.
    pub symbol: Option<SymbolId>,
    /// For REDUCE_ALL_POSITIONS.
    pub fraction: Option<f64>,
    /// For PAUSE_NEW_TRADES and HALT_SYMBOL.
    pub duration_ms: Option<u64>,
    /// 1 is the most important.
    pub priority: u32,
    /// For people.
    pub rationale: String,
}

closed_set! {
    /// Which subsystems disagree.
    ConflictKind {
        /// The brake is on while the universe looks fine.
        RiskUniverseMismatch = "RISK_UNIVERSE_MISMATCH",
        /// Amplification of a toxic position.
        AmplifyToxic = "AMPLIFY_TOXIC",
        /// MARKET wanted where LIMIT is required.
        MarketAgainstLimit = "MARKET_AGAINST_LIMIT",
    }
}
closed_set! {
    /// How bad a conflict is.
    ConflictSeverity {
        /// Note it.
        Info = "INFO",
        /// Look at it.
        Warning = "WARNING",
        /// Resolved against one side.
        Error = "ERROR",
        /// Needs a person.
        Critical = "CRITICAL",
    }
}

/// One conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Which.
    pub kind: ConflictKind,
    /// How bad.
    pub severity: ConflictSeverity,
    /// Who won.
    pub resolution: String,
}

closed_set! {
    /// What the coordinator scores.
    Subsystem in "SCREAMING_SNAKE_CASE" {
        /// universe-os
        UniverseOs = "universe_os",
        /// risk-os
        RiskOs = "risk_os",
        /// position-intelligence
        PositionIntelligence = "position_intelligence",
        /// aelm
        ExecutionLayer = "execution_layer",
        /// model-supervisor
        ModelSupervisor = "model_supervisor",
        /// self-healing
        SelfHealing = "self_healing",
        /// profit-amplification
        ProfitAmplification = "profit_amplification",
        /// orchestrator
        Orchestrator = "orchestrator",
    }
}
closed_set! {
    /// How a subsystem does.
    SubsystemStatus {
        /// Works.
        Active = "ACTIVE",
        /// Works badly.
        Degraded = "DEGRADED",
        /// Turned off.
        Disabled = "DISABLED",
        /// Does not work.
        Failed = "FAILED",
        /// Said nothing.
        Absent = "ABSENT",
    }
}

/// Score of one subsystem.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubsystemState {
    /// Which.
    pub subsystem: Subsystem,
    /// How it does.
    pub status: SubsystemStatus,
    /// 0 to 100.
    pub score: Option<f64>,
    /// Number of issues.
    pub issues: u32,
}

/// A winner worth amplifying.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opportunity {
    /// Which symbol.
    pub symbol: SymbolId,
    /// 1 is the most important.
    pub priority: u32,
    /// 0 to 100.
    pub confidence: f64,
    /// Expected gain in R.
    pub expected_r: f64,
}

/// Answer of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoordinationAnswer {
    /// How careful to be.
    pub risk_mode: RiskMode,
    /// Health of the system.
    pub health: SystemHealth,
    /// Mean score of those who said something.
    pub mean_score: Option<f64>,
    /// For everything.
    pub global: GlobalDirectives,
    /// For the universe.
    pub universe: UniverseDirectives,
    /// For execution.
    pub execution: ExecutionDirectives,
    /// For the portfolio.
    pub portfolio: PortfolioDirectives,
    /// For the models.
    pub models: ModelDirectives,
    /// In an emergency.
    pub emergency: Vec<EmergencyAction>,
    /// Who disagreed.
    pub conflicts: Vec<Conflict>,
    /// What might be amplified.
    pub opportunities: Vec<Opportunity>,
    /// Scores.
    pub states: Vec<SubsystemState>,
    /// One sentence for people.
    pub summary: String,
}

impl CoordinationAnswer {
    /// The numbers that go with every call.
    #[must_use]
    pub const fn directives(&self, id: u64, age_ms: u64) -> Directives {
        Directives {
            id,
            age_ms,
            allow_new_trades: self.global.allow_new_trades,
            allow_new_positions: self.global.allow_new_positions,
            enforce_defensive_exits: self.global.enforce_defensive_exits,
            reduce_global_risk: self.global.reduce_global_risk,
            confidence_threshold: self.global.confidence_threshold,
            scale_position_sizes: self.global.scale_position_sizes,
            universe_mode: self.universe.universe_mode,
            order_preference: self.execution.order_preference,
            enforce_limit_orders: self.execution.enforce_limit_orders,
            max_slippage_bps: self.execution.max_slippage_bps,
            max_spread_bps: self.execution.max_spread_bps,
            reduce_exposure_pct: self.portfolio.reduce_exposure_pct,
            max_position_count: self.portfolio.max_position_count,
            max_leverage_x: self.portfolio.max_leverage_x,
            concentration_limit_pct: self.portfolio.concentration_limit_pct,
            reduce_correlated_positions: self.portfolio.reduce_correlated_positions,
            avoid_expansion_symbols: self.portfolio.avoid_expansion_symbols,
            use_conservative_predictions: self.models.use_conservative_predictions,
        }
    }

    /// What the directives say of one symbol.
    #[must_use]
    pub fn marks(&self, symbol: SymbolId) -> SymbolMarks {
        SymbolMarks {
            paused: self.global.pause_symbols.contains(&symbol),
            force_exit: self.global.force_exit_symbols.contains(&symbol),
            blacklisted: self.universe.blacklist_symbols.contains(&symbol),
            whitelisted: self.universe.whitelist_symbols.contains(&symbol),
        }
    }
}

/// Most rows in any list of one answer.
pub const MAX_ROWS: usize = 4096;

fn check_numbers(a: &CoordinationAnswer) -> Result<(), Breach> {
    let unit = |field: &str, value: Option<f64>| value.map_or(Ok(0.0), |v| in_range(field, v, 0.0, 1.0));
    if let Some(score) = a.mean_score {
        in_range("mean-score", score, 0.0, 100.0)?;
    }
    unit("global.confidence-threshold", a.global.confidence_threshold)?;
    in_range("global.scale-position-sizes", a.global.scale_position_sizes, 0.0, 2.0)?;
    if let Some(pct) = a.global.max_daily_drawdown_pct {
        in_range("global.max-daily-drawdown-pct", pct, 0.0, 100.0)?;
    }
    in_range("execution.max-slippage-bps", a.execution.max_slippage_bps, 0.0, 1e4)?;
    in_range("execution.max-spread-bps", a.execution.max_spread_bps, 0.0, 1e4)?;
    in_range("portfolio.reduce-exposure-pct", a.portfolio.reduce_exposure_pct, 0.0, 100.0)?;
    in_range("portfolio.concentration-limit-pct", a.portfolio.concentration_limit_pct, 0.0, 1e4)?;
    if let Some(leverage) = a.portfolio.max_leverage_x {
        in_range("portfolio.max-leverage-x", leverage, 0.0, 1000.0)?;
    }
    unit("models.confidence-threshold", a.models.confidence_threshold)?;
    for w in &a.models.weights {
        in_range("models.weight", w.weight, 0.0, 1.0)?;
    }
    for o in &a.opportunities {
        in_range("opportunity.confidence", o.confidence, 0.0, 100.0)?;
        in_range("opportunity.expected-r", o.expected_r, -100.0, 100.0)?;
    }
    for s in &a.states {
        if let Some(score) = s.score {
            in_range("state.score", score, 0.0, 100.0)?;
        }
    }
    Ok(())
}

fn check_emergency(action: &EmergencyAction) -> Result<(), Breach> {
    let missing = |field: &str| Err(Breach::malformed(field, format!("{} needs it", action.kind)));
    if let Some(fraction) = action.fraction {
        in_range("emergency.fraction", fraction, 1e-6, 1.0)?;
    }
    match action.kind {
        EmergencyKind::HaltSymbol if action.symbol.is_none() => missing("emergency.symbol"),
        EmergencyKind::HaltSymbol | EmergencyKind::PauseNewTrades if action.duration_ms.is_none() => {
            missing("emergency.duration-ms")
        }
        EmergencyKind::ReduceAllPositions if action.fraction.is_none() => missing("emergency.fraction"),
        _ => Ok(()),
    }
}

impl Hook for Coordination {
    const ID: HookId = HookId::Coordination;
    type Input = Input;
    type Raw = CoordinationAnswer;
    /// `None`: the last directives stay until their maximum age.
    type Answer = Option<CoordinationAnswer>;

    fn safe_default(_: &Input) -> Self::Answer {
        None
    }

    fn check(_: &Input, mut raw: CoordinationAnswer, _: &Limits) -> Result<Self::Answer, Breach> {
        let lists = [
            raw.global.pause_symbols.len(),
            raw.global.force_exit_symbols.len(),
            raw.universe.blacklist_symbols.len(),
            raw.universe.whitelist_symbols.len(),
            raw.models.weights.len(),
            raw.models.retrain.len(),
            raw.models.disable.len(),
            raw.emergency.len(),
            raw.conflicts.len(),
            raw.opportunities.len(),
            raw.states.len(),
        ];
        if lists.iter().any(|len| *len > MAX_ROWS) {
            return Err(Breach::malformed("coordination", format!("a list has over {MAX_ROWS} rows")));
        }
        check_numbers(&raw)?;
        for action in &mut raw.emergency {
            check_emergency(action)?;
            action.rationale = tame_text(&action.rationale);
        }
        for conflict in &mut raw.conflicts {
            conflict.resolution = tame_text(&conflict.resolution);
        }
        let names = raw.models.retrain.iter_mut().chain(&mut raw.models.disable);
        for name in names.chain(raw.models.weights.iter_mut().map(|w| &mut w.model)) {
            *name = tame_text(name);
        }
        raw.summary = tame_text(&raw.summary);
        Ok(Some(raw))
    }

    fn combine(_: Self::Answer, next: Self::Answer) -> Self::Answer {
        next
    }
}
