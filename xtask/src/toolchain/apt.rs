//! The packages of Debian and its like.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::probe::{minor_version, newest};
use crate::process;

/// The packaged standard library for the target.
const PACKAGED: &str = "libstd-rust-dev-wasm32";

/// The first packaged compiler that the SDK compiles with.
const FIRST: (u32, u32) = (1, 85);

/// apt, with the right to install.
pub(crate) struct Apt {
    root: bool,
}

impl Apt {
    /// apt, when this is a machine that has it and lets us install.
    pub(crate) fn find() -> Option<Self> {
        if !Path::new("/usr/bin/apt-get").is_file() {
            return None;
        }
        let id = process::read(Command::new("id").arg("-u")).ok()?;
        let root = id.trim() == "0";
        (root || process::succeeds(Command::new("sudo").args(["-n", "true"]))).then_some(Self { root })
    }

    /// Installs a compiler with a linker, and the packaged standard library or the sources of one.
    pub(super) fn install(&self) -> Result<()> {
        eprintln!("installing a compiler for WebAssembly with apt");
        self.update();
        let policy = process::read(Command::new("apt-cache").args(["policy", PACKAGED]))?;
        let linkers = process::read(Command::new("apt-cache").args(["pkgnames", "lld"]))?;
        let linkers: Vec<String> = linkers.lines().map(str::to_string).collect();
        let packages = packages(&policy, &linkers)?;
        // What is installed already is the user's: better to fail than to take it away.
        let install = ["install", "-y", "-q", "--no-remove", "--no-install-recommends"];
        process::run(self.command("apt-get").args(install).args(&packages)).with_context(|| {
            format!("apt could not install {}: install these by hand, then call this again", packages.join(" "))
        })
    }

    /// Fetches the package lists.
    pub(crate) fn update(&self) {
        // One repository that cannot be reached fails the update, and may not be one that we need.
        if let Err(error) = process::run(self.command("apt-get").args(["update", "-q"])) {
            eprintln!("warning: {error:#}; going on with the package lists that are here");
        }
    }

    /// One of its programs, with the right to do its work.
    pub(crate) fn command(&self, program: &str) -> Command {
        // sudo drops the environment, so that the variable is set behind it.
        let mut command = Command::new(if self.root { "env" } else { "sudo" });
        if !self.root {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }
}

/// What to install, given apt's policy for the packaged library and the names of all linkers.
fn packages<'a>(policy: &str, linkers: &'a [String]) -> Result<Vec<&'a str>> {
    let candidate = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "));
    // Debian 12 has the package too, of a compiler that is years too old.
    if candidate.and_then(minor_version).is_some_and(|version| version >= FIRST) {
        return Ok(vec![PACKAGED, "rustc", "cargo", "lld"]);
    }
    let linker = newest("lld", linkers).context("apt knows no package lld: enable the main repository")?;
    Ok(vec!["rustc-web", "cargo-web", "rust-web-src", linker])
}

#[cfg(test)]
mod tests {
    use super::packages;

    fn policy(candidate: &str) -> String {
        format!("libstd-rust-dev-wasm32:\n  Installed: (none)\n  Candidate: {candidate}\n  Version table:\n")
    }

    fn linkers() -> Vec<String> {
        ["lld", "lld-14", "lld-19", "lldb-19"].map(str::to_string).to_vec()
    }

    #[test]
    fn takes_the_packaged_library_when_it_is_recent() {
        let linkers = linkers();
        let chosen = packages(&policy("1.85.1+dfsg1-1"), &linkers).unwrap();
        assert_eq!(chosen, ["libstd-rust-dev-wasm32", "rustc", "cargo", "lld"]);
    }

    #[test]
    fn takes_sources_when_the_packaged_library_is_old_or_unknown() {
        let linkers = linkers();
        let sources = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
        assert_eq!(packages(&policy("1.63.0+dfsg1-2"), &linkers).unwrap(), sources);
        assert_eq!(packages("", &linkers).unwrap(), sources);
        assert!(packages("", &[]).is_err());
    }
}
