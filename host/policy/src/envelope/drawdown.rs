//! What a drawdown does to the brake, from equity including open profit and loss.

use super::EnvelopeLimits;
use crate::{Account, Brake};

/// What the host does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawdownAction {
    /// Nothing.
    None,
    /// Engage at least [`Brake::Halt`].
    Halt,
    /// Engage [`Brake::HaltCancel`] and close every position.
    HaltAndClose,
}

impl DrawdownAction {
    /// The brake that the action asks for.
    #[must_use]
    pub const fn brake(self) -> Brake {
        match self {
            Self::None => Brake::Released,
            Self::Halt => Brake::Halt,
            Self::HaltAndClose => Brake::HaltCancel,
        }
    }
}

/// Judges an account. `override_pct` is the coordinator's daily limit: it can tighten, never widen. A drawdown that is
/// not a number halts: unknown is not fine.
#[must_use]
pub fn drawdown_action(account: &Account, limits: &EnvelopeLimits, override_pct: Option<f64>) -> DrawdownAction {
    let daily = account.daily_drawdown_pct;
    let open = account.open_drawdown_pct;
    let daily_limit = override_pct
        .filter(|p| p.is_finite() && *p > 0.0)
        .map_or(limits.daily_drawdown_halt_pct, |p| p.min(limits.daily_drawdown_halt_pct));
    if open.is_finite() && open >= limits.open_drawdown_close_pct {
        return DrawdownAction::HaltAndClose;
    }
    if !daily.is_finite() || !open.is_finite() || daily >= daily_limit {
        return DrawdownAction::Halt;
    }
    DrawdownAction::None
}
