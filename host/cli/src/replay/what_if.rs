//! What a person wants to be otherwise, read and checked.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use bulkhead_config::{Sources, load};
use bulkhead_replay::{
    decisions::{Swap, WhatIf},
    inputs::Source,
    report::{SettingChange, Told, VersionChange},
};
use bulkhead_runtime::{RecordedSetup, version::Candidate};

use super::{
    Opened,
    args::{Change, Replay},
};

/// Whoever decided anything, in --mode.
const ALL: &str = "all";

/// Reads the named components and the configuration.
pub(super) fn read(args: &Replay, opened: &Opened) -> Result<WhatIf> {
    let (change, source) = (&args.change, &opened.source);
    let mut what_if = WhatIf { stage: change.stage, ..WhatIf::default() };
    match &change.config {
        Some(file) => configured(&mut what_if, args, file, source)?,
        None if !change.set.is_empty() => {
            return Err(anyhow!(
                "--set lays keys over --config; over the recorded configuration it does with --full only"
            ));
        }
        None => {}
    }
    for (name, file) in &change.swap {
        let component = Candidate::read(file).map_err(|error| anyhow!("{} {error}", file.display()))?;
        let swap = what_if.swaps.entry(name.clone()).or_default();
        swap.component = Some(component);
    }
    let (all, named): (Vec<_>, Vec<_>) = change.mode.iter().cloned().partition(|(name, _)| name == ALL);
    for (_, mode) in all {
        let decided = opened.survey.hooks.values().flatten().map(|plugin| source.identity(*plugin).subsystem);
        what_if.modes.extend(decided.map(|name| (name, mode)));
    }
    what_if.modes.extend(named);
    Ok(what_if)
}

/// What a configuration sets up otherwise than it was recorded.
fn configured(what_if: &mut WhatIf, args: &Replay, file: &Path, source: &Source) -> Result<()> {
    let Change { profile, set, .. } = &args.change;
    // The environment of whoever asks is not that of the host.
    let sources =
        Sources { file: file.to_owned(), profile: profile.clone(), environment: Vec::new(), set: set.clone() };
    let config = load(&sources)?.config;
    let ceilings = config.sandbox.ceilings().map_err(anyhow::Error::msg)?;
    for (name, subsystem) in &config.subsystems {
        if source.known(name).is_err() {
            continue;
        }
        let spec = subsystem.spec(name, &args.plugins).map_err(anyhow::Error::msg)?;
        let setup = RecordedSetup::of(&spec, &spec.config, ceilings, config.policy);
        let same = source.plugins().filter(|(_, identity)| identity.subsystem == *name).all(|(plugin, _)| {
            source.made(plugin).is_some_and(|made| {
                made.setup == RecordedSetup { symbols: made.setup.symbols.clone(), ..setup.clone() }
            })
        });
        if !same {
            what_if.swaps.insert(name.clone(), Swap { component: None, setup: Some(setup) });
        }
    }
    if what_if.swaps.is_empty() && args.change.swap.is_empty() {
        eprintln!("bulkhead: note: {} sets up every recorded subsystem as it was", file.display());
    }
    Ok(())
}

/// For a title: what is otherwise.
pub(super) fn title(args: &Change) -> String {
    let swaps = args.swap.iter().map(|(name, file)| format!("{name} = {}", file.display()));
    let config = args.config.iter().map(|file| format!("configuration {}", file.display()));
    let stage = args.stage.iter().map(|stage| format!("stage {stage}"));
    let modes = args.mode.iter().map(|(name, mode)| format!("{name} {mode}"));
    let set = args.set.iter().cloned();
    swaps.chain(config).chain(stage).chain(modes).chain(set).collect::<Vec<_>>().join(", ")
}

/// For a page: what is otherwise, each thing by itself.
pub(super) fn told(args: &Change) -> Told {
    let setting = |key: String, after: String| SettingChange { key, before: String::new(), after };
    let file = args.config.iter().map(|file| setting("configuration".to_owned(), file.display().to_string()));
    let stage = args.stage.iter().map(|stage| setting("stage".to_owned(), stage.to_string()));
    let modes = args.mode.iter().map(|(name, mode)| setting(format!("subsystems.{name}.mode"), mode.to_string()));
    let set = args.set.iter().filter_map(|text| text.split_once('='));
    let set = set.map(|(key, value)| setting(key.trim().to_owned(), value.trim().to_owned()));
    let swap = |(name, file): &(String, PathBuf)| VersionChange {
        subsystem: name.clone(),
        before: String::new(),
        after: file.display().to_string(),
    };
    Told {
        versions: args.swap.iter().map(swap).collect(),
        settings: file.chain(stage).chain(modes).chain(set).collect(),
        notes: Vec::new(),
    }
}

/// Why nothing can be said.
pub(super) fn of_nothing(what_if: &WhatIf) -> Result<()> {
    (!what_if.is_nothing()).then_some(()).context("nothing is otherwise than it was recorded; nothing was asked")
}
