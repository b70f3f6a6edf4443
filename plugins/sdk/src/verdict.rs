//! Answers of veto hooks.

use crate::hooks::{Denial, ReasonCode, Verdict};

/// The trade may go on.
pub const ALLOW: Verdict = Verdict::Allow;

/// The trade may not go on: why, for machines and for people. [`ReasonCode::Other`] needs a text that explains.
#[must_use]
pub fn deny(code: ReasonCode, text: impl Into<String>) -> Verdict {
    Verdict::Deny(Denial { code, text: text.into() })
}
