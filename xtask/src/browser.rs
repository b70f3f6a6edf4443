//! The dashboard in headless Chromium, against the real program. Browser and Node come from packages of the system,
//! Playwright from npm; no browser is downloaded from anywhere else.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::plugins::Scope;
use crate::repo::Repo;
use crate::toolchain::Apt;
use crate::{plugins, process, test};

/// Where browsers are called from, by Debian's name and by others'.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const BROWSER_PACKAGE: &str = "chromium";
/// Programs, and the packages that have them.
const NODE: [(&str, &str); 2] = [("node", "nodejs"), ("npm", "npm")];
/// From the root of the repository.
const TESTS: &str = "tests/browser";

/// What the tests are run with.
pub(crate) struct Tools {
    chromium: PathBuf,
}

/// Builds plugins and host, then runs the tests.
pub(crate) fn build_and_test(repo: &Repo, allow_rustup: bool) -> Result<()> {
    plugins::build(repo, allow_rustup, Scope::Plugins)?;
    test::build(repo)?;
    let tools =
        find()?.context("a browser, node or npm is not installed: the packages chromium, nodejs and npm have them")?;
    self::test(repo, &tools)
}

/// Finds the tools, and installs what is missing where that is possible. `None` where it is not.
pub(crate) fn find() -> Result<Option<Tools>> {
    let missing = missing();
    if !missing.is_empty() {
        let Some(apt) = Apt::find() else { return Ok(None) };
        eprintln!("installing {} with apt", missing.join(" "));
        apt.update();
        let install = ["install", "-y", "-q", "--no-remove", "--no-install-recommends"];
        if let Err(error) = process::run(apt.command("apt-get").args(install).args(&missing)) {
            eprintln!("warning: {error:#}");
        }
    }
    Ok(if self::missing().is_empty() { browser().map(|chromium| Tools { chromium }) } else { None })
}

/// Runs the tests on the program that was built. Screenshots go to `target/browser`.
pub(crate) fn test(repo: &Repo, tools: &Tools) -> Result<()> {
    let folder = repo.path(TESTS);
    install(&folder)?;
    let shots = repo.path("target/browser");
    process::run(
        Command::new("node")
            .current_dir(&folder)
            .args(["--test", "seen.test.mjs", "steered.test.mjs", "report.test.mjs"])
            .env("CHROMIUM", &tools.chromium)
            .env("BULKHEAD", repo.path("target/release/bulkhead"))
            .env("BULKHEAD_SHOTS", &shots)
            .env(test::COMPONENTS, repo.components()),
    )?;
    println!("screenshots: {}", repo.shown(&shots));
    Ok(())
}

/// Installs what the lock file names, unless that is what is there.
fn install(folder: &Path) -> Result<()> {
    let time = |file: &str| std::fs::metadata(folder.join(file)).and_then(|about| about.modified()).ok();
    let (locked, installed) = (time("package-lock.json"), time("node_modules/.package-lock.json"));
    if installed.is_some() && installed > locked {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    process::run(
        npm.current_dir(folder).args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )
}

/// Packages of the programs that are not here.
fn missing() -> Vec<&'static str> {
    let mut packages: Vec<&str> =
        NODE.into_iter().filter(|(program, _)| !answers(program)).map(|(_, package)| package).collect();
    if browser().is_none() {
        packages.push(BROWSER_PACKAGE);
    }
    packages
}

fn answers(program: &str) -> bool {
    process::succeeds(Command::new(program).arg("--version"))
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut places =
        BROWSERS.into_iter().flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)));
    places.find(|place| place.is_file())
}
