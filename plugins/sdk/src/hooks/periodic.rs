//! Asked on a timer.

use super::{Account, Context, HealthReport, Market, PartStatus, Performance};
use crate::glue::{Component, Exported, answer};
use crate::{Answer, Ctx, Plugin, bindings};

/// The health of the system.
pub mod self_healing {
    pub use crate::bindings::hook_self_healing_check::exports::bulkhead::hooks::periodic_self_healing_check::{
        Directive, HealthReport, Issue, Part, PartStatus, Performance, Recovery, RecoveryAction, Severity,
    };
}

/// What the coordinator hears and says.
pub mod coordination {
    pub use crate::bindings::hook_coordination::exports::bulkhead::hooks::periodic_ai_hfos_coordination::{
        Categories, Conflict, ConflictKind, ConflictSeverity, Coordination, EmergencyAction, EmergencyKind,
        ExecutionDirectives, GlobalDirectives, Inputs, ModelDirectives, ModelWeight, Opportunity, PortfolioDirectives,
        Subsystem, SubsystemState, SubsystemStatus, SystemHealth, UniverseDirectives,
    };
    pub use crate::bindings::shared::bulkhead::hooks::report_types::{
        AmplificationReport, ExecutionReport, ModelReport, OrchestratorReport, PortfolioReport, PositionReport,
        RiskReport, SelfHealingReport, UniverseReport,
    };
}

/// Hook 12, every 120 s: looks after the health of the system.
pub trait SelfHealingCheck: Plugin {
    /// What is wrong and what is to be done.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        parts: &[PartStatus],
        account: &Account,
        performance: &Performance,
    ) -> Answer<HealthReport>;
}

impl<P: Exported + SelfHealingCheck>
    bindings::hook_self_healing_check::exports::bulkhead::hooks::periodic_self_healing_check::Guest for Component<P>
{
    fn check(ctx: Context, parts: Vec<PartStatus>, account: Account, performance: Performance) -> Answer<HealthReport> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.check(ctx, &parts, &account, &performance))
    }
}

/// Hook 13, every 60 s and at once on a change of regime: gives the directives.
pub trait Coordination: Plugin {
    /// The directives, and what they rest on.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn coordinate(
        &mut self,
        ctx: &Ctx<'_>,
        inputs: &coordination::Inputs,
        account: &Account,
        market: &Market,
    ) -> Answer<coordination::Coordination>;
}

impl<P: Exported + Coordination>
    bindings::hook_coordination::exports::bulkhead::hooks::periodic_ai_hfos_coordination::Guest for Component<P>
{
    fn coordinate(
        ctx: Context,
        inputs: coordination::Inputs,
        account: Account,
        market: Market,
    ) -> Answer<coordination::Coordination> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.coordinate(ctx, &inputs, &account, &market))
    }
}
