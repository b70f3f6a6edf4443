//! The envelope's limits.

use axum::{Json, extract::State};
use bulkhead_runtime::Wish;

use super::{asked::Asked, subsystems::blocking};
use crate::{
    body::LimitsWanted,
    caller::{Caller, reason},
    control::Control,
    error::Problem,
    openapi::{Changing, Reading},
    view::{LimitsChanged, LimitsView},
};

/// The limits of the envelope: in force, and configured.
#[utoipa::path(
    get,
    path = "/ai/limits",
    tag = "state",
    responses((status = 200, description = "Now", body = LimitsView), Reading)
)]
pub(crate) async fn limits(State(control): State<Control>) -> Json<LimitsView> {
    Json(control.limits())
}

/// Changes limits of the envelope, all of those named or none, for the next decision.
///
/// Tighter ones are in force before they are recorded. A wider one needs the role admin and the generation that was
/// seen, and is recorded first; a drawdown limit never becomes wider than configured.
#[utoipa::path(
    put,
    path = "/ai/limits",
    tag = "changes",
    request_body = LimitsWanted,
    responses((status = 200, description = "Done, and in the journal", body = LimitsChanged), Changing)
)]
pub(crate) async fn set_limits(
    State(control): State<Control>,
    caller: Caller,
    Asked(wanted): Asked<LimitsWanted>,
) -> Result<Json<LimitsChanged>, Problem> {
    let wish =
        Wish { actor: caller.actor(wanted.actor.as_deref())?, reason: reason(&wanted.reason)?, downgrade: false };
    blocking(move || control.set_limits(&caller, &wanted.limits, wanted.generation, &wish)).await.map(Json)
}
