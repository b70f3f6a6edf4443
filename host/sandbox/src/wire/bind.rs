//! One implementation of [`WireHook`] per hook: its interface, its arguments, its answer.

use bulkhead_policy::{
    Context,
    hooks::{
        AmplificationCheck, ConfidenceAdjustment, Coordination, ExitLevels, ExposureCheck, ModelEvaluation,
        OrderTypeSelection, PortfolioCheck, PositionClassification, PositionSizing, Rebalance, RetrainingPlan,
        RiskCheck, SelfHealing, Signal, SlippageCheck, UniverseFilter, amplification as am, classification as cl,
        confidence, coordination, exit_levels as ex, exposure as xp, model_evaluation, order_type as ot,
        rebalance as rb, retraining, self_healing, signal as sg, sizing, slippage as sl, universe as un, veto,
    },
};

use super::{
    WireHook,
    convert::{Twin, wire_enum, wire_record},
    periodic::{
        WireCoordination, WireEvaluation, WireHealthReport, WireInputs, WireModelHistory, WireOutcomes, WirePartStatus,
        WirePerformance, WirePlan,
    },
    records::{
        WireAccount, WireMarket, WireOrderType, WireReason, WireRegime, WireRiskMode, WireSide, WireUrgency,
        WireVerdict,
    },
    views::{WireBars, WireCandidate, WireContext, WireExposures, WirePositions, WireReturns, WireUniverse},
};

/// Binds a hook: interface and function, arguments, answer.
macro_rules! wire_hook {
    (
        $hook:ident, $interface:literal . $function:literal,
        ($($param:ty = $lower:expr),+ $(,)?) from $input:ty,
        $lifted:ty => $lift:expr
    ) => {
        impl WireHook for $hook {
            const INTERFACE: &'static str = $interface;
            const FUNCTION: &'static str = $function;
            type Params<'a> = (WireContext, $($param),+,);
            type Lifted = $lifted;

            fn lower<'a>(context: &'a Context, input: &'a $input) -> Self::Params<'a> {
                (WireContext::from_policy(context), $({
                    let lower: fn(&'a $input) -> $param = $lower;
                    lower(input)
                }),+,)
            }

            fn lift(lifted: $lifted) -> Self::Raw {
                let lift: fn($lifted) -> Self::Raw = $lift;
                lift(lifted)
            }
        }
    };
}

wire_enum!(WireAction = sg::Action { Long "long", Short "short", Flat "flat" });
wire_record!(WireProposal = sg::Proposal {
    symbol: u32 = "symbol",
    action: WireAction = "action",
    confidence: f64 = "confidence",
    stop_loss: Option<f64> = "stop-loss",
    take_profit: Option<f64> = "take-profit",
});
wire_hook!(Signal, "signal"."on-bars",
    (WireMarket = |i| Twin::from_policy(&i.market), WireBars<'a> = |i| WireBars::of(&i.bars)) from sg::Input,
    Vec<WireProposal> => Twin::into_policy);

wire_record!(WireDropped = un::Dropped { symbol: u32 = "symbol", code: WireReason = "code" });
wire_record!(WireSelection = un::Selection { kept: Vec<u32> = "kept", dropped: Vec<WireDropped> = "dropped" });
wire_hook!(UniverseFilter, "pre-trade-universe-filter"."filter",
    (WireUniverse<'a> = |i| WireUniverse::of(i)) from un::Universe,
    WireSelection => Twin::into_policy);

wire_hook!(RiskCheck, "pre-trade-risk-check"."check",
    (WireCandidate = |i| WireCandidate::of(&i.candidate), WireExposures<'a> = |i| WireExposures::of(&i.exposures),
     WireAccount = |i| Twin::from_policy(&i.account)) from veto::Input,
    WireVerdict => WireVerdict::into_policy);

wire_hook!(PortfolioCheck, "pre-trade-portfolio-check"."check",
    (WireCandidate = |i| WireCandidate::of(&i.candidate), WireExposures<'a> = |i| WireExposures::of(&i.exposures),
     WireAccount = |i| Twin::from_policy(&i.account), WireReturns<'a> = |i| WireReturns::of(&i.returns))
    from veto::PortfolioInput,
    WireVerdict => WireVerdict::into_policy);

wire_hook!(ConfidenceAdjustment, "pre-trade-confidence-adjustment"."adjust",
    (WireCandidate = |i| WireCandidate::of(&i.candidate), f64 = |i| i.base_threshold.get(),
     WireAccount = |i| Twin::from_policy(&i.account), WireMarket = |i| Twin::from_policy(&i.market))
    from confidence::Input,
    f64 => |threshold| threshold);

wire_hook!(PositionSizing, "pre-trade-position-sizing"."size",
    (WireCandidate = |i| WireCandidate::of(&i.candidate), f64 = |i| i.base_size_usd.get(),
     WireExposures<'a> = |i| WireExposures::of(&i.exposures), WireAccount = |i| Twin::from_policy(&i.account),
     WireMarket = |i| Twin::from_policy(&i.market)) from sizing::Input,
    f64 => |size| size);

wire_record!(
    WireBook = ot::Book {
        best_bid: f64 = "best-bid",
        best_ask: f64 = "best-ask",
        spread_bps: f64 = "spread-bps",
        impact_bps: f64 = "impact-bps",
    }
);
wire_record!(
    WireOrderPlan = ot::OrderPlan {
        order_type: WireOrderType = "order-type",
        limit_offset_bps: f64 = "limit-offset-bps",
        slices: u32 = "slices",
        duration_ms: u64 = "duration-ms",
    }
);
wire_hook!(OrderTypeSelection, "execution-order-type-selection"."select",
    (WireCandidate = |i| WireCandidate::of(&i.candidate), WireOrderPlan = |i| Twin::from_policy(&i.default_plan),
     WireBook = |i| Twin::from_policy(&i.book)) from ot::Input,
    WireOrderPlan => Twin::into_policy);

wire_enum!(WirePhase = sl::Phase { Estimate "estimate", Filled "filled" });
wire_record!(
    WireExecution = sl::Execution {
        symbol: u32 = "symbol",
        side: WireSide = "side",
        phase: WirePhase = "phase",
        expected_price: f64 = "expected-price",
        actual_price: f64 = "actual-price",
        spread_bps: f64 = "spread-bps",
        size_usd: f64 = "size-usd",
    }
);
wire_hook!(SlippageCheck, "execution-slippage-check"."check",
    (WireExecution = |i| Twin::from_policy(i)) from sl::Execution,
    WireVerdict => WireVerdict::into_policy);

wire_record!(WireLevels = ex::Levels {
    stop_loss: f64 = "stop-loss",
    take_profit: f64 = "take-profit",
    trail: Option<f64> = "trail",
    partial: Option<f64> = "partial",
    max_hold_ms: Option<u64> = "max-hold-ms",
});
wire_record!(WirePositionAge = ex::PositionAge { age_ms: u64 = "age-ms", profit: f64 = "profit" });
wire_hook!(ExitLevels, "exit-levels"."levels",
    (WireCandidate = |i| WireCandidate::of(&i.candidate), WireLevels = |i| Twin::from_policy(&i.base),
     WireMarket = |i| Twin::from_policy(&i.market), Option<WirePositionAge> = |i| Twin::from_policy(&i.aged))
    from ex::Input,
    WireLevels => Twin::into_policy);

wire_enum!(WireClass = cl::Class {
    Winner "winner", PotentialWinner "potential-winner", Breakeven "breakeven", Struggling "struggling", Loser "loser",
    Survivor "survivor", StrongTrend "strong-trend", SlowGrinder "slow-grinder", Stalling "stalling",
    ReversalRisk "reversal-risk", Toxic "toxic", InsufficientData "insufficient-data", Unclassified "unclassified",
});
wire_enum!(WireClassAction = cl::Action {
    Hold "hold", HoldLonger "hold-longer", ExtendHold "extend-hold", ScaleIn "scale-in", ScaleOut "scale-out",
    Reduce "reduce", PartialTp "partial-tp", TightenSl "tighten-sl", LoosenTp "loosen-tp",
    EnableTrailing "enable-trailing", ExitSoon "exit-soon", ExitImmediately "exit-immediately",
});
wire_record!(
    WireClassification = cl::Classification {
        symbol: u32 = "symbol",
        class: WireClass = "class",
        action: WireClassAction = "action",
        confidence: f64 = "confidence",
        urgency: WireUrgency = "urgency",
    }
);
wire_hook!(PositionClassification, "post-trade-position-classification"."classify",
    (WirePositions<'a> = |i| WirePositions::of(&i.positions), WireMarket = |i| Twin::from_policy(&i.market))
    from cl::Input,
    Vec<WireClassification> => Twin::into_policy);

wire_enum!(WireAmplify = am::Action {
    AddSize "add-size", ExtendHold "extend-hold", PartialTakeProfit "partial-take-profit",
    SwitchToTrendFollow "switch-to-trend-follow", TightenStops "tighten-stops",
});
wire_record!(WireRecommendation = am::Recommendation {
    symbol: u32 = "symbol",
    action: WireAmplify = "action",
    priority: u32 = "priority",
    confidence: f64 = "confidence",
    expected_r: f64 = "expected-r",
    add_size_usd: Option<f64> = "add-size-usd",
    close_fraction: Option<f64> = "close-fraction",
    extend_ms: Option<u64> = "extend-ms",
    rationale: String = "rationale",
});
wire_hook!(AmplificationCheck, "post-trade-amplification-check"."check",
    (WirePositions<'a> = |i| WirePositions::of(&i.positions),
     Vec<WireClassification> = |i| Twin::from_policy(&i.classes), WireAccount = |i| Twin::from_policy(&i.account),
     WireMarket = |i| Twin::from_policy(&i.market), Vec<WireRecommendation> = |i| Twin::from_policy(&i.proposed))
    from am::Input,
    Vec<WireRecommendation> => Twin::into_policy);

wire_enum!(WireViolationSeverity = xp::Severity { Warning "warning", Critical "critical" });
wire_record!(WireViolation = xp::Violation {
    code: WireReason = "code",
    severity: WireViolationSeverity = "severity",
    symbol: Option<u32> = "symbol",
    value: f64 = "value",
    limit: f64 = "limit",
});
wire_record!(WireExposureReport = xp::ExposureReport {
    gross_exposure_pct: f64 = "gross-exposure-pct",
    net_exposure_pct: f64 = "net-exposure-pct",
    risk_pct: f64 = "risk-pct",
    risk_mode: WireRiskMode = "risk-mode",
    violations: Vec<WireViolation> = "violations",
});
wire_hook!(ExposureCheck, "portfolio-exposure-check"."check",
    (WirePositions<'a> = |i| WirePositions::of(&i.positions), WireAccount = |i| Twin::from_policy(&i.account),
     WireReturns<'a> = |i| WireReturns::of(&i.returns))
    from xp::Input,
    WireExposureReport => Twin::into_policy);

wire_enum!(WireRebalance = rb::Action {
    BlockNewTrades "block-new-trades", ClosePosition "close-position", ReducePosition "reduce-position",
    ReduceLeverage "reduce-leverage", DefensiveMode "defensive-mode",
});
wire_record!(WireRebalanceAction = rb::RebalanceAction {
    action: WireRebalance = "action",
    symbol: Option<u32> = "symbol",
    fraction: Option<f64> = "fraction",
    code: WireReason = "code",
    text: String = "text",
});
wire_hook!(Rebalance, "portfolio-rebalance-recommendations"."recommend",
    (WirePositions<'a> = |i| WirePositions::of(&i.positions), WireAccount = |i| Twin::from_policy(&i.account),
     WireReturns<'a> = |i| WireReturns::of(&i.returns))
    from xp::Input,
    Vec<WireRebalanceAction> => Twin::into_policy);

wire_hook!(SelfHealing, "periodic-self-healing-check"."check",
    (Vec<WirePartStatus> = |i| Twin::from_policy(&i.parts), WireAccount = |i| Twin::from_policy(&i.account),
     WirePerformance = |i| Twin::from_policy(&i.performance)) from self_healing::Input,
    WireHealthReport => Twin::into_policy);

wire_hook!(Coordination, "periodic-ai-hfos-coordination"."coordinate",
    (WireInputs = |i| Twin::from_policy(&i.inputs), WireAccount = |i| Twin::from_policy(&i.account),
     WireMarket = |i| Twin::from_policy(&i.market)) from coordination::Input,
    WireCoordination => Twin::into_policy);

wire_hook!(ModelEvaluation, "model-evaluation"."evaluate",
    (&'a [String] = |i| i.models.as_slice(), WireOutcomes<'a> = |i| WireOutcomes::of(&i.outcomes))
    from model_evaluation::Input,
    WireEvaluation => Twin::into_policy);

wire_hook!(RetrainingPlan, "retraining-plan"."plan",
    (Vec<WireModelHistory> = |i| Twin::from_policy(&i.models), Option<WireRegime> = |i| Twin::from_policy(&i.current),
     bool = |i| i.manual) from retraining::Input,
    WirePlan => Twin::into_policy);
