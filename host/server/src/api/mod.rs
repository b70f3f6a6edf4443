//! The routes.

mod asked;
mod decisions;
mod emergency;
mod events;
mod health;
mod hooks;
mod integration;
mod metrics;
mod stage;
mod status;
mod subsystems;

pub(crate) use metrics::{HookView, RefusalView};

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};

use crate::{
    auth::{Door, Rate, Right, enter, paced},
    caller::Caller,
    control::Control,
    error::Problem,
    ledger::Ledger,
    limits::{Limits, bound},
};
use events::Streams;

/// Largest body of a change, bytes.
const MAX_BODY: usize = 16 << 10;
/// Largest question to a hook, bytes.
const MAX_QUESTION: usize = 256 << 10;
/// Changes per second and caller. Engaging the brake is none.
const CHANGES_PER_SECOND: u32 = 10;

/// What the routes share.
#[derive(Clone, Debug, FromRef)]
pub(crate) struct App {
    control: Control,
    ledger: Ledger,
    streams: Streams,
}

impl App {
    pub(crate) fn new(control: Control, ledger: Ledger) -> Self {
        Self { control, ledger, streams: Streams::default() }
    }
}

/// Everything. Each way to it has limits of its own, so that one of them cannot use up the others'.
pub(crate) fn control(app: App) -> Router {
    let reads = Router::new()
        .route("/health/ready", get(health::ready))
        .route("/health/ai", get(integration::health))
        .route("/health/ai/integration", get(integration::integration))
        .route("/ai/status", get(status::status))
        .route("/ai/subsystems", get(subsystems::all))
        .route("/ai/subsystems/{name}", get(subsystems::one))
        .route("/ai/metrics", get(metrics::json))
        .route("/metrics", get(metrics::text))
        .route_layer(from_fn_with_state(Limits::new(32, Duration::from_secs(2)), bound));
    // Each asks the journal's one thread.
    let history = Router::new()
        .route("/ai/decisions", get(decisions::list))
        .route("/ai/decisions/{id}", get(decisions::one))
        .route_layer(from_fn_with_state(Limits::new(8, Duration::from_secs(10)), bound));
    let events = Router::new().route("/ai/events", get(events::events));
    let reads = reads.merge(history).merge(events).route_layer(from_fn_with_state(Right::Read, allowed));
    let changes = Router::new()
        .route("/ai/subsystems/{name}/{operation}", post(subsystems::operate))
        .route("/ai/subsystems/{name}/mode", put(subsystems::set_mode))
        .route("/ai/stage", put(stage::set))
        .route_layer(from_fn_with_state(Limits::new(4, Duration::from_secs(120)), bound))
        .route_layer(from_fn_with_state(Rate::new(CHANGES_PER_SECOND), paced))
        .route_layer(from_fn_with_state(Right::Operate, allowed));
    let questions = Router::new()
        .route("/hooks/{hook}", post(hooks::ask))
        .layer(DefaultBodyLimit::max(MAX_QUESTION))
        .route_layer(from_fn_with_state(Limits::new(64, Duration::from_secs(5)), bound))
        .route_layer(from_fn_with_state(Right::Operate, allowed));
    finish(reads.merge(changes).merge(questions).merge(emergency()), app)
}

/// The brake and nothing else.
pub(crate) fn brake(app: App) -> Router {
    finish(emergency(), app)
}

/// Routes for the network: nothing of them is reached without a token.
pub(crate) fn guarded(routes: Router, door: &Door) -> Router {
    routes.layer(from_fn_with_state(door.clone(), enter)).layer(from_fn(careful))
}

fn emergency() -> Router<App> {
    Router::new()
        .route("/health/live", get(health::live))
        .route("/ai/emergency", get(emergency::show).post(emergency::change))
        // The name that the original gave it.
        .route("/api/ai/emergency-brake", post(emergency::change))
}

fn finish(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(nothing_there)
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(app)
}

/// Lets through who may do this.
async fn allowed(State(right): State<Right>, caller: Caller, request: Request, next: Next) -> Response {
    match caller.needs(right) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// What a browser is told about every answer.
async fn careful(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = "default-src 'self'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
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
