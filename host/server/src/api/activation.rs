//! Whether a stage may be activated.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use bulkhead_policy::{
    Stage,
    activation::{Activation, Judged},
    json::did_you_mean,
    value::tame_text,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::subsystems::blocking;
use crate::{control::Control, error::Problem, openapi::Finding, view::ActivationView};

/// The thresholds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules(pub(crate) Arc<Activation>);

/// What a person vouches for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Vouched {
    /// What a person has checked, by name and separated by commas: performance, trade-count, cascades.
    checked: Option<String>,
}

/// Whether a stage may be activated: yes or no, and every check with what was wanted and what was found.
///
/// Measured from the journals in the host's journal folder. A step down needs nothing. Changes nothing.
#[utoipa::path(
    get,
    path = "/ai/activation/{stage}",
    tag = "state",
    params(("stage" = String, Path, description = "OBSERVATION, PARTIAL, COORDINATION or AUTONOMY"), Vouched),
    responses((status = 200, description = "As of now", body = ActivationView), Finding)
)]
pub(crate) async fn activation(
    State(control): State<Control>,
    State(Rules(rules)): State<Rules>,
    Path(stage): Path<String>,
    vouched: Result<Query<Vouched>, QueryRejection>,
) -> Result<Json<ActivationView>, Problem> {
    let Query(vouched) = vouched.map_err(|error| Problem::invalid(error.body_text()))?;
    let stages: Vec<&str> = Stage::ALL.iter().map(|stage| stage.name()).collect();
    let target = Stage::parse(&stage).ok_or_else(|| {
        let text = format!("there is no stage {:?}{}", tame_text(&stage), did_you_mean(&stage, &stages));
        Problem::new(StatusCode::NOT_FOUND, "unknown-stage", text)
    })?;
    let judged = judged(vouched.checked.as_deref().unwrap_or_default())?;
    blocking(move || Ok(control.activation(target, &rules, &judged))).await.map(Json)
}

fn judged(names: &str) -> Result<BTreeSet<Judged>, Problem> {
    let known: Vec<&str> = Judged::ALL.iter().map(|judged| judged.name()).collect();
    let named = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    named
        .map(|name| {
            Judged::parse(name).ok_or_else(|| {
                let nearest = did_you_mean(name, &known);
                Problem::invalid(format!("nobody has to check {:?}{nearest}", tame_text(name)))
            })
        })
        .collect()
}
