//! Whether a stage may be activated, in an answer.

use bulkhead_policy::{
    Stage,
    activation::{Check, Verdict},
};
use bulkhead_runtime::evidence::JournalRead;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openapi::schema;

/// Yes or no, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActivationView {
    /// The stage in force.
    #[schema(value_type = schema::Stage)]
    pub stage: Stage,
    /// The stage asked for.
    #[schema(value_type = schema::Stage)]
    pub target: Stage,
    /// Every check has passed.
    pub yes: bool,
    /// What was checked. Empty for a step down, which needs nothing.
    pub checks: Vec<CheckView>,
    /// The journals that were read.
    pub journals: Vec<JournalReadView>,
}

/// One question, what was wanted, what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckView {
    /// The stage whose records were looked at. Absent: the host as it stands.
    #[schema(value_type = Option<schema::Stage>)]
    pub shown_in: Option<Stage>,
    /// Its name, as under `[activation.STAGE]` where it has a threshold.
    pub name: String,
    /// What was wanted.
    pub wanted: String,
    /// What was found.
    pub found: String,
    /// Whether that is enough.
    pub passed: bool,
}

/// A journal that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JournalReadView {
    /// Name of its file.
    pub file: String,
    /// Records in it.
    pub records: u64,
}

impl ActivationView {
    pub(crate) fn of(verdict: Verdict, journals: &[JournalRead]) -> Self {
        let Verdict { stage, target, yes, checks } = verdict;
        let file = |read: &JournalRead| read.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let journals = journals.iter().map(|read| JournalReadView { file: file(read), records: read.records });
        Self {
            stage,
            target,
            yes,
            checks: checks.into_iter().map(CheckView::from).collect(),
            journals: journals.collect(),
        }
    }
}

impl From<Check> for CheckView {
    fn from(Check { shown_in, name, wanted, found, passed }: Check) -> Self {
        Self { shown_in, name, wanted, found, passed }
    }
}
