//! Why a candidate does not serve, as people are told.

use std::path::{Path, PathBuf};

use crate::{Registry, subsystem::Subsystem, version::short};

/// The steps from a file to a serving version, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The file is read once.
    Read,
    /// The subsystem is not pinned to another version.
    Pin,
    /// Nobody went back from this version.
    Aside,
    /// The version was not taken out after repeated faults.
    Quarantine,
    /// The bytes are kept by content.
    Store,
    /// A process of its own compiles them under limits.
    Rehearsal,
    /// Structure, compilation, imports, contract version, `describe`.
    Load,
    /// `configure` with the slot's configuration, and the symbol table.
    Configure,
    /// `self-test`
    SelfTest,
    /// No lower version number than what serves.
    Version,
    /// Every bound hook is answered.
    Hooks,
    /// Recorded inputs are answered without a fault.
    Recorded,
    /// `snapshot` of the old version into `restore` of the new.
    State,
    /// The history is written; then the pointer is swapped.
    Swap,
    /// It runs in the shadow.
    Shadow,
}

impl Step {
    /// The name people see.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Pin => "pin",
            Self::Aside => "rollback",
            Self::Quarantine => "quarantine",
            Self::Store => "store",
            Self::Rehearsal => "rehearsal",
            Self::Load => "load",
            Self::Configure => "configure",
            Self::SelfTest => "self-test",
            Self::Version => "version",
            Self::Hooks => "hooks",
            Self::Recorded => "recorded inputs",
            Self::State => "state",
            Self::Swap => "swap",
            Self::Shadow => "shadow",
        }
    }

    /// What a person can do about it.
    const fn remedy(self) -> &'static str {
        match self {
            Self::Read => "put a readable component there",
            Self::Pin => "let go of the pin first",
            Self::Aside => "put another version there, or ask for a reload of this subsystem by name",
            Self::Quarantine => "mend the plugin, or release this version with a reason",
            Self::Store | Self::Swap => "check the disk and the rights of the state folder",
            Self::Rehearsal => "make the component smaller or simpler",
            Self::Load => "rebuild it with the SDK of this host",
            Self::Configure => "correct the subsystem's configuration or the plugin",
            Self::SelfTest => "mend the plugin",
            Self::Version => "raise the version, or ask for the downgrade with a reason",
            Self::Hooks => "let the plugin answer them, or list the slot's `hooks` in the configuration",
            Self::Recorded => "try the plugin on the recorded input with `bulkhead call`",
            Self::Shadow => "give it another version",
            Self::State => "let `restore` read the older layout, or snapshot less",
        }
    }
}

/// A candidate does not serve. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{subsystem}: {}{} is refused at the step {}: {reason}; {serving}; {}", file.display(), known(digest.as_deref()), step.name(), step.remedy())]
pub struct Refused {
    /// Whose candidate.
    pub subsystem: Box<str>,
    /// Which file.
    pub file: PathBuf,
    /// Its digest, once it was read.
    pub digest: Option<Box<str>>,
    /// Which step.
    pub step: Step,
    /// One sentence.
    pub reason: Box<str>,
    /// What serves now.
    pub serving: Box<str>,
}

fn known(digest: Option<&str>) -> String {
    digest.map(|d| format!(" ({})", short(d))).unwrap_or_default()
}

impl Refused {
    pub(crate) fn unknown(subsystem: &str) -> Self {
        Self {
            subsystem: subsystem.into(),
            file: PathBuf::new(),
            digest: None,
            step: Step::Read,
            reason: "there is no subsystem of this name".into(),
            serving: "nothing has changed".into(),
        }
    }
}

impl Refused {
    /// What concerns no subsystem in particular.
    pub(crate) fn of_host(step: Step, reason: &str) -> Self {
        Self {
            subsystem: "host".into(),
            file: PathBuf::new(),
            digest: None,
            step,
            reason: reason.into(),
            serving: "nothing has changed".into(),
        }
    }
}

impl Registry {
    pub(crate) fn refuse(
        &self,
        slot: &Subsystem,
        file: &Path,
        digest: Option<&str>,
        step: Step,
        reason: String,
    ) -> Refused {
        let serving = self.worlds.now().version(slot.index).map(|version| {
            let plugin = version.pool.plugin();
            format!("{} ({}) still serves", plugin.description().version, short(plugin.digest()))
        });
        Refused {
            subsystem: slot.name.as_str().into(),
            file: file.to_owned(),
            digest: digest.map(Into::into),
            step,
            reason: reason.into(),
            serving: serving.unwrap_or_default().into(),
        }
    }
}
