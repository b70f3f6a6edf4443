//! What becomes of open positions.

use super::{Account, Classification, Context, Market, Positions, Recommendation};
use crate::glue::{Component, Exported, answer};
use crate::{Answer, Ctx, Plugin, bindings};

/// Making more of positions that do well.
pub mod amplification {
    pub use crate::bindings::hook_amplification_check::exports::bulkhead::hooks::post_trade_amplification_check::{
        Action, Recommendation,
    };
}

/// How positions are classed.
pub mod classification {
    pub use crate::bindings::shared::bulkhead::hooks::position_classes::{Action, Class, Classification};
}

/// Hook 8: how each position does.
pub trait PositionClassification: Plugin {
    /// One row per position.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn classify(&mut self, ctx: &Ctx<'_>, positions: &Positions, market: &Market) -> Answer<Vec<Classification>>;
}

impl<P: Exported + PositionClassification>
    bindings::hook_position_classification::exports::bulkhead::hooks::post_trade_position_classification::Guest
    for Component<P>
{
    fn classify(ctx: Context, positions: Positions, market: Market) -> Answer<Vec<Classification>> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.classify(ctx, &positions, &market))
    }
}

/// Hook 9: makes more of positions that do well; never opens a trade.
pub trait AmplificationCheck: Plugin {
    /// The owner: its recommendations, `proposed` being empty. A filter: a subset of `proposed`.
    ///
    /// # Errors
    /// When the plugin cannot answer, and why.
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        classes: &[Classification],
        account: &Account,
        market: &Market,
        proposed: &[Recommendation],
    ) -> Answer<Vec<Recommendation>>;
}

impl<P: Exported + AmplificationCheck>
    bindings::hook_amplification_check::exports::bulkhead::hooks::post_trade_amplification_check::Guest
    for Component<P>
{
    fn check(
        ctx: Context,
        positions: Positions,
        classes: Vec<Classification>,
        account: Account,
        market: Market,
        proposed: Vec<Recommendation>,
    ) -> Answer<Vec<Recommendation>> {
        answer::<P, _>(&ctx, |plugin, ctx| plugin.check(ctx, &positions, &classes, &account, &market, &proposed))
    }
}
