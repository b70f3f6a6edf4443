//! What a request asks for. An unknown field is an error.

use std::path::PathBuf;

use bulkhead_policy::{Brake, Mode, Stage, envelope::LimitsChange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openapi::schema;

/// A change of a subsystem's version.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VersionWanted)]
pub struct Wanted {
    /// Why. For the journal.
    pub reason: String,
    /// On whose behalf, where that is not the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// A lower version number than the serving one is meant.
    #[serde(default)]
    pub downgrade: bool,
    /// The candidate's file, for `shadow` alone. Absent: the file that the subsystem is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub file: Option<PathBuf>,
}

/// A change of the stage.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageWanted {
    /// The new stage.
    #[schema(value_type = schema::Stage)]
    pub stage: Stage,
    /// Why. For the journal.
    pub reason: String,
    /// On whose behalf, where that is not the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// A change of a subsystem's mode.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModeWanted {
    /// The new mode.
    #[schema(value_type = schema::Mode)]
    pub mode: Mode,
    /// Why. For the journal.
    pub reason: String,
    /// On whose behalf, where that is not the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// A change of limits: all of them or none.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsWanted {
    /// The new values, by limit.
    #[schema(value_type = std::collections::BTreeMap<String, f64>)]
    pub limits: LimitsChange,
    /// Why. For the journal.
    pub reason: String,
    /// On whose behalf, where that is not the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// What the caller saw. A wider limit needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
}

/// Another plugin for a subsystem.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingWanted {
    /// Name of a file in the plugin folder, or digest of a version in the store.
    pub plugin: String,
    /// Why. For the journal.
    pub reason: String,
    /// On whose behalf, where that is not the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// A lower version number than the serving one is meant.
    #[serde(default)]
    pub downgrade: bool,
}

/// What is to become of the brake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BrakeAction {
    /// At least `kind`.
    #[default]
    Engage,
    /// Released, if it still is at `generation`.
    Release,
}

/// A change of the brake. Nothing at all means halt.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// Engage, unless it says release.
    #[serde(default)]
    pub action: BrakeAction,
    /// How hard to brake. Absent means halt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Brake>)]
    pub kind: Option<Brake>,
    /// Why. A release needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// On whose behalf, where that is not the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// What the caller saw. A release needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
    /// Part of a release: drawdowns are measured from the present equity on.
    #[serde(default)]
    pub rebase: bool,
}
