//! How a trade is carried out and closed.

use super::{Book, Candidate, Context, Execution, ExitPlan, Market, OrderPlan, PositionAge, Verdict};
use crate::glue::{Component, Exported, answer};
use crate::{Answer, Ctx, Plugin, bindings};

/// Hook 6: how the order goes out.
pub trait OrderTypeSelection: Plugin {
    /// The plan, `default_plan` when nothing changes.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn select(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        default_plan: &OrderPlan,
        book: &Book,
    ) -> Answer<OrderPlan>;
}

impl<P: Exported + OrderTypeSelection>
    bindings::hook_order_type_selection::exports::bulkhead::hooks::execution_order_type_selection::Guest
    for Component<P>
{
    fn select(ctx: Context, candidate: Candidate, default_plan: OrderPlan, book: Book) -> Answer<OrderPlan> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.select(ctx, &candidate, &default_plan, &book))
    }
}

/// Hook 7: a veto on the price, before the order on the estimate and again after the fill.
pub trait SlippageCheck: Plugin {
    /// [`crate::ALLOW`], or [`crate::deny`] with the reason.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn check(&mut self, ctx: &Ctx<'_>, execution: &Execution) -> Answer<Verdict>;
}

impl<P: Exported + SlippageCheck>
    bindings::hook_slippage_check::exports::bulkhead::hooks::execution_slippage_check::Guest for Component<P>
{
    fn check(ctx: Context, execution: Execution) -> Answer<Verdict> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.check(ctx, &execution))
    }
}

/// Stop and target of a new candidate, or of a position that ages.
pub trait ExitLevels: Plugin {
    /// The levels, `base` when nothing changes.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn levels(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        base: &ExitPlan,
        market: &Market,
        aged: Option<PositionAge>,
    ) -> Answer<ExitPlan>;
}

impl<P: Exported + ExitLevels> bindings::hook_exit_levels::exports::bulkhead::hooks::exit_levels::Guest
    for Component<P>
{
    fn levels(
        ctx: Context,
        candidate: Candidate,
        base: ExitPlan,
        market: Market,
        aged: Option<PositionAge>,
    ) -> Answer<ExitPlan> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.levels(ctx, &candidate, &base, &market, aged))
    }
}
