//! One instance of a plugin in a store of its own.

use bulkhead_policy::{Context, FaultClass, HookId, reports::SubsystemReport};
use wasmtime::{
    Store,
    component::{ComponentExportIndex, ComponentNamedList, Func, Lift, Lower, TypedFunc},
};

use crate::{
    Budget, Fault, LoadError, LogLine, Phase, Plugin, SymbolInfo,
    life::{Life, Step},
    state::State,
    wire::{self, Returned, Twin, WireBlob, WireContext, WireDescription, WireHook, WireReport, WireSymbolInfo},
};

/// Largest state handed over, bytes.
pub const MAX_STATE: usize = 1 << 20;

/// What a call used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Fuel. After an error the whole grant: wasmtime loses the count when a guest traps.
    pub fuel: u64,
    /// Linear memory held by the instance.
    pub memory_bytes: u64,
}

/// A plugin's state as it hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateBlob {
    /// Counts up when the layout changes.
    pub schema: u32,
    /// At most [`MAX_STATE`].
    pub bytes: Vec<u8>,
}

/// An instance. After any error but a declared fault it is dead and answers nothing any more.
pub struct Instance {
    store: Store<State>,
    plugin: Plugin,
    hooks: [Option<Func>; HookId::ALL.len()],
    handle: wasmtime::component::Instance,
    alive: bool,
    calls: u64,
    used: Usage,
    life: Life,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance")
            .field("plugin", &self.plugin)
            .field("alive", &self.alive)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

impl Instance {
    /// Instantiates under the set-up budget. Start functions run here.
    ///
    /// # Errors
    /// The [`Fault`] of instantiation.
    pub fn new(plugin: &Plugin) -> Result<Self, Fault> {
        let inner = &plugin.inner;
        let mut store = Store::new(inner.pre.engine(), State::new(inner.ceilings));
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(inner.ceilings.lifted_bytes);
        store.set_max_component_handles(inner.ceilings.handles);
        store.epoch_deadline_callback(|mut store| Ok(store.data_mut().on_tick()));
        arm(&mut store, &Budget::SETUP)?;
        let handle = match inner.pre.instantiate(&mut store) {
            Ok(handle) => handle,
            Err(error) => return Err(Fault::from_error(&error, Phase::Instantiate, store.data())),
        };
        let mut hooks = [None; HookId::ALL.len()];
        for (hook, index) in &inner.exports.hooks {
            if let Some(slot) = hooks.get_mut(hook.index()) {
                *slot = handle.get_func(&mut store, index);
            }
        }
        let (plugin, used, life) = (plugin.clone(), Usage::default(), Life::default());
        Ok(Self { store, plugin, hooks, handle, alive: true, calls: 0, used, life })
    }

    /// What it has been through beside its hook calls.
    pub const fn life(&mut self) -> &mut Life {
        &mut self.life
    }

    /// Whether it may be called again.
    #[must_use]
    pub const fn alive(&self) -> bool {
        self.alive
    }

    /// Hook calls so far.
    #[must_use]
    pub const fn calls(&self) -> u64 {
        self.calls
    }

    /// What the last entry into the guest used.
    #[must_use]
    pub const fn used(&self) -> Usage {
        self.used
    }

    /// Takes the log lines of the last call and the number of lines dropped.
    pub fn take_log(&mut self) -> Option<(Vec<LogLine>, u64)> {
        let log = &mut self.store.data_mut().log;
        (!log.is_empty()).then(|| log.take())
    }

    /// Asks a hook.
    ///
    /// # Errors
    /// The [`Fault`], with the usage to be charged.
    pub fn ask<H: WireHook>(
        &mut self,
        context: &Context,
        input: &H::Input,
        budget: &Budget,
    ) -> (Result<H::Raw, Fault>, Usage) {
        let Some(func) = self.hooks.get(H::ID.index()).copied().flatten() else {
            let fault = Fault::new(FaultClass::Refused, Phase::Call, "the plugin does not answer this hook");
            return (Err(fault), Usage::default());
        };
        self.calls += 1;
        let typed = hook_func::<H>(func);
        let result = self.enter(Phase::Call, budget, |store| typed.call(store, H::lower(context, input)));
        let answer =
            result.and_then(|(answer,)| answer.map(H::lift).map_err(|text| Fault::declared(Phase::Call, &text)));
        (answer, self.used)
    }

    /// Configures a new instance.
    ///
    /// # Errors
    /// The [`Fault`]; a plugin that refuses its configuration declares one.
    pub fn configure(&mut self, json: &str) -> Result<(), Fault> {
        let index = self.plugin.inner.exports.configure;
        self.lifecycle::<(&str,), ()>(Phase::Configure, index, (json,))
    }

    /// Hands over the symbol table.
    ///
    /// # Errors
    /// The [`Fault`].
    pub fn set_symbols(&mut self, symbols: &[SymbolInfo]) -> Result<(), Fault> {
        let index = self.plugin.inner.exports.set_symbols;
        let rows: Vec<WireSymbolInfo<'_>> = symbols
            .iter()
            .map(|s| WireSymbolInfo {
                id: s.id,
                name: &s.name,
                tick: s.tick,
                step: s.step,
                min_notional_usd: s.min_notional_usd,
                sector: &s.sector,
                tier: Twin::from_policy(&s.tier),
            })
            .collect();
        self.lifecycle::<(&[WireSymbolInfo<'_>],), ()>(Phase::Symbols, index, (&rows,))
    }

    /// Lets the plugin check itself, where it can.
    ///
    /// # Errors
    /// The [`Fault`].
    pub fn self_test(&mut self) -> Result<(), Fault> {
        match self.plugin.inner.exports.self_test {
            Some(index) => {
                self.lifecycle::<(), ()>(Phase::SelfTest, index, ())?;
                self.life.note(Step::SelfTested);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Takes the plugin's state, where it hands it over.
    ///
    /// # Errors
    /// The [`Fault`]; state over [`MAX_STATE`] is one.
    pub fn snapshot(&mut self) -> Result<Option<StateBlob>, Fault> {
        let Some((snapshot, _)) = self.plugin.inner.exports.state else { return Ok(None) };
        // All that an instance can hold is lifted, and judged here: the engine would end the instance, and its state.
        let ceilings = self.plugin.inner.ceilings;
        self.store.set_hostcall_fuel(ceilings.memory_bytes.max(ceilings.lifted_bytes));
        let blob: Result<WireBlob, Fault> = self.lifecycle(Phase::State, snapshot, ());
        self.store.set_hostcall_fuel(ceilings.lifted_bytes);
        // Taken or refused, the guest was entered.
        self.life.note(Step::Snapshot);
        let blob = blob?;
        if blob.bytes.len() > MAX_STATE {
            let text = format!("state of {} bytes, at most {MAX_STATE}", blob.bytes.len());
            return Err(Fault::new(FaultClass::InvalidOutput, Phase::State, &text));
        }
        Ok(Some(StateBlob { schema: blob.schema, bytes: blob.bytes }))
    }

    /// Gives the plugin a state.
    ///
    /// # Errors
    /// The [`Fault`]; the instance must then not serve.
    pub fn restore(&mut self, state: &StateBlob) -> Result<(), Fault> {
        let Some((_, restore)) = self.plugin.inner.exports.state else { return Ok(()) };
        let blob = WireBlob { schema: state.schema, bytes: state.bytes.clone() };
        self.lifecycle::<(WireBlob,), ()>(Phase::State, restore, (blob,))?;
        self.life.note(Step::Restored(state.clone()));
        Ok(())
    }

    /// Asks for the report to the coordinator. Absent when the plugin has none, or nothing to say yet.
    ///
    /// # Errors
    /// The [`Fault`].
    pub fn report(&mut self, context: &Context, budget: &Budget) -> Result<Option<SubsystemReport>, Fault> {
        let Some(index) = self.plugin.inner.exports.report else { return Ok(None) };
        let func = self.typed::<(WireContext,), Returned<Option<WireReport>>>(Phase::Call, index)?;
        let context = WireContext::from_policy(context);
        let (answer,) = self.enter(Phase::Call, budget, |store| func.call(store, (context,)))?;
        match answer {
            Ok(None) => Ok(None),
            Ok(Some(report)) => report
                .into_policy()
                .checked()
                .map(Some)
                .map_err(|breach| Fault::new(breach.class(), Phase::Call, &breach.to_string())),
            Err(text) => Err(Fault::declared(Phase::Call, &text)),
        }
    }

    pub(crate) fn describe(&mut self) -> Result<WireDescription, Fault> {
        let index = self.plugin.inner.exports.describe;
        let func = self.typed::<(), (WireDescription,)>(Phase::Describe, index)?;
        let (said,) = self.enter(Phase::Describe, &Budget::SETUP, |store| func.call(store, ()))?;
        Ok(said)
    }

    /// Compares every hook's type with the contract, once, so that calls need not.
    pub(crate) fn check_types(&mut self) -> Result<(), LoadError> {
        for (hook, _) in &self.plugin.inner.exports.hooks {
            if let Some(func) = self.hooks.get(hook.index()).copied().flatten() {
                wire::check_type(*hook, func, &self.store).map_err(|error| LoadError::Contract {
                    interface: hook.name().to_owned(),
                    text: bulkhead_policy::value::tame_text(&error.root_cause().to_string()),
                })?;
            }
        }
        Ok(())
    }

    /// One of the functions that return `result<T, fault-text>` and run under the set-up budget.
    fn lifecycle<P, T>(&mut self, phase: Phase, index: ComponentExportIndex, params: P) -> Result<T, Fault>
    where
        P: ComponentNamedList + Lower + Send + Sync,
        T: Lift + Send + Sync + 'static,
    {
        let func = self.typed::<P, Returned<T>>(phase, index)?;
        let (answer,) = self.enter(phase, &Budget::SETUP, |store| func.call(store, params))?;
        answer.map_err(|text| Fault::declared(phase, &text))
    }

    fn typed<P, R>(&mut self, phase: Phase, index: ComponentExportIndex) -> Result<TypedFunc<P, R>, Fault>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let refused = |text: &str| Fault::new(FaultClass::Refused, phase, text);
        let func = self.handle.get_func(&mut self.store, index).ok_or_else(|| refused("the function is missing"))?;
        func.typed(&self.store).map_err(|error| refused(&error.root_cause().to_string()))
    }

    /// The one way into the guest: budget, call, and death on any error.
    fn enter<T>(
        &mut self,
        phase: Phase,
        budget: &Budget,
        call: impl FnOnce(&mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T, Fault> {
        if !self.alive {
            self.used = Usage::default();
            return Err(Fault::new(FaultClass::Refused, phase, "the instance died of an earlier fault"));
        }
        // Dead until proven alive: nothing that happens in between, not even a host panic, leaves it callable.
        self.alive = false;
        self.life.enter();
        arm(&mut self.store, budget)?;
        let result = call(&mut self.store);
        let left = if result.is_ok() { self.store.get_fuel().unwrap_or(0) } else { 0 };
        let memory_bytes = self.store.data().limiter.memory_bytes() as u64;
        self.used = Usage { fuel: budget.fuel.saturating_sub(left), memory_bytes };
        match result {
            Ok(value) => {
                self.alive = true;
                Ok(value)
            }
            Err(error) => Err(Fault::from_error(&error, phase, self.store.data())),
        }
    }
}

/// Sets fuel and deadline for one entry.
fn arm(store: &mut Store<State>, budget: &Budget) -> Result<(), Fault> {
    store
        .set_fuel(budget.fuel)
        .map_err(|_| Fault::new(FaultClass::Refused, Phase::Instantiate, "the engine does not meter fuel"))?;
    store.set_epoch_deadline(1);
    store.data_mut().arm(budget);
    Ok(())
}

/// The hook's function with its type.
///
/// wasmtime re-checks the type at every `Func::typed`, which costs more than the call; `bindgen!` skips it likewise.
#[allow(unsafe_code, reason = "the type was checked when the plugin was loaded, see below")]
fn hook_func<'a, H: WireHook>(func: Func) -> TypedFunc<H::Params<'a>, Returned<H::Lifted>> {
    // SAFETY: `Plugin`s are made by `Sandbox::load` only, which calls `Instance::check_types` on every hook function of
    // the component with exactly `H::Params<'static>` and `Returned<H::Lifted>`. `Params` is one type constructor that
    // varies in its lifetime only, and lifetimes are no part of a component type. `func` comes from the slot of `H::ID`.
    unsafe { TypedFunc::new_unchecked(func) }
}
