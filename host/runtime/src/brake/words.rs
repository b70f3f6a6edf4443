//! Who engaged the brake, and why: for people, beside the state that decides.

use std::sync::Arc;

use crate::Registry;

/// What was said about the brake's latest change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrakeWords {
    pub(crate) generation: u64,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
}

impl Registry {
    /// Who engaged the brake as it stands, and why. `None` while it is released, and in the moment between its effect
    /// and its record.
    #[must_use]
    pub fn brake_words(&self) -> Option<Arc<BrakeWords>> {
        let now = **self.brake.load();
        let words = self.brake_words.load_full()?;
        (words.generation == now.generation && !now.brake.allows_plugins()).then_some(words)
    }

    pub(super) fn brake_said(&self, generation: u64, actor: &str, reason: &str) {
        // Whoever engaged it harder meanwhile has said more.
        self.brake_words.rcu(|known| match known {
            Some(known) if known.generation > generation => Some(Arc::clone(known)),
            _ => Some(Arc::new(BrakeWords { generation, actor: actor.to_owned(), reason: reason.to_owned() })),
        });
    }
}
