//! The misbehaviours, and the hooks that they cannot happen to.

use bulkhead_policy::{FaultClass, HookId};

/// Where the misbehaving guest comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `chaos`, told to misbehave so.
    Scripted,
    /// The same, with a short time and endless fuel.
    Hasty,
    /// A guest whose ABI is broken: `chaos-<name>`.
    Mutated,
}

/// A misbehaviour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    /// Its name in the configuration of `chaos`, or that of the mutation.
    pub(crate) name: &'static str,
    pub(crate) origin: Origin,
    /// What the host must call it.
    pub(crate) class: FaultClass,
}

const fn scripted(name: &'static str, class: FaultClass) -> Case {
    Case { name, origin: Origin::Scripted, class }
}

const fn mutated(name: &'static str, class: FaultClass) -> Case {
    Case { name, origin: Origin::Mutated, class }
}

pub(crate) const CASES: &[Case] = &[
    scripted("panic", FaultClass::Trap),
    scripted("abort", FaultClass::Trap),
    scripted("divide-by-zero", FaultClass::Trap),
    scripted("endless-loop", FaultClass::OutOfFuel),
    Case { name: "endless-loop", origin: Origin::Hasty, class: FaultClass::Deadline },
    scripted("memory-growth", FaultClass::Memory),
    scripted("memory-touch", FaultClass::Memory),
    scripted("stack-overflow", FaultClass::Stack),
    scripted("shadow-stack-overflow", FaultClass::Trap),
    scripted("declared", FaultClass::Declared),
    scripted("declared-injection", FaultClass::Declared),
    scripted("declared-giant", FaultClass::InvalidOutput),
    scripted("log-flood", FaultClass::OutOfFuel),
    scripted("log-giant", FaultClass::InvalidOutput),
    scripted("huge-result", FaultClass::InvalidOutput),
    scripted("nan", FaultClass::InvalidOutput),
    scripted("infinite", FaultClass::InvalidOutput),
    scripted("negative-infinite", FaultClass::InvalidOutput),
    scripted("huge", FaultClass::ContractBreach),
    scripted("negative", FaultClass::ContractBreach),
    scripted("foreign-symbol", FaultClass::ContractBreach),
    scripted("doubled-symbol", FaultClass::ContractBreach),
    scripted("incomplete", FaultClass::ContractBreach),
    scripted("too-many", FaultClass::ContractBreach),
    scripted("loosened", FaultClass::ContractBreach),
    mutated("core-loop", FaultClass::OutOfFuel),
    mutated("core-unreachable", FaultClass::Trap),
    mutated("core-divide", FaultClass::Trap),
    mutated("core-oob", FaultClass::Trap),
    mutated("core-null-call", FaultClass::Trap),
    mutated("table-growth", FaultClass::Memory),
    mutated("raw-oob", FaultClass::InvalidOutput),
    mutated("raw-misaligned", FaultClass::InvalidOutput),
    mutated("raw-garbage", FaultClass::InvalidOutput),
    mutated("raw-garbage-ok", FaultClass::InvalidOutput),
    mutated("raw-garbage-err", FaultClass::InvalidOutput),
    mutated("raw-bad-utf8", FaultClass::InvalidOutput),
    mutated("raw-oob-text", FaultClass::InvalidOutput),
    mutated("realloc-loop", FaultClass::OutOfFuel),
    mutated("realloc-trap", FaultClass::Trap),
    mutated("realloc-oob", FaultClass::InvalidOutput),
    mutated("realloc-misaligned", FaultClass::InvalidOutput),
    mutated("post-return-loop", FaultClass::OutOfFuel),
    mutated("post-return-trap", FaultClass::Trap),
];

use HookId::{
    AmplificationCheck, ConfidenceAdjustment, Coordination, ExitLevels, ExposureCheck, ModelEvaluation,
    OrderTypeSelection, PortfolioCheck, PositionClassification, PositionSizing, Rebalance, RetrainingPlan, RiskCheck,
    SelfHealing, Signal, SlippageCheck, UniverseFilter,
};

/// Misbehaviours that an answer to some hooks has no room for, and why. `chaos` says the same when it is asked to.
const NOT_APPLICABLE: &[(&[&str], &str, &[HookId])] = &[
    (
        &["nan", "infinite", "negative-infinite", "huge", "negative"],
        "the answer has no real number",
        &[UniverseFilter, RiskCheck, PortfolioCheck, SlippageCheck, SelfHealing],
    ),
    (
        &["huge-result"],
        "the answer has neither a list nor a text; its error text is declared-giant",
        &[ConfidenceAdjustment, PositionSizing, OrderTypeSelection, ExitLevels],
    ),
    (
        &["foreign-symbol"],
        "the answer names no symbol that must be one of those asked about",
        &[
            RiskCheck,
            PortfolioCheck,
            ConfidenceAdjustment,
            PositionSizing,
            OrderTypeSelection,
            SlippageCheck,
            ExitLevels,
            SelfHealing,
            Coordination,
            ModelEvaluation,
            RetrainingPlan,
        ],
    ),
    (
        &["doubled-symbol"],
        "the answer may name a symbol twice, or names none",
        &[
            RiskCheck,
            PortfolioCheck,
            ConfidenceAdjustment,
            PositionSizing,
            OrderTypeSelection,
            SlippageCheck,
            ExposureCheck,
            Rebalance,
            ExitLevels,
            SelfHealing,
            Coordination,
            ModelEvaluation,
            RetrainingPlan,
        ],
    ),
    (
        &["incomplete"],
        "the answer has no row and no field that it could do without",
        &[
            Signal,
            RiskCheck,
            PortfolioCheck,
            ConfidenceAdjustment,
            PositionSizing,
            OrderTypeSelection,
            SlippageCheck,
            ExposureCheck,
            ExitLevels,
            SelfHealing,
            ModelEvaluation,
            RetrainingPlan,
        ],
    ),
    (
        &["too-many"],
        "the number of rows is bounded by the symbols, which is doubled-symbol, or there is none to count",
        &[
            Signal,
            UniverseFilter,
            RiskCheck,
            PortfolioCheck,
            ConfidenceAdjustment,
            PositionSizing,
            SlippageCheck,
            PositionClassification,
            AmplificationCheck,
            ExposureCheck,
            ExitLevels,
        ],
    ),
    (
        &["loosened"],
        "no number of the answer has a baseline",
        &[
            Signal,
            UniverseFilter,
            RiskCheck,
            PortfolioCheck,
            OrderTypeSelection,
            SlippageCheck,
            PositionClassification,
            ExposureCheck,
            Rebalance,
            SelfHealing,
            Coordination,
            ModelEvaluation,
            RetrainingPlan,
        ],
    ),
];

impl Case {
    /// Why this cannot happen to the hook; absent when it can.
    pub(crate) fn excluded(&self, hook: HookId) -> Option<&'static str> {
        if self.origin == Origin::Mutated {
            return None;
        }
        NOT_APPLICABLE
            .iter()
            .find(|(names, _, hooks)| names.contains(&self.name) && hooks.contains(&hook))
            .map(|(_, reason, _)| *reason)
    }

    /// The subsystem that misbehaves so.
    pub(crate) fn subsystem(&self) -> &'static str {
        match self.origin {
            Origin::Scripted => "scripted",
            Origin::Hasty => "hasty",
            Origin::Mutated => self.name,
        }
    }

    /// The cycle in which it does. Mutated guests have theirs built in.
    pub(crate) fn cycle(&self) -> u64 {
        let place = || CASES.iter().position(|case| case.name == self.name && case.origin == self.origin);
        match self.origin {
            Origin::Mutated => 13,
            Origin::Scripted | Origin::Hasty => 100 + 10 * place().unwrap_or_default() as u64,
        }
    }
}

#[test]
fn every_hook_has_at_least_fourteen_misbehaviours_and_a_breach_or_no_contract_to_breach() {
    for hook in HookId::ALL {
        let of_hook = || CASES.iter().filter(|case| case.excluded(*hook).is_none());
        assert!(of_hook().count() >= 14, "{hook}");
        // A verdict is allow or deny: every value of its type passes.
        let breaches = of_hook().filter(|case| case.class == FaultClass::ContractBreach).count();
        let veto = matches!(hook, RiskCheck | PortfolioCheck | SlippageCheck);
        assert_eq!(breaches == 0, veto, "{hook}");
    }
}
