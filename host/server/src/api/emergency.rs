//! The brake. Engaging takes effect before anything else is done, and waits for nothing.

use std::time::Duration;

use axum::{Json, extract::State};
use bulkhead_policy::Brake;

use super::{asked::Perhaps, subsystems::blocking};
use crate::{
    auth::Right,
    body::{BrakeAction, Emergency},
    caller::{Caller, reason},
    control::Control,
    error::Problem,
    openapi::{Braking, Looking},
    view::{BrakeView, Braked},
};

/// How long the answer waits for the record of an engaged brake: a slow disk delays neither the brake nor the answer.
const RECORD: Duration = Duration::from_millis(25);

/// The brake as it stands.
#[utoipa::path(
    get,
    path = "/ai/emergency",
    operation_id = "brake",
    tag = "brake",
    responses((status = 200, description = "Its state and generation", body = BrakeView), Looking)
)]
pub(crate) async fn show(State(control): State<Control>, caller: Caller) -> Result<Json<BrakeView>, Problem> {
    caller.needs(Right::SeeBrake)?;
    Ok(Json(control.brake()))
}

/// Engages or releases the brake.
///
/// No body at all means halt. Engaging is in force for the next decision before this is answered, never loosens, and
/// can be repeated. A release names the `generation` that was seen, and a reason.
#[utoipa::path(
    post,
    path = "/ai/emergency",
    operation_id = "change_brake",
    tag = "brake",
    request_body = Option<Emergency>,
    responses((status = 200, description = "In force", body = Braked), Braking)
)]
pub(crate) async fn change(
    State(control): State<Control>,
    caller: Caller,
    Perhaps(wanted): Perhaps<Emergency>,
) -> Result<Json<Braked>, Problem> {
    match wanted.action {
        BrakeAction::Engage => engage(control, caller, wanted).await,
        BrakeAction::Release => release(control, caller, wanted).await,
    }
    .map(Json)
}

/// The same under the name that the original gave it.
#[utoipa::path(
    post,
    path = "/api/ai/emergency-brake",
    operation_id = "change_brake_as_ever",
    tag = "brake",
    request_body = Option<Emergency>,
    responses((status = 200, description = "In force", body = Braked), Braking)
)]
pub(crate) async fn change_as_ever(
    control: State<Control>,
    caller: Caller,
    wanted: Perhaps<Emergency>,
) -> Result<Json<Braked>, Problem> {
    change(control, caller, wanted).await
}

async fn engage(control: Control, caller: Caller, wanted: Emergency) -> Result<Braked, Problem> {
    caller.needs(Right::Engage)?;
    let kind = wanted.kind.unwrap_or(Brake::Halt);
    if kind == Brake::Released {
        return Err(Problem::invalid("to release the brake use \"action\": \"release\"; nothing has changed"));
    }
    let engaged = control.engage(kind);
    let brake = control.brake();
    let Some(engaged) = engaged else {
        let message = format!("brake {}: it was engaged already", brake.brake);
        return Ok(Braked { message, recorded: None, brake });
    };
    // A word too many does not keep it from engaging.
    let more = if wanted.rebase { "; `rebase` is part of a release and was not looked at" } else { "" };
    // A name or reason that cannot be kept does not keep the brake from engaging.
    let actor = caller.actor(wanted.actor.as_deref()).unwrap_or_else(|_| caller.name.clone());
    let why = wanted.reason.as_deref().and_then(|text| reason(text).ok());
    let why = why.unwrap_or_else(|| "no reason given".to_owned());
    let recorder = control.clone();
    let record = tokio::task::spawn_blocking(move || recorder.record(&engaged, &actor, &why));
    let recorded = matches!(tokio::time::timeout(RECORD, record).await, Ok(Ok(true)));
    let warning = if recorded { "" } else { "; it is not on the disk yet: a restart now may not know of it" };
    let message = format!("brake {}: in force for the next decision{more}{warning}", brake.brake);
    Ok(Braked { message, recorded: Some(recorded), brake: control.brake() })
}

async fn release(control: Control, caller: Caller, wanted: Emergency) -> Result<Braked, Problem> {
    caller.needs(Right::Release)?;
    if wanted.kind.is_some() {
        return Err(Problem::invalid("a release has no `kind`; the brake is as it was"));
    }
    let why = reason(wanted.reason.as_deref().unwrap_or_default())?;
    let actor = caller.actor(wanted.actor.as_deref())?;
    let Some(generation) = wanted.generation else {
        let text = "a release names the `generation` that was seen, so that two people cannot undo each other; \
                    the brake is as it was; GET /ai/emergency shows it";
        return Err(Problem::invalid(text));
    };
    blocking(move || {
        let released = control.release(&caller, generation, wanted.rebase, &actor, &why)?;
        let anew = if wanted.rebase { "; drawdowns begin anew with the present equity" } else { "" };
        let message = format!("brake released: plugins may act as stage and mode allow{anew}");
        Ok(Braked { message, recorded: released.then_some(true), brake: control.brake() })
    })
    .await
}
