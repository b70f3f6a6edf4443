//! What is kept of the brake.

use bulkhead_policy::Brake;
use serde::{Deserialize, Serialize};

use super::Braked;

/// The brake as it was left, by whom, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    /// Its state.
    pub(crate) brake: Brake,
    /// Changes so far.
    pub(crate) generation: u64,
    /// When it left `released`, epoch ms of event time.
    pub(crate) since_ms: Option<u64>,
    /// The latest release that let drawdowns begin anew; 0: none. Hosts before it wrote nothing of it.
    #[serde(default)]
    pub(crate) rebased: u64,
    /// Who.
    pub(crate) actor: String,
    /// Why.
    pub(crate) reason: String,
}

impl Kept {
    pub(crate) fn of(braked: &Braked, actor: &str, reason: &str) -> Self {
        Self {
            brake: braked.brake,
            generation: braked.generation,
            since_ms: braked.since_ms,
            rebased: braked.rebased,
            actor: actor.to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// Never engaged.
    pub(crate) fn first() -> Self {
        let (actor, reason) = ("host".to_owned(), "first start".to_owned());
        Self { brake: Brake::Released, generation: 0, since_ms: None, rebased: 0, actor, reason }
    }

    /// Nobody knows how it was left.
    pub(crate) fn lost(why: String) -> Self {
        Self { brake: Brake::Halt, generation: 1, since_ms: None, rebased: 0, actor: "host".to_owned(), reason: why }
    }
}
