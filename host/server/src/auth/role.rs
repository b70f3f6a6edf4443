//! Roles and what they may do.

use serde::{Deserialize, Serialize};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sees everything, changes nothing.
    Read,
    /// Sees everything; changes versions and modes, asks hooks, engages the brake.
    Operate,
    /// Engages the brake. Whoever finds such a token can only make things safer.
    Brake,
    /// Everything, the release of the brake included.
    Admin,
}

/// What a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Read,
    Operate,
    SeeBrake,
    Engage,
    Release,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[Self::Read, Self::Operate, Self::Brake, Self::Admin];

    /// The name people and files use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Operate => "operate",
            Self::Brake => "brake",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == text)
    }

    pub(crate) const fn may(self, right: Right) -> bool {
        match self {
            Self::Read => matches!(right, Right::Read | Right::SeeBrake),
            Self::Operate => !matches!(right, Right::Release),
            Self::Brake => matches!(right, Right::SeeBrake | Right::Engage),
            Self::Admin => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_admin_loosens_and_a_brake_token_only_engages() {
        let rights = [Right::Read, Right::Operate, Right::SeeBrake, Right::Engage, Right::Release];
        let of = |role: Role| rights.map(|right| role.may(right));
        assert_eq!(of(Role::Read), [true, false, true, false, false]);
        assert_eq!(of(Role::Operate), [true, true, true, true, false]);
        assert_eq!(of(Role::Brake), [false, false, true, true, false]);
        assert_eq!(of(Role::Admin), [true; 5]);
    }
}
