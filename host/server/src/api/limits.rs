//! The envelope's limits.

use axum::{Json, extract::State};
use bulkhead_runtime::Wish;

use super::{asked::Asked, subsystems::blocking};
use crate::{
    body::LimitsWanted,
    caller::{Caller, reason},
    control::Control,
    error::Problem,
    view::{LimitsChanged, LimitsView},
};

pub(crate) async fn show(State(control): State<Control>) -> Json<LimitsView> {
    Json(control.limits())
}

pub(crate) async fn set(
    State(control): State<Control>,
    caller: Caller,
    Asked(wanted): Asked<LimitsWanted>,
) -> Result<Json<LimitsChanged>, Problem> {
    let wish =
        Wish { actor: caller.actor(wanted.actor.as_deref())?, reason: reason(&wanted.reason)?, downgrade: false };
    blocking(move || control.set_limits(&caller, &wanted.limits, wanted.generation, &wish)).await.map(Json)
}
