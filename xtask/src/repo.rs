//! Where things are in the repository.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the repository, and the places under it that tasks share.
#[derive(Debug, Clone)]
pub(crate) struct Repo {
    root: PathBuf,
}

impl Repo {
    /// Finds the repository from the place of this package: cargo says where it is when it runs us, the path we were
    /// compiled at is for a binary that is called by hand.
    pub(crate) fn find() -> Result<Self> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().filter(|root| root.join("wit").is_dir()).with_context(|| {
            format!("{} is not inside the repository: start it as `cargo xtask`", package.display())
        })?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// The root itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path under the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where finished components go; the host loads its plugins from here.
    pub(crate) fn components(&self) -> PathBuf {
        self.path("target/components")
    }

    /// The workspaces of code that runs in the sandbox, first-party plugins first.
    pub(crate) fn guest_workspaces(&self) -> Vec<PathBuf> {
        ["plugins/Cargo.toml", "tests/guests/Cargo.toml"]
            .into_iter()
            .map(|manifest| self.path(manifest))
            .filter(|manifest| manifest.is_file())
            .collect()
    }

    /// The path as people write it: relative to the root.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
