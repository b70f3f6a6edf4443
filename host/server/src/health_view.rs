//! Health as it is answered. The names of the fields are those of the original.

use std::collections::BTreeMap;

use bulkhead_policy::{Mode, PolicySet, Stage};
use serde::Serialize;

use crate::view::{BrakeView, FaultView, SubsystemView};

/// Market time after which an answer is old, ms.
const OLD_MS: u64 = 600_000;

/// What a subsystem does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Switched off.
    Off,
    /// It answers.
    Serving,
    /// Switched on, and nobody has ever asked it.
    NeverCalled,
    /// Its last answer is old, in time of the market.
    Silent,
    /// Its last call was a fault.
    Failing,
    /// Taken out after repeated faults, or on probation.
    Quarantined,
}

impl State {
    /// Every state.
    pub(crate) const ALL: &[Self] =
        &[Self::Off, Self::Serving, Self::NeverCalled, Self::Silent, Self::Failing, Self::Quarantined];

    /// The name people and their tools see.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Serving => "serving",
            Self::NeverCalled => "never-called",
            Self::Silent => "silent",
            Self::Failing => "failing",
            Self::Quarantined => "quarantined",
        }
    }

    /// What real calls have shown of a subsystem.
    pub(crate) fn of(s: &SubsystemView, now_ms: u64) -> Self {
        match s.last_answer_ms {
            _ if s.mode == Mode::Off => Self::Off,
            _ if s.quarantined => Self::Quarantined,
            _ if s.calls == 0 => Self::NeverCalled,
            _ if s.faults_in_a_row > 0 => Self::Failing,
            Some(last) if now_ms.saturating_sub(last) > OLD_MS => Self::Silent,
            _ => Self::Serving,
        }
    }
}

/// `/health/ai`
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HealthView {
    pub(crate) status: &'static str,
    pub(crate) timestamp_ms: u64,
    pub(crate) initialized: bool,
    pub(crate) integration_stage: Stage,
    pub(crate) policy: PolicySet,
    pub(crate) services: BTreeMap<String, State>,
    pub(crate) enabled_subsystems: Vec<String>,
    pub(crate) emergency_brake: BrakeView,
    pub(crate) problems: Vec<String>,
}

/// `/health/ai/integration`
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IntegrationView {
    pub(crate) status: &'static str,
    pub(crate) timestamp_ms: u64,
    pub(crate) integration_stage: Stage,
    pub(crate) enabled_subsystems: Vec<String>,
    pub(crate) emergency_brake: BrakeView,
    pub(crate) subsystem_health: BTreeMap<String, SubsystemHealth>,
}

/// One subsystem's health.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SubsystemHealth {
    pub(crate) state: State,
    pub(crate) mode: Mode,
    pub(crate) version: String,
    pub(crate) calls: u64,
    pub(crate) faults: u64,
    /// Absent: it never answered.
    pub(crate) last_answer_age_ms: Option<u64>,
    pub(crate) last_fault: Option<FaultView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subsystem(change: impl FnOnce(&mut SubsystemView)) -> SubsystemView {
        let mut view = SubsystemView { calls: 3, last_answer_ms: Some(1_000), ..SubsystemView::sample("risk-os") };
        change(&mut view);
        view
    }

    #[test]
    fn what_a_person_should_look_at_is_told_apart() {
        let now = 1_000 + OLD_MS;
        type Change = fn(&mut SubsystemView);
        let table: [(Change, u64, State); 6] = [
            (|_| {}, now, State::Serving),
            (|_| {}, now + 1, State::Silent),
            (|s| (s.calls, s.last_answer_ms) = (0, None), now, State::NeverCalled),
            (|s| s.faults_in_a_row = 1, now, State::Failing),
            (|s| s.quarantined = true, now, State::Quarantined),
            (|s| s.mode = Mode::Off, now, State::Off),
        ];
        for (change, now, expected) in table {
            assert_eq!(State::of(&subsystem(change), now), expected);
        }
    }

    #[test]
    fn a_state_has_one_name() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}
