//! What a compiler is and has.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{TARGET, clean};

/// The oldest compiler that the SDK is written for.
const OLDEST: (u32, u32) = (1, 85);

/// A compiler that answered.
#[derive(Debug)]
pub(super) struct Rustc {
    pub(super) version: Version,
    pub(super) sysroot: PathBuf,
}

/// What `rustc -vV` says of the compiler.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) host: String,
    pub(super) release: String,
    pub(super) commit: String,
}

/// The linker for the target.
#[derive(Debug)]
pub(super) enum Linker {
    /// The toolchain's own; nothing needs to be set.
    Own,
    /// One of the system.
    System(PathBuf),
}

impl Linker {
    pub(super) fn path(self) -> Option<PathBuf> {
        match self {
            Self::Own => None,
            Self::System(path) => Some(path),
        }
    }
}

impl Rustc {
    /// Asks the compiler at this path, or on the PATH, what it is.
    pub(super) fn ask(rustc: &Path) -> Option<Self> {
        let system = rustc.is_absolute();
        let ask = |argument: &[&str]| {
            let mut command: Command = clean(rustc);
            if system {
                command.env_remove("LD_LIBRARY_PATH");
            }
            let output = command.args(argument).output().ok().filter(|output| output.status.success())?;
            String::from_utf8(output.stdout).ok()
        };
        let version = Version::parse(&ask(&["-vV"])?)?;
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?.trim());
        Some(Self { version, sysroot })
    }

    /// Whether the target's standard library is there.
    pub(super) fn has_target(&self) -> bool {
        let library = self.sysroot.join("lib/rustlib").join(TARGET).join("lib");
        std::fs::read_dir(library).is_ok_and(|entries| {
            entries.flatten().any(|entry| {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                name.starts_with("libcore-") && name.ends_with(".rlib")
            })
        })
    }

    /// Whether the SDK compiles with it.
    pub(super) fn is_recent(&self) -> bool {
        minor_version(&self.version.release).is_some_and(|version| version >= OLDEST)
    }

    /// A linker for the target: the toolchain's own, else the newest of the system.
    pub(super) fn linker(&self) -> Option<Linker> {
        let own = self.sysroot.join("lib/rustlib").join(&self.version.host).join("bin/rust-lld");
        if own.is_file() {
            return Some(Linker::Own);
        }
        let names: Vec<String> = std::fs::read_dir("/usr/bin")
            .ok()?
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        newest("wasm-ld", &names).map(|name| Linker::System(Path::new("/usr/bin").join(name)))
    }
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                .map(|value| value.trim().to_string())
        };
        Some(Self { host: field("host")?, release: field("release")?, commit: field("commit-hash")? })
    }
}

/// First two numbers of a version, Debian's epoch and suffixes aside: `1:1.85.0+dfsg3-1` is 1.85.
pub(super) fn minor_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.rsplit(':').next()?.split(|letter: char| !letter.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Of `word` and `word-19`, `word-22` … the one with the highest number; the plain word when no other is there.
pub(super) fn newest<'a>(word: &str, names: &'a [String]) -> Option<&'a str> {
    let number = |name: &str| -> Option<u32> {
        match name.strip_prefix(word)? {
            "" => Some(0),
            rest => rest.strip_prefix('-')?.parse().ok(),
        }
    };
    names.iter().filter_map(|name| Some((number(name)?, name))).max().map(|(_, name)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Version, minor_version, newest};

    #[test]
    fn reads_what_rustc_says_of_itself() {
        let text = "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\nbinary: rustc\n\
                    commit-hash: ac68faa20c58\ncommit-date: 2026-05-25\nhost: x86_64-unknown-linux-gnu\n\
                    release: 1.96.0\nLLVM version: 22.1.8\n";
        let version = Version {
            host: "x86_64-unknown-linux-gnu".to_string(),
            release: "1.96.0".to_string(),
            commit: "ac68faa20c58".to_string(),
        };
        assert_eq!(Version::parse(text), Some(version));
        assert_eq!(Version::parse("rustc 1.96.0"), None);
    }

    #[test]
    fn takes_the_newest_linker() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(newest("wasm-ld", &names(&["wasm-ld-9", "wasm-ld-19", "wasm-ld", "lld-22"])), Some("wasm-ld-19"));
        assert_eq!(newest("wasm-ld", &names(&["wasm-ld"])), Some("wasm-ld"));
        assert_eq!(newest("lld", &names(&["lld-13", "lld-22", "lld-19", "lld-link-30"])), Some("lld-22"));
        assert_eq!(newest("lld", &names(&["clang-19", "lldb"])), None);
    }

    #[test]
    fn reads_versions_of_compilers_and_packages() {
        assert_eq!(minor_version("1.96.0"), Some((1, 96)));
        assert_eq!(minor_version("1.97.0-nightly"), Some((1, 97)));
        assert_eq!(minor_version("1.63.0+dfsg1-2"), Some((1, 63)));
        assert_eq!(minor_version("1:19.1.7-3~deb12u1"), Some((19, 1)));
        assert_eq!(minor_version("(none)"), None);
    }
}
