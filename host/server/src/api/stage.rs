//! The stage of the rollout.

use axum::{Json, extract::State};
use bulkhead_runtime::Wish;

use super::{asked::Asked, subsystems::blocking};
use crate::{
    body::StageWanted,
    caller::{Caller, reason},
    control::Control,
    error::Problem,
    openapi::Changing,
    view::StageChanged,
};

/// Sets the stage of the rollout, for the next decision.
///
/// Plugins of the stage pass every step first; then stage and plugins change together, or nothing does.
#[utoipa::path(
    put,
    path = "/ai/stage",
    operation_id = "set_stage",
    tag = "changes",
    request_body = StageWanted,
    responses((status = 200, description = "Done, and in the journal", body = StageChanged), Changing)
)]
pub(crate) async fn set(
    State(control): State<Control>,
    caller: Caller,
    Asked(wanted): Asked<StageWanted>,
) -> Result<Json<StageChanged>, Problem> {
    let wish =
        Wish { actor: caller.actor(wanted.actor.as_deref())?, reason: reason(&wanted.reason)?, downgrade: false };
    blocking(move || control.set_stage(&caller, wanted.stage, &wish)).await.map(Json)
}
