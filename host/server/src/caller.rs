//! Who asks.

use axum::http::StatusCode;
use bulkhead_policy::value::tame_text;

use crate::{
    auth::{Known, Right, Role},
    error::Problem,
};

/// Longest name that is taken over, bytes.
const MAX_ACTOR: usize = 64;

/// Where a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// A socket that only its owner can open. The system says who that is.
    Socket {
        /// The process's user.
        uid: u32,
    },
    /// The network.
    Tcp,
}

impl Via {
    /// For the journal.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Socket { .. } => "socket",
            Self::Tcp => "tcp",
        }
    }
}

/// Who asks, as far as it is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Where the request came in.
    pub(crate) via: Via,
    /// The proven name.
    pub(crate) name: String,
    /// Which token proved it.
    pub(crate) token: Option<String>,
    /// What he may do.
    pub(crate) role: Role,
}

impl Caller {
    /// Somebody with a token.
    pub(crate) fn of_token(known: &Known) -> Self {
        Self { via: Via::Tcp, name: known.name.clone(), token: Some(known.id()), role: known.role }
    }

    /// A process of this machine's user: whoever can open the socket could change the state folder as well.
    pub(crate) fn of_uid(uid: u32) -> Self {
        let name = std::fs::read_to_string("/etc/passwd").ok().and_then(|users| name_of(uid, &users));
        Self {
            via: Via::Socket { uid },
            name: name.unwrap_or_else(|| format!("uid {uid}")),
            token: None,
            role: Role::Admin,
        }
    }

    /// The name for the journal: what is claimed never hides what is proven.
    pub(crate) fn actor(&self, claimed: Option<&str>) -> Result<String, Problem> {
        match claimed.map(str::trim) {
            None | Some("") => Ok(self.name.clone()),
            Some(claimed) if claimed == self.name => Ok(self.name.clone()),
            Some(claimed) if claimed.len() <= MAX_ACTOR => Ok(format!("{} (as {})", tame_text(claimed), self.name)),
            Some(_) => Err(Problem::invalid(format!("actor is longer than {MAX_ACTOR} bytes; nothing has changed"))),
        }
    }
}

fn name_of(uid: u32, users: &str) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| tame_text(name))
    })
}

impl Caller {
    /// Turns away who may not do this.
    pub(crate) fn needs(&self, right: Right) -> Result<(), Problem> {
        if self.role.may(right) {
            return Ok(());
        }
        let text = format!(
            "the token of {} has the role {}, which may not do this; nothing has changed",
            self.name,
            self.role.name()
        );
        Err(Problem::new(StatusCode::FORBIDDEN, "not-allowed", text))
    }
}

/// The reason of a change: one is needed, and it is short.
pub(crate) fn reason(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::invalid("a change needs a `reason`; nothing has changed"));
    }
    Ok(tame_text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_name_never_hides_the_proven_one() {
        let caller = Caller { via: Via::Socket { uid: 7 }, name: "bob".to_owned(), token: None, role: Role::Admin };
        assert_eq!(caller.actor(None).unwrap(), "bob");
        assert_eq!(caller.actor(Some("bob")).unwrap(), "bob");
        assert_eq!(caller.actor(Some("ann")).unwrap(), "ann (as bob)");
        assert!(!caller.actor(Some("a\n\u{1b}[2J")).unwrap().chars().any(char::is_control));
        assert!(caller.actor(Some(&"a".repeat(65))).is_err());
    }

    #[test]
    fn users_are_found_by_number() {
        let users = "root:x:0:0:root:/root:/bin/sh\nbroken\nann:x:1000:1000::/home/ann:/bin/sh\n";
        assert_eq!(name_of(0, users).as_deref(), Some("root"));
        assert_eq!(name_of(1000, users).as_deref(), Some("ann"));
        assert_eq!(name_of(1, users), None);
    }

    #[test]
    fn a_change_needs_a_reason() {
        assert!(reason("  ").is_err());
        assert_eq!(reason(" why ").unwrap(), "why");
    }
}
