//! Everything that decides how a call is answered, read as one value.
//!
//! Invariants:
//! - **One load a call.** A call is answered from one world from the first subsystem of its chain to the last: a reload or
//!   a change of stage that comes meanwhile is for the next call. Only a version whose state went to the next one is looked
//!   up again.
//! - **One writer at a time.** A change is made on a copy and put in place whole, or not at all.
//! - **The brake is not in here.** A change may wait for the disk; the brake waits for nothing.

use std::{sync::Arc, time::Instant};

use arc_swap::{ArcSwap, Guard};
use bulkhead_journal::PluginRef;
use bulkhead_policy::{HookId, Mode, PolicySet, Stage};
use bulkhead_sandbox::{Plugin, Pool};
use parking_lot::Mutex;

use crate::{call::nanos, chain, spec::Binding};

/// One plugin version that serves, or runs in the shadow.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) pool: Arc<Pool>,
    pub(crate) reference: PluginRef,
    /// What it was made from.
    pub(crate) binding: Arc<Binding>,
}

impl Version {
    pub(crate) fn digest(&self) -> &str {
        self.pool.plugin().digest()
    }

    /// Hooks it is asked.
    pub(crate) fn hooks(&self) -> Vec<HookId> {
        asked(&self.binding, self.pool.plugin())
    }
}

/// Hooks that a plugin is asked: those of the configuration, or all that it answers.
pub(crate) fn asked(binding: &Binding, plugin: &Plugin) -> Vec<HookId> {
    if binding.hooks.is_empty() { plugin.hooks().collect() } else { binding.hooks.clone() }
}

/// What is set and served now.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) stage: Stage,
    pub(crate) policy: PolicySet,
    faces: Vec<Face>,
    /// Who is asked, by hook, in order: indices of subsystems.
    chains: Vec<Vec<usize>>,
}

/// One subsystem, as it stands.
#[derive(Clone, Debug)]
struct Face {
    name: String,
    version: Arc<Version>,
    mode: Mode,
}

/// Two that are on would own one hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owners {
    pub(crate) hook: HookId,
    pub(crate) first: String,
    pub(crate) second: String,
}

impl World {
    pub(crate) fn new(
        stage: Stage,
        policy: PolicySet,
        subsystems: Vec<(String, Arc<Version>, Mode)>,
    ) -> Result<Self, Owners> {
        let faces = subsystems.into_iter().map(|(name, version, mode)| Face { name, version, mode }).collect();
        let mut world = Self { stage, policy, faces, chains: Vec::new() };
        world.join()?;
        Ok(world)
    }

    /// The version of a subsystem that serves.
    pub(crate) fn version(&self, index: usize) -> Option<&Arc<Version>> {
        self.faces.get(index).map(|face| &face.version)
    }

    /// The mode of a subsystem.
    pub(crate) fn mode(&self, index: usize) -> Mode {
        self.faces.get(index).map_or(Mode::Off, |face| face.mode)
    }

    /// Who is asked, in order.
    pub(crate) fn chain(&self, hook: HookId) -> &[usize] {
        self.chains.get(hook.index()).map_or(&[], Vec::as_slice)
    }

    /// Sets a mode.
    pub(crate) fn set_mode(&mut self, index: usize, mode: Mode) -> Result<(), Owners> {
        if let Some(face) = self.faces.get_mut(index) {
            face.mode = mode;
        }
        self.join()
    }

    /// Puts versions in the place of others, all at once.
    pub(crate) fn serve(&mut self, versions: impl IntoIterator<Item = (usize, Arc<Version>)>) -> Result<(), Owners> {
        for (index, version) in versions {
            if let Some(face) = self.faces.get_mut(index) {
                face.version = version;
            }
        }
        self.join()
    }

    /// Makes the chains from what the versions answer.
    fn join(&mut self) -> Result<(), Owners> {
        let hooks: Vec<Vec<HookId>> = self.faces.iter().map(|face| face.version.hooks()).collect();
        let chain_of = |hook: &HookId| {
            let mut chain: Vec<usize> = (0..).zip(&hooks).filter(|(_, of)| of.contains(hook)).map(|(i, _)| i).collect();
            chain.sort_by_key(|i| self.faces.get(*i).map(|face| chain::place(*hook, &face.name, *i)));
            self.check_owner(*hook, &chain).map(|()| chain)
        };
        self.chains = HookId::ALL.iter().map(chain_of).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn check_owner(&self, hook: HookId, chain: &[usize]) -> Result<(), Owners> {
        let mut on = chain.iter().filter_map(|i| self.faces.get(*i)).filter(|face| face.mode != Mode::Off);
        match (chain::one_owner(hook), on.next(), on.next()) {
            (true, Some(first), Some(second)) => {
                Err(Owners { hook, first: first.name.clone(), second: second.name.clone() })
            }
            _ => Ok(()),
        }
    }
}

/// The world behind one pointer.
#[derive(Debug)]
pub(crate) struct Worlds {
    now: ArcSwap<World>,
    changing: Mutex<()>,
}

impl Worlds {
    pub(crate) fn new(world: World) -> Self {
        Self { now: ArcSwap::from_pointee(world), changing: Mutex::new(()) }
    }

    /// The world as it stands.
    pub(crate) fn now(&self) -> Guard<Arc<World>> {
        self.now.load()
    }

    /// Makes another world of this one. On an error everything stays as it is. Returns how long the swap itself took, ns.
    pub(crate) fn change<E>(&self, change: impl FnOnce(&mut World) -> Result<(), E>) -> Result<u64, E> {
        let _one_at_a_time = self.changing.lock();
        let mut next = World::clone(&self.now.load());
        change(&mut next)?;
        let next = Arc::new(next);
        let since = Instant::now();
        let before = self.now.swap(next);
        let swap_ns = nanos(since);
        drop(before);
        Ok(swap_ns)
    }
}
