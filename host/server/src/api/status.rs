//! The host as it stands.

use axum::{Json, extract::State};

use crate::{
    openapi::Reading,
    {control::Control, view::StatusView},
};

/// The host as it stands.
#[utoipa::path(
    get,
    path = "/ai/status",
    operation_id = "status",
    tag = "state",
    responses((status = 200, description = "Stage, brake, journal and every subsystem", body = StatusView), Reading)
)]
pub(crate) async fn status(State(control): State<Control>) -> Json<StatusView> {
    Json(control.status())
}
