//! A Python that has DuckDB, which the test of the journal's export is run with.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::repo::Repo;
use crate::toolchain::Apt;

/// What is installed, from the root of the repository.
const REQUIREMENTS: &str = "tests/parquet/requirements.txt";

/// What makes environments where `python3` alone does not.
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// Finds it, or makes one in `target` with the versions that are pinned. `None` where that is not possible.
pub(crate) fn find(repo: &Repo) -> Option<PathBuf> {
    let folder = repo.path("target/duckdb");
    let python = folder.join("bin/python");
    if has_it(&python) {
        return Some(python);
    }
    if !environment("python3", &folder) {
        let apt = Apt::find()?;
        eprintln!("installing {} with apt", PACKAGES.join(" "));
        apt.update();
        let install = ["install", "-y", "-q", "--no-remove", "--no-install-recommends"];
        if let Err(error) = process::run(apt.command("apt-get").args(install).args(PACKAGES)) {
            eprintln!("warning: {error:#}");
        }
        // Another one may stand before the packaged one.
        if !environment("/usr/bin/python3", &folder) {
            return None;
        }
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    if let Err(error) = process::run(Command::new(&python).args(pip).arg(repo.path(REQUIREMENTS))) {
        eprintln!("warning: {error:#}");
    }
    Some(python).filter(|python| has_it(python))
}

/// Makes an empty environment, from nothing.
fn environment(python: &str, folder: &Path) -> bool {
    process::succeeds(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder))
}

fn has_it(python: &Path) -> bool {
    process::succeeds(Command::new(python).args(["-c", "import duckdb"]))
}
