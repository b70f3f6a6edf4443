//! Self-healing and coordination.

use bulkhead_sdk::hooks::coordination::{
    Categories, Coordination as Directions, EmergencyAction, EmergencyKind, ExecutionDirectives, GlobalDirectives,
    Inputs, ModelDirectives, ModelWeight, Opportunity, PortfolioDirectives, Subsystem, SubsystemState, SubsystemStatus,
    SystemHealth, UniverseDirectives,
};
use bulkhead_sdk::hooks::self_healing::{Directive, Issue, Part, Severity};
use bulkhead_sdk::hooks::{HealthReport, PartStatus, Performance};
use bulkhead_sdk::prelude::*;

use crate::Chaos;
use crate::misdeeds::GIANT;
use crate::question::{FOREIGN, Question};

struct Health;

impl Health {
    fn report(directive: Directive, issues: Vec<Issue>) -> HealthReport {
        HealthReport { overall: HealthStatus::Healthy, directive, issues, actions: Vec::new() }
    }

    fn issue(text: String) -> Issue {
        Issue { part: Part::Database, severity: Severity::Low, impacts_trading: false, text }
    }
}

impl Question for Health {
    type Said = HealthReport;

    fn neutral(&self) -> HealthReport {
        Self::report(Directive::AllowAll, Vec::new())
    }

    fn different(&self) -> HealthReport {
        Self::report(Directive::NoNewTrades, vec![Self::issue("chaos".to_string())])
    }

    fn too_many(&self) -> Option<HealthReport> {
        Some(Self::report(Directive::AllowAll, vec![Self::issue(String::new()); 257]))
    }

    fn huge(&self) -> Option<HealthReport> {
        Some(Self::report(Directive::AllowAll, vec![Self::issue("x".repeat(GIANT))]))
    }
}

impl SelfHealingCheck for Chaos {
    fn check(&mut self, ctx: &Ctx<'_>, _: &[PartStatus], _: &Account, _: &Performance) -> Answer<HealthReport> {
        self.decide(ctx, &Health)
    }
}

struct Coordinator;

impl Question for Coordinator {
    type Said = Directions;

    fn neutral(&self) -> Directions {
        Directions {
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
                promote: Categories::empty(),
                demote: Categories::empty(),
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
            models: ModelDirectives {
                weights: Vec::new(),
                retrain: Vec::new(),
                disable: Vec::new(),
                confidence_threshold: None,
                use_conservative_predictions: false,
            },
            emergency: Vec::new(),
            conflicts: Vec::new(),
            opportunities: Vec::new(),
            states: Vec::new(),
            summary: "chaos".to_string(),
        }
    }

    fn different(&self) -> Directions {
        let mut directions = self.neutral();
        directions.risk_mode = RiskMode::Safe;
        directions.global.scale_position_sizes = 0.5;
        directions.universe.demote = Categories::TOXIC;
        directions
    }

    fn with_number(&self, number: f64) -> Option<Directions> {
        let mut all = self.neutral();
        all.mean_score = Some(number);
        all.global.confidence_threshold = Some(number);
        all.global.scale_position_sizes = number;
        all.global.max_daily_drawdown_pct = Some(number);
        all.execution.max_slippage_bps = number;
        all.execution.max_spread_bps = number;
        all.portfolio.reduce_exposure_pct = number;
        all.portfolio.max_leverage_x = Some(number);
        all.portfolio.concentration_limit_pct = number;
        all.models.confidence_threshold = Some(number);
        all.models.weights = vec![ModelWeight { model: "m".to_string(), weight: number }];
        all.opportunities = vec![Opportunity { symbol: 0, priority: 1, confidence: number, expected_r: number }];
        all.states = vec![SubsystemState {
            subsystem: Subsystem::RiskOs,
            status: SubsystemStatus::Active,
            score: Some(number),
            issues: 0,
        }];
        Some(all)
    }

    fn incomplete(&self) -> Option<Directions> {
        let mut directions = self.neutral();
        directions.emergency.push(EmergencyAction {
            kind: EmergencyKind::HaltSymbol,
            symbol: None,
            fraction: None,
            duration_ms: Some(60_000),
            priority: 1,
            rationale: "chaos".to_string(),
        });
        Some(directions)
    }

    fn too_many(&self) -> Option<Directions> {
        let mut directions = self.neutral();
        directions.global.pause_symbols = vec![FOREIGN; 4_097];
        Some(directions)
    }

    fn huge(&self) -> Option<Directions> {
        let mut directions = self.neutral();
        directions.summary = "x".repeat(GIANT);
        Some(directions)
    }
}

impl Coordination for Chaos {
    fn coordinate(&mut self, ctx: &Ctx<'_>, _: &Inputs, _: &Account, _: &Market) -> Answer<Directions> {
        self.decide(ctx, &Coordinator)
    }
}
