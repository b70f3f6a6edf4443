//! Hook 4: the confidence a candidate needs. Never under the host's floor, and under the base only where granted.

use serde::{Deserialize, Serialize};

use crate::{Account, Breach, Candidate, Hook, HookId, Likeness, Limits, Market, SymbolId, value::Confidence};

/// Marker of the hook.
pub struct ConfidenceAdjustment;

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The trade.
    pub candidate: Candidate,
    /// Threshold so far.
    pub base_threshold: Confidence,
    /// The account.
    pub account: Account,
    /// The market.
    pub market: Market,
}

impl Hook for ConfidenceAdjustment {
    const ID: HookId = HookId::ConfidenceAdjustment;
    type Input = Input;
    type Raw = f64;
    type Answer = Confidence;

    fn safe_default(input: &Input) -> Confidence {
        input.base_threshold
    }

    fn check(input: &Input, raw: f64, limits: &Limits) -> Result<Confidence, Breach> {
        let threshold = Confidence::new(raw)?;
        let least = if limits.loosen_threshold { limits.threshold_floor } else { input.base_threshold.get() };
        if threshold.get() < least {
            return Err(Breach::Loosened { field: "threshold".to_owned(), value: raw, baseline: least });
        }
        Ok(threshold)
    }

    fn combine(_: Confidence, next: Confidence) -> Confidence {
        next
    }

    fn advance(input: &mut Input, so_far: &Confidence) {
        input.base_threshold = *so_far;
    }

    fn compare(holds: &Confidence, other: &Confidence) -> Likeness {
        // The higher threshold lets less through.
        Likeness::less_is_tighter(-holds.get(), -other.get())
    }

    fn symbol(input: &Input) -> Option<SymbolId> {
        Some(input.candidate.symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_threshold_is_tighter() {
        let at = |value| Confidence::new(value).unwrap();
        let likeness = |other| ConfidenceAdjustment::compare(&at(0.5), &at(other));
        assert_eq!([0.5, 0.6, 0.4].map(likeness), [Likeness::Same, Likeness::Tighter, Likeness::Looser]);
    }
}
