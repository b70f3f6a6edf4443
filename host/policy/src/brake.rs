//! The lever above all plugins.

use crate::stage::closed_set;

closed_set! {
    /// Ordered from least to most. The brake never lifts itself.
    Brake {
        /// Plugins may act as stage and mode allow.
        Released = "released",
        /// Plugins off, envelope on, trading goes on with base logic.
        Bypass = "bypass",
        /// Plugins off, nothing that increases exposure.
        Halt = "halt",
        /// As halt, and working orders are cancelled.
        HaltCancel = "halt-cancel",
    }
}

impl Brake {
    /// Whether any plugin may be called.
    #[must_use]
    pub const fn allows_plugins(self) -> bool {
        matches!(self, Self::Released)
    }

    /// Whether an order that increases exposure may go out.
    #[must_use]
    pub const fn allows_increase(self) -> bool {
        matches!(self, Self::Released | Self::Bypass)
    }

    /// The stricter of two states: an automatic trip never loosens what a person set.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        self.max(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_state_wins_in_any_order() {
        for a in Brake::ALL {
            for b in Brake::ALL {
                assert_eq!(a.stricter(*b), b.stricter(*a));
                assert!(a.stricter(*b) >= *a);
                // What is forbidden by one is forbidden by the stricter of the two.
                assert!(!a.stricter(*b).allows_increase() || (a.allows_increase() && b.allows_increase()));
            }
        }
    }

    #[test]
    fn only_released_lets_plugins_act_and_bypass_still_trades() {
        let plugins: Vec<_> = Brake::ALL.iter().filter(|b| b.allows_plugins()).collect();
        assert_eq!(plugins, [&Brake::Released]);
        assert!(Brake::Bypass.allows_increase() && !Brake::Halt.allows_increase());
    }
}
