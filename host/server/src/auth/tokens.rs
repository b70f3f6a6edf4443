//! The tokens' file: a name, a role and the SHA-256 of a token per line. No token stands in it.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::Role;

/// Bytes of a digest.
const DIGEST: usize = 32;

/// The tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No such file.
    #[error("there are no tokens in {}; make one with `bulkhead token NAME ROLE`, or leave out `listen` under [server]", .0.display())]
    Missing(PathBuf),
    /// The system refused.
    #[error("the tokens' file {} cannot be read ({error}); nobody is let in over the network", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// Others can read or change it.
    #[error("the tokens' file {} is open to others (mode {mode:o}); set it to 600", file.display())]
    Open {
        /// Which file.
        file: PathBuf,
        /// Its rights.
        mode: u32,
    },
    /// A line is wrong.
    #[error("the tokens' file {}, line {line}: {problem}; make lines with `bulkhead token NAME ROLE`", file.display())]
    Line {
        /// Which file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        problem: &'static str,
    },
}

/// A token that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) role: Role,
    digest: [u8; DIGEST],
}

impl Known {
    /// Tells tokens apart in the journal; of no use to whoever wants to get in.
    pub(crate) fn id(&self) -> String {
        hex(self.digest.get(..4).unwrap_or_default())
    }
}

/// What tells one content of the file from another.
type Stamp = (u64, u64, SystemTime);

/// The tokens, as the file holds them now: who is taken out of it is let in no more.
#[derive(Debug)]
pub struct Tokens {
    file: PathBuf,
    /// Known to this process alone, and gone with it.
    passing: Vec<Known>,
    read: Mutex<(Option<Stamp>, Vec<Known>)>,
}

impl Tokens {
    /// Reads the file.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn open(file: &Path) -> Result<Self, TokenError> {
        let (stamp, known) = read(file)?;
        Ok(Self { file: file.to_owned(), passing: Vec::new(), read: Mutex::new((Some(stamp), known)) })
    }

    /// The same, and a file that is missing lets nobody in until it is there.
    pub(crate) fn perhaps(file: &Path) -> Result<Self, TokenError> {
        match Self::open(file) {
            Err(TokenError::Missing(file)) => {
                Ok(Self { file, passing: Vec::new(), read: Mutex::new((None, Vec::new())) })
            }
            other => other,
        }
    }

    /// With a token that stands in no file.
    pub(crate) fn with(mut self, name: &str, role: Role, token: &str) -> Self {
        self.passing.push(Known { name: name.to_owned(), role, digest: Sha256::digest(token).into() });
        self
    }

    /// Whose token this is. All are compared, in constant time.
    pub(crate) fn find(&self, token: &str) -> Option<Known> {
        let digest: [u8; DIGEST] = Sha256::digest(token).into();
        let mut read_before = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        self.refresh(&mut read_before);
        let mut found = None;
        for known in read_before.1.iter().chain(&self.passing) {
            let same: Choice = known.digest.ct_eq(&digest);
            if same.into() {
                found = Some(known.clone());
            }
        }
        found
    }

    /// Reads the file again if it is another one. What cannot be read lets nobody in.
    fn refresh(&self, before: &mut (Option<Stamp>, Vec<Known>)) {
        let now = fs::metadata(&self.file).ok().as_ref().and_then(stamp);
        // Missing, as before, is no news either.
        if now == before.0 {
            return;
        }
        *before = match read(&self.file) {
            Ok((stamp, known)) => (Some(stamp), known),
            Err(error) => {
                tracing::error!("{error}");
                (None, Vec::new())
            }
        };
    }
}

/// The line of a token for the file.
#[must_use]
pub fn line(name: &str, role: Role, token: &str) -> String {
    format!("{name} {} {}\n", role.name(), hex(&Sha256::digest(token)))
}

fn read(file: &Path) -> Result<(Stamp, Vec<Known>), TokenError> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => TokenError::Missing(file.to_owned()),
        _ => TokenError::Unreadable { file: file.to_owned(), error },
    };
    let about = fs::metadata(file).map_err(unreadable)?;
    if about.mode() & 0o077 != 0 {
        return Err(TokenError::Open { file: file.to_owned(), mode: about.mode() & 0o777 });
    }
    let stamp = stamp(&about).ok_or_else(|| unreadable(io::ErrorKind::Unsupported.into()))?;
    let text = fs::read_to_string(file).map_err(unreadable)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let known = lines.map(|(at, line)| {
        parse(line).map_err(|problem| TokenError::Line { file: file.to_owned(), line: at + 1, problem })
    });
    Ok((stamp, known.collect::<Result<_, _>>()?))
}

fn stamp(about: &fs::Metadata) -> Option<Stamp> {
    Some((about.ino(), about.len(), about.modified().ok()?))
}

fn parse(line: &str) -> Result<Known, &'static str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [name, role, digest] = words.as_slice() else { return Err("it is not a name, a role and a digest") };
    let role = Role::parse(role).ok_or("the role is none of read, operate, brake and admin")?;
    let digest = unhex(digest).ok_or("the digest is not 64 hexadecimal digits")?;
    Ok(Known { name: bulkhead_policy::value::tame_text(name), role, digest })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<[u8; DIGEST]> {
    let digits = text.as_bytes();
    let mut bytes = [0; DIGEST];
    if digits.len() != 2 * DIGEST {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};

    use super::*;

    fn write(file: &Path, text: &str) {
        fs::write(file, text).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    }

    #[test]
    fn only_the_whole_token_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("tokens");
        write(&file, &format!("# people\n{}{}", line("ann", Role::Admin, "Secret"), line("bob", Role::Read, "other")));
        let tokens = Tokens::open(&file).unwrap();
        let ann = tokens.find("Secret").unwrap();
        assert_eq!((ann.name.as_str(), ann.role), ("ann", Role::Admin));
        assert_eq!(tokens.find("other").unwrap().role, Role::Read);
        for wrong in ["", "secret", "Secre", "Secrett", "SECRET", "ann"] {
            assert_eq!(tokens.find(wrong), None, "{wrong:?}");
        }
        assert!(!fs::read_to_string(&file).unwrap().contains("Secret"));
    }

    #[test]
    fn a_passing_token_is_known_beside_the_file_and_without_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("tokens");
        let tokens = Tokens::perhaps(&file).unwrap().with("dashboard", Role::Admin, "passing");
        let passing = || tokens.find("passing").map(|known| (known.name, known.role));
        assert_eq!(passing(), Some(("dashboard".to_owned(), Role::Admin)));
        assert!(tokens.find("a").is_none() && tokens.find("").is_none() && tokens.find("dashboard").is_none());
        write(&file, &line("ann", Role::Read, "a"));
        assert_eq!(tokens.find("a").unwrap().role, Role::Read, "a file that was made later counts");
        assert!(passing().is_some());
        fs::remove_file(&file).unwrap();
        assert!(tokens.find("a").is_none() && passing().is_some());
        write(&file, "nonsense");
        assert!(Tokens::perhaps(&file).is_err(), "a file that is there is a good one");
    }

    #[test]
    fn who_is_taken_out_is_let_in_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("tokens");
        write(&file, &line("ann", Role::Admin, "a"));
        let tokens = Tokens::open(&file).unwrap();
        assert!(tokens.find("a").is_some());
        write(&file, &format!("{}{}", line("bob", Role::Read, "b"), line("eve", Role::Read, "e")));
        assert!(tokens.find("a").is_none() && tokens.find("b").is_some());
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        write(&dir.path().join("new"), "nonsense");
        fs::rename(dir.path().join("new"), &file).unwrap();
        assert!(tokens.find("b").is_none(), "what cannot be read lets nobody in");
    }

    #[test]
    fn a_file_that_others_can_read_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("tokens");
        assert!(matches!(Tokens::open(&file), Err(TokenError::Missing(_))));
        write(&file, "ann root 00\n");
        assert!(Tokens::open(&file).unwrap_err().to_string().contains("line 1"));
        write(&file, "");
        for mode in [0o640, 0o604, 0o660] {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            assert!(matches!(Tokens::open(&file), Err(TokenError::Open { .. })), "{mode:o}");
        }
    }
}
