//! What a subsystem's answers may do now.

use bulkhead_policy::{Authority, Disposition, HookId, authority, disposition};
use bulkhead_runtime::{Dials, SubsystemStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openapi::schema;

/// The gate's word on one hook of a subsystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthorityView {
    /// Of which hook.
    #[schema(value_type = schema::HookId)]
    pub hook: HookId,
    /// The least of mode, stage and brake.
    #[schema(value_type = schema::Authority)]
    pub authority: Authority,
    /// Whether an answer takes effect: at `advise` that depends on what the hook does.
    pub applied: bool,
}

impl AuthorityView {
    pub(super) fn all(status: &SubsystemStatus, dials: Dials) -> Vec<Self> {
        let of = |hook: &HookId| {
            let authority = authority(status.mode, dials.stage, *hook, dials.brake);
            let applied = disposition(authority, hook.kind()) == Disposition::Apply;
            Self { hook: *hook, authority, applied }
        };
        status.hooks.iter().map(of).collect()
    }
}
