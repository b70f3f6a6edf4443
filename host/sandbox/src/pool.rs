//! Instances of one configured plugin, kept between calls or made fresh for each.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bulkhead_policy::FaultClass;
use parking_lot::{Condvar, Mutex};
use serde::{Deserialize, Serialize};

use crate::{Fault, Instance, Phase, Plugin, StateBlob, SymbolInfo};

/// How long an instance lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Instancing {
    /// Kept between calls, replaced after so many, thrown away after any error. A stateful plugin is never replaced
    /// unasked: it would forget.
    Resident {
        /// Calls until it is replaced.
        recycle_after: u64,
    },
    /// A new store for each call: the default for plugins that are experimental.
    Fresh,
}

impl Instancing {
    /// Resident, replaced after a million calls.
    pub const RESIDENT: Self = Self::Resident { recycle_after: 1_000_000 };
}

/// What a new instance is given before it serves.
#[derive(Clone, Debug)]
pub struct Setup {
    /// JSON object for `configure`.
    pub config: String,
    /// Symbol table.
    pub symbols: Arc<[SymbolInfo]>,
}

/// A pool. No lock is held while a guest runs.
#[derive(Debug)]
pub struct Pool {
    plugin: Plugin,
    setup: Setup,
    instancing: Instancing,
    free: Mutex<Vec<Instance>>,
    returned: Condvar,
    leased: AtomicUsize,
    most: usize,
    handed_over: AtomicBool,
}

/// Instances that may be out at the same time.
const MOST_LEASED: usize = 64;
/// How long a call waits for the one instance of a stateful plugin. It is away for one call, or while its state is handed
/// to the next version.
const WAIT: Duration = Duration::from_millis(200);

impl Pool {
    /// Makes a pool and one instance in it: the plugin is instantiated, configured, given its symbols and tested.
    ///
    /// # Errors
    /// The [`Fault`] of the first instance; then there is no pool.
    pub fn new(plugin: Plugin, setup: Setup, instancing: Instancing) -> Result<Self, Fault> {
        // One instance holds a stateful plugin's state; two would each know half.
        let most = if plugin.description().stateful { 1 } else { MOST_LEASED };
        let pool = Self {
            plugin,
            setup,
            instancing,
            free: Mutex::new(Vec::new()),
            returned: Condvar::new(),
            leased: AtomicUsize::new(0),
            most,
            handed_over: AtomicBool::new(false),
        };
        let mut first = pool.make()?;
        first.self_test()?;
        // One that was tested is not fresh any more.
        if instancing != Instancing::Fresh {
            pool.free.lock().push(first);
        }
        Ok(pool)
    }

    /// The plugin.
    #[must_use]
    pub const fn plugin(&self) -> &Plugin {
        &self.plugin
    }

    /// What its instances were given.
    #[must_use]
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// How long its instances live.
    #[must_use]
    pub const fn instancing(&self) -> Instancing {
        self.instancing
    }

    /// Takes an instance for one call, or makes one.
    ///
    /// # Errors
    /// `overloaded` when too many are out, `stale` after [`Pool::hand_over`], or the fault of making one.
    pub fn lease(&self) -> Result<Lease<'_>, Fault> {
        if !self.enter() && !self.wait() {
            return Err(Fault::new(FaultClass::Overloaded, Phase::Call, "all instances are busy"));
        }
        if self.handed_over() {
            self.leave(None);
            return Err(Fault::new(FaultClass::Stale, Phase::Call, "the state went to the next version"));
        }
        let kept = self.free.lock().pop();
        match kept.map_or_else(|| self.make(), Ok) {
            Ok(instance) => Ok(Lease { pool: self, instance: Some(instance) }),
            Err(fault) => {
                self.leave(None);
                Err(fault)
            }
        }
    }

    /// Lends no instance any more: the state went to the next version, and what were decided here from now on, that one
    /// would never know. Before the lease that the state was taken with goes back.
    pub fn hand_over(&self) {
        self.handed_over.store(true, Ordering::Release);
    }

    /// Whether the state went to the next version, which is to be asked instead.
    #[must_use]
    pub fn handed_over(&self) -> bool {
        self.handed_over.load(Ordering::Acquire)
    }

    fn enter(&self) -> bool {
        let one_more = |out: usize| (out < self.most).then_some(out + 1);
        self.leased.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).is_ok()
    }

    /// Waits for the one instance of a stateful plugin; a crowd of others is overload at once.
    fn wait(&self) -> bool {
        if self.most > 1 {
            return false;
        }
        let deadline = Instant::now() + WAIT;
        let mut free = self.free.lock();
        // Returned instances are announced under this lock, so that none is missed between the look and the wait.
        while !self.enter() {
            if self.returned.wait_until(&mut free, deadline).timed_out() {
                return self.enter();
            }
        }
        true
    }

    /// An instance of its own, configured and never lent out: for trials.
    ///
    /// # Errors
    /// The [`Fault`] of making it.
    pub fn spare(&self) -> Result<Instance, Fault> {
        self.make()
    }

    /// Gives the first instance the state of another version. Before the pool serves.
    ///
    /// # Errors
    /// The [`Fault`]; the instance, which may have taken half of it in, is thrown away.
    pub fn restore(&self, state: &StateBlob) -> Result<(), Fault> {
        let mut lease = self.lease()?;
        let restored = lease.with(|instance| instance.restore(state));
        if restored.is_err() {
            lease.discard();
        }
        restored
    }

    /// The state of a stateful plugin at rest, for a hand-over.
    ///
    /// # Errors
    /// The [`Fault`] of `snapshot`.
    pub fn snapshot(&self) -> Result<Option<StateBlob>, Fault> {
        self.lease()?.with(Instance::snapshot)
    }

    fn make(&self) -> Result<Instance, Fault> {
        let mut instance = Instance::new(&self.plugin)?;
        instance.configure(&self.setup.config)?;
        instance.set_symbols(&self.setup.symbols)?;
        Ok(instance)
    }

    fn give_back(&self, instance: Instance) {
        let keep = instance.alive()
            && match self.instancing {
                Instancing::Resident { recycle_after } => {
                    self.plugin.description().stateful || instance.calls() < recycle_after
                }
                Instancing::Fresh => false,
            };
        self.leave(keep.then_some(instance));
    }

    /// The next one who waits is told under the lock that it looks under.
    fn leave(&self, instance: Option<Instance>) {
        let mut free = self.free.lock();
        free.extend(instance);
        self.leased.fetch_sub(1, Ordering::AcqRel);
        drop(free);
        self.returned.notify_one();
    }
}

/// An instance on loan. Goes back on drop, if it is alive and of the keeping kind.
#[derive(Debug)]
pub struct Lease<'a> {
    pool: &'a Pool,
    instance: Option<Instance>,
}

impl Lease<'_> {
    /// Works with the instance.
    ///
    /// # Errors
    /// What `work` says.
    pub fn with<T>(&mut self, work: impl FnOnce(&mut Instance) -> Result<T, Fault>) -> Result<T, Fault> {
        self.instance.as_mut().map_or_else(|| Err(gone()), work)
    }

    /// Throws the instance away.
    pub fn discard(mut self) {
        if self.instance.take().is_some() {
            self.pool.leave(None);
        }
    }

    /// The instance.
    pub const fn instance(&mut self) -> Option<&mut Instance> {
        self.instance.as_mut()
    }
}

fn gone() -> Fault {
    Fault::new(FaultClass::Overloaded, Phase::Call, "the instance went back already")
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(instance) = self.instance.take() {
            self.pool.give_back(instance);
        }
    }
}
