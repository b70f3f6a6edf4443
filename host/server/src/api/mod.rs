//! The routes.

mod asked;
mod emergency;
mod health;
mod stage;
mod status;
mod subsystems;

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{StatusCode, Uri},
    middleware::from_fn_with_state,
    routing::{get, post, put},
};

use crate::{
    control::Control,
    error::Problem,
    limits::{Limits, bound},
};

/// Largest body of a request, bytes.
const MAX_BODY: usize = 16 << 10;

/// Everything but the brake's own way.
pub(crate) fn control(control: Control) -> Router {
    let reads = Router::new()
        .route("/health/ready", get(health::ready))
        .route("/ai/status", get(status::status))
        .route("/ai/subsystems", get(subsystems::all))
        .route("/ai/subsystems/{name}", get(subsystems::one))
        .route_layer(from_fn_with_state(Limits::new(32, Duration::from_secs(2)), bound));
    let changes = Router::new()
        .route("/ai/subsystems/{name}/{operation}", post(subsystems::operate))
        .route("/ai/subsystems/{name}/mode", put(subsystems::set_mode))
        .route("/ai/stage", put(stage::set))
        .route_layer(from_fn_with_state(Limits::new(4, Duration::from_secs(120)), bound));
    finish(reads.merge(changes).merge(emergency()), control)
}

/// The brake and nothing else.
pub(crate) fn brake(control: Control) -> Router {
    finish(emergency(), control)
}

fn emergency() -> Router<Control> {
    Router::new()
        .route("/health/live", get(health::live))
        .route("/ai/emergency", get(emergency::show).post(emergency::change))
        // The name that the original gave it.
        .route("/api/ai/emergency-brake", post(emergency::change))
}

fn finish(routes: Router<Control>, control: Control) -> Router {
    routes
        .fallback(nothing_there)
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(control)
}

async fn nothing_there(uri: Uri) -> Problem {
    let path = bulkhead_policy::value::tame_text(uri.path());
    Problem::new(StatusCode::NOT_FOUND, "unknown-path", format!("there is nothing at {path}"))
}

async fn other_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "this path does not take this method; nothing has changed")
}

#[cfg(test)]
mod tests;
