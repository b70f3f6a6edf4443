//! Whether the process lives, and whether it does what it is there for.

use axum::{Json, extract::State, http::StatusCode};

use crate::{
    control::Control,
    openapi::{NotReady, Open},
    view::{Live, Ready},
};

/// Whether the process lives.
///
/// Depends on nothing: an orchestrator that kills what does not answer must not be led by a slow disk. Needs no token.
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "live",
    tag = "health",
    responses((status = 200, description = "It lives", body = Live), Open),
    security(())
)]
pub(crate) async fn live(State(control): State<Control>) -> Json<Live> {
    Json(Live { status: "live".to_owned(), uptime_ms: control.uptime_ms() })
}

/// Whether it does what it is there for.
#[utoipa::path(
    get,
    path = "/health/ready",
    operation_id = "ready",
    tag = "health",
    responses(
        (status = 200, description = "It does", body = Ready),
        (status = 503, description = "It does not: `problems` says why; or too many look at once", body = Ready),
        NotReady
    )
)]
pub(crate) async fn ready(State(control): State<Control>) -> (StatusCode, Json<Ready>) {
    let problems = control.problems();
    let (code, status) =
        if problems.is_empty() { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not-ready") };
    (code, Json(Ready { status: status.to_owned(), problems }))
}
