//! A registry with a journal in a folder of its own.

mod versioned;

pub use versioned::{versions, with_dials};

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

use bulkhead_journal::{Journal, JournalOptions, Reader};
use bulkhead_policy::{
    Hook, Mode, PolicySet, Stage, alarm::AlarmRules, envelope::EnvelopeLimits, promotion::PromotionRules,
};
use bulkhead_runtime::{Decided, Moment, Registry, RegistryOptions, RuntimeError, SubsystemSpec};
use bulkhead_sandbox::{Budget, Ceilings, Grants, Instancing, Plugin, Sandbox, Setup, SymbolInfo};
use serde_json::Value;
use tempfile::TempDir;

use crate::{components, sample};

/// As [`Budget::CALL`], but bounded by fuel alone: how fast the machine is decides nothing.
pub const BUDGET: Budget =
    Budget { fuel: Budget::CALL.fuel, cpu: Duration::from_secs(30), wall: Duration::from_secs(30) };

/// The sandbox of this process: one engine, however many tests.
pub fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::new(Ceilings::default()).unwrap())
}

/// A guest, loaded once in this process.
pub fn loaded(guest: &str) -> Plugin {
    static LOADED: Mutex<Option<HashMap<String, Plugin>>> = Mutex::new(None);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let loaded = loaded.get_or_insert_default();
    if let Some(plugin) = loaded.get(guest) {
        return plugin.clone();
    }
    let bytes = std::fs::read(components::guest(guest)).unwrap();
    let plugin = sandbox().load(&bytes, Grants::default()).unwrap();
    loaded.insert(guest.to_owned(), plugin.clone());
    plugin
}

/// The symbols that the samples speak of.
#[must_use]
pub fn symbols() -> Vec<SymbolInfo> {
    let info = |(id, name): (usize, &&str)| SymbolInfo {
        id: u32::try_from(id).unwrap(),
        name: (*name).to_owned(),
        tick: 0.01,
        step: 0.001,
        min_notional_usd: 5.0,
        sector: "L1".to_owned(),
        tier: None,
    };
    sample::SYMBOLS.iter().enumerate().map(info).collect()
}

/// A registry of these symbols. No answer is strange.
#[must_use]
pub fn options(stage: Stage, policy: PolicySet) -> RegistryOptions {
    RegistryOptions {
        stage,
        policy,
        symbols: symbols(),
        directive_max_age_ms: 120_000,
        promotion: PromotionRules::default(),
        alarms: AlarmRules { constant: 0, always_deny: 0, flip_flop_share: 0.0, ..AlarmRules::default() },
        limits: EnvelopeLimits::default(),
    }
}

/// What a new instance gets in a pool.
#[must_use]
pub fn setup(config: &Value) -> Setup {
    Setup { config: config.to_string(), symbols: symbols().into() }
}

/// A subsystem that is enforced, resident, and bounded by fuel alone.
#[must_use]
pub fn subsystem(name: &str, file: PathBuf, config: Value) -> SubsystemSpec {
    SubsystemSpec {
        name: name.to_owned(),
        file,
        mode: Mode::Enforced,
        config,
        hooks: Vec::new(),
        grants: Grants::default(),
        instancing: Instancing::RESIDENT,
        budget: BUDGET,
        limits: BTreeMap::new(),
        on_fault: BTreeMap::new(),
        last_good_ms: 0,
        stages: BTreeMap::new(),
    }
}

/// A subsystem served by `chaos`.
#[must_use]
pub fn chaos(name: &str, config: Value) -> SubsystemSpec {
    subsystem(name, components::guest("chaos"), config)
}

/// A moment of a trading loop that makes a cycle every second.
#[must_use]
pub const fn moment(cycle: u64, correlation: u64) -> Moment {
    Moment { event_time_ms: sample::EVENT_TIME_MS + cycle * 1_000, cycle, correlation }
}

/// A folder for one test.
pub struct Lab {
    folder: TempDir,
}

impl Default for Lab {
    fn default() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }
}

impl Lab {
    /// The folder, which is removed at the end.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder.
    #[must_use]
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A registry that journals into the folder.
    ///
    /// # Errors
    /// As [`Registry::new`].
    pub fn try_registry(
        &self,
        stage: Stage,
        policy: PolicySet,
        specs: Vec<SubsystemSpec>,
    ) -> Result<Registry, RuntimeError> {
        let journal = Journal::open(&self.journal(), JournalOptions::default()).unwrap();
        Registry::new(sandbox(), journal, options(stage, policy), specs)
    }

    /// A registry of plugins that are known to load.
    #[must_use]
    pub fn registry(&self, stage: Stage, policy: PolicySet, specs: Vec<SubsystemSpec>) -> Registry {
        self.try_registry(stage, policy, specs).unwrap_or_else(|error| panic!("{error}"))
    }

    /// What the registry has journaled so far.
    #[must_use]
    pub fn reader(&self, registry: &Registry) -> Reader {
        registry.journal().sync().unwrap();
        Reader::open(&self.journal()).unwrap()
    }

    /// The journal's file.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }
}

/// The answer of the subsystem of this name in a call, when it passed the contract.
#[must_use]
pub fn answer_of<'a, H: Hook>(
    registry: &Registry,
    decided: &'a Decided<H::Answer>,
    subsystem: &str,
) -> Option<&'a H::Answer> {
    decided.parts.iter().find(|part| registry.subsystem_name(part.subsystem) == subsystem)?.answer.as_ref()
}
