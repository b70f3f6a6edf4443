//! How the subsystems do, from what is known already: no plugin is asked for this.

use axum::{Json, extract::State};
use bulkhead_policy::Mode;

use crate::{
    control::Control,
    health_view::{HealthView, IntegrationView, SubsystemHealth},
    openapi::Reading,
    view::{Standing, StatusView, SubsystemView},
};

/// How the subsystems do, in short.
///
/// From what is known already: no plugin is asked for this.
#[utoipa::path(
    get,
    path = "/health/ai",
    operation_id = "health",
    tag = "health",
    responses((status = 200, description = "As real calls have shown it", body = HealthView), Reading)
)]
pub(crate) async fn health(State(control): State<Control>) -> Json<HealthView> {
    let status = control.status();
    let services = status.subsystems.iter().map(|s| (s.name.clone(), s.state)).collect();
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

/// How each subsystem does.
#[utoipa::path(
    get,
    path = "/health/ai/integration",
    operation_id = "integration",
    tag = "health",
    responses((status = 200, description = "As real calls have shown it", body = IntegrationView), Reading)
)]
pub(crate) async fn integration(State(control): State<Control>) -> Json<IntegrationView> {
    let status = control.status();
    let now = status.event_time_ms;
    let health = |s: &SubsystemView| {
        let health = SubsystemHealth {
            state: s.state,
            mode: s.mode,
            version: s.version.clone(),
            calls: s.calls,
            faults: s.faults,
            last_answer_age_ms: s.last_answer_age_ms,
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
    // Who is asked at trades alone is not called for hours: that is seen in its state, and nothing is wrong.
    let ill = |s: &SubsystemView| matches!(s.state, Standing::Failing | Standing::Quarantined);
    if !status.journal.failed && !status.subsystems.iter().any(ill) { "ok" } else { "degraded" }
}
