//! The two runs: what each is configured with, which components serve, and in what they differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use bulkhead_config::{HostConfig, Sources, load};
use bulkhead_policy::{Mode, json::did_you_mean};
use bulkhead_runtime::{SubsystemSpec, version::short};

use super::{FullError, Places, Wish, components::digest};
use crate::{
    premise::{Premise, StartOfRun},
    report::{SettingChange, Told, VersionChange},
};

/// Settings that say where and how a host runs, and change no decision.
const NO_MATTER: [&str; 7] = ["server", "log", "reload", "journal", "activation", "rollout", "promotion"];

type Side = (HostConfig, Vec<SubsystemSpec>);

pub(super) struct Plan {
    pub(super) before: Side,
    pub(super) after: Side,
    pub(super) told: Told,
}

pub(super) fn make(premise: &Premise, wish: &Wish, places: &Places) -> Result<Plan, FullError> {
    let recorded = of_text(&premise.config, &[])?;
    let wanted = match &wish.config {
        Some(sources) => load(sources)?.config,
        None => of_text(&premise.config, &wish.set)?,
    };
    known(wish, &wanted)?;
    let before = as_started(recorded.clone(), &recorded, &premise.start);
    let mut after = as_started(wanted, &recorded, &premise.start);
    turn(&mut after, wish);
    let first = specs(&before, &before, &premise.start, &[], places)?;
    let second = specs(&after, &before, &premise.start, &wish.swaps, places)?;
    let told = Told { versions: versions(&first, &second), settings: settings(&before, &after), notes: Vec::new() };
    Ok(Plan { before: (before, first), after: (after, second), told })
}

/// The recorded configuration, with keys laid over it. The environment of today has no say in it.
fn of_text(text: &str, set: &[String]) -> Result<HostConfig, FullError> {
    let folder = tempfile::tempdir().map_err(FullError::Folder)?;
    let file = folder.path().join("recorded.toml");
    std::fs::write(&file, text).map_err(FullError::Folder)?;
    let sources = Sources { file, profile: None, environment: Vec::new(), set: set.to_vec() };
    Ok(load(&sources)?.config)
}

/// What was set before the recorded start holds as well, wherever `config` says nothing new.
fn as_started(mut config: HostConfig, recorded: &HostConfig, start: &StartOfRun) -> HostConfig {
    if config.stage == recorded.stage {
        config.stage = start.stage;
    }
    if config.policy == recorded.policy {
        config.policy = start.policy;
    }
    if config.brake == recorded.brake {
        config.brake = start.brake;
    }
    if config.envelope == recorded.envelope {
        config.envelope = start.limits;
    }
    for (name, subsystem) in &mut config.subsystems {
        let (was, began) = (recorded.subsystems.get(name), start.subsystems.get(name));
        let unchanged = was.is_some_and(|was| was.effective_mode() == subsystem.effective_mode());
        if let Some(began) = began.filter(|_| unchanged) {
            (subsystem.enabled, subsystem.mode) = (began.mode != Mode::Off, began.mode);
        }
    }
    config
}

/// Stage and modes that a person asked for by name.
fn turn(config: &mut HostConfig, wish: &Wish) {
    if let Some(stage) = wish.stage {
        config.stage = stage;
    }
    for (name, mode) in &wish.modes {
        if let Some(subsystem) = config.subsystems.get_mut(name) {
            (subsystem.enabled, subsystem.mode) = (*mode != Mode::Off, *mode);
        }
    }
}

fn known(wish: &Wish, config: &HostConfig) -> Result<(), FullError> {
    let named = wish.swaps.iter().map(|(name, _)| name).chain(wish.modes.iter().map(|(name, _)| name));
    for named in named {
        if !config.subsystems.contains_key(named) {
            let known: Vec<&str> = config.subsystems.keys().map(String::as_str).collect();
            let hint = did_you_mean(named, &known);
            return Err(FullError::NoSubsystem { named: named.clone(), hint });
        }
    }
    Ok(())
}

/// Every subsystem with the component that serves it: the one swapped in, the recorded one, or, where the configuration
/// names another file now, that.
fn specs(
    config: &HostConfig,
    before: &HostConfig,
    start: &StartOfRun,
    swaps: &[(String, PathBuf)],
    places: &Places,
) -> Result<Vec<SubsystemSpec>, FullError> {
    let all = config.specs(&places.plugins).map_err(FullError::Setting)?;
    let files = before.specs(&places.plugins).map_err(FullError::Setting)?;
    let files: BTreeMap<&str, PathBuf> =
        files.iter().map(|spec| (spec.name.as_str(), serving(spec, before).0)).collect();
    let mut found = Vec::with_capacity(all.len());
    for mut spec in all {
        let (file, own) = serving(&spec, config);
        let swapped = swaps.iter().find(|(name, _)| *name == spec.name).map(|(_, file)| file.clone());
        let recorded = start.subsystems.get(&spec.name).filter(|_| files.get(spec.name.as_str()) == Some(&file));
        let file: Result<PathBuf, FullError> = match (swapped, recorded) {
            (Some(file), _) if file.is_file() => Ok(file),
            (Some(file), _) => places.stored(&file.to_string_lossy()).ok_or_else(|| no_file(&spec.name, &file)),
            (None, Some(recorded)) => places.recorded(&spec.name, recorded),
            (None, None) => Ok(file),
        };
        // Whoever is off is asked nothing: without its component there is only a name less.
        if file.is_err() && spec.mode == Mode::Off {
            continue;
        }
        spec.file = file?;
        spec.config = own;
        spec.stages.clear();
        found.push(spec);
    }
    Ok(found)
}

/// The file and the configuration of the stage that the run is in.
fn serving(spec: &SubsystemSpec, config: &HostConfig) -> (PathBuf, serde_json::Value) {
    match spec.stages.get(&config.stage) {
        Some(own) => (own.file.clone(), own.config.clone()),
        None => (spec.file.clone(), spec.config.clone()),
    }
}

fn no_file(subsystem: &str, file: &Path) -> FullError {
    FullError::Setting(format!(
        "--swap {subsystem}={}: there is no such file, and no version of the store begins with it; nothing was run",
        file.display()
    ))
}

fn versions(before: &[SubsystemSpec], after: &[SubsystemSpec]) -> Vec<VersionChange> {
    let find = |specs: &[SubsystemSpec], name: &str| {
        let on = specs.iter().find(|spec| spec.name == name && spec.mode != Mode::Off);
        on.and_then(|spec| digest(&spec.file))
    };
    let names: BTreeSet<&str> = before.iter().chain(after).map(|spec| spec.name.as_str()).collect();
    let said = |digest: Option<String>| digest.map_or_else(|| "off".to_owned(), |digest| short(&digest).to_owned());
    let change = |name: &str| {
        let (first, second) = (find(before, name), find(after, name));
        (first != second).then(|| VersionChange {
            subsystem: name.to_owned(),
            before: said(first),
            after: said(second),
        })
    };
    names.into_iter().filter_map(change).collect()
}

fn settings(before: &HostConfig, after: &HostConfig) -> Vec<SettingChange> {
    let (first, second) = (leaves(before), leaves(after));
    let keys: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let value = |of: &BTreeMap<String, String>, key: &String| of.get(key).cloned().unwrap_or_default();
    let change =
        |key: &String| SettingChange { key: key.clone(), before: value(&first, key), after: value(&second, key) };
    keys.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

/// Every key with its value, but those that change no decision.
fn leaves(config: &HostConfig) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Ok(table) = toml::Table::try_from(config) {
        for (key, value) in table.into_iter().filter(|(key, _)| !NO_MATTER.contains(&key.as_str())) {
            collect(&mut found, key, value);
        }
    }
    found
}

fn collect(found: &mut BTreeMap<String, String>, key: String, value: toml::Value) {
    match value {
        toml::Value::Table(table) => {
            table.into_iter().for_each(|(name, value)| collect(found, format!("{key}.{name}"), value));
        }
        leaf => {
            found.insert(key, leaf.to_string());
        }
    }
}
