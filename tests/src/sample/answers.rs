//! What `chaos` answers: tests/guests/chaos/src/questions says the same on the other side of the boundary.

use bulkhead_policy::{
    Hook, ReasonCode, RiskMode, Verdict,
    directives::{OrderPreference, UniverseMode},
    hooks::{
        AmplificationCheck, ConfidenceAdjustment, Coordination, ExitLevels, ExposureCheck, ModelEvaluation,
        OrderTypeSelection, PortfolioCheck, PositionClassification, PositionSizing, Rebalance, RetrainingPlan,
        RiskCheck, SelfHealing, Signal, SlippageCheck, UniverseFilter,
        amplification::{self, Recommendation},
        classification::{Class, Classification},
        coordination::{
            Categories, CoordinationAnswer, ExecutionDirectives, GlobalDirectives, ModelDirectives,
            PortfolioDirectives, SystemHealth, UniverseDirectives,
        },
        exit_levels::Levels,
        exposure::{self, ExposureReport, Violation},
        model_evaluation::{Evaluation, ModelHealth, ModelScore, Trend},
        order_type::OrderPlan,
        rebalance::{self, RebalanceAction},
        retraining::{Job, Plan, Priority, Trigger},
        self_healing::{Directive, HealthReport, Issue, Part, Severity},
        signal::{self, Proposal},
        universe::{Dropped, Selection},
    },
    reports::HealthStatus,
    trade::OrderType,
    value::{Confidence, SizeUsd},
};

use super::{Sample, inputs};

/// Binds a hook's input and its other answer, and where it has one the neutral answer that is not the default.
macro_rules! sample {
    ($($hook:ident: $input:expr, $different:expr $(, neutral $neutral:expr)?;)+) => {$(
        impl Sample for $hook {
            fn input() -> <Self as Hook>::Input {
                $input
            }

            fn different() -> <Self as Hook>::Answer {
                $different
            }

            $(fn neutral() -> <Self as Hook>::Answer {
                $neutral
            })?
        }
    )+};
}

sample! {
    Signal: inputs::signal(), vec![Proposal {
        symbol: 0,
        action: signal::Action::Long,
        confidence: 0.75,
        stop_loss: Some(0.02),
        take_profit: Some(0.04),
    }];
    UniverseFilter: inputs::universe(), Selection {
        kept: vec![0, 1],
        dropped: vec![Dropped { symbol: 2, code: ReasonCode::LowVolume }],
    };
    RiskCheck: inputs::veto(), deny(ReasonCode::NotionalLimit);
    PortfolioCheck: inputs::portfolio(), deny(ReasonCode::MaxPositionsReached);
    SlippageCheck: inputs::slippage(), deny(ReasonCode::SlippageCap);
    ConfidenceAdjustment: inputs::confidence(), Confidence::new(0.8).unwrap();
    PositionSizing: inputs::sizing(), SizeUsd::new(500.0).unwrap();
    OrderTypeSelection: inputs::order_type(), OrderPlan {
        order_type: OrderType::Limit,
        limit_offset_bps: 2.0,
        ..OrderPlan::MARKET
    };
    ExitLevels: inputs::exit_levels(), Levels { stop_loss: 0.01, ..inputs::exit_levels().base };
    PositionClassification: inputs::classification(), {
        let winner = |row| Classification { class: Class::Winner, confidence: 0.9, ..row };
        PositionClassification::safe_default(&inputs::classification()).into_iter().map(winner).collect()
    };
    AmplificationCheck: inputs::amplification(), vec![Recommendation {
        symbol: 0,
        action: amplification::Action::TightenStops,
        priority: 1,
        confidence: 80.0,
        expected_r: 1.5,
        add_size_usd: None,
        close_fraction: None,
        extend_ms: None,
        rationale: CHAOS.to_owned(),
    }];
    ExposureCheck: inputs::exposure(), {
        let violation = Violation {
            code: ReasonCode::SymbolConcentration,
            severity: exposure::Severity::Warning,
            symbol: Some(0),
            value: 31.0,
            limit: 30.0,
        };
        exposed(12.5, vec![violation])
    }, neutral exposed(0.0, Vec::new());
    Rebalance: inputs::exposure(), vec![RebalanceAction {
        action: rebalance::Action::BlockNewTrades,
        symbol: None,
        fraction: None,
        code: ReasonCode::GrossExposureLimit,
        text: CHAOS.to_owned(),
    }];
    SelfHealing: inputs::self_healing(), {
        let issue =
            Issue { part: Part::Database, severity: Severity::Low, impacts_trading: false, text: CHAOS.to_owned() };
        healthy(Directive::NoNewTrades, vec![issue])
    }, neutral healthy(Directive::AllowAll, Vec::new());
    Coordination: inputs::coordination(), {
        let mut answer = coordinated();
        answer.risk_mode = RiskMode::Safe;
        answer.global.scale_position_sizes = 0.5;
        answer.universe.demote.toxic = true;
        Some(answer)
    }, neutral Some(coordinated());
    ModelEvaluation: inputs::model_evaluation(), {
        let score = ModelScore {
            model: 0,
            health: ModelHealth::Healthy,
            trend: Trend::Stable,
            win_rate: Some(0.5),
            mean_r: None,
            calibration: None,
            weight: 1.0,
            drift: false,
        };
        Evaluation { scores: vec![score], biased_side: None }
    };
    RetrainingPlan: inputs::retraining(), {
        let job = Job { model: 0, trigger: Trigger::Manual, priority: Priority::Low, window_days: 30 };
        Plan { jobs: vec![job], ..Plan::default() }
    };
}

const CHAOS: &str = "chaos";

fn deny(code: ReasonCode) -> Verdict {
    Verdict::deny(code, "chaos says no")
}

fn exposed(pct: f64, violations: Vec<Violation>) -> Option<ExposureReport> {
    Some(ExposureReport {
        gross_exposure_pct: pct,
        net_exposure_pct: pct,
        risk_pct: pct,
        risk_mode: RiskMode::Normal,
        violations,
    })
}

fn healthy(directive: Directive, issues: Vec<Issue>) -> Option<HealthReport> {
    Some(HealthReport { overall: HealthStatus::Healthy, directive, issues, actions: Vec::new() })
}

fn coordinated() -> CoordinationAnswer {
    CoordinationAnswer {
        risk_mode: RiskMode::Normal,
        health: SystemHealth::Healthy,
        mean_score: None,
        global: GlobalDirectives {
            allow_new_trades: true,
            allow_new_positions: true,
            enforce_defensive_exits: false,
            reduce_global_risk: false,
            pause_symbols: Vec::new(),
            confidence_threshold: None,
            scale_position_sizes: 1.0,
            max_daily_drawdown_pct: None,
            force_exit_symbols: Vec::new(),
        },
        universe: UniverseDirectives {
            universe_mode: UniverseMode::Normal,
            blacklist_symbols: Vec::new(),
            whitelist_symbols: Vec::new(),
            promote: Categories::default(),
            demote: Categories::default(),
        },
        execution: ExecutionDirectives {
            order_preference: OrderPreference::Smart,
            max_slippage_bps: 50.0,
            max_spread_bps: 50.0,
            reduce_urgency: false,
            enforce_limit_orders: false,
            delay_ms: 0,
        },
        portfolio: PortfolioDirectives {
            reduce_exposure_pct: 0.0,
            max_position_count: None,
            max_leverage_x: None,
            reduce_correlated_positions: false,
            avoid_expansion_symbols: false,
            concentration_limit_pct: 100.0,
        },
        models: ModelDirectives::default(),
        emergency: Vec::new(),
        conflicts: Vec::new(),
        opportunities: Vec::new(),
        states: Vec::new(),
        summary: CHAOS.to_owned(),
    }
}
