//! Records of what happened to the host.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// What kind of event. New kinds go to the end: the ledger keeps the position.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind { $($(#[$doc])* #[serde(rename = $text)] $variant),+ }

        impl EventKind {
            /// Every kind, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name people and files use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The kind of that name, upper or lower case.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|k| k.name().eq_ignore_ascii_case(text))
            }
        }
    };
}

kinds! {
    /// A run began.
    RunStarted = "run-started",
    /// A run ended in order.
    RunEnded = "run-ended",
    /// The brake went to another state.
    BrakeChanged = "brake-changed",
    /// The coordinator issued directives.
    DirectivesIssued = "directives-issued",
    /// Directives reached their maximum age and were dropped.
    DirectivesExpired = "directives-expired",
    /// An emergency action was taken.
    EmergencyAction = "emergency-action",
    /// A plugin version went into service.
    PluginLoaded = "plugin-loaded",
    /// A plugin version was refused.
    PluginRefused = "plugin-refused",
    /// A line a plugin logged.
    PluginLog = "plugin-log",
    /// Market data is missing.
    MarketGap = "market-gap",
    /// The venue closed a position by force.
    Liquidation = "liquidation",
    /// Daily counters began anew.
    DayReset = "day-reset",
    /// Anything else worth a line.
    Note = "note",
    /// The ledger itself could not keep some records; `data` says how many.
    RecordsLost = "records-lost",
    /// A subsystem was taken out after repeated faults.
    Quarantined = "quarantined",
    /// A subsystem that was taken out serves again.
    QuarantineEnded = "quarantine-ended",
    /// A candidate began to run in the shadow of a subsystem.
    ShadowStarted = "shadow-started",
    /// A candidate left the shadow.
    ShadowEnded = "shadow-ended",
    /// A shadow decided otherwise than what serves; `data` has both answers.
    ShadowDiffered = "shadow-differed",
    /// A subsystem's answers are strange.
    AlarmRaised = "alarm-raised",
    /// They are so no longer.
    AlarmCleared = "alarm-cleared",
    /// The stage went to another one, or did not although somebody asked.
    StageChanged = "stage-changed",
    /// A proposal became no order; `data` says which symbol, who stopped it and why.
    TradeStopped = "trade-stopped",
    /// A subsystem's mode went to another one.
    ModeChanged = "mode-changed",
    /// The envelope's limits went to other ones, or did not although somebody asked.
    LimitsChanged = "limits-changed",
    /// A subsystem was bound to another plugin.
    BindingChanged = "binding-changed",
    /// What was set at run time before a start and what is configured were brought together.
    DialsSettled = "dials-settled",
    /// Old segments of the ledger were let go; `data` names the last record in them.
    JournalTrimmed = "journal-trimmed",
}

impl core::fmt::Display for EventKind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// Something that happened to the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Epoch ms UTC.
    pub event_time_ms: u64,
    /// What kind.
    pub kind: EventKind,
    /// Who caused it: a person, a subsystem, `host`, `journal` …
    pub actor: String,
    /// For people.
    pub text: String,
    /// JSON for machines, or empty.
    pub data: String,
}
