//! The portfolio as a whole.

use super::{Account, Context, ExposureReport, Positions, RebalanceAction, Returns};
use crate::glue::{Component, Exported, answer};
use crate::{Answer, Ctx, Plugin, bindings};

/// What the portfolio is exposed to.
pub mod exposure {
    pub use crate::bindings::hook_exposure_check::exports::bulkhead::hooks::portfolio_exposure_check::{
        ExposureReport, Severity, Violation,
    };
}

/// Steps that bring the portfolio back into its limits.
pub mod rebalance {
    pub use crate::bindings::hook_rebalance::exports::bulkhead::hooks::portfolio_rebalance_recommendations::{
        Action, RebalanceAction,
    };
}

/// Hook 10: exposure and the limits that it breaks.
pub trait ExposureCheck: Plugin {
    /// The report.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        account: &Account,
        returns: &Returns,
    ) -> Answer<ExposureReport>;
}

impl<P: Exported + ExposureCheck>
    bindings::hook_exposure_check::exports::bulkhead::hooks::portfolio_exposure_check::Guest for Component<P>
{
    fn check(ctx: Context, positions: Positions, account: Account, returns: Returns) -> Answer<ExposureReport> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.check(ctx, &positions, &account, &returns))
    }
}

/// Hook 11: steps that bring the portfolio back into its limits.
pub trait Rebalance: Plugin {
    /// The steps; empty when all is well.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn recommend(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        account: &Account,
        returns: &Returns,
    ) -> Answer<Vec<RebalanceAction>>;
}

impl<P: Exported + Rebalance>
    bindings::hook_rebalance::exports::bulkhead::hooks::portfolio_rebalance_recommendations::Guest for Component<P>
{
    fn recommend(
        ctx: Context,
        positions: Positions,
        account: Account,
        returns: Returns,
    ) -> Answer<Vec<RebalanceAction>> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.recommend(ctx, &positions, &account, &returns))
    }
}
