//! Where the components are.

use std::path::{Path, PathBuf};

/// The folder that `cargo xtask plugins` fills: `BULKHEAD_COMPONENTS`, or `target/components` of the repository.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn folder() -> PathBuf {
    let repo = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/components"));
    let folder = std::env::var_os("BULKHEAD_COMPONENTS").map_or_else(|| repo.to_owned(), PathBuf::from);
    assert!(folder.is_dir(), "there are no components in {}: run `cargo xtask plugins` first", folder.display());
    folder
}

/// A plugin that ships.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn plugin(name: &str) -> PathBuf {
    built(folder().join(format!("{name}.wasm")))
}

/// Names of the plugins that ship, sorted: every crate under `plugins/` but the SDK.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn first_party() -> Vec<String> {
    let crates = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugins")).unwrap();
    let folders = crates.map(|entry| entry.unwrap().path()).filter(|path| path.join("Cargo.toml").is_file());
    let mut names: Vec<String> = folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    names.retain(|name| name != "sdk");
    names.sort();
    names
}

/// A guest of the tests.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn guest(name: &str) -> PathBuf {
    built(folder().join("guests").join(format!("{name}.wasm")))
}

/// The core module that a component was made of.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn core_module(name: &str) -> PathBuf {
    built(folder().join("core").join(format!("{name}.wasm")))
}

fn built(file: PathBuf) -> PathBuf {
    assert!(file.is_file(), "{} is missing: run `cargo xtask plugins` first", file.display());
    file
}
