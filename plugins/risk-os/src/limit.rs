//! Numbers against limits, failing closed: what cannot be compared is over.

use bulkhead_sdk::prelude::{Denial, ReasonCode};

/// The tighter of an absolute limit and one in percent of equity. Without equity, a percentage of it is nothing.
pub fn tighter(usd: Option<f64>, pct: Option<f64>, equity_usd: f64) -> Option<f64> {
    let equity = if equity_usd.is_finite() { equity_usd.max(0.0) } else { 0.0 };
    let of_equity = pct.map(|pct| pct / 100.0 * equity);
    match (usd, of_equity) {
        (Some(usd), Some(of_equity)) => Some(usd.min(of_equity)),
        (usd, of_equity) => usd.or(of_equity),
    }
}

/// Denies a value over its limit, and one that is no number.
pub fn at_most(code: ReasonCode, what: &str, value: f64, limit: Option<f64>) -> Result<(), Denial> {
    match limit {
        Some(limit) if !value.is_finite() || value > limit => {
            Err(Denial { code, text: format!("{what} {} over {}", short(value), short(limit)) })
        }
        _ => Ok(()),
    }
}

/// Enough digits for people, for sizes in USD as for leverage.
pub fn short(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tighter_limit_holds_and_no_equity_means_no_room() {
        for (usd, pct, equity, want) in [
            (None, None, 100_000.0, None),
            (Some(5_000.0), None, 100_000.0, Some(5_000.0)),
            (None, Some(10.0), 100_000.0, Some(10_000.0)),
            (Some(5_000.0), Some(10.0), 100_000.0, Some(5_000.0)),
            (Some(5_000.0), Some(1.0), 100_000.0, Some(1_000.0)),
            (Some(5_000.0), Some(10.0), 0.0, Some(0.0)),
            (None, Some(10.0), -50.0, Some(0.0)),
            (None, Some(10.0), f64::NAN, Some(0.0)),
        ] {
            assert_eq!(tighter(usd, pct, equity), want, "{usd:?} {pct:?} {equity}");
        }
    }

    #[test]
    fn at_the_limit_is_inside_and_no_number_is_outside() {
        let check = |value, limit| at_most(ReasonCode::MaxLeverage, "leverage", value, limit);
        assert_eq!(check(30.0, Some(30.0)), Ok(()));
        assert_eq!(check(f64::NAN, None), Ok(()));
        for value in [30.01, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(check(value, Some(30.0)).unwrap_err().code, ReasonCode::MaxLeverage, "{value}");
        }
        assert_eq!(check(35.0, Some(30.0)).unwrap_err().text, "leverage 35.00 over 30.00");
    }
}
