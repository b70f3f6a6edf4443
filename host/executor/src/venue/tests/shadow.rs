//! A second set of books, kept from nothing but the venue's events.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

pub(super) const SYMBOLS: u32 = 2;

/// Books kept from nothing but the events: cash flows and quantities.
pub(super) struct Shadow {
    cash: f64,
    turnover: f64,
    quantity: [f64; SYMBOLS as usize],
    pub(super) mark: [f64; SYMBOLS as usize],
    /// Quantity, and when it was ordered.
    pub(super) ordered: HashMap<u64, (f64, i64)>,
    filled: HashMap<u64, f64>,
    net: f64,
}

impl Shadow {
    pub(super) fn new(cash: f64, mark: [f64; SYMBOLS as usize]) -> Self {
        Self {
            cash,
            turnover: 0.0,
            quantity: [0.0; SYMBOLS as usize],
            mark,
            ordered: HashMap::new(),
            filled: HashMap::new(),
            net: 0.0,
        }
    }

    fn trade(&mut self, symbol: u32, signed: f64, price: f64, fee: f64) {
        self.cash -= signed * price + fee;
        self.turnover += (signed * price).abs();
        let quantity = &mut self.quantity[symbol as usize];
        *quantity = ((*quantity + signed) * 1000.0).round() / 1000.0;
    }

    /// Checks an event and takes it in.
    pub(super) fn take(&mut self, event: &VenueEvent) -> Result<(), TestCaseError> {
        match event {
            VenueEvent::Filled(f) => {
                let before = self.quantity[f.symbol as usize];
                let signed = f.quantity * f.side.sign();
                prop_assert!(f.quantity > 0.0 && f.price > 0.0 && f.slippage_bps.is_finite());
                match f.purpose {
                    Purpose::Entry => prop_assert!(before * signed >= 0.0, "an entry against {before}"),
                    Purpose::Exit(_) => {
                        prop_assert!(before * signed < 0.0 && f.quantity <= before.abs() + 1e-9, "{before} {f:?}");
                    }
                }
                self.trade(f.symbol, signed, f.price, f.fee_usd);
                let filled = self.filled.entry(f.order).or_default();
                *filled += f.quantity;
                if let Some((ordered, since_ms)) = self.ordered.get(&f.order) {
                    prop_assert!(f.time_ms >= *since_ms, "filled before it was ordered");
                    prop_assert!(*filled <= ordered + 1e-9, "{filled} of {ordered}");
                    prop_assert!((ordered - *filled - f.remaining).abs() < 1e-9);
                }
                prop_assert_eq!(f.position_closed, self.quantity[f.symbol as usize] == 0.0);
            }
            VenueEvent::Liquidated(l) => {
                prop_assert_eq!(l.quantity * l.side.sign(), self.quantity[l.symbol as usize]);
                self.trade(l.symbol, -l.quantity * l.side.sign(), l.price, l.fee_usd);
            }
            VenueEvent::Funding(f) => self.cash -= f.paid_usd,
            VenueEvent::PositionClosed(c) => {
                prop_assert_eq!(self.quantity[c.symbol as usize], 0.0);
                prop_assert!(c.r.is_finite() && c.held_ms >= 0 && c.entry_price > 0.0 && c.exit_price > 0.0);
                self.net += c.pnl_usd;
            }
            VenueEvent::Rejected { .. } | VenueEvent::Expired(_) | VenueEvent::Cancelled { .. } => {}
        }
        Ok(())
    }

    fn equity(&self) -> f64 {
        self.cash + self.quantity.iter().zip(self.mark).map(|(q, m)| q * m).sum::<f64>()
    }
}

pub(super) fn finite(values: &[f64]) -> Result<(), TestCaseError> {
    prop_assert!(values.iter().all(|v| v.is_finite()), "{values:?}");
    Ok(())
}

/// The venue and its shadow say the same.
pub(super) fn agree(venue: &PaperVenue, shadow: &Shadow) -> Result<(), TestCaseError> {
    let (account, stats, rows) = (venue.account(), venue.stats(), venue.positions());
    finite(&[
        account.equity_usd,
        account.free_margin_usd,
        account.used_margin_usd,
        account.daily_drawdown_pct,
        account.open_drawdown_pct,
        account.daily_loss_usd,
        account.gross_exposure_usd,
        account.net_exposure_usd,
    ])?;
    for column in [&rows.quantity, &rows.entry_price, &rows.mark_price, &rows.margin_usd] {
        finite(column)?;
    }
    for column in [&rows.leverage_x, &rows.risk_usd, &rows.r, &rows.peak_r] {
        finite(column)?;
    }
    prop_assert!(rows.margin_usd.iter().all(|m| *m > 0.0) && rows.risk_usd.iter().all(|r| *r >= 0.0));
    let tolerance = 1e-6 * account.equity_usd.abs().max(1.0) + 1e-11 * shadow.turnover;
    let off = |a: f64, b: f64| (a - b).abs() > tolerance;
    prop_assert!(!off(account.equity_usd, shadow.equity()), "{} {}", account.equity_usd, shadow.equity());
    let parts = 100_000.0 + stats.realized_usd + stats.unrealized_usd - stats.fees_usd - stats.funding_usd;
    prop_assert!(!off(account.equity_usd, parts));
    prop_assert!(!off(account.equity_usd, stats.balance_usd + stats.unrealized_usd));
    // What is closed and what is still open explain the whole change.
    let open: f64 = (0..SYMBOLS).filter_map(|s| venue.position(s)).map(|p| p.unrealized_usd + p.realized_net_usd).sum();
    prop_assert!(!off(account.equity_usd, 100_000.0 + shadow.net + open));
    for symbol in 0..SYMBOLS {
        let held = venue.position(symbol).map_or(0.0, |p| p.quantity * p.side.sign());
        prop_assert_eq!(held, shadow.quantity[symbol as usize]);
    }
    prop_assert_eq!(rows.symbols.len(), account.open_positions as usize);
    Ok(())
}
