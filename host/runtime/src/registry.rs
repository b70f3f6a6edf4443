//! The registry: made once, passed on.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::{ArcSwap, ArcSwapOption};
use bulkhead_journal::{EventKind, EventRecord, Journal, Record};
use bulkhead_policy::{
    Disposition, HookId, PolicySet, Stage, alarm::AlarmRules, authority, disposition, envelope::EnvelopeLimits,
    promotion::PromotionRules, quarantine::QuarantineRules,
};
use bulkhead_sandbox::{Sandbox, SymbolInfo};
use parking_lot::Mutex;

use crate::{
    BrakeFile, BrakeWords, Dials, DialsFile, DirectiveBoard, HookMetrics, RuntimeError, SubsystemSpec, SubsystemStatus,
    brake::Braked,
    dials::Settled,
    limits::LimitsBook,
    reload::{self, Reloads, Versions},
    subsystem::Subsystem,
    version::short,
    world::{Owners, World, Worlds},
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
    /// What a shadow must show before it may serve.
    pub promotion: PromotionRules,
    /// When answers are strange.
    pub alarms: AlarmRules,
    /// The envelope's limits as configured.
    pub limits: EnvelopeLimits,
}

/// All subsystems, the dials, the board, the counters.
#[derive(Debug)]
pub struct Registry {
    pub(crate) subsystems: Vec<Subsystem>,
    pub(crate) worlds: Worlds,
    /// Held while a stage is on its way.
    pub(crate) staging: Mutex<()>,
    pub(crate) journal: Journal,
    pub(crate) metrics: HookMetrics,
    pub(crate) board: DirectiveBoard,
    pub(crate) sandbox: Sandbox,
    pub(crate) symbols: Arc<[SymbolInfo]>,
    pub(crate) reloads: Option<Reloads>,
    pub(crate) quarantine: Option<QuarantineRules>,
    pub(crate) promotion: PromotionRules,
    pub(crate) alarms: AlarmRules,
    pub(crate) brake_file: Option<BrakeFile>,
    pub(crate) brake: ArcSwap<Braked>,
    pub(crate) limits: LimitsBook,
    pub(crate) dials_file: Option<DialsFile>,
    pub(crate) settled: Vec<String>,
    pub(crate) highest_stage: Stage,
    pub(crate) brake_words: ArcSwapOption<BrakeWords>,
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
        Self::open(sandbox, journal, options, specs, None, None)
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
        mut versions: Versions,
    ) -> Result<Self, RuntimeError> {
        let dials = versions.dials.take();
        Self::open(sandbox, journal, options, specs, Some(versions.into()), dials)
    }

    fn open(
        sandbox: &Sandbox,
        journal: Journal,
        options: RegistryOptions,
        mut specs: Vec<SubsystemSpec>,
        reloads: Option<Reloads>,
        dials: Option<DialsFile>,
    ) -> Result<Self, RuntimeError> {
        let (stage, limits) = (options.stage, options.limits);
        let settled = match dials.as_ref().zip(reloads.as_ref()) {
            Some((file, reloads)) => file.settle(stage, limits, &mut specs, reloads.plugins()),
            None => Settled::configured(stage, limits),
        };
        let names: Vec<String> = options.symbols.iter().map(|s| s.name.clone()).collect();
        journal.symbols(&names);
        let symbols: Arc<[SymbolInfo]> = options.symbols.into();
        let mut subsystems: Vec<Subsystem> = Vec::with_capacity(specs.len());
        let mut faces = Vec::with_capacity(specs.len());
        let mut notes = Vec::new();
        for (index, spec) in specs.into_iter().enumerate() {
            if subsystems.iter().any(|s| s.name == spec.name) {
                return Err(RuntimeError::Duplicate { subsystem: spec.name });
            }
            let first = reload::First {
                sandbox,
                journal: &journal,
                symbols: &symbols,
                reloads: reloads.as_ref(),
                policy: options.policy,
                shadow_first: options.promotion.shadow_first,
            };
            let slot = Subsystem::new(index, spec, settled.bound.clone());
            let (version, fell_back) = first.version(&slot, settled.stage)?;
            faces.push((slot.name.clone(), Arc::new(version), slot.spec.mode));
            subsystems.push(slot);
            notes.extend(fell_back);
        }
        let world = World::new(settled.stage, options.policy, faces)?;
        // Only now: a journal must not say that somebody serves when nothing was started.
        for slot in &subsystems {
            let Some(plugin) = world.version(slot.index).map(|version| version.pool.plugin()) else { continue };
            let (said, digest) = (plugin.description(), short(plugin.digest()));
            let text = format!("{} {} ({digest}) serves {}", said.name, said.version, slot.name);
            tell(&journal, EventKind::PluginLoaded, text);
        }
        for note in notes {
            tracing::error!("{}", note.0);
            tell(&journal, EventKind::PluginRefused, note.0);
        }
        for note in &settled.notes {
            tracing::warn!("{note}");
            tell(&journal, EventKind::DialsSettled, note.clone());
        }
        Ok(Self {
            subsystems,
            worlds: Worlds::new(world),
            staging: Mutex::new(()),
            journal,
            metrics: HookMetrics::default(),
            board: DirectiveBoard::new(options.directive_max_age_ms),
            sandbox: sandbox.clone(),
            symbols,
            reloads,
            quarantine: None,
            promotion: options.promotion,
            alarms: options.alarms,
            brake_file: None,
            brake: ArcSwap::from_pointee(Braked::RELEASED),
            limits: LimitsBook::new(settled.limits, limits, settled.limits_generation),
            dials_file: dials,
            settled: settled.notes,
            highest_stage: Stage::Autonomy,
            brake_words: ArcSwapOption::empty(),
            last_event_ms: AtomicU64::new(0),
        })
    }

    /// The highest stage that may be set at run time.
    #[must_use]
    pub const fn highest_stage(&self) -> Stage {
        self.highest_stage
    }

    /// Allows no higher stage while the host runs.
    #[must_use]
    pub fn with_highest_stage(self, highest_stage: Stage) -> Self {
        Self { highest_stage, ..self }
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
        self.dials_of(&self.worlds.now())
    }

    /// The dials of a call.
    pub(crate) fn dials_of(&self, world: &World) -> Dials {
        let braked = **self.brake.load();
        Dials {
            stage: world.stage,
            brake: braked.brake,
            brake_generation: braked.generation,
            braked_since_ms: braked.since_ms,
            rebased: braked.rebased,
            policy: world.policy,
        }
    }

    /// Whether the brake lets plugins have a say now.
    pub(crate) fn allows_plugins(&self) -> bool {
        self.brake.load().brake.allows_plugins()
    }

    /// A coordinator that may no longer enforce takes its directives down with it.
    pub(crate) fn let_go_of_directives(&self) {
        if !self.in_force(HookId::Coordination) {
            self.board.clear();
        }
    }

    /// Whether an answer to this hook could be applied now: somebody who answers it may, and no brake is engaged. What
    /// an earlier answer set up does not outlive this.
    #[must_use]
    pub fn in_force(&self, hook: HookId) -> bool {
        let world = self.worlds.now();
        let dials = self.dials_of(&world);
        world.chain(hook).iter().any(|index| {
            let authority = authority(world.mode(*index), dials.stage, hook, dials.brake);
            disposition(authority, hook.kind()) == Disposition::Apply
        })
    }

    pub(crate) fn find(&self, subsystem: &str) -> Option<&Subsystem> {
        self.subsystems.iter().find(|s| s.name == subsystem)
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
        !self.worlds.now().chain(hook).is_empty()
    }

    /// All subsystems as they stand, in the order of the configuration.
    #[must_use]
    pub fn status(&self) -> Vec<SubsystemStatus> {
        let world = self.worlds.now();
        self.subsystems.iter().filter_map(|slot| slot.status(&world)).collect()
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

/// Journals what a start has come to.
fn tell(journal: &Journal, kind: EventKind, text: String) {
    let (actor, data) = ("host".to_owned(), String::new());
    journal.append(Record::Event(EventRecord { event_time_ms: 0, kind, actor, text, data }));
}

impl From<Owners> for RuntimeError {
    fn from(Owners { hook, first, second }: Owners) -> Self {
        Self::TwoOwners { hook, first, second }
    }
}
