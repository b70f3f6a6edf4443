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

/// The envelope's limits: in force, configured, and how often they changed.
#[utoipa::path(
    get,
    path = "/ai/limits",
    tag = "state",
    responses((status = 200, description = "As the next decision goes by them", body = LimitsView), Reading)
)]
pub(crate) async fn show(State(control): State<Control>) -> Json<LimitsView> {
    Json(control.limits())
}

/// Changes limits of the envelope, all that are named or none.
///
/// Tighter ones are in force for the next decision. A wider one needs the role admin and the generation that was seen, and no
/// drawdown limit gets wider than configured.
#[utoipa::path(
    put,
    path = "/ai/limits",
    tag = "changes",
    request_body = LimitsWanted,
    responses((status = 200, description = "Done, and in the journal", body = LimitsChanged), Changing)
)]
pub(crate) async fn set(
    State(control): State<Control>,
    caller: Caller,
    Asked(wanted): Asked<LimitsWanted>,
) -> Result<Json<LimitsChanged>, Problem> {
    let wish =
        Wish { actor: caller.actor(wanted.actor.as_deref())?, reason: reason(&wanted.reason)?, downgrade: false };
    blocking(move || control.set_limits(&caller, &wanted.limits, wanted.generation, &wish)).await.map(Json)
}
