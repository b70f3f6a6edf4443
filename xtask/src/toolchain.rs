//! A compiler for wasm32-unknown-unknown, found or made.
//!
//! Looked for in this order: the active toolchain, the distribution's compiler, a private standard library built from
//! the distribution's sources, and the distribution's packages. Nothing is ever fetched from outside of the
//! distribution, and rustup is only called when the caller allows it.

mod apt;
mod probe;
mod sysroot;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

pub(crate) use self::apt::Apt;
use self::probe::Rustc;
use crate::process;

/// The one target that plugins are built for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Where a distribution installs its compiler.
const SYSTEM_RUSTC: &str = "/usr/bin/rustc";
const SYSTEM_CARGO: &str = "/usr/bin/cargo";

/// Settings of the caller that would change what a plugin compiles to.
const FOREIGN: [&str; 10] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "RUSTC",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
];

/// A compiler that has the target's standard library, with all it needs.
#[derive(Debug)]
pub(crate) struct Toolchain {
    rustc: PathBuf,
    cargo: PathBuf,
    /// Set when the compiler has no linker of its own.
    linker: Option<PathBuf>,
    /// The compiler comes from the distribution, so that libraries of the toolchain that runs us are not its own.
    system: bool,
}

impl Toolchain {
    /// The toolchain's cargo, set up to compile for the target, and free of the caller's compiler settings.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = clean(&self.cargo);
        command.env("RUSTC", &self.rustc);
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        if self.system {
            command.env_remove("LD_LIBRARY_PATH");
        }
        command
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "rustc {}, cargo {}, linker ", self.rustc.display(), self.cargo.display())?;
        match &self.linker {
            Some(linker) => write!(formatter, "{}", linker.display()),
            None => formatter.write_str("of the toolchain"),
        }
    }
}

/// A command without the caller's compiler settings.
fn clean(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in FOREIGN {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PROFILE_")) {
        command.env_remove(name);
    }
    command
}

/// Finds a toolchain, making one when there is none.
///
/// # Errors
/// When there is no way: the message says the command that makes one.
pub(crate) fn find(allow_rustup: bool) -> Result<Toolchain> {
    if let Some(toolchain) = active() {
        return Ok(toolchain);
    }
    if allow_rustup {
        process::run(Command::new("rustup").args(["target", "add", TARGET]))?;
        if let Some(toolchain) = active() {
            return Ok(toolchain);
        }
    }
    if let Some(toolchain) = system()? {
        return Ok(toolchain);
    }
    if let Some(apt) = Apt::find() {
        apt.install()?;
        if let Some(toolchain) = system()? {
            return Ok(toolchain);
        }
    }
    bail!(
        "no compiler for {TARGET} was found and none could be made here: run `rustup target add {TARGET}`, \
         or call this again with --allow-rustup"
    )
}

/// (a) The compiler on the path, when it has the target.
fn active() -> Option<Toolchain> {
    let rustc = PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")));
    let found = Rustc::ask(&rustc)?;
    let linker = found.linker()?;
    let cargo = PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    found.has_target().then_some(Toolchain { rustc, cargo, linker: linker.path(), system: false })
}

/// (b) The distribution's compiler: with the target as packaged, or with a standard library that we built.
fn system() -> Result<Option<Toolchain>> {
    let rustc = PathBuf::from(SYSTEM_RUSTC);
    let cargo = PathBuf::from(SYSTEM_CARGO);
    let Some(found) = Rustc::ask(&rustc).filter(Rustc::is_recent).filter(|_| cargo.is_file()) else {
        return Ok(None);
    };
    let Some(linker) = found.linker() else {
        return Ok(None);
    };
    let rustc = if found.has_target() { Some(rustc) } else { sysroot::find_or_build(&found)? };
    Ok(rustc.map(|rustc| Toolchain { rustc, cargo, linker: linker.path(), system: true }))
}
