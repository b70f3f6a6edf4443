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
    view::{BrakeView, Braked},
};

/// How long the answer waits for the record of an engaged brake.
const RECORD: Duration = Duration::from_millis(250);

pub(crate) async fn show(State(control): State<Control>, caller: Caller) -> Result<Json<BrakeView>, Problem> {
    caller.needs(Right::SeeBrake)?;
    Ok(Json(control.brake()))
}

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
        return Ok(Braked { message, brake });
    };
    let message = format!("brake {}: in force for the next decision", brake.brake);
    // A name or reason that cannot be kept does not keep the brake from engaging.
    let actor = caller.actor(wanted.actor.as_deref()).unwrap_or_else(|_| caller.name.clone());
    let why = wanted.reason.as_deref().and_then(|text| reason(text).ok());
    let why = why.unwrap_or_else(|| "no reason given".to_owned());
    let record = tokio::task::spawn_blocking(move || control.record(&engaged, &actor, &why));
    // A slow disk delays neither the brake nor the answer for long.
    let _ = tokio::time::timeout(RECORD, record).await;
    Ok(Braked { message, brake })
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
        control.release(&caller, generation, &actor, &why)?;
        Ok(Braked {
            message: "brake released: plugins may act as stage and mode allow".to_owned(),
            brake: control.brake(),
        })
    })
    .await
}
