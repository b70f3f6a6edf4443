//! Subsystems: what they are, which version serves, what they may do.

use std::path::PathBuf;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use bulkhead_runtime::Wish;

use super::asked::Asked;
use crate::{
    body::{BindingWanted, ModeWanted, Wanted},
    caller::{Caller, Via, reason},
    control::{Control, Operation},
    error::Problem,
    openapi::{Changing, Finding, Reading},
    view::{Changed, SubsystemView},
};

/// Every subsystem, in the order of the configuration.
#[utoipa::path(
    get,
    path = "/ai/subsystems",
    operation_id = "subsystems",
    tag = "state",
    responses((status = 200, description = "As they stand", body = Vec<SubsystemView>), Reading)
)]
pub(crate) async fn all(State(control): State<Control>) -> Json<Vec<SubsystemView>> {
    Json(control.subsystems())
}

/// One subsystem.
#[utoipa::path(
    get,
    path = "/ai/subsystems/{name}",
    operation_id = "subsystem",
    tag = "state",
    params(("name" = String, Path, description = "Name of the subsystem")),
    responses((status = 200, description = "As it stands", body = SubsystemView), Finding)
)]
pub(crate) async fn one(
    State(control): State<Control>,
    Path(name): Path<String>,
) -> Result<Json<SubsystemView>, Problem> {
    control.subsystem(&name).map(Json)
}

/// Changes which version of a subsystem serves.
///
/// Can take seconds. A refused candidate changes nothing. It goes on when the caller goes away.
#[utoipa::path(
    post,
    path = "/ai/subsystems/{name}/{operation}",
    operation_id = "change_version",
    tag = "changes",
    params(
        ("name" = String, Path, description = "Name of the subsystem"),
        ("operation" = Operation, Path, description = "What to do")
    ),
    request_body = Wanted,
    responses((status = 200, description = "Done, and in the journal", body = Changed), Changing)
)]
pub(crate) async fn operate(
    State(control): State<Control>,
    caller: Caller,
    Path((name, operation)): Path<(String, String)>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<Changed>, Problem> {
    let operation = Operation::parse(&operation).ok_or_else(|| {
        let text = "a subsystem knows reload, rollback, pin, unpin, release, shadow, unshadow and promote; nothing has changed";
        Problem::new(StatusCode::NOT_FOUND, "unknown-operation", text)
    })?;
    let candidate = candidate(&caller, operation, wanted.file)?;
    let wish = Wish {
        actor: caller.actor(wanted.actor.as_deref())?,
        reason: reason(&wanted.reason)?,
        downgrade: wanted.downgrade,
    };
    blocking(move || control.operate(&caller, &name, operation, candidate.as_deref(), &wish)).await.map(Json)
}

/// A file to try. The host has a working folder of its own.
fn candidate(caller: &Caller, operation: Operation, file: Option<PathBuf>) -> Result<Option<PathBuf>, Problem> {
    match (file, operation) {
        (None, _) => Ok(None),
        // Whoever has a token has no claim to this machine's files.
        (Some(_), Operation::Shadow) if caller.via == Via::Tcp => Err(Problem::invalid(
            "over the network `file` is not taken: the subsystem's own file is tried; nothing has changed",
        )),
        (Some(file), Operation::Shadow) if file.is_absolute() => Ok(Some(file)),
        (Some(_), Operation::Shadow) => Err(Problem::invalid("`file` must be an absolute path; nothing has changed")),
        (Some(_), _) => Err(Problem::invalid("`file` goes with shadow alone; nothing has changed")),
    }
}

/// Sets what a subsystem may do, for the next decision.
#[utoipa::path(
    put,
    path = "/ai/subsystems/{name}/mode",
    operation_id = "set_mode",
    tag = "changes",
    params(("name" = String, Path, description = "Name of the subsystem")),
    request_body = ModeWanted,
    responses((status = 200, description = "Done, and in the journal", body = Changed), Changing)
)]
pub(crate) async fn set_mode(
    State(control): State<Control>,
    caller: Caller,
    Path(name): Path<String>,
    Asked(wanted): Asked<ModeWanted>,
) -> Result<Json<Changed>, Problem> {
    let (actor, reason) = (caller.actor(wanted.actor.as_deref())?, reason(&wanted.reason)?);
    blocking(move || control.set_mode(&caller, &name, wanted.mode, &actor, &reason)).await.map(Json)
}

/// Binds a subsystem to another component, through every step of a reload.
///
/// A file of the plugin folder by its name, or a version of the store by its digest, to which it is then pinned.
#[utoipa::path(
    put,
    path = "/ai/subsystems/{name}/plugin",
    tag = "changes",
    params(("name" = String, Path, description = "Name of the subsystem")),
    request_body = BindingWanted,
    responses((status = 200, description = "Done, and in the journal", body = Changed), Changing)
)]
pub(crate) async fn bind(
    State(control): State<Control>,
    caller: Caller,
    Path(name): Path<String>,
    Asked(wanted): Asked<BindingWanted>,
) -> Result<Json<Changed>, Problem> {
    let wish = Wish {
        actor: caller.actor(wanted.actor.as_deref())?,
        reason: reason(&wanted.reason)?,
        downgrade: wanted.downgrade,
    };
    blocking(move || control.bind(&caller, &name, &wanted.plugin, &wish)).await.map(Json)
}

/// Runs what can take long on a thread for it. It goes on when the caller goes away.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        let text = "the host failed while it worked on this; look at the status before you try again";
        Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", text))
    })
}
