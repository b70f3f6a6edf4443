//! Other limits while a host runs: tighter ones always, wider ones by the release procedure only.

use std::collections::BTreeMap;

use super::{EnvelopeLimits, LimitKey, LimitsError};

/// New values of some limits.
pub type LimitsChange = BTreeMap<LimitKey, f64>;

/// Limits that are not to be had. Those in force stay.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChangeRefused {
    /// They cannot be, alone or together.
    #[error(transparent)]
    Invalid(#[from] LimitsError),
    /// One of them is wider than what is in force.
    #[error("limit {limit}: {to} is wider than {from}, which is in force")]
    Wider {
        /// Which.
        limit: LimitKey,
        /// In force.
        from: f64,
        /// Asked for.
        to: f64,
    },
    /// One of them is wider than it can be while a host runs.
    #[error(
        "limit {limit}: {to} is wider than the configured {configured}; nothing widens a drawdown limit while the host runs, so change the configuration and start again"
    )]
    Fixed {
        /// Which.
        limit: LimitKey,
        /// The widest there is.
        configured: f64,
        /// Asked for.
        to: f64,
    },
}

impl EnvelopeLimits {
    /// The same with other values, checked as a whole. What did not hold together before does not keep a change from
    /// being made that has nothing to do with it.
    ///
    /// # Errors
    /// [`LimitsError`] naming the limit, and the other one where there is one.
    pub fn changed(&self, change: &LimitsChange) -> Result<Self, LimitsError> {
        let next = change.iter().try_fold(*self, |next, (key, value)| next.with(*key, *value))?.positive()?;
        let before = self.contradictions();
        let known = |key: &LimitKey| !change.contains_key(key);
        let new = next.contradictions().into_iter().find(|found| {
            let old = before.iter().any(|b| b.same_pair(found));
            !(old && known(&found.limit) && known(&found.other))
        });
        new.map_or(Ok(next), |found| Err(found.into()))
    }

    /// The same with other values of which none is wider.
    ///
    /// # Errors
    /// [`ChangeRefused::Wider`], [`ChangeRefused::Invalid`].
    pub fn tightened(&self, change: &LimitsChange) -> Result<Self, ChangeRefused> {
        let next = self.changed(change)?;
        match self.widened_by(&next).next() {
            None => Ok(next),
            Some(limit) => Err(ChangeRefused::Wider { limit, from: self.get(limit), to: next.get(limit) }),
        }
    }

    /// The same with other values, wider ones too: what the release procedure ends with. No drawdown limit becomes wider
    /// than the `configured` one.
    ///
    /// # Errors
    /// [`ChangeRefused::Fixed`], [`ChangeRefused::Invalid`].
    pub fn released(&self, change: &LimitsChange, configured: &Self) -> Result<Self, ChangeRefused> {
        let next = self.changed(change)?;
        let over = configured.widened_by(&next).find(|limit| limit.is_drawdown());
        match over {
            None => Ok(next),
            Some(limit) => Err(ChangeRefused::Fixed { limit, configured: configured.get(limit), to: next.get(limit) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[(LimitKey, f64)]) -> LimitsChange {
        values.iter().copied().collect()
    }

    #[test]
    fn a_change_is_judged_as_a_whole() {
        let base = EnvelopeLimits::default();
        let alone = base.tightened(&of(&[(LimitKey::MaxGrossExposurePct, 50.0)])).unwrap_err().to_string();
        assert!(alone.contains("max_net_exposure_pct: 100 is over max_gross_exposure_pct 50"), "{alone}");
        let both = of(&[(LimitKey::MaxGrossExposurePct, 50.0), (LimitKey::MaxNetExposurePct, 40.0)]);
        let next = base.tightened(&both).unwrap();
        assert_eq!((next.max_gross_exposure_pct, next.max_net_exposure_pct), (50.0, 40.0));
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(base.released(&of(&[(LimitKey::MaxLeverageX, bad)]), &base).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_old_contradiction_stands_in_the_way_of_nothing_else() {
        let odd = EnvelopeLimits { daily_drawdown_halt_pct: 12.0, ..EnvelopeLimits::default() };
        assert!(odd.tightened(&of(&[(LimitKey::MaxLeverageX, 3.0)])).is_ok());
        assert!(odd.tightened(&of(&[(LimitKey::DailyDrawdownHaltPct, 11.0)])).is_err(), "it is touched and not mended");
        assert!(odd.tightened(&of(&[(LimitKey::DailyDrawdownHaltPct, 4.0)])).is_ok());
    }

    #[test]
    fn the_release_procedure_widens_all_but_the_drawdown_limits() {
        let configured = EnvelopeLimits::default();
        let tight = configured.tightened(&of(&[(LimitKey::DailyDrawdownHaltPct, 1.0)])).unwrap();
        let back = tight.released(&of(&[(LimitKey::DailyDrawdownHaltPct, 5.0)]), &configured).unwrap();
        assert_eq!(back, configured, "back to what is configured");
        for key in [LimitKey::DailyDrawdownHaltPct, LimitKey::OpenDrawdownClosePct] {
            let wider = of(&[(key, configured.get(key) + 0.1), (LimitKey::OpenDrawdownClosePct, 20.0)]);
            assert!(matches!(configured.released(&wider, &configured), Err(ChangeRefused::Fixed { .. })), "{key}");
        }
        let wider = configured.released(&of(&[(LimitKey::MaxOpenPositions, 50.0)]), &configured).unwrap();
        assert_eq!(wider.max_open_positions, 50);
    }

    fn any_change() -> impl Strategy<Value = LimitsChange> {
        let near = prop_oneof![0.0..3_000.0, Just(f64::NAN), (0_u32..300).prop_map(f64::from)];
        prop::collection::btree_map(prop::sample::select(LimitKey::ALL), near, 0..4)
    }

    proptest! {
        #[test]
        fn no_sequence_of_tightenings_widens_anything(changes in prop::collection::vec(any_change(), 1..40)) {
            let start = EnvelopeLimits::default();
            let mut now = start;
            for change in &changes {
                if let Ok(next) = now.tightened(change) {
                    prop_assert_eq!(now.widened_by(&next).next(), None);
                    prop_assert_eq!(start.widened_by(&next).next(), None);
                    prop_assert!(change.iter().all(|(key, value)| next.get(*key) == *value));
                    now = next;
                }
            }
            prop_assert!(now.validated().is_ok());
        }

        #[test]
        fn nothing_widens_a_drawdown_limit_over_what_is_configured(
            changes in prop::collection::vec((any_change(), any::<bool>()), 1..40),
        ) {
            let configured = EnvelopeLimits::default();
            let mut now = configured;
            for (change, release) in &changes {
                let next = if *release { now.released(change, &configured) } else { now.tightened(change) };
                now = next.unwrap_or(now);
                prop_assert!(now.daily_drawdown_halt_pct <= configured.daily_drawdown_halt_pct);
                prop_assert!(now.open_drawdown_close_pct <= configured.open_drawdown_close_pct);
            }
        }
    }
}
