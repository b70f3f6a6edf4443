//! What a subsystem does, as real calls have shown it. No plugin is asked for this.

use bulkhead_policy::Mode;
use bulkhead_runtime::SubsystemStatus;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Market time after which an answer is old, ms.
const OLD_MS: u64 = 600_000;

/// What a subsystem does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = SubsystemState)]
pub enum Standing {
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

/// What it is seen by.
#[derive(Clone, Copy, Debug)]
struct Signs {
    mode: Mode,
    quarantined: bool,
    calls: u64,
    faults_in_a_row: u32,
    last_answer_ms: Option<u64>,
}

impl Standing {
    /// Every one.
    pub const ALL: &[Self] =
        &[Self::Off, Self::Serving, Self::NeverCalled, Self::Silent, Self::Failing, Self::Quarantined];

    /// The name people and their tools see.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Serving => "serving",
            Self::NeverCalled => "never-called",
            Self::Silent => "silent",
            Self::Failing => "failing",
            Self::Quarantined => "quarantined",
        }
    }

    pub(super) fn of(status: &SubsystemStatus, now_ms: u64) -> Self {
        let signs = Signs {
            mode: status.mode,
            quarantined: status.quarantined,
            calls: status.calls,
            faults_in_a_row: status.faults_in_a_row,
            last_answer_ms: status.last_answer_ms,
        };
        Self::seen(signs, now_ms)
    }

    fn seen(signs: Signs, now_ms: u64) -> Self {
        match signs.last_answer_ms {
            _ if signs.mode == Mode::Off => Self::Off,
            _ if signs.quarantined => Self::Quarantined,
            _ if signs.calls == 0 => Self::NeverCalled,
            _ if signs.faults_in_a_row > 0 => Self::Failing,
            Some(last) if now_ms.saturating_sub(last) > OLD_MS => Self::Silent,
            _ => Self::Serving,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_should_look_at_is_told_apart() {
        let well = Signs {
            mode: Mode::Enforced,
            quarantined: false,
            calls: 3,
            faults_in_a_row: 0,
            last_answer_ms: Some(1_000),
        };
        let now = 1_000 + OLD_MS;
        let table = [
            (well, now, Standing::Serving),
            (well, now + 1, Standing::Silent),
            (Signs { calls: 0, last_answer_ms: None, ..well }, now, Standing::NeverCalled),
            (Signs { faults_in_a_row: 1, ..well }, now, Standing::Failing),
            (Signs { quarantined: true, faults_in_a_row: 1, ..well }, now, Standing::Quarantined),
            (Signs { mode: Mode::Off, quarantined: true, ..well }, now, Standing::Off),
        ];
        for (signs, now, expected) in table {
            assert_eq!(Standing::seen(signs, now), expected);
        }
    }

    #[test]
    fn a_state_has_one_name() {
        for state in Standing::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}
