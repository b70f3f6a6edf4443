//! The gate: log it, or apply it.
//!
//! `authority = min(mode of the subsystem, cap of (stage, hook))`; OFF wins over everything but the brake, and the brake
//! wins over OFF. Pure, total and tested over the complete table (design: the gate).

use crate::{Brake, HookId, Kind, Mode, Stage, stage::closed_set};

closed_set! {
    /// What a decision may do. Ordered from least to most.
    Authority {
        /// The subsystem is not called.
        Off = "off",
        /// Called, checked, journaled as "would"; the default is returned.
        Observe = "observe",
        /// Adjustments and annotations are applied, vetoes and acts are shown only.
        Advise = "advise",
        /// Applied.
        Enforce = "enforce",
    }
}

/// What the host does with one subsystem's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Do not call.
    Skip,
    /// Call, journal, keep the default.
    Observe,
    /// Call, journal, show to people as advice, keep the default.
    Advise,
    /// Call, journal, apply.
    Apply,
}

/// Highest authority that the stage lends to a hook, whatever the subsystem's mode.
///
/// `signal` and `exit-levels` have no cap: the base strategy belongs to the existing logic and an experiment runs in
/// mode OBSERVE. Retraining is never enforced.
#[must_use]
pub const fn cap(stage: Stage, hook: HookId) -> Authority {
    use Authority::{Advise, Enforce, Observe};
    let [partial, coordination, autonomy] = match hook {
        HookId::Signal | HookId::ExitLevels => return Enforce,
        HookId::UniverseFilter | HookId::PortfolioCheck | HookId::ExposureCheck | HookId::SelfHealing => {
            [Observe, Enforce, Enforce]
        }
        HookId::RiskCheck
        | HookId::OrderTypeSelection
        | HookId::PositionClassification
        | HookId::Coordination
        | HookId::ModelEvaluation => [Advise, Enforce, Enforce],
        HookId::ConfidenceAdjustment | HookId::PositionSizing | HookId::SlippageCheck => [Enforce, Enforce, Enforce],
        HookId::AmplificationCheck => [Advise, Advise, Enforce],
        HookId::Rebalance => [Observe, Advise, Enforce],
        HookId::RetrainingPlan => [Advise, Advise, Advise],
    };
    match stage {
        Stage::Observation => Observe,
        Stage::Partial => partial,
        Stage::Coordination => coordination,
        Stage::Autonomy => autonomy,
    }
}

/// The authority of a subsystem's decision.
#[must_use]
pub fn authority(mode: Mode, stage: Stage, hook: HookId, brake: Brake) -> Authority {
    if !brake.allows_plugins() {
        return Authority::Off;
    }
    let own = match mode {
        Mode::Off => Authority::Off,
        Mode::Observe => Authority::Observe,
        Mode::Advisory => Authority::Advise,
        Mode::Enforced => Authority::Enforce,
    };
    own.min(cap(stage, hook))
}

/// What the host does with an answer of that authority.
#[must_use]
pub const fn disposition(authority: Authority, kind: Kind) -> Disposition {
    match authority {
        Authority::Off => Disposition::Skip,
        Authority::Observe => Disposition::Observe,
        Authority::Advise => match kind {
            Kind::Adjust | Kind::Annotate => Disposition::Apply,
            Kind::Proposal | Kind::Veto | Kind::Act => Disposition::Advise,
        },
        Authority::Enforce => Disposition::Apply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the design, written down a second time and by hand: O observe, A advise, E enforce.
    const TABLE: &[(HookId, &str)] = &[
        (HookId::Signal, "EEEE"),
        (HookId::UniverseFilter, "OOEE"),
        (HookId::RiskCheck, "OAEE"),
        (HookId::PortfolioCheck, "OOEE"),
        (HookId::ConfidenceAdjustment, "OEEE"),
        (HookId::PositionSizing, "OEEE"),
        (HookId::OrderTypeSelection, "OAEE"),
        (HookId::SlippageCheck, "OEEE"),
        (HookId::PositionClassification, "OAEE"),
        (HookId::AmplificationCheck, "OAAE"),
        (HookId::ExposureCheck, "OOEE"),
        (HookId::Rebalance, "OOAE"),
        (HookId::SelfHealing, "OOEE"),
        (HookId::Coordination, "OAEE"),
        (HookId::ExitLevels, "EEEE"),
        (HookId::ModelEvaluation, "OAEE"),
        (HookId::RetrainingPlan, "OAAA"),
    ];

    fn expected(letter: char, mode: Mode) -> Authority {
        let cap = match letter {
            'O' => 1,
            'A' => 2,
            _ => 3,
        };
        let own = Mode::ALL.iter().position(|m| *m == mode).unwrap();
        Authority::ALL[own.min(cap)]
    }

    #[test]
    fn every_combination_of_stage_mode_hook_and_brake() {
        assert_eq!(TABLE.len(), HookId::ALL.len());
        let mut combinations = 0;
        for (hook, row) in TABLE {
            for (stage, letter) in Stage::ALL.iter().zip(row.chars()) {
                for mode in Mode::ALL {
                    for brake in Brake::ALL {
                        let want = if *brake == Brake::Released { expected(letter, *mode) } else { Authority::Off };
                        assert_eq!(authority(*mode, *stage, *hook, *brake), want, "{hook} {stage} {mode} {brake}");
                        combinations += 1;
                    }
                }
            }
        }
        assert_eq!(combinations, 17 * 4 * 4 * 4);
    }

    #[test]
    fn what_each_authority_does_with_each_kind() {
        use Disposition::{Advise, Apply, Observe, Skip};
        let table = [
            (Kind::Proposal, [Skip, Observe, Advise, Apply]),
            (Kind::Adjust, [Skip, Observe, Apply, Apply]),
            (Kind::Veto, [Skip, Observe, Advise, Apply]),
            (Kind::Annotate, [Skip, Observe, Apply, Apply]),
            (Kind::Act, [Skip, Observe, Advise, Apply]),
        ];
        for (kind, row) in table {
            for (authority, want) in Authority::ALL.iter().zip(row) {
                assert_eq!(disposition(*authority, kind), want, "{authority} {kind}");
            }
        }
    }

    #[test]
    fn a_veto_or_an_act_needs_enforce_and_nothing_is_applied_in_observation() {
        for hook in HookId::ALL {
            if matches!(hook, HookId::Signal | HookId::ExitLevels) {
                continue;
            }
            for mode in Mode::ALL {
                let observed = authority(*mode, Stage::Observation, *hook, Brake::Released);
                assert_ne!(disposition(observed, hook.kind()), Disposition::Apply, "{hook} {mode}");
            }
        }
    }

    #[test]
    fn a_demotion_never_raises_authority() {
        for hook in HookId::ALL {
            for pair in Stage::ALL.windows(2) {
                for mode in Mode::ALL {
                    let low = authority(*mode, pair[0], *hook, Brake::Released);
                    let high = authority(*mode, pair[1], *hook, Brake::Released);
                    assert!(low <= high, "{hook} {mode} {} {}", pair[0], pair[1]);
                }
            }
        }
    }
}
