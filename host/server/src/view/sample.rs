//! Views for tests.

use bulkhead_policy::Mode;

use super::{Standing, SubsystemView};

impl SubsystemView {
    /// Switched on and never asked.
    pub(crate) fn sample(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            mode: Mode::Enforced,
            state: Standing::NeverCalled,
            authority: Vec::new(),
            plugin: String::new(),
            version: String::new(),
            digest: String::new(),
            pinned: None,
            hooks: Vec::new(),
            calls: 0,
            faults: 0,
            faults_in_a_row: 0,
            last_fault: None,
            last_answer_ms: None,
            last_answer_age_ms: None,
            peak_fuel: 0,
            fuel_budget: 0,
            cpu_budget_us: 0,
            versions: 0,
            refusals: 0,
            quarantined: false,
            refused: None,
            trial_until_ms: None,
            shadow: None,
            alarms: Vec::new(),
        }
    }
}
