//! A private sysroot: the distribution's compiler with a standard library for the target, built once from the
//! distribution's own sources and kept in the user's cache.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::probe::Rustc;
use super::{SYSTEM_CARGO, SYSTEM_RUSTC, TARGET, clean};
use crate::process;

/// A crate to hang the standard library on.
const STUB: &str = "[package]\nname = \"sysroot_stub\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
                    [profile.release]\npanic = \"abort\"\n[workspace]\n";

/// Passes everything on to the distribution's compiler, with the directory above as sysroot.
const WRAPPER: &str = "#!/bin/sh\n\
                       here=$(CDPATH= cd -- \"$(dirname -- \"$0\")/..\" && pwd)\n\
                       exec /usr/bin/rustc --sysroot \"$here\" \"$@\"\n";

/// The compiler of the sysroot for this version, which is built when it is not there; none when there are no sources.
pub(super) fn find_or_build(rustc: &Rustc) -> Result<Option<PathBuf>> {
    let cache = cache()?;
    let place = cache.join(format!("wasm-sysroot-{}-{}", rustc.version.release, rustc.version.commit));
    let wrapper = place.join("bin/rustc");
    if wrapper.is_file() {
        return Ok(Some(wrapper));
    }
    let library = rustc.sysroot.join("lib/rustlib/src/rust/library");
    if !library.join("vendor").is_dir() {
        return Ok(None);
    }
    eprintln!("building the standard library for {TARGET}, once: about a minute");
    let work = cache.join(format!("wasm-sysroot.{}", std::process::id()));
    let built = build(rustc, &library, &work).and_then(|()| install(&work.join("sysroot"), &place));
    fs::remove_dir_all(&work).with_context(|| format!("cannot remove {}", work.display()))?;
    built.with_context(|| format!("the standard library for {TARGET} could not be built"))?;
    Ok(Some(wrapper))
}

/// Moves the finished sysroot into place in one step. Another run that was faster has made the same one.
fn install(sysroot: &Path, place: &Path) -> Result<()> {
    match fs::rename(sysroot, place) {
        Err(_) if place.join("bin/rustc").is_file() => Ok(()),
        other => other.with_context(|| format!("cannot make {}", place.display())),
    }
}

fn build(rustc: &Rustc, library: &Path, work: &Path) -> Result<()> {
    let stub = work.join("stub");
    fs::create_dir_all(stub.join("src")).with_context(|| format!("cannot make {}", stub.display()))?;
    fs::write(stub.join("Cargo.toml"), STUB)?;
    fs::write(stub.join("src/lib.rs"), "")?;
    let target = work.join("target");
    process::run(
        clean(Path::new(SYSTEM_CARGO))
            .current_dir(&stub)
            .args(["build", "--quiet", "--release", "--offline", "--target", TARGET, "-Zbuild-std=std,panic_abort"])
            .args(["--config", "source.crates-io.replace-with=\"vendored\""])
            .arg("--config")
            .arg(format!("source.vendored.directory=\"{}/vendor\"", library.display()))
            .env_remove("LD_LIBRARY_PATH")
            .env_remove("RUSTC_WRAPPER")
            .env("RUSTC", SYSTEM_RUSTC)
            // -Zbuild-std is unstable; sources and compiler are of one package, so that they fit.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", &target)
            // Plugins are linked with link-time optimisation, which needs the bitcode.
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Cembed-bitcode=yes"),
    )?;
    assemble(rustc, &target.join(TARGET).join("release/deps"), &work.join("sysroot"))
}

fn assemble(rustc: &Rustc, built: &Path, sysroot: &Path) -> Result<()> {
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let host = Path::new("lib/rustlib").join(&rustc.version.host);
    fs::create_dir_all(&libraries)?;
    fs::create_dir_all(sysroot.join(&host))?;
    fs::create_dir_all(sysroot.join("bin"))?;
    for entry in fs::read_dir(built)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".rlib") && !text.contains("sysroot_stub") {
            fs::copy(entry.path(), libraries.join(&name))?;
        }
    }
    // Build scripts and procedural macros run on the host and need its library.
    symlink(rustc.sysroot.join(&host).join("lib"), sysroot.join(&host).join("lib"))?;
    let wrapper = sysroot.join("bin/rustc");
    fs::write(&wrapper, WRAPPER)?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// Where things are kept that take long to make and may be deleted at any time.
fn cache() -> Result<PathBuf> {
    let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = path("BULKHEAD_CACHE")
        .or_else(|| path("XDG_CACHE_HOME").map(|path| path.join("bulkhead")))
        .or_else(|| path("HOME").map(|path| path.join(".cache/bulkhead")))
        .context("no place for a cache: set BULKHEAD_CACHE to a directory")?;
    fs::create_dir_all(&cache).with_context(|| format!("cannot make the cache directory {}", cache.display()))?;
    Ok(cache.canonicalize()?)
}
