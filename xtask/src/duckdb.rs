//! A Python that has DuckDB, which the test of the journal's export is run with.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::repo::Repo;

/// What is installed, from the root of the repository.
const REQUIREMENTS: &str = "tests/parquet/requirements.txt";

/// Finds it, or makes one in `target` with the versions that are pinned. `None` where that is not possible.
pub(crate) fn find(repo: &Repo) -> Option<PathBuf> {
    let folder = repo.path("target/duckdb");
    let python = folder.join("bin/python");
    if has_it(&python) {
        return Some(python);
    }
    let made = process::succeeds(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    if made {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        if let Err(error) = process::run(Command::new(&python).args(pip).arg(repo.path(REQUIREMENTS))) {
            eprintln!("warning: {error:#}");
        }
    }
    Some(python).filter(|python| has_it(python))
}

fn has_it(python: &Path) -> bool {
    process::succeeds(Command::new(python).args(["-c", "import duckdb"]))
}
