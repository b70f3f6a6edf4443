//! The three dials a person sets (stage, mode) or the coordinator reports (risk mode).

/// Defines a closed set with the name of each value, parsing and a list of all values. Documents use the same names,
/// unless `in` says in which case the variants are written there.
macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        $crate::stage::closed_set!(@names $name { $($variant = $text),+ });
    };
    ($(#[$doc:meta])* $name:ident in $case:literal { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = $case)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        $crate::stage::closed_set!(@names $name { $($variant = $text),+ });
    };
    (@names $name:ident { $($variant:ident = $text:literal),+ }) => {
        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name people and files use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of that name, upper or lower case.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.name().eq_ignore_ascii_case(text))
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}
pub(crate) use closed_set;

closed_set! {
    /// Where the rollout stands. MAINNET of the original is a profile of [`Stage::Coordination`].
    Stage {
        /// Everything is logged, nothing changes.
        Observation = "OBSERVATION",
        /// Soft adjustments are applied.
        Partial = "PARTIAL",
        /// Directives are enforced.
        Coordination = "COORDINATION",
        /// Everything is enforced, retraining excepted.
        Autonomy = "AUTONOMY",
    }
}

closed_set! {
    /// What the operator lets one subsystem do. Ordered from least to most.
    Mode {
        /// Not called.
        Off = "OFF",
        /// Called, logged, never applied.
        Observe = "OBSERVE",
        /// Adjustments and annotations are applied.
        Advisory = "ADVISORY",
        /// Applied.
        Enforced = "ENFORCED",
    }
}

closed_set! {
    /// The coordinator's risk mode, most careful first.
    RiskMode {
        /// No new trades.
        Critical = "CRITICAL",
        /// Smaller and surer trades.
        Safe = "SAFE",
        /// The base rules.
        Normal = "NORMAL",
        /// Looser, where the operator granted it.
        Aggressive = "AGGRESSIVE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_in_any_case() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(&stage.name().to_lowercase()), Some(*stage));
        }
        for mode in Mode::ALL {
            assert_eq!(Mode::parse(mode.name()), Some(*mode));
        }
    }

    #[test]
    fn the_alias_that_meant_autonomy_is_no_stage() {
        for alias in ["ENFORCED", "FULL", "ACTIVE", "MAINNET"] {
            assert_eq!(Stage::parse(alias), None, "{alias}");
        }
    }

    #[test]
    fn modes_are_ordered_from_least_to_most() {
        assert!(Mode::Off < Mode::Observe && Mode::Observe < Mode::Advisory && Mode::Advisory < Mode::Enforced);
    }
}
