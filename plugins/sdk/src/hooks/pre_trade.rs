//! Before a trade: strategies, universe, risk, portfolio, confidence and size.

use super::{Account, Bars, Candidate, Context, Exposures, Market, Proposal, Returns, Selection, Universe, Verdict};
use crate::glue::{Component, Exported, answer};
use crate::{Answer, Ctx, Plugin, bindings};

/// What strategies see and say.
pub mod signal {
    pub use crate::bindings::hook_signal::exports::bulkhead::hooks::signal::{Action, Bars, Proposal};
}

/// Symbols that may be traded in a cycle.
pub mod universe {
    pub use crate::bindings::hook_universe_filter::exports::bulkhead::hooks::pre_trade_universe_filter::{
        DroppedSymbol, Selection, Universe,
    };
}

/// A strategy: proposes trades on the bars that just closed.
pub trait Signal: Plugin {
    /// What to trade now; empty when nothing is worth it. At most one proposal per symbol of `bars`.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn on_bars(&mut self, ctx: &Ctx<'_>, market: &Market, bars: &Bars) -> Answer<Vec<Proposal>>;
}

impl<P: Exported + Signal> bindings::hook_signal::exports::bulkhead::hooks::signal::Guest for Component<P> {
    fn on_bars(ctx: Context, market: Market, bars: Bars) -> Answer<Vec<Proposal>> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.on_bars(ctx, &market, &bars))
    }
}

/// Hook 1: narrows the symbols that may be traded in this cycle.
pub trait UniverseFilter: Plugin {
    /// Which symbols are kept, and why each other one is dropped.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn filter(&mut self, ctx: &Ctx<'_>, universe: &Universe) -> Answer<Selection>;
}

impl<P: Exported + UniverseFilter>
    bindings::hook_universe_filter::exports::bulkhead::hooks::pre_trade_universe_filter::Guest for Component<P>
{
    fn filter(ctx: Context, universe: Universe) -> Answer<Selection> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.filter(ctx, &universe))
    }
}

/// Hook 2: a veto on risk.
pub trait RiskCheck: Plugin {
    /// [`crate::ALLOW`], or [`crate::deny`] with the reason.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        exposures: &Exposures,
        account: &Account,
    ) -> Answer<Verdict>;
}

impl<P: Exported + RiskCheck> bindings::hook_risk_check::exports::bulkhead::hooks::pre_trade_risk_check::Guest
    for Component<P>
{
    fn check(ctx: Context, candidate: Candidate, exposures: Exposures, account: Account) -> Answer<Verdict> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.check(ctx, &candidate, &exposures, &account))
    }
}

/// Hook 3: a veto on what the trade does to the portfolio. Trades allowed earlier in the same cycle stand in `exposures`.
pub trait PortfolioCheck: Plugin {
    /// [`crate::ALLOW`], or [`crate::deny`] with the reason.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        exposures: &Exposures,
        account: &Account,
        returns: &Returns,
    ) -> Answer<Verdict>;
}

impl<P: Exported + PortfolioCheck>
    bindings::hook_portfolio_check::exports::bulkhead::hooks::pre_trade_portfolio_check::Guest for Component<P>
{
    fn check(
        ctx: Context,
        candidate: Candidate,
        exposures: Exposures,
        account: Account,
        returns: Returns,
    ) -> Answer<Verdict> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.check(ctx, &candidate, &exposures, &account, &returns))
    }
}

/// Hook 4: the confidence that a candidate needs.
pub trait ConfidenceAdjustment: Plugin {
    /// The threshold, 0 to 1, `base_threshold` when nothing changes.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn adjust(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        base_threshold: f64,
        account: &Account,
        market: &Market,
    ) -> Answer<f64>;
}

impl<P: Exported + ConfidenceAdjustment>
    bindings::hook_confidence_adjustment::exports::bulkhead::hooks::pre_trade_confidence_adjustment::Guest
    for Component<P>
{
    fn adjust(
        ctx: Context,
        candidate: Candidate,
        base_threshold: f64,
        account: Account,
        market: Market,
    ) -> Answer<f64> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.adjust(ctx, &candidate, base_threshold, &account, &market))
    }
}

/// Hook 5: the size of a trade.
pub trait PositionSizing: Plugin {
    /// The size in USD, `base_size_usd` when nothing changes, 0 to skip the trade.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn size(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        base_size_usd: f64,
        exposures: &Exposures,
        account: &Account,
        market: &Market,
    ) -> Answer<f64>;
}

impl<P: Exported + PositionSizing>
    bindings::hook_position_sizing::exports::bulkhead::hooks::pre_trade_position_sizing::Guest for Component<P>
{
    fn size(
        ctx: Context,
        candidate: Candidate,
        base_size_usd: f64,
        exposures: Exposures,
        account: Account,
        market: Market,
    ) -> Answer<f64> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.size(ctx, &candidate, base_size_usd, &exposures, &account, &market))
    }
}
