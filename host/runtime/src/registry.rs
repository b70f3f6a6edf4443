//! The registry: made once, passed on.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use bulkhead_journal::{EventKind, EventRecord, Journal, Record};
use bulkhead_policy::{
    Brake, Disposition, HookId, Mode, PolicySet, Stage, authority, disposition, quarantine::QuarantineRules,
};
use bulkhead_sandbox::{Sandbox, SymbolInfo};

use crate::{
    BrakeFile, Dials, DirectiveBoard, HookMetrics, ModeError, RuntimeError, SubsystemSpec, SubsystemStatus, chain,
    reload::{self, Reloads, Versions},
    subsystem::Subsystem,
    version::short,
};

/// How a registry starts.
#[derive(Clone, Debug)]
pub struct RegistryOptions {
    /// Stage of the rollout.
    pub stage: Stage,
    /// What holds after a fault.
    pub policy: PolicySet,
    /// The symbol table handed to every plugin.
    pub symbols: Vec<SymbolInfo>,
    /// Age at which directives are dropped, ms of event time.
    pub directive_max_age_ms: u64,
}

/// All subsystems, the dials, the board, the counters.
#[derive(Debug)]
pub struct Registry {
    pub(crate) subsystems: Vec<Subsystem>,
    pub(crate) chains: Vec<Vec<usize>>,
    pub(crate) journal: Journal,
    pub(crate) metrics: HookMetrics,
    pub(crate) board: DirectiveBoard,
    pub(crate) sandbox: Sandbox,
    pub(crate) symbols: Arc<[SymbolInfo]>,
    pub(crate) reloads: Option<Reloads>,
    pub(crate) quarantine: Option<QuarantineRules>,
    pub(crate) brake_file: Option<BrakeFile>,
    pub(crate) dials: ArcSwap<Dials>,
    last_event_ms: AtomicU64,
}

impl Registry {
    /// Reads, checks, compiles and configures every plugin.
    ///
    /// # Errors
    /// [`RuntimeError`] for the first subsystem that cannot serve as configured; then nothing was started.
    pub fn new(
        sandbox: &Sandbox,
        journal: Journal,
        options: RegistryOptions,
        specs: Vec<SubsystemSpec>,
    ) -> Result<Self, RuntimeError> {
        Self::open(sandbox, journal, options, specs, None)
    }

    /// As [`Registry::new`], with a store and a history of versions: what serves can be replaced while it serves, and a
    /// file that cannot serve is stood in for by the last version that did.
    ///
    /// # Errors
    /// [`RuntimeError`]; then nothing was started.
    pub fn with_versions(
        sandbox: &Sandbox,
        journal: Journal,
        options: RegistryOptions,
        specs: Vec<SubsystemSpec>,
        versions: Versions,
    ) -> Result<Self, RuntimeError> {
        Self::open(sandbox, journal, options, specs, Some(versions.into()))
    }

    fn open(
        sandbox: &Sandbox,
        journal: Journal,
        options: RegistryOptions,
        specs: Vec<SubsystemSpec>,
        reloads: Option<Reloads>,
    ) -> Result<Self, RuntimeError> {
        let names: Vec<String> = options.symbols.iter().map(|s| s.name.clone()).collect();
        journal.symbols(&names);
        let symbols: Arc<[SymbolInfo]> = options.symbols.into();
        let mut subsystems: Vec<Subsystem> = Vec::with_capacity(specs.len());
        let mut notes = Vec::new();
        for spec in specs {
            if subsystems.iter().any(|s| s.name == spec.name) {
                return Err(RuntimeError::Duplicate { subsystem: spec.name });
            }
            let (slot, fell_back) = reload::start(sandbox, &journal, &symbols, reloads.as_ref(), spec)?;
            subsystems.push(slot);
            notes.extend(fell_back);
        }
        let chains: Vec<_> = HookId::ALL.iter().map(|hook| make_chain(*hook, &subsystems)).collect::<Result<_, _>>()?;
        // Only now: a journal must not say that somebody serves when nothing was started.
        for slot in &subsystems {
            let status = slot.status();
            let digest = short(&status.digest);
            let text = format!("{} {} ({digest}) serves {}", status.plugin, status.version, status.name);
            journal.append(Record::Event(EventRecord {
                event_time_ms: 0,
                kind: EventKind::PluginLoaded,
                actor: "host".to_owned(),
                text,
                data: String::new(),
            }));
        }
        for note in notes {
            tracing::error!("{}", note.0);
            journal.append(Record::Event(EventRecord {
                event_time_ms: 0,
                kind: EventKind::PluginRefused,
                actor: "host".to_owned(),
                text: note.0,
                data: String::new(),
            }));
        }
        let dials = Dials {
            stage: options.stage,
            brake: Brake::Released,
            brake_generation: 0,
            braked_since_ms: None,
            policy: options.policy,
        };
        Ok(Self {
            subsystems,
            chains,
            journal,
            metrics: HookMetrics::default(),
            board: DirectiveBoard::new(options.directive_max_age_ms),
            sandbox: sandbox.clone(),
            symbols,
            reloads,
            quarantine: None,
            brake_file: None,
            dials: ArcSwap::from_pointee(dials),
            last_event_ms: AtomicU64::new(0),
        })
    }

    /// Event time of the latest hook call, epoch ms; 0 before the first.
    #[must_use]
    pub fn last_event_ms(&self) -> u64 {
        self.last_event_ms.load(Ordering::Relaxed)
    }

    pub(crate) fn note_time(&self, event_time_ms: u64) {
        self.last_event_ms.store(event_time_ms, Ordering::Relaxed);
    }

    /// The dials as they stand.
    #[must_use]
    pub fn dials(&self) -> Dials {
        **self.dials.load()
    }

    /// Sets a subsystem's mode. In force for the next decision: a coordinator that may no longer enforce takes its
    /// directives down with it.
    ///
    /// # Errors
    /// [`ModeError`]; then nothing has changed.
    pub fn set_mode(
        &self,
        subsystem: &str,
        mode: Mode,
        actor: &str,
        reason: &str,
        now_ms: u64,
    ) -> Result<(), ModeError> {
        let slot = self
            .subsystems
            .iter()
            .find(|s| s.name == subsystem)
            .ok_or_else(|| ModeError::Unknown { subsystem: subsystem.to_owned() })?;
        if mode != Mode::Off {
            self.check_owner(slot)?;
        }
        let before = slot.mode();
        slot.set_mode(mode);
        if !self.in_force(HookId::Coordination) {
            self.board.clear();
        }
        self.event(now_ms, EventKind::Note, actor, format!("mode of {subsystem} {before} -> {mode}: {reason}"));
        Ok(())
    }

    /// Whether anybody else is on who owns a hook of this slot.
    fn check_owner(&self, slot: &Subsystem) -> Result<(), ModeError> {
        for hook in slot.hooks.iter().copied().filter(|hook| chain::one_owner(*hook)) {
            let owner = self.chain(hook).find(|s| s.name != slot.name && s.mode() != Mode::Off);
            if let Some(owner) = owner {
                let (subsystem, owner) = (slot.name.clone(), owner.name.clone());
                return Err(ModeError::Owned { subsystem, hook, owner });
            }
        }
        Ok(())
    }

    /// Whether an answer to this hook could be applied now: somebody who answers it may, and no brake is engaged. What
    /// an earlier answer set up does not outlive this.
    #[must_use]
    pub fn in_force(&self, hook: HookId) -> bool {
        let dials = self.dials();
        self.chain(hook).any(|slot| {
            let authority = authority(slot.mode(), dials.stage, hook, dials.brake);
            disposition(authority, hook.kind()) == Disposition::Apply
        })
    }

    fn chain(&self, hook: HookId) -> impl Iterator<Item = &Subsystem> {
        let chain = self.chains.get(hook.index()).map_or(&[] as &[usize], Vec::as_slice);
        chain.iter().filter_map(|index| self.subsystems.get(*index))
    }

    /// The directives in force.
    #[must_use]
    pub const fn board(&self) -> &DirectiveBoard {
        &self.board
    }

    /// The counters.
    #[must_use]
    pub const fn metrics(&self) -> &HookMetrics {
        &self.metrics
    }

    /// The journal.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Whether anybody answers a hook.
    #[must_use]
    pub fn bound(&self, hook: HookId) -> bool {
        self.chains.get(hook.index()).is_some_and(|chain| !chain.is_empty())
    }

    /// All subsystems as they stand, in the order of the configuration.
    #[must_use]
    pub fn status(&self) -> Vec<SubsystemStatus> {
        self.subsystems.iter().map(Subsystem::status).collect()
    }

    /// The symbol table that plugins were given; an id is a place in it.
    #[must_use]
    pub fn symbols(&self) -> &[SymbolInfo] {
        &self.symbols
    }

    /// Name of a subsystem by its index.
    #[must_use]
    pub fn subsystem_name(&self, index: usize) -> &str {
        self.subsystems.get(index).map_or("", |s| s.name.as_str())
    }

    /// Journals an event.
    pub fn event(&self, event_time_ms: u64, kind: EventKind, actor: &str, text: String) {
        let record = EventRecord { event_time_ms, kind, actor: actor.to_owned(), text, data: String::new() };
        self.journal.append(Record::Event(record));
    }
}

fn make_chain(hook: HookId, subsystems: &[Subsystem]) -> Result<Vec<usize>, RuntimeError> {
    let mut chain: Vec<usize> =
        (0..subsystems.len()).filter(|i| subsystems.get(*i).is_some_and(|s| s.hooks.contains(&hook))).collect();
    chain.sort_by_key(|i| subsystems.get(*i).map(|s| chain::place(hook, &s.name, *i)));
    let on: Vec<&str> = chain
        .iter()
        .filter_map(|i| subsystems.get(*i))
        .filter(|s| s.mode() != Mode::Off)
        .map(|s| s.name.as_str())
        .collect();
    if let (true, [first, second, ..]) = (chain::one_owner(hook), on.as_slice()) {
        return Err(RuntimeError::TwoOwners { hook, first: (*first).to_owned(), second: (*second).to_owned() });
    }
    Ok(chain)
}
