//! The limits by name, for whoever changes one of them.

use super::{EnvelopeLimits, LimitsError};
use crate::stage::closed_set;

closed_set! {
    /// One limit. Of every one the smaller value is the tighter.
    LimitKey in "snake_case" {
        /// Largest order, USD.
        MaxOrderNotionalUsd = "max_order_notional_usd",
        /// Highest leverage of an order.
        MaxLeverageX = "max_leverage_x",
        /// Sum of absolute notionals, percent of equity.
        MaxGrossExposurePct = "max_gross_exposure_pct",
        /// Absolute sum of signed notionals, percent of equity.
        MaxNetExposurePct = "max_net_exposure_pct",
        /// Notional in one symbol, percent of equity.
        MaxSymbolSharePct = "max_symbol_share_pct",
        /// Positions and working entries together.
        MaxOpenPositions = "max_open_positions",
        /// Increasing orders in any 60 s of event time.
        MaxOrdersPerMinute = "max_orders_per_minute",
        /// Distance of the order's price from the reference price, bps.
        PriceCollarBps = "price_collar_bps",
        /// Oldest reference price, ms.
        MaxPriceAgeMs = "max_price_age_ms",
        /// Size over base size.
        MaxSizeFactor = "max_size_factor",
        /// Daily drawdown that halts, percent of the equity at day start.
        DailyDrawdownHaltPct = "daily_drawdown_halt_pct",
        /// Drawdown that halts, cancels and closes, percent of the peak.
        OpenDrawdownClosePct = "open_drawdown_close_pct",
    }
}

/// Largest whole number that is exact as a floating-point one.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

impl LimitKey {
    /// Whether it ends trading. What is configured of these is the widest there is while a host runs.
    #[must_use]
    pub const fn is_drawdown(self) -> bool {
        matches!(self, Self::DailyDrawdownHaltPct | Self::OpenDrawdownClosePct)
    }
}

impl EnvelopeLimits {
    /// The value of a limit. Ages over 2^53 ms are rounded.
    #[must_use]
    pub const fn get(&self, key: LimitKey) -> f64 {
        match key {
            LimitKey::MaxOrderNotionalUsd => self.max_order_notional_usd,
            LimitKey::MaxLeverageX => self.max_leverage_x,
            LimitKey::MaxGrossExposurePct => self.max_gross_exposure_pct,
            LimitKey::MaxNetExposurePct => self.max_net_exposure_pct,
            LimitKey::MaxSymbolSharePct => self.max_symbol_share_pct,
            LimitKey::MaxOpenPositions => self.max_open_positions as f64,
            LimitKey::MaxOrdersPerMinute => self.max_orders_per_minute as f64,
            LimitKey::PriceCollarBps => self.price_collar_bps,
            LimitKey::MaxPriceAgeMs => self.max_price_age_ms as f64,
            LimitKey::MaxSizeFactor => self.max_size_factor,
            LimitKey::DailyDrawdownHaltPct => self.daily_drawdown_halt_pct,
            LimitKey::OpenDrawdownClosePct => self.open_drawdown_close_pct,
        }
    }

    /// The same with another value of one limit; whether they hold together is for [`EnvelopeLimits::validated`].
    ///
    /// # Errors
    /// [`LimitsError`] for a count or an age that is no whole number from 0.
    pub fn with(mut self, key: LimitKey, value: f64) -> Result<Self, LimitsError> {
        let whole = |max: f64| {
            if value.fract() == 0.0 && (0.0..=max).contains(&value) {
                return Ok(value);
            }
            Err(LimitsError { limit: key.name(), problem: format!("{value} is no whole number from 0 to {max}") })
        };
        let count = || whole(f64::from(u32::MAX)).map(|count| count as u32);
        match key {
            LimitKey::MaxOrderNotionalUsd => self.max_order_notional_usd = value,
            LimitKey::MaxLeverageX => self.max_leverage_x = value,
            LimitKey::MaxGrossExposurePct => self.max_gross_exposure_pct = value,
            LimitKey::MaxNetExposurePct => self.max_net_exposure_pct = value,
            LimitKey::MaxSymbolSharePct => self.max_symbol_share_pct = value,
            LimitKey::MaxOpenPositions => self.max_open_positions = count()?,
            LimitKey::MaxOrdersPerMinute => self.max_orders_per_minute = count()?,
            LimitKey::PriceCollarBps => self.price_collar_bps = value,
            LimitKey::MaxPriceAgeMs => self.max_price_age_ms = whole(MAX_WHOLE)? as u64,
            LimitKey::MaxSizeFactor => self.max_size_factor = value,
            LimitKey::DailyDrawdownHaltPct => self.daily_drawdown_halt_pct = value,
            LimitKey::OpenDrawdownClosePct => self.open_drawdown_close_pct = value,
        }
        Ok(self)
    }

    /// Of every limit the tighter one.
    #[must_use]
    pub fn tightest(&self, other: &Self) -> Self {
        Self {
            max_order_notional_usd: self.max_order_notional_usd.min(other.max_order_notional_usd),
            max_leverage_x: self.max_leverage_x.min(other.max_leverage_x),
            max_gross_exposure_pct: self.max_gross_exposure_pct.min(other.max_gross_exposure_pct),
            max_net_exposure_pct: self.max_net_exposure_pct.min(other.max_net_exposure_pct),
            max_symbol_share_pct: self.max_symbol_share_pct.min(other.max_symbol_share_pct),
            max_open_positions: self.max_open_positions.min(other.max_open_positions),
            max_orders_per_minute: self.max_orders_per_minute.min(other.max_orders_per_minute),
            price_collar_bps: self.price_collar_bps.min(other.price_collar_bps),
            max_price_age_ms: self.max_price_age_ms.min(other.max_price_age_ms),
            max_size_factor: self.max_size_factor.min(other.max_size_factor),
            daily_drawdown_halt_pct: self.daily_drawdown_halt_pct.min(other.daily_drawdown_halt_pct),
            open_drawdown_close_pct: self.open_drawdown_close_pct.min(other.open_drawdown_close_pct),
        }
    }

    /// Limits that are wider in `next`.
    pub fn widened_by<'a>(&'a self, next: &'a Self) -> impl Iterator<Item = LimitKey> + 'a {
        LimitKey::ALL.iter().copied().filter(|key| next.get(*key) > self.get(*key))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_field_has_its_key_and_keeps_what_is_set() {
        let all = EnvelopeLimits::default();
        let fields = serde_json::to_value(all).unwrap();
        let names: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, LimitKey::ALL.iter().map(|key| key.name()).collect::<Vec<_>>());
        for (n, key) in LimitKey::ALL.iter().enumerate() {
            assert_eq!(serde_json::to_value(key).unwrap(), key.name());
            let value = n as f64 + 3.0;
            let set = serde_json::to_value(all.with(*key, value).unwrap()).unwrap();
            for name in &names {
                let expected = if *name == key.name() { value } else { fields[*name].as_f64().unwrap() };
                assert_eq!(set[*name].as_f64(), Some(expected), "{name} after {key} was set");
            }
        }
    }

    #[test]
    fn counts_are_whole_numbers() {
        let all = EnvelopeLimits::default();
        for bad in [-1.0, 0.5, f64::NAN, f64::INFINITY, 1e300] {
            for key in [LimitKey::MaxOpenPositions, LimitKey::MaxOrdersPerMinute, LimitKey::MaxPriceAgeMs] {
                assert_eq!(all.with(key, bad).unwrap_err().limit, key.name(), "{bad}");
            }
        }
        assert_eq!(all.with(LimitKey::MaxOpenPositions, 0.0).unwrap().max_open_positions, 0);
    }

    fn any_limits() -> impl Strategy<Value = EnvelopeLimits> {
        prop::collection::vec(1_u32..2_000, LimitKey::ALL.len()).prop_map(|values| {
            let set = |all: EnvelopeLimits, (key, value): (&LimitKey, u32)| all.with(*key, f64::from(value)).unwrap();
            LimitKey::ALL.iter().zip(values).fold(EnvelopeLimits::default(), set)
        })
    }

    proptest! {
        #[test]
        fn the_tightest_of_two_is_wider_than_neither_and_sound_where_both_are(a in any_limits(), b in any_limits()) {
            let both = a.tightest(&b);
            prop_assert_eq!(a.widened_by(&both).count() + b.widened_by(&both).count(), 0);
            prop_assert!(LimitKey::ALL.iter().all(|k| both.get(*k) == a.get(*k) || both.get(*k) == b.get(*k)));
            if a.contradictions().is_empty() && b.contradictions().is_empty() {
                prop_assert_eq!(both.contradictions(), vec![]);
            }
        }
    }
}
