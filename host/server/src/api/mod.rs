//! The routes.

mod account;
mod activation;
mod asked;
mod decisions;
mod emergency;
mod events;
mod health;
mod hooks;
mod integration;
mod limits;
mod metrics;
mod stage;
mod status;
mod subsystems;
mod why;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use bulkhead_executor::account::AccountBoard;
use bulkhead_policy::activation::Activation;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    auth::{Door, Rate, Right, enter, paced},
    caller::Caller,
    control::Control,
    dashboard,
    error::Problem,
    ledger::Ledger,
    limits::{Limits, bound},
    openapi::{self, Document, Head},
    tail::Tail,
};
use account::Account;
use activation::Rules;
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
    account: Account,
    tail: Tail,
    document: Document,
    rules: Rules,
}

impl App {
    pub(crate) fn new(control: Control, ledger: Ledger) -> Self {
        let tail = Tail::new(ledger.clone());
        Self {
            control,
            ledger,
            streams: Streams::default(),
            account: Account::default(),
            tail,
            document: document(),
            rules: Rules::default(),
        }
    }

    /// With these rules for a step to a stage.
    pub(crate) fn with_rules(self, rules: Activation) -> Self {
        Self { rules: Rules(Arc::new(rules)), ..self }
    }

    /// With the board of a trading loop.
    pub(crate) fn with_account(self, board: Option<Arc<AccountBoard>>) -> Self {
        Self { account: Account(board), ..self }
    }
}

/// Everything. Each way to it has limits of its own, so that one of them cannot use up the others'.
pub(crate) fn control(app: App) -> Router {
    finish(routes(), app)
}

/// The document of every route.
pub(crate) fn document() -> Document {
    Document::of(&routes().into_openapi())
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Head::openapi()).merge(reads()).merge(changes()).merge(questions()).merge(emergency())
}

fn reads() -> OpenApiRouter<App> {
    let state = OpenApiRouter::default()
        .routes(routes!(health::ready))
        .routes(routes!(integration::health))
        .routes(routes!(integration::integration))
        .routes(routes!(status::status))
        .routes(routes!(subsystems::all))
        .routes(routes!(subsystems::one))
        .routes(routes!(account::account))
        .routes(routes!(limits::limits))
        .routes(routes!(metrics::json))
        .routes(routes!(metrics::text))
        .routes(routes!(openapi::openapi))
        .route_layer(from_fn_with_state(Limits::new(32, Duration::from_secs(2)), bound));
    // Each asks the journal's one thread.
    let history = OpenApiRouter::default()
        .routes(routes!(decisions::list))
        .routes(routes!(decisions::one))
        .routes(routes!(why::why))
        .route_layer(from_fn_with_state(Limits::new(8, Duration::from_secs(10)), bound));
    let events = OpenApiRouter::default().routes(routes!(events::events));
    // Each reads whole journals.
    let evidence = OpenApiRouter::default()
        .routes(routes!(activation::activation))
        .route_layer(from_fn_with_state(Limits::new(1, Duration::from_secs(300)), bound));
    state.merge(history).merge(events).merge(evidence).route_layer(from_fn_with_state(Right::Read, allowed))
}

fn changes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(subsystems::operate))
        .routes(routes!(subsystems::set_mode))
        .routes(routes!(subsystems::bind))
        .routes(routes!(stage::set))
        .routes(routes!(limits::set_limits))
        .route_layer(from_fn_with_state(Limits::new(4, Duration::from_secs(120)), bound))
        .route_layer(from_fn_with_state(Rate::new(CHANGES_PER_SECOND), paced))
        .route_layer(from_fn_with_state(Right::Operate, allowed))
}

fn questions() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(hooks::ask))
        .layer(DefaultBodyLimit::max(MAX_QUESTION))
        .route_layer(from_fn_with_state(Limits::new(64, Duration::from_secs(5)), bound))
        .route_layer(from_fn_with_state(Right::Operate, allowed))
}

/// The brake and nothing else.
pub(crate) fn brake(app: App) -> Router {
    finish(emergency(), app)
}

/// Everything, and the page that shows it.
pub(crate) fn with_page(app: App) -> Router {
    let page = dashboard::routes().route_layer(from_fn_with_state(Limits::new(32, Duration::from_secs(2)), bound));
    control(app).merge(page)
}

/// Routes for the network: nothing of them but the page itself is reached without a token.
pub(crate) fn guarded(routes: Router, door: &Door) -> Router {
    routes.layer(from_fn_with_state(door.clone(), enter)).layer(from_fn(careful))
}

fn emergency() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(health::live))
        .routes(routes!(emergency::show, emergency::change))
        .routes(routes!(emergency::change_as_ever))
}

fn finish(routes: OpenApiRouter<App>, app: App) -> Router {
    Router::from(routes)
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
#[cfg(test)]
pub(crate) use tests::{Bench, request};
