//! What the loop and the hooks see of the positions. Rebuilt in place after every bar: no allocation in steady state.

use bulkhead_policy::{Exposures, Positions, Side, SymbolId};
use serde::{Deserialize, Serialize};

use super::account::Ledger;
use super::order::ExitPlan;
use super::position::Position;
use super::slot::Slot;

/// One open position, whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenPosition {
    /// Which symbol.
    pub symbol: SymbolId,
    /// Whose.
    pub owner: u32,
    /// Of the order that opened it.
    pub correlation: u64,
    /// Its side.
    pub side: Side,
    /// Units of base, positive.
    pub quantity: f64,
    /// Mean price of what is open.
    pub entry_price: f64,
    /// Latest price.
    pub mark_price: f64,
    /// Margin held, USD.
    pub margin_usd: f64,
    /// Entry value over margin.
    pub leverage_x: f64,
    /// Profit at the mark, USD.
    pub unrealized_usd: f64,
    /// Profit after fees and funding of what was closed of it so far, USD.
    pub realized_net_usd: f64,
    /// When its first fill was, epoch ms UTC.
    pub opened_ms: i64,
    /// Profit in multiples of the risk at entry.
    pub r: f64,
    /// Best R at the close of a bar.
    pub peak_r: f64,
    /// Its exit plan.
    pub exits: Option<ExitPlan>,
    /// Stop in force: the nearest of stop-loss, trailing stop and break-even.
    pub stop_price: Option<f64>,
    /// Target, while there is one.
    pub target_price: Option<f64>,
    /// Where it would be liquidated; `None` where no price does that.
    pub liquidation_price: Option<f64>,
    /// An order that closes all of it is at work.
    pub closing: bool,
}

/// Columns and sums over all positions.
#[derive(Debug, Default)]
pub(super) struct Views {
    pub(super) positions: Positions,
    pub(super) exposures: Exposures,
    pub(super) unrealized_usd: f64,
    pub(super) gross_usd: f64,
    pub(super) net_usd: f64,
    pub(super) risk_usd: f64,
    pub(super) open: u32,
}

impl Views {
    pub(super) fn equity_usd(&self, ledger: &Ledger) -> f64 {
        ledger.balance_usd() + self.unrealized_usd
    }

    pub(super) fn refresh(&mut self, slots: &[Slot]) {
        self.clear();
        for (symbol, slot) in (0u32..).zip(slots) {
            if let Some(position) = &slot.position {
                self.push(symbol, position);
            }
        }
    }

    fn push(&mut self, symbol: SymbolId, position: &Position) {
        let (size_usd, risk_usd) = (position.notional_usd(), position.risk_usd());
        self.unrealized_usd += position.unrealized_usd();
        self.gross_usd += size_usd.abs();
        self.net_usd += size_usd;
        self.risk_usd += risk_usd;
        self.open += 1;
        self.exposures.push(symbol, size_usd);
        let rows = &mut self.positions;
        rows.symbols.push(symbol);
        rows.quantity.push(position.quantity * position.side.sign());
        rows.entry_price.push(position.entry_price);
        rows.mark_price.push(position.mark);
        rows.margin_usd.push(position.margin_usd);
        rows.leverage_x.push(position.leverage_x());
        rows.risk_usd.push(risk_usd);
        rows.opened_ms.push(u64::try_from(position.opened_ms).unwrap_or(0));
        rows.r.push(position.r());
        rows.peak_r.push(position.peak_r);
    }

    fn clear(&mut self) {
        let Positions {
            symbols,
            quantity,
            entry_price,
            mark_price,
            margin_usd,
            leverage_x,
            risk_usd,
            opened_ms,
            r,
            peak_r,
        } = &mut self.positions;
        let columns = [quantity, entry_price, mark_price, margin_usd, leverage_x, risk_usd, r, peak_r];
        columns.into_iter().for_each(Vec::clear);
        symbols.clear();
        opened_ms.clear();
        let Exposures { symbols, size_usd } = &mut self.exposures;
        size_usd.clear();
        symbols.clear();
        (self.unrealized_usd, self.gross_usd, self.net_usd, self.risk_usd, self.open) = (0.0, 0.0, 0.0, 0.0, 0);
    }
}

pub(super) fn open_position(symbol: SymbolId, position: &Position) -> OpenPosition {
    let side = position.side;
    OpenPosition {
        symbol,
        owner: position.owner,
        correlation: position.correlation,
        side,
        quantity: position.quantity,
        entry_price: position.entry_price,
        mark_price: position.mark,
        margin_usd: position.margin_usd,
        leverage_x: position.leverage_x(),
        unrealized_usd: position.unrealized_usd(),
        realized_net_usd: position.net_usd(),
        opened_ms: position.opened_ms,
        r: position.r(),
        peak_r: position.peak_r,
        exits: position.exits.map(|e| e.plan),
        stop_price: position.exits.map(|e| e.stop(side, position.entry_price).0),
        target_price: position.exits.and_then(|e| e.target),
        liquidation_price: Some(position.liquidation_price).filter(|price| *price > 0.0),
        closing: position.exit_order.is_some(),
    }
}
