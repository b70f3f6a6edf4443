//! The state folder: plugin versions by content, their history, and the watch on the plugin folder.

use std::{fs::File, path::Path, sync::Arc};

use anyhow::{Context, Result};
use bulkhead_config::ReloadConfig;
use bulkhead_runtime::{
    DialsFile, Registry, Versions, Watch, WatchOptions,
    version::{ComponentStore, VersionBook},
};
use bulkhead_sandbox::Rehearsal;

/// The state folder, locked for this process.
#[derive(Debug)]
pub(crate) struct State {
    _lock: File,
}

/// Opens the state folder. `None` when another host uses it: this one then serves what the files hold and replaces
/// nothing.
pub(crate) fn open(folder: &Path, plugins: &Path, config: &ReloadConfig) -> Result<Option<(State, Versions)>> {
    std::fs::create_dir_all(folder).with_context(|| format!("the state folder {} cannot be made", folder.display()))?;
    let file = folder.join("lock");
    let lock = File::create(&file).with_context(|| format!("{} cannot be written", file.display()))?;
    if lock.try_lock().is_err() {
        tracing::warn!(
            "another host uses the state folder {}: this one serves what the plugin files hold and replaces nothing; give it a folder of its own with --state",
            folder.display()
        );
        return Ok(None);
    }
    let program = std::env::current_exe().context("the path of this program is unknown")?;
    let versions = Versions {
        store: ComponentStore::open(&folder.join("components"))?,
        book: VersionBook::open(&folder.join("versions.json"))?,
        rehearsal: Some(Rehearsal { program, args: vec!["rehearse".into()] }),
        recorded_inputs: config.recorded_inputs,
        plugins: plugins.to_owned(),
        dials: Some(DialsFile::open(folder)?),
    };
    Ok(Some((State { _lock: lock }, versions)))
}

/// Looks for new versions: when asked, and by itself where the configuration says so.
pub(crate) fn watch(registry: &Arc<Registry>, config: &ReloadConfig) -> Result<Watch> {
    let options = WatchOptions {
        automatic: config.watch,
        poll: config.poll(),
        quiet: config.quiet(),
        per_minute: config.per_minute,
    };
    Watch::start(Arc::clone(registry), options).context("the plugin files' thread does not start")
}
