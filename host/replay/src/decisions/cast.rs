//! Whoever is asked: one living instance for each subsystem that is concerned.

use std::{collections::BTreeMap, sync::Arc};

use bulkhead_journal::{GuestRecord, GuestStep, PluginRef};
use bulkhead_policy::Context;
use bulkhead_runtime::again;
use bulkhead_sandbox::{Fault, Instance, Instancing, Plugin, Usage, WireHook};

use super::{Swap, WhatIf, affected::Affected};
use crate::{
    ReplayError,
    inputs::{Components, Issued, Made, Source, aged},
    run::budget,
};

/// A subsystem as it is now.
struct Actor {
    /// What the record says it was made from, at this place of the journal.
    recorded: PluginRef,
    made: Arc<Made>,
    plugin: Plugin,
    instance: Option<Instance>,
}

/// All of them.
pub(super) struct Cast<'a> {
    source: &'a Source,
    components: &'a Components,
    what_if: &'a WhatIf,
    actors: BTreeMap<String, Actor>,
}

impl<'a> Cast<'a> {
    /// Makes everybody who is concerned, as they were last loaded. So what cannot be made is known before anybody is asked.
    pub(super) fn new(
        source: &'a Source,
        components: &'a Components,
        what_if: &'a WhatIf,
        affected: &Affected,
    ) -> Result<Self, ReplayError> {
        let mut cast = Self { source, components, what_if, actors: BTreeMap::new() };
        // The first that the journal knows: others come as the record comes to them.
        for (plugin, identity) in source.plugins().filter(|(_, identity)| affected.contains(&identity.subsystem)) {
            if !cast.actors.contains_key(&identity.subsystem) {
                let actor = cast.actor(plugin)?;
                cast.actors.insert(identity.subsystem.clone(), actor);
            }
        }
        Ok(cast)
    }

    /// What a subsystem is made from now, where it is concerned.
    pub(super) fn made(&self, subsystem: &str) -> Option<&Arc<Made>> {
        self.actors.get(subsystem).map(|actor| &actor.made)
    }

    /// Everybody who would answer a hook.
    pub(super) fn who_answers<H: WireHook>(&self) -> impl Iterator<Item = &str> {
        let answers = |actor: &Actor| {
            let asked = &actor.made.setup.hooks;
            actor.plugin.answers(H::ID) && (asked.is_empty() || asked.contains(&H::ID))
        };
        self.actors.iter().filter(move |(_, actor)| answers(actor)).map(|(name, _)| name.as_str())
    }

    /// The record has another version from here on. Whoever was swapped stays.
    pub(super) fn recorded_is(&mut self, subsystem: &str, plugin: PluginRef) -> Result<(), ReplayError> {
        if self.actors.get(subsystem).is_none_or(|actor| actor.recorded == plugin) {
            return Ok(());
        }
        let swapped = self.what_if.swaps.get(subsystem).is_some_and(|swap| swap.component.is_some());
        if swapped {
            if let Some(actor) = self.actors.get_mut(subsystem) {
                actor.recorded = plugin;
            }
            return Ok(());
        }
        let mut next = self.actor(plugin)?;
        if let Some(before) = self.actors.remove(subsystem) {
            carry_over(before, &mut next);
        }
        self.actors.insert(subsystem.to_owned(), next);
        Ok(())
    }

    /// Asks a hook of a subsystem.
    pub(super) fn ask<H: WireHook>(
        &mut self,
        subsystem: &str,
        context: &Context,
        input: &H::Input,
    ) -> Option<(Result<H::Raw, Fault>, Usage)> {
        let actor = self.actors.get_mut(subsystem)?;
        let budget = budget(actor.made.setup.budget);
        let said = match actor.alive() {
            Ok(instance) => again::ask::<H>(instance, context, input, &budget),
            Err(fault) => (Err(fault), Usage::default()),
        };
        if actor.made.setup.instancing == Instancing::Fresh {
            actor.instance = None;
        }
        Some(said)
    }

    /// A recorded step: reports are asked for again, for what the guest makes of being asked.
    pub(super) fn step(&mut self, record: &GuestRecord, issued: &Issued) -> Result<(), ReplayError> {
        let GuestStep::Reported { cycle, stage, mode, risk_mode, directive, .. } = &record.step else { return Ok(()) };
        let subsystem = self.source.identity(record.plugin).subsystem;
        let Some(actor) = self.actors.get_mut(&subsystem) else { return Ok(()) };
        let directives = issued.of(*directive).unwrap_or_default();
        let context = Context {
            event_time_ms: record.event_time_ms,
            cycle: *cycle,
            stage: self.what_if.stage.unwrap_or(*stage),
            mode: self.what_if.modes.get(&subsystem).copied().unwrap_or(*mode),
            risk_mode: *risk_mode,
            directives: aged(directives.as_ref(), *directive),
        };
        let budget = budget(actor.made.setup.budget);
        // The coordinator is asked on its recorded inputs, so what is reported now goes nowhere.
        if let Ok(instance) = actor.alive() {
            let _ = instance.report(&context, &budget);
        }
        Ok(())
    }

    fn actor(&self, recorded: PluginRef) -> Result<Actor, ReplayError> {
        let was = self.source.needed(recorded)?;
        let swap = self.what_if.swaps.get(&was.identity.subsystem).cloned().unwrap_or_default();
        let made = Arc::new(changed(was, &swap));
        let plugin = match &swap.component {
            Some(candidate) => {
                let (grants, ceilings) = (made.setup.grants, made.setup.ceilings);
                self.components.compile(&made.identity.subsystem, candidate, grants, ceilings)?
            }
            None => self.components.of(&made)?,
        };
        let instance = made.instance(&plugin).map_err(|fault| ReplayError::Refused {
            subsystem: made.identity.subsystem.clone(),
            what: swap.component.map_or_else(|| "its configuration".to_owned(), |c| c.file.display().to_string()),
            reason: fault.to_string(),
        })?;
        Ok(Actor { recorded, made, plugin, instance: Some(instance) })
    }
}

impl Actor {
    /// The instance, or a new one where it has died, as a pool would do it.
    fn alive(&mut self) -> Result<&mut Instance, Fault> {
        let made = match self.instance.take().filter(Instance::alive) {
            Some(instance) => instance,
            None => self.made.instance(&self.plugin)?,
        };
        Ok(self.instance.insert(made))
    }
}

/// What the next version is given of the one before, where both keep something.
fn carry_over(before: Actor, next: &mut Actor) {
    let state = before.instance.and_then(|mut instance| instance.snapshot().ok().flatten());
    if let (Some(state), Some(instance)) = (state, next.instance.as_mut())
        && instance.restore(&state).is_err()
    {
        // It may have taken half of it in.
        next.instance = None;
    }
}

fn changed(was: &Made, swap: &Swap) -> Made {
    let mut made = was.clone();
    if let Some(setup) = &swap.setup {
        let symbols = std::mem::take(&mut made.setup.symbols);
        made.setup = bulkhead_runtime::RecordedSetup { symbols, ..setup.clone() };
    }
    if let Some(candidate) = &swap.component {
        made.identity.digest.clone_from(&candidate.digest);
    }
    made
}
