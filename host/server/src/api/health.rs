//! Whether the process lives, and whether it does what it is there for.

use axum::{Json, extract::State, http::StatusCode};

use crate::{
    control::Control,
    view::{Live, Ready},
};

/// Depends on nothing: an orchestrator that kills what does not answer must not be led by a slow disk.
pub(crate) async fn live(State(control): State<Control>) -> Json<Live> {
    Json(Live { status: "live".to_owned(), uptime_ms: control.uptime_ms() })
}

pub(crate) async fn ready(State(control): State<Control>) -> (StatusCode, Json<Ready>) {
    let problems = control.problems();
    let (code, status) =
        if problems.is_empty() { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "not-ready") };
    (code, Json(Ready { status: status.to_owned(), problems }))
}
