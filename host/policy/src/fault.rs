//! How a call can go wrong, and what became of a decision.

use serde::{Deserialize, Serialize};

use crate::stage::closed_set;

closed_set! {
    /// Classes of faults, made by downcast and never by matching text.
    FaultClass {
        /// The plugin said itself that it could not answer.
        Declared = "declared",
        /// The guest trapped (unreachable, division by zero, out of bounds …).
        Trap = "trap",
        /// The fuel of the call was used up.
        OutOfFuel = "out-of-fuel",
        /// The time of the call was used up.
        Deadline = "deadline",
        /// The guest died after it was denied memory or table growth.
        Memory = "memory",
        /// The guest's stack overflowed.
        Stack = "stack",
        /// The answer is no value of the hook's type: malformed, too large, or not finite.
        InvalidOutput = "invalid-output",
        /// A proper value that the hook's contract or tighten-only forbids.
        ContractBreach = "contract-breach",
        /// The component or its configuration was refused.
        Refused = "refused",
        /// The subsystem is out after repeated faults.
        Quarantined = "quarantined",
        /// No instance was free.
        Overloaded = "overloaded",
        /// The answer or directive is older than allowed.
        Stale = "stale",
    }
}

/// Why the safe default was answered instead of a plugin's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// No subsystem answers this hook.
    Unbound,
    /// Every subsystem of the hook is off.
    Off,
    /// The brake is engaged.
    Brake,
    /// The plugin failed.
    Fault(FaultClass),
}

impl Cause {
    /// The name people and files use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unbound => "unbound",
            Self::Off => "off",
            Self::Brake => "brake",
            Self::Fault(class) => class.name(),
        }
    }

    /// The cause of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "unbound" => Some(Self::Unbound),
            "off" => Some(Self::Off),
            "brake" => Some(Self::Brake),
            other => FaultClass::parse(other).map(Self::Fault),
        }
    }
}

/// What became of one subsystem's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// The answer took effect.
    Applied,
    /// Shown to people as advice, not applied.
    Advised,
    /// Logged as "would", not applied.
    Observed,
    /// The safe default was used.
    Defaulted(Cause),
}

impl Outcome {
    /// The name people and files use, without the cause.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Advised => "advised",
            Self::Observed => "observed",
            Self::Defaulted(_) => "defaulted",
        }
    }

    /// The cause of a default.
    #[must_use]
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::Defaulted(cause) => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_round_trip_by_name() {
        let faults = FaultClass::ALL.iter().map(|c| Cause::Fault(*c));
        for cause in [Cause::Unbound, Cause::Off, Cause::Brake].into_iter().chain(faults) {
            assert_eq!(Cause::parse(cause.name()), Some(cause));
        }
    }
}
