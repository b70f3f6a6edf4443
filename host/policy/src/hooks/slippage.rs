//! Hook 7: is the slippage acceptable. Asked before the order on the estimate, and after the fill.

use serde::{Deserialize, Serialize};

use super::veto::veto_hook;
use crate::{Breach, FaultClass, Hook, HookId, Limits, ReasonCode, Side, SymbolId, Verdict, stage::closed_set};

/// Marker of the hook.
pub struct SlippageCheck;

closed_set! {
    /// When the question is asked.
    Phase {
        /// Before the order: a deny stops it.
        Estimate = "ESTIMATE",
        /// After the fill: a deny is reported and may pause the symbol, it cannot undo.
        Filled = "FILLED",
    }
}

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    /// Which symbol.
    pub symbol: SymbolId,
    /// Which way the order goes.
    pub side: Side,
    /// Before or after.
    pub phase: Phase,
    /// Price at the decision.
    pub expected_price: f64,
    /// Estimated or real average price.
    pub actual_price: f64,
    /// Estimated quoted spread.
    pub spread_bps: f64,
    /// Notional.
    pub size_usd: f64,
}

impl Execution {
    /// What the price moved against the order, in bps of the expected price. `None` without a positive expected price.
    #[must_use]
    pub fn slippage_bps(&self) -> Option<f64> {
        let bps = (self.actual_price - self.expected_price) / self.expected_price * 1e4 * self.side.sign();
        (self.expected_price > 0.0 && bps.is_finite()).then_some(bps)
    }
}

veto_hook!(SlippageCheck, Execution, |input| input.symbol);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slippage_counts_against_the_order_and_a_zero_price_has_none() {
        let mut e = Execution {
            symbol: 0,
            side: Side::Long,
            phase: Phase::Filled,
            expected_price: 100.0,
            actual_price: 100.1,
            spread_bps: 1.0,
            size_usd: 10.0,
        };
        assert!((e.slippage_bps().unwrap() - 10.0).abs() < 1e-9);
        e.side = Side::Short;
        assert!((e.slippage_bps().unwrap() + 10.0).abs() < 1e-9);
        e.expected_price = 0.0;
        assert_eq!(e.slippage_bps(), None);
    }
}
