//! What the names in the arguments mean: the plugin's file, the hook.

use std::path::{Path, PathBuf};

use bulkhead_policy::{HookId, json::did_you_mean};

use super::failure::Failure;

/// Name of the question that is no hook.
const REPORT: &str = "report";

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Hook(HookId),
    Report,
}

impl Question {
    pub(super) fn named(name: &str) -> Result<Self, Failure> {
        if name == REPORT {
            return Ok(Self::Report);
        }
        if let Some(hook) = HookId::ALL.iter().find(|hook| hook.name() == name) {
            return Ok(Self::Hook(*hook));
        }
        let known: Vec<&str> = HookId::ALL.iter().map(|hook| hook.name()).chain([REPORT]).collect();
        Err(Failure::Usage(format!("there is no hook {name:?}{}", did_you_mean(name, &known))))
    }

    pub(super) const fn hook(self) -> Option<HookId> {
        match self {
            Self::Hook(hook) => Some(hook),
            Self::Report => None,
        }
    }
}

/// The bytes of a component: a path, or a name in the plugin folder.
pub(super) fn component(plugin: &str, folder: &Path) -> Result<Vec<u8>, Failure> {
    let file = file(plugin, folder)?;
    std::fs::read(&file).map_err(|error| Failure::Usage(format!("plugin {} cannot be read: {error}", file.display())))
}

fn file(plugin: &str, folder: &Path) -> Result<PathBuf, Failure> {
    let path = Path::new(plugin);
    if path.extension().is_some_and(|e| e == "wasm") || path.components().count() > 1 {
        return Ok(path.to_owned());
    }
    let file = folder.join(format!("{plugin}.wasm"));
    if file.is_file() {
        return Ok(file);
    }
    let known = names(folder);
    if known.is_empty() {
        let text =
            "there are no plugins in {}: build them with `cargo xtask plugins`, or name the folder with --plugins";
        return Err(Failure::Usage(text.replace("{}", &folder.display().to_string())));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let nearest = did_you_mean(plugin, &known);
    Err(Failure::Usage(format!("there is no plugin {plugin:?} in {}{nearest}", folder.display())))
}

fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        files.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".wasm")?.to_owned())).collect();
    names.sort();
    names
}
