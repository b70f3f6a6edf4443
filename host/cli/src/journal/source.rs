//! Which journal is meant, and what its numbers are called.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use bulkhead_journal::{KnownNames, PluginIdentity, PluginRef, Reader, is_journal};
use bulkhead_policy::json::did_you_mean;
use clap::Args;

/// Where `bulkhead run` puts journals.
pub(crate) const DEFAULT_FOLDER: &str = "var/journal";

/// The journal meant.
#[derive(Debug, Clone, Args)]
pub(crate) struct Source {
    /// The journal's folder. Default: the latest in `var/journal/`.
    #[arg(long)]
    journal: Option<PathBuf>,
}

/// An open journal with its names.
pub(crate) struct Opened {
    pub(crate) reader: Reader,
    pub(crate) names: Names,
}

/// What symbols and plugins are called.
pub(crate) struct Names(KnownNames);

impl Source {
    pub(crate) fn reader(&self) -> Result<Reader> {
        let path = self.journal.clone().map_or_else(|| latest(Path::new(DEFAULT_FOLDER)), Ok)?;
        Ok(Reader::open(&path)?)
    }

    pub(crate) fn open(&self) -> Result<Opened> {
        let reader = self.reader()?;
        let names = Names::of(&reader)?;
        Ok(Opened { reader, names })
    }
}

/// The journal that was begun last: their names begin with the time.
fn latest(folder: &Path) -> Result<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| is_journal(path)).max().ok_or_else(|| {
        anyhow!(
            "there is no journal in {}: name one with --journal, or run the host once to make one",
            folder.display()
        )
    })
}

impl Names {
    pub(crate) fn of(reader: &Reader) -> Result<Self> {
        Ok(Self(reader.names()?))
    }

    /// The tables themselves.
    pub(crate) const fn known(&self) -> &KnownNames {
        &self.0
    }

    pub(crate) fn symbol(&self, id: u32) -> Option<&str> {
        self.0.symbols.get(&id).map(String::as_str)
    }

    /// The name, or `#7` where the journal has none.
    pub(crate) fn shown(&self, id: u32) -> String {
        self.symbol(id).map_or_else(|| format!("#{id}"), str::to_owned)
    }

    pub(crate) fn plugin(&self, reference: PluginRef) -> PluginIdentity {
        self.0.plugins.get(&reference).cloned().unwrap_or_default()
    }

    /// The id of a symbol named on the command line.
    pub(crate) fn symbol_id(&self, name: &str) -> Result<u32> {
        let found = self.0.symbols.iter().find(|(_, known)| known.eq_ignore_ascii_case(name));
        found.map(|(id, _)| *id).ok_or_else(|| {
            let known: Vec<&str> = self.0.symbols.values().map(String::as_str).collect();
            anyhow!("the journal knows no symbol {name:?}{}", did_you_mean(name, &known))
        })
    }

    /// That a subsystem of this name decided something.
    pub(crate) fn known_subsystem(&self, name: &str) -> Result<()> {
        let mut known: Vec<&str> = self.0.plugins.values().map(|p| p.subsystem.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        if known.contains(&name) {
            return Ok(());
        }
        Err(anyhow!("no subsystem {name:?} decided anything in this journal{}", did_you_mean(name, &known)))
    }
}
