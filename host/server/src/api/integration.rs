//! How the subsystems do, from what is known already: no plugin is asked for this.

use axum::{Json, extract::State};
use bulkhead_policy::Mode;

use crate::{
    control::Control,
    health_view::{HealthView, IntegrationView, State as Standing, SubsystemHealth},
    view::{StatusView, SubsystemView},
};

/// Market time after which an answer is old, ms.
const OLD_MS: u64 = 600_000;

pub(crate) async fn health(State(control): State<Control>) -> Json<HealthView> {
    let status = control.status();
    let services = status.subsystems.iter().map(|s| (s.name.clone(), standing(s, status.event_time_ms))).collect();
    Json(HealthView {
        status: overall(&status),
        timestamp_ms: status.event_time_ms,
        initialized: true,
        integration_stage: status.stage,
        policy: status.policy,
        services,
        enabled_subsystems: enabled(&status),
        emergency_brake: status.brake,
        problems: control.problems(),
    })
}

pub(crate) async fn integration(State(control): State<Control>) -> Json<IntegrationView> {
    let status = control.status();
    let now = status.event_time_ms;
    let health = |s: &SubsystemView| {
        let health = SubsystemHealth {
            state: standing(s, now),
            mode: s.mode,
            version: s.version.clone(),
            calls: s.calls,
            faults: s.faults,
            last_answer_age_ms: s.last_answer_ms.map(|ms| now.saturating_sub(ms)),
            last_fault: s.last_fault.clone(),
        };
        (s.name.clone(), health)
    };
    Json(IntegrationView {
        status: overall(&status),
        timestamp_ms: now,
        integration_stage: status.stage,
        enabled_subsystems: enabled(&status),
        subsystem_health: status.subsystems.iter().map(health).collect(),
        emergency_brake: status.brake,
    })
}

fn enabled(status: &StatusView) -> Vec<String> {
    status.subsystems.iter().filter(|s| s.mode != Mode::Off).map(|s| s.name.clone()).collect()
}

fn overall(status: &StatusView) -> &'static str {
    if !status.brake.brake.allows_plugins() {
        return "braked";
    }
    let well = |s: &SubsystemView| {
        matches!(standing(s, status.event_time_ms), Standing::Off | Standing::Serving | Standing::NeverCalled)
    };
    if !status.journal.failed && status.subsystems.iter().all(well) { "ok" } else { "degraded" }
}

/// What a subsystem does, as real calls have shown it.
fn standing(s: &SubsystemView, now_ms: u64) -> Standing {
    match s.last_answer_ms {
        _ if s.mode == Mode::Off => Standing::Off,
        _ if s.quarantined => Standing::Quarantined,
        _ if s.calls == 0 => Standing::NeverCalled,
        _ if s.faults_in_a_row > 0 => Standing::Failing,
        Some(last) if now_ms.saturating_sub(last) > OLD_MS => Standing::Silent,
        _ => Standing::Serving,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subsystem(change: impl FnOnce(&mut SubsystemView)) -> SubsystemView {
        let mut view = SubsystemView {
            trial_until_ms: None,
            shadow: None,
            alarms: Vec::new(),
            name: "risk-os".to_owned(),
            mode: Mode::Enforced,
            plugin: String::new(),
            version: String::new(),
            digest: String::new(),
            pinned: None,
            hooks: Vec::new(),
            calls: 3,
            faults: 0,
            faults_in_a_row: 0,
            last_fault: None,
            last_answer_ms: Some(1_000),
            peak_fuel: 0,
            fuel_budget: 0,
            quarantined: false,
            refused: None,
        };
        change(&mut view);
        view
    }

    #[test]
    fn what_a_person_should_look_at_is_told_apart() {
        let now = 1_000 + OLD_MS;
        type Change = fn(&mut SubsystemView);
        let table: [(Change, u64, Standing); 6] = [
            (|_| {}, now, Standing::Serving),
            (|_| {}, now + 1, Standing::Silent),
            (|s| (s.calls, s.last_answer_ms) = (0, None), now, Standing::NeverCalled),
            (|s| s.faults_in_a_row = 1, now, Standing::Failing),
            (|s| s.quarantined = true, now, Standing::Quarantined),
            (|s| s.mode = Mode::Off, now, Standing::Off),
        ];
        for (change, now, expected) in table {
            assert_eq!(standing(&subsystem(change), now), expected);
        }
    }
}
