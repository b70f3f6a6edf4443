//! What both benchmark guests compute: the limits of a small risk check.

/// A limit that a trade breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The risk mode is CRITICAL.
    RiskMode,
    /// No positive price.
    Price,
    /// Order too large.
    Notional,
    /// Too many positions.
    Positions,
    /// Position in the symbol too large.
    Position,
    /// Gross exposure too large.
    Gross,
    /// Margin in use too large a share of equity.
    Margin,
    /// Loss at all stops too large a share of equity.
    Risk,
}

/// The trade, and what of the account matters to it.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// The risk mode is CRITICAL.
    pub critical: bool,
    /// Latest price.
    pub price: f64,
    /// Order size.
    pub size_usd: f64,
    /// Loss at the stop.
    pub risk_usd: f64,
    /// Equity.
    pub equity_usd: f64,
    /// Margin in use.
    pub used_margin_usd: f64,
    /// Loss at all stops.
    pub open_risk_usd: f64,
}

/// An open position.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// It is in the trade's symbol.
    pub same_symbol: bool,
    /// Signed notional.
    pub size_usd: f64,
}

/// The first limit that the trade breaks.
pub fn check(trade: &Trade, rows: impl Iterator<Item = Row>) -> Option<Broken> {
    let (mut count, mut gross, mut own) = (0_u32, 0.0, 0.0);
    for row in rows {
        count += 1;
        gross += row.size_usd.abs();
        if row.same_symbol {
            own += row.size_usd.abs();
        }
    }
    let limits = [
        (trade.critical, Broken::RiskMode),
        (trade.price <= 0.0, Broken::Price),
        (trade.size_usd > 1e6, Broken::Notional),
        (count >= 1_000, Broken::Positions),
        (own + trade.size_usd > 2e6, Broken::Position),
        (gross + trade.size_usd > 1e8, Broken::Gross),
        (trade.used_margin_usd > trade.equity_usd, Broken::Margin),
        (trade.open_risk_usd + trade.risk_usd > trade.equity_usd, Broken::Risk),
    ];
    limits.into_iter().find_map(|(broken, limit)| broken.then_some(limit))
}

impl Broken {
    /// For people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::RiskMode => "the risk mode is CRITICAL",
            Self::Price => "no positive price",
            Self::Notional => "order over 1,000,000 USD",
            Self::Positions => "1,000 positions are open",
            Self::Position => "over 2,000,000 USD in one symbol",
            Self::Gross => "over 100,000,000 USD in all",
            Self::Margin => "more margin in use than equity",
            Self::Risk => "more at risk than equity",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Broken, Row, Trade, check};

    const TRADE: Trade = Trade {
        critical: false,
        price: 100.0,
        size_usd: 1_000.0,
        risk_usd: 10.0,
        equity_usd: 10_000.0,
        used_margin_usd: 0.0,
        open_risk_usd: 0.0,
    };

    fn rows(count: usize, size_usd: f64) -> impl Iterator<Item = Row> {
        std::iter::repeat_n(Row { same_symbol: true, size_usd }, count)
    }

    #[test]
    fn each_limit_has_its_name() {
        assert_eq!(check(&TRADE, rows(10, -500.0)), None);
        assert_eq!(check(&TRADE, rows(1_000, 1.0)), Some(Broken::Positions));
        assert_eq!(check(&TRADE, rows(10, -2e5)), Some(Broken::Position));
        let broke = Trade { equity_usd: 15.0, open_risk_usd: 10.0, ..TRADE };
        assert_eq!(check(&broke, rows(10, 1.0)), Some(Broken::Risk));
    }
}
