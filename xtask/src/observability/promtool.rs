//! Finding promtool: the one on the path, or the packaged one, unpacked and not installed, so that no service starts.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::repo::Repo;
use crate::toolchain::Apt;

/// The package that has it.
const PACKAGE: &str = "prometheus";

/// How to call promtool; `None` where it is not installed and cannot be had.
pub(crate) fn find(repo: &Repo) -> Result<Option<String>> {
    let folder = repo.path("target/prometheus");
    let unpacked = folder.join("usr/bin/promtool").to_string_lossy().into_owned();
    let works = |tool: &str| process::succeeds(Command::new(tool).arg("--version"));
    for tool in ["promtool", unpacked.as_str()] {
        if works(tool) {
            return Ok(Some(tool.to_owned()));
        }
    }
    let Some(apt) = Apt::find() else { return Ok(None) };
    if let Err(error) = unpack(&apt, &folder) {
        eprintln!("warning: {error:#}");
    }
    Ok(works(&unpacked).then_some(unpacked))
}

fn unpack(apt: &Apt, folder: &Path) -> Result<()> {
    eprintln!("unpacking {PACKAGE}, which has promtool, with apt");
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    apt.update();
    process::run(apt.command("apt-get").current_dir(folder).args(["download", "-q", PACKAGE]))?;
    let packages = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = packages
        .filter(|path| path.extension().is_some_and(|end| end == "deb"))
        .max()
        .with_context(|| format!("apt has not put {PACKAGE} into {}", folder.display()))?;
    process::run(Command::new("dpkg-deb").arg("-x").arg(package).arg(folder))
}
