//! What a plugin may do besides answering hooks.

use super::{Blob, Context, SubsystemReport};
use crate::glue::{Component, Exported, answer, serve};
use crate::{Answer, Ctx, Plugin, bindings};

/// What subsystems tell the coordinator.
pub mod reports {
    pub use crate::bindings::shared::bulkhead::hooks::report_types::{
        AmplificationCandidate, AmplificationReport, DataConfidence, ExecutionReport, ExitMode, ModelReport,
        OrchestratorReport, PortfolioReport, PositionReport, RiskProfile, RiskReport, SelfHealingReport,
        SubsystemReport, UniverseReport,
    };
}

/// Tells the coordinator how the subsystem does. Asked before each coordination.
pub trait Reporting: Plugin {
    /// The report.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn report(&mut self, ctx: &Ctx<'_>) -> Answer<Option<SubsystemReport>>;
}

impl<P: Exported + Reporting> bindings::reporting::exports::bulkhead::hooks::report::Guest for Component<P> {
    fn report(ctx: Context) -> Answer<Option<SubsystemReport>> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.report(ctx))
    }
}

/// Checks itself before it serves. Called on a configured instance; the host does not load a plugin that fails.
pub trait SelfTest: Plugin {
    /// Runs the check.
    ///
    /// # Errors
    /// What is wrong.
    fn run(&mut self) -> Answer<()>;
}

impl<P: Exported + SelfTest> bindings::self_testing::exports::bulkhead::hooks::self_test::Guest for Component<P> {
    fn run() -> Answer<()> {
        serve::<P, _>(SelfTest::run)
    }
}

/// Hands its state to the next version. Set [`Plugin::STATEFUL`] with it.
pub trait State: Plugin {
    /// The state now, at most 1 MiB. `schema` counts up when the layout changes.
    ///
    /// # Errors
    /// When there is no state to hand over, and why.
    fn snapshot(&self) -> Answer<Blob>;

    /// Takes over what an older version left.
    ///
    /// # Errors
    /// When the state cannot be read, and why; the host then starts this version without it.
    fn restore(&mut self, blob: Blob) -> Answer<()>;
}

impl<P: Exported + State> bindings::stateful::exports::bulkhead::hooks::state::Guest for Component<P> {
    fn snapshot() -> Answer<Blob> {
        serve::<P, _>(|plugin| plugin.snapshot())
    }

    fn restore(blob: Blob) -> Answer<()> {
        serve::<P, _>(|plugin| plugin.restore(blob))
    }
}
