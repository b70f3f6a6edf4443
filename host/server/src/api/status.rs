//! The host as it stands.

use axum::{Json, extract::State};

use crate::{control::Control, view::StatusView};

pub(crate) async fn status(State(control): State<Control>) -> Json<StatusView> {
    Json(control.status())
}
