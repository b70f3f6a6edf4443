//! Small numbers for closed sets: the columns hold them, table `names` explains them to people.

use bulkhead_policy::{
    Authority, Brake, Cause, FaultClass, HookId, Mode, Outcome, ReasonCode, RiskMode, Side, Stage, trade::OrderType,
};

use crate::{EventKind, OutcomeKind};

/// A closed set whose values are numbered in declaration order.
pub(crate) trait Code: Copy + 'static {
    /// The value's number.
    fn code(self) -> i64;
    /// The value of that number.
    fn decode(code: i64) -> Option<Self>;
}

macro_rules! codes {
    ($($set:ident = $kind:literal),+ $(,)?) => {
        $(impl Code for $set {
            fn code(self) -> i64 {
                self as i64
            }
            fn decode(code: i64) -> Option<Self> {
                Self::ALL.get(usize::try_from(code).ok()?).copied()
            }
        })+

        /// Every (kind, number, name), for table `names`.
        pub(crate) fn names() -> Vec<(&'static str, i64, &'static str)> {
            let mut all = Vec::new();
            $(all.extend($set::ALL.iter().map(|v| ($kind, v.code(), v.name())));)+
            all.extend(causes().map(|c| ("cause", c.code(), c.name())));
            all
        }
    };
}

codes! {
    HookId = "hook",
    Stage = "stage",
    Mode = "mode",
    Brake = "brake",
    Authority = "authority",
    RiskMode = "risk-mode",
    OutcomeKind = "outcome",
    ReasonCode = "reason",
    Side = "side",
    OrderType = "order-type",
    EventKind = "event",
}

fn causes() -> impl Iterator<Item = Cause> {
    [Cause::Unbound, Cause::Off, Cause::Brake].into_iter().chain(FaultClass::ALL.iter().copied().map(Cause::Fault))
}

/// Codes of causes that are no fault come first.
const FIRST_FAULT: i64 = 3;

impl Code for Cause {
    fn code(self) -> i64 {
        match self {
            Self::Unbound => 0,
            Self::Off => 1,
            Self::Brake => 2,
            Self::Fault(class) => FIRST_FAULT + class as i64,
        }
    }

    fn decode(code: i64) -> Option<Self> {
        causes().nth(usize::try_from(code).ok()?)
    }
}

/// The two columns of an outcome.
pub(crate) fn outcome_codes(outcome: Outcome) -> (i64, Option<i64>) {
    (OutcomeKind::of(outcome).code(), outcome.cause().map(Code::code))
}

/// The outcome of two columns. A cause goes with a default and with nothing else.
pub(crate) fn outcome_of(kind: i64, cause: Option<i64>) -> Option<Outcome> {
    match (OutcomeKind::decode(kind)?, cause) {
        (OutcomeKind::Applied, None) => Some(Outcome::Applied),
        (OutcomeKind::Advised, None) => Some(Outcome::Advised),
        (OutcomeKind::Observed, None) => Some(Outcome::Observed),
        (OutcomeKind::Defaulted, Some(cause)) => Cause::decode(cause).map(Outcome::Defaulted),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_survives_its_columns_and_no_other_pair_is_one() {
        let defaults = causes().map(Outcome::Defaulted);
        let mut seen = Vec::new();
        for outcome in [Outcome::Applied, Outcome::Advised, Outcome::Observed].into_iter().chain(defaults) {
            let (kind, cause) = outcome_codes(outcome);
            assert_eq!(outcome_of(kind, cause), Some(outcome));
            seen.push((kind, cause));
        }
        for kind in -1..6 {
            for cause in (-1..20).map(Some).chain([None]) {
                assert_eq!(outcome_of(kind, cause).is_some(), seen.contains(&(kind, cause)), "{kind} {cause:?}");
            }
        }
    }

    #[test]
    fn names_are_unique_and_numbered_without_gaps() {
        let names = names();
        for (i, (kind, code, _)) in names.iter().enumerate() {
            let before = names[..i].iter().filter(|n| n.0 == *kind).count();
            assert_eq!(*code, i64::try_from(before).unwrap(), "{kind}");
        }
    }
}
