//! Hook 5: size in USD, 0 to cap × base. Folded: each subsystem sees what the last one left.

use serde::{Deserialize, Serialize};

use crate::{Account, Breach, Candidate, Exposures, Hook, HookId, Likeness, Limits, Market, SymbolId, value::SizeUsd};

/// Marker of the hook.
pub struct PositionSizing;

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The trade.
    pub candidate: Candidate,
    /// Size so far.
    pub base_size_usd: SizeUsd,
    /// What is held or reserved.
    pub exposures: Exposures,
    /// The account.
    pub account: Account,
    /// The market.
    pub market: Market,
}

impl Hook for PositionSizing {
    const ID: HookId = HookId::PositionSizing;
    type Input = Input;
    type Raw = f64;
    type Answer = SizeUsd;

    fn safe_default(input: &Input) -> SizeUsd {
        input.base_size_usd
    }

    fn check(input: &Input, raw: f64, limits: &Limits) -> Result<SizeUsd, Breach> {
        let size = SizeUsd::new(raw)?;
        let most = input.base_size_usd.get() * limits.size_cap;
        if size.get() > most {
            return Err(Breach::Loosened { field: "size-usd".to_owned(), value: raw, baseline: most });
        }
        Ok(size)
    }

    fn combine(_: SizeUsd, next: SizeUsd) -> SizeUsd {
        next
    }

    fn advance(input: &mut Input, so_far: &SizeUsd) {
        input.base_size_usd = *so_far;
        // The loss at the stop goes with the size: the next subsystem must not judge the old one.
        if input.candidate.size_usd > 0.0 {
            input.candidate.risk_usd *= so_far.get() / input.candidate.size_usd;
        }
        input.candidate.size_usd = so_far.get();
    }

    fn compare(holds: &SizeUsd, other: &SizeUsd) -> Likeness {
        Likeness::less_is_tighter(holds.get(), other.get())
    }

    fn stops_all(answer: &SizeUsd) -> bool {
        answer.get() <= 0.0
    }

    fn symbol(input: &Input) -> Option<SymbolId> {
        Some(input.candidate.symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Breach, Regime, Side, SymbolMarks, Volatility};

    fn input() -> Input {
        let candidate = Candidate {
            symbol: 0,
            side: Side::Long,
            confidence: 0.8,
            size_usd: 1000.0,
            leverage_x: 5.0,
            risk_usd: 20.0,
            price: 100.0,
            price_age_ms: 0,
            marks: SymbolMarks::default(),
        };
        let market = Market { regime: Regime::Normal, volatility: Volatility::Normal, volatility_bps: 5.0, trend: 0.0 };
        Input {
            candidate,
            base_size_usd: SizeUsd::new(1000.0).unwrap(),
            exposures: Exposures::default(),
            account: Account::default(),
            market,
        }
    }

    #[test]
    fn the_next_subsystem_sees_size_and_risk_of_what_the_last_one_left() {
        let mut input = input();
        PositionSizing::advance(&mut input, &SizeUsd::new(250.0).unwrap());
        assert_eq!(
            (input.base_size_usd.get(), input.candidate.size_usd, input.candidate.risk_usd),
            (250.0, 250.0, 5.0)
        );
    }

    #[test]
    fn a_smaller_size_is_tighter_and_none_stops_the_trade() {
        let size = |usd| SizeUsd::new(usd).unwrap();
        let likeness = |other| PositionSizing::compare(&size(100.0), &size(other));
        assert_eq!([100.0, 99.0, 101.0].map(likeness), [Likeness::Same, Likeness::Tighter, Likeness::Looser]);
        assert!(PositionSizing::stops_all(&size(0.0)) && !PositionSizing::stops_all(&size(0.01)));
    }

    #[test]
    fn a_size_over_the_base_needs_a_grant_and_is_refused_whole() {
        let tight = Limits::default();
        assert!(PositionSizing::check(&input(), 1000.0, &tight).is_ok());
        assert!(matches!(PositionSizing::check(&input(), 1000.1, &tight), Err(Breach::Loosened { .. })));
        let granted = Limits { size_cap: 1.3, ..tight };
        assert!(PositionSizing::check(&input(), 1300.0, &granted).is_ok());
        assert!(PositionSizing::check(&input(), 1300.1, &granted).is_err());
        for hostile in [f64::NAN, f64::INFINITY, -1.0] {
            assert!(PositionSizing::check(&input(), hostile, &granted).is_err(), "{hostile}");
        }
    }
}
