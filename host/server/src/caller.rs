//! Who asks.

use bulkhead_policy::value::tame_text;

use crate::error::Problem;

/// Longest name that is taken over, bytes.
const MAX_ACTOR: usize = 64;

/// Who asks, as far as it is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The proven name.
    pub(crate) name: String,
}

impl Caller {
    /// A process of this machine: the system says whose.
    pub(crate) fn of_uid(uid: u32) -> Self {
        let name = std::fs::read_to_string("/etc/passwd").ok().and_then(|users| name_of(uid, &users));
        Self { name: name.unwrap_or_else(|| format!("uid {uid}")) }
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
        let caller = Caller { name: "bob".to_owned() };
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
