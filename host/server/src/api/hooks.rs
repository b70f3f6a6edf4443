//! Asking a hook over the network: the same gate, contract, combination and journal as on the trading thread.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use bulkhead_policy::{HookId, json::did_you_mean};
use serde_json::Value;

use super::{asked::Asked, subsystems::blocking};
use crate::{
    openapi::{Asking, schema},
    {control::Control, error::Problem, view::HookAnswer},
};

/// Asks a hook, with the same gate, contract, combination and journal as on the trading thread.
///
/// The body is the document of `bulkhead call PLUGIN HOOK --example`: `context` and `input`, symbols by name.
#[utoipa::path(
    post,
    path = "/hooks/{hook}",
    operation_id = "ask_hook",
    tag = "hooks",
    params(("hook" = schema::HookId, Path, description = "Which hook")),
    request_body(content = serde_json::Value, description = "The question in the JSON form of the hook"),
    responses((status = 200, description = "What is in force, and who said what", body = HookAnswer), Asking)
)]
pub(crate) async fn ask(
    State(control): State<Control>,
    Path(hook): Path<String>,
    Asked(document): Asked<Value>,
) -> Result<Json<HookAnswer>, Problem> {
    let hook = HookId::parse(&hook).ok_or_else(|| {
        let names: Vec<&str> = HookId::ALL.iter().map(|hook| hook.name()).collect();
        let shown = bulkhead_policy::value::tame_text(&hook);
        let text = format!("there is no hook {shown:?}{}; nobody was asked", did_you_mean(&hook, &names));
        Problem::new(StatusCode::NOT_FOUND, "unknown-hook", text)
    })?;
    blocking(move || control.ask(hook, document)).await.map(Json)
}
