//! Builds plugins, and the guests of the tests, into components.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repo::Repo;
use crate::toolchain::{TARGET, Toolchain};
use crate::{component, guests, process, toolchain};

/// 64 KiB of stack: what plugins need is a few, and memory is counted per instance.
const STACK: &str = "-Clink-arg=-zstack-size=65536";

/// A directory of crates that become components.
struct Family {
    manifest: PathBuf,
    /// Where the components go.
    components: PathBuf,
    /// Ours, and so held to the imports that are granted by default. Guests of the tests misbehave on purpose.
    first_party: bool,
}

/// What to build.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// Plugins, and the guests of the tests.
    All,
    /// What ships.
    Plugins,
    /// The plugin or guest of this name.
    Only(&'a str),
}

/// Builds components. Cargo decides what is fresh; what did not change is not written.
pub(crate) fn build(repo: &Repo, allow_rustup: bool, scope: Scope<'_>) -> Result<()> {
    let started = Instant::now();
    let mut families = families(repo);
    let mut only = None;
    if let Scope::Plugins = scope {
        families.retain(|family| family.first_party);
    }
    if let Scope::Only(name) = scope {
        only = Some(name);
        families.retain(|family| family.has(name));
        if families.is_empty() {
            bail!(
                "there is no plugin or guest named {name}: the name is that of its directory under plugins/ or tests/guests/"
            );
        }
    }
    let toolchain = toolchain::find(allow_rustup)?;
    let mut count = 0;
    for family in &families {
        let modules = compile(repo, &toolchain, family, only)?;
        for (name, module) in &modules {
            family.finish(repo, name, module).with_context(|| format!("{name} did not become a component"))?;
        }
        if let Some(chaos) = modules.get(guests::ORIGIN) {
            count += family.derive(repo, chaos)?;
        }
        if only.is_none() {
            family.remove_stale(repo, &modules)?;
        }
        count += modules.len();
    }
    println!("{count} components in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn families(repo: &Repo) -> Vec<Family> {
    repo.guest_workspaces()
        .into_iter()
        .map(|manifest| {
            let first_party = manifest.starts_with(repo.path("plugins"));
            let components = if first_party { repo.components() } else { repo.components().join("guests") };
            Family { manifest, components, first_party }
        })
        .collect()
}

/// Compiles the crates and returns the core modules by the name of their crate.
fn compile(
    repo: &Repo,
    toolchain: &Toolchain,
    family: &Family,
    only: Option<&str>,
) -> Result<BTreeMap<String, PathBuf>> {
    let mut command = toolchain.cargo();
    command
        .args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(&family.manifest)
        .arg("--target-dir")
        .arg(repo.path("target/plugins"))
        .env("CARGO_ENCODED_RUSTFLAGS", flags(repo).join("\u{1f}"))
        .stderr(Stdio::inherit());
    match only {
        Some(name) => command.args(["--package", name]),
        None => command.arg("--workspace"),
    };
    let output = command.output().with_context(|| format!("`{}` could not be started", process::shown(&command)))?;
    if !output.status.success() {
        bail!("{} could not be compiled: the compiler says why above", repo.shown(&family.manifest));
    }
    let text = String::from_utf8(output.stdout).context("cargo wrote something that is not UTF-8")?;
    Ok(text.lines().filter_map(|line| module(&serde_json::from_str(line).ok()?)).collect())
}

/// Flags for every crate of a plugin. Paths of this machine stay out of panic messages, so that the same source is the
/// same component everywhere.
fn flags(repo: &Repo) -> Vec<String> {
    let home = |name: &str, under: &str| std::env::var_os(name).map(|path| Path::new(&path).join(under));
    let cargo = home("CARGO_HOME", "").or_else(|| home("HOME", ".cargo")).unwrap_or_default();
    // One directory per registry, named after its address.
    let registries = fs::read_dir(cargo.join("registry/src")).into_iter().flatten().flatten().map(|entry| entry.path());
    let remap = |path: &Path, name: &str| format!("--remap-path-prefix={}={name}", path.display());
    let mut flags = vec![STACK.to_string(), remap(repo.root(), "bulkhead")];
    flags.extend(registries.map(|path| remap(&path, "crates")));
    flags
}

/// Name and core module of a cdylib that cargo reports as built or fresh.
fn module(message: &Value) -> Option<(String, PathBuf)> {
    let target = message.get("target")?;
    let kinds = target.get("crate_types")?.as_array()?;
    if message.get("reason")? != "compiler-artifact" || !kinds.iter().any(|kind| kind == "cdylib") {
        return None;
    }
    let files = message.get("filenames")?.as_array()?.iter().filter_map(Value::as_str);
    let file = files.map(PathBuf::from).find(|file| file.extension().is_some_and(|extension| extension == "wasm"))?;
    Some((target.get("name")?.as_str()?.replace('_', "-"), file))
}

impl Family {
    fn has(&self, name: &str) -> bool {
        self.manifest.parent().is_some_and(|root| root.join(name).join("Cargo.toml").is_file())
    }

    /// Makes the component of a core module and keeps both.
    fn finish(&self, repo: &Repo, name: &str, module: &Path) -> Result<()> {
        let module = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
        let component = component::encode(&module)?;
        if self.first_party {
            component::check(&component)?;
        }
        let file = format!("{name}.wasm");
        replace(repo, &repo.components().join("core").join(&file), &module)?;
        let changed = replace(repo, &self.components.join(&file), &component)?;
        let note = if changed { "" } else { "  unchanged" };
        println!("{name:<24} {:>7.1} KiB{note}", size_kib(&component));
        Ok(())
    }

    /// Makes the guests that no compiler would make. Returns how many.
    fn derive(&self, repo: &Repo, chaos: &Path) -> Result<usize> {
        let module = fs::read(chaos).with_context(|| format!("cannot read {}", chaos.display()))?;
        let derived = guests::derive(repo, &module)?;
        for (name, component) in &derived {
            replace(repo, &self.components.join(format!("{name}.wasm")), component)?;
        }
        println!("{:<24} {:>3} derived guests", guests::ORIGIN, derived.len());
        Ok(derived.len())
    }

    /// Removes components that an earlier call made of crates that are gone. Files that others put there stay.
    fn remove_stale(&self, repo: &Repo, modules: &BTreeMap<String, PathBuf>) -> Result<()> {
        let family = if self.first_party { "plugins" } else { "guests" };
        let list = repo.path("target/plugins").join(format!("{family}.list"));
        let before = fs::read_to_string(&list).unwrap_or_default();
        for name in before.lines().filter(|name| !modules.contains_key(*name)) {
            for directory in [&self.components, &repo.components().join("core")] {
                let path = directory.join(format!("{name}.wasm"));
                if path.is_file() {
                    fs::remove_file(&path).with_context(|| format!("cannot remove {}", repo.shown(&path)))?;
                }
            }
            println!("{name:<24} removed: its crate is gone");
        }
        let now: String = modules.keys().map(|name| format!("{name}\n")).collect();
        fs::write(&list, now).with_context(|| format!("cannot write {}", repo.shown(&list)))
    }
}

/// Writes the file in one step, because a host may be watching, and only when its bytes differ.
fn replace(repo: &Repo, path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|before| before == bytes) {
        return Ok(false);
    }
    let directory = path.parent().context("a component needs a directory")?;
    fs::create_dir_all(directory).with_context(|| format!("cannot make {}", repo.shown(directory)))?;
    let new = repo.path("target/plugins").join(format!("new.{}", std::process::id()));
    fs::write(&new, bytes).with_context(|| format!("cannot write {}", repo.shown(&new)))?;
    fs::rename(&new, path).with_context(|| format!("cannot write {}", repo.shown(path)))?;
    Ok(true)
}

#[allow(clippy::cast_precision_loss, reason = "shown to one digit")]
fn size_kib(bytes: &[u8]) -> f64 {
    bytes.len() as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::json;

    use super::module;

    #[test]
    fn takes_the_core_modules_of_what_cargo_reports() {
        let message = json!({
            "reason": "compiler-artifact",
            "target": { "name": "risk_os", "crate_types": ["cdylib", "rlib"] },
            "filenames": ["/t/librisk_os.rlib", "/t/risk_os.wasm"],
        });
        assert_eq!(module(&message), Some(("risk-os".to_string(), PathBuf::from("/t/risk_os.wasm"))));
        let library = json!({
            "reason": "compiler-artifact",
            "target": { "name": "serde", "crate_types": ["lib"] },
            "filenames": ["/t/libserde.rlib"],
        });
        assert_eq!(module(&library), None);
        assert_eq!(module(&json!({ "reason": "build-finished", "success": true })), None);
    }
}
