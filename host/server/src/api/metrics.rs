//! Counters: as JSON for people's tools, as text for Prometheus.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
};

use super::account::Account;
use crate::{
    control::Control,
    error::Problem,
    exposition::{self, Scrape},
    openapi::Reading,
    view::MetricsView,
};

/// Everything that is counted, as JSON.
#[utoipa::path(
    get,
    path = "/ai/metrics",
    operation_id = "metrics",
    tag = "state",
    responses((status = 200, description = "Since the start", body = MetricsView), Reading)
)]
pub(crate) async fn json(State(control): State<Control>) -> Json<MetricsView> {
    Json(MetricsView { hooks: control.hooks(), status: control.status() })
}

/// Everything that is counted, for Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "scrape",
    tag = "state",
    responses(
        (status = 200, description = "The text format, version 0.0.4", body = String, content_type = "text/plain"),
        Reading
    )
)]
pub(crate) async fn text(
    State(control): State<Control>,
    State(account): State<Account>,
) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    let scrape = Scrape {
        hooks: control.hooks(),
        status: control.status(),
        account: account.now(),
        ready: control.problems().is_empty(),
    };
    let page = exposition::page(&scrape).map_err(|error| {
        tracing::error!("the metrics cannot be written: {error}");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "the metrics cannot be written; the log says why")
    })?;
    Ok(([(CONTENT_TYPE, exposition::FORMAT)], page))
}
