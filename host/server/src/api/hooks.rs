//! Asking a hook over the network: the same gate, contract, combination and journal as on the trading thread.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use bulkhead_policy::{HookId, json::did_you_mean};
use serde_json::Value;

use super::{asked::Asked, subsystems::blocking};
use crate::{control::Control, error::Problem, view::HookAnswer};

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
