//! Instances of one configured plugin, kept between calls or made fresh for each.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bulkhead_policy::FaultClass;
use parking_lot::Mutex;
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
    leased: AtomicUsize,
    most: usize,
}

/// Instances that may be out at the same time.
const MOST_LEASED: usize = 64;

impl Pool {
    /// Makes a pool and one instance in it: the plugin is instantiated, configured, given its symbols and tested.
    ///
    /// # Errors
    /// The [`Fault`] of the first instance; then there is no pool.
    pub fn new(plugin: Plugin, setup: Setup, instancing: Instancing) -> Result<Self, Fault> {
        // One instance holds a stateful plugin's state; two would each know half.
        let most = if plugin.description().stateful { 1 } else { MOST_LEASED };
        let pool = Self { plugin, setup, instancing, free: Mutex::new(Vec::new()), leased: AtomicUsize::new(0), most };
        let mut first = pool.make()?;
        first.self_test()?;
        pool.free.lock().push(first);
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

    /// Takes an instance for one call, or makes one.
    ///
    /// # Errors
    /// `overloaded` when too many are out, or the fault of making one.
    pub fn lease(&self) -> Result<Lease<'_>, Fault> {
        if self.leased.fetch_add(1, Ordering::AcqRel) >= self.most {
            self.leased.fetch_sub(1, Ordering::AcqRel);
            return Err(Fault::new(FaultClass::Overloaded, Phase::Call, "all instances are busy"));
        }
        let kept = self.free.lock().pop();
        match kept.map_or_else(|| self.make(), Ok) {
            Ok(instance) => Ok(Lease { pool: self, instance: Some(instance) }),
            Err(fault) => {
                self.leased.fetch_sub(1, Ordering::AcqRel);
                Err(fault)
            }
        }
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
        if keep {
            self.free.lock().push(instance);
        }
        self.leased.fetch_sub(1, Ordering::AcqRel);
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
