//! What a hook answers when its plugin failed.

use crate::{Authority, HookId, Kind, stage::closed_set};

closed_set! {
    /// What holds after a fault.
    OnFault {
        /// The safe default: the loop goes on as if nobody had been asked.
        Open = "open",
        /// A veto hook denies what increases exposure; any other hook answers its safe default.
        Closed = "closed",
        /// The last good answer while it is fresh, else the safe default.
        LastGood = "last-good",
    }
}

closed_set! {
    /// The two named policies that ship. Which one is in force is printed at start.
    PolicySet {
        /// Nothing that a plugin does wrong stops trading.
        Seed = "seed",
        /// Veto hooks that are enforced deny increases on fault.
        Live = "live",
    }
}

impl PolicySet {
    /// What the policy says for a hook whose subsystem had that authority.
    ///
    /// Only veto hooks close, and only where they are enforced: a plugin that could not have stopped a trade by speaking
    /// does not stop one by failing.
    #[must_use]
    pub const fn on_fault(self, hook: HookId, authority: Authority) -> OnFault {
        match (self, hook.kind(), authority) {
            (Self::Live, Kind::Veto, Authority::Enforce) => OnFault::Closed,
            _ => OnFault::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_enforced_vetoes_close_and_only_in_live() {
        for hook in HookId::ALL {
            for authority in Authority::ALL {
                assert_eq!(PolicySet::Seed.on_fault(*hook, *authority), OnFault::Open);
                let closed = hook.kind() == Kind::Veto && *authority == Authority::Enforce;
                let want = if closed { OnFault::Closed } else { OnFault::Open };
                assert_eq!(PolicySet::Live.on_fault(*hook, *authority), want, "{hook} {authority}");
            }
        }
    }
}
