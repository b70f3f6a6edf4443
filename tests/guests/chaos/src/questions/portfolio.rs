//! Exposure and rebalancing.

use bulkhead_sdk::hooks::exposure::{ExposureReport, Severity, Violation};
use bulkhead_sdk::hooks::rebalance::{Action, RebalanceAction};
use bulkhead_sdk::prelude::*;

use crate::Chaos;
use crate::misdeeds::GIANT;
use crate::question::{FOREIGN, Question, first};

struct Exposure<'a>(&'a Positions);

impl Exposure<'_> {
    fn report(number: f64, violations: Vec<Violation>) -> ExposureReport {
        ExposureReport {
            gross_exposure_pct: number,
            net_exposure_pct: number,
            risk_pct: number,
            risk_mode: RiskMode::Normal,
            violations,
        }
    }

    fn violation(&self) -> Violation {
        Violation {
            code: ReasonCode::SymbolConcentration,
            severity: Severity::Warning,
            symbol: Some(first(&self.0.symbols)),
            value: 31.0,
            limit: 30.0,
        }
    }
}

impl Question for Exposure<'_> {
    type Said = ExposureReport;

    fn neutral(&self) -> ExposureReport {
        Self::report(0.0, Vec::new())
    }

    fn different(&self) -> ExposureReport {
        Self::report(12.5, vec![self.violation()])
    }

    fn with_number(&self, number: f64) -> Option<ExposureReport> {
        let violation = Violation { value: number, limit: number, ..self.violation() };
        Some(Self::report(number, vec![violation]))
    }

    fn foreign_symbol(&self) -> Option<ExposureReport> {
        let violation = Violation { symbol: Some(FOREIGN), ..self.violation() };
        Some(Self::report(0.0, vec![violation]))
    }

    fn huge(&self) -> Option<ExposureReport> {
        Some(Self::report(0.0, vec![self.violation(); 40_000]))
    }
}

impl ExposureCheck for Chaos {
    fn check(&mut self, ctx: &Ctx<'_>, positions: &Positions, _: &Account, _: &Returns) -> Answer<ExposureReport> {
        self.decide(ctx, &Exposure(positions))
    }
}

struct Balance<'a>(&'a Positions);

impl Balance<'_> {
    fn action(action: Action) -> RebalanceAction {
        RebalanceAction {
            action,
            symbol: None,
            fraction: None,
            code: ReasonCode::GrossExposureLimit,
            text: "chaos".to_string(),
        }
    }
}

impl Question for Balance<'_> {
    type Said = Vec<RebalanceAction>;

    fn neutral(&self) -> Vec<RebalanceAction> {
        Vec::new()
    }

    fn different(&self) -> Vec<RebalanceAction> {
        vec![Self::action(Action::BlockNewTrades)]
    }

    fn with_number(&self, number: f64) -> Option<Vec<RebalanceAction>> {
        Some(vec![RebalanceAction {
            symbol: Some(first(&self.0.symbols)),
            fraction: Some(number),
            ..Self::action(Action::ReducePosition)
        }])
    }

    fn foreign_symbol(&self) -> Option<Vec<RebalanceAction>> {
        Some(vec![RebalanceAction { symbol: Some(FOREIGN), ..Self::action(Action::ClosePosition) }])
    }

    fn incomplete(&self) -> Option<Vec<RebalanceAction>> {
        Some(vec![Self::action(Action::ClosePosition)])
    }

    fn too_many(&self) -> Option<Vec<RebalanceAction>> {
        Some(vec![Self::action(Action::BlockNewTrades); 257])
    }

    fn huge(&self) -> Option<Vec<RebalanceAction>> {
        Some(vec![RebalanceAction { text: "x".repeat(GIANT), ..Self::action(Action::DefensiveMode) }])
    }
}

impl Rebalance for Chaos {
    fn recommend(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        _: &Account,
        _: &Returns,
    ) -> Answer<Vec<RebalanceAction>> {
        self.decide(ctx, &Balance(positions))
    }
}
