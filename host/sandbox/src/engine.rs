//! The engine and its one configuration.

use std::sync::Arc;

use wasmtime::{Config, Engine, component::Linker};

use crate::{Ceilings, CodeCache, host_log, state::State, ticker::Ticker};

/// The hardened profile (one place, nothing else builds a [`Config`]).
///
/// Kept at wasmtime's defaults on purpose: 4 GiB reservations with guard pages (smaller ones turn on bounds checks, +8 %
/// here and +40 % on memory-heavy code), copy-on-write images, on-demand allocation (the pooling allocator had a leak
/// between instances and is not needed), and multi-memory (switching it off makes wasmtime 48 panic on ordinary
/// components with adapters; the limiter caps memories instead).
///
/// Compiled out by cargo features rather than switched off: threads, GC, exceptions, function references, component-model
/// async, WASI, Winch, `.wat` text, the built-in code cache.
#[allow(clippy::disallowed_methods, reason = "the one constructor of the engine configuration")]
fn engine_config() -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        // -360 ns per call. It also removes wasmtime's guard against re-entry and against use after a lift error:
        // this crate never calls a guest from a host function and drops a store after any error.
        .concurrency_support(false)
        // Less than the stack of the threads that call (2 MiB and more): a deep guest traps, the process lives.
        .max_wasm_stack(256 << 10)
        .wasm_memory64(false)
        .wasm_tail_call(false)
        .wasm_relaxed_simd(false)
        // Replay compares bits.
        .cranelift_nan_canonicalization(true)
        // A plugin's function names are its own text: no frames, no attack channel, traps twice as cheap.
        .wasm_backtrace_max_frames(None)
        .wasm_backtrace_details(wasmtime::WasmBacktraceDetails::Disable);
    config
}

/// The engine, its ticker and what guests are linked against. Made once, passed on.
#[derive(Clone)]
pub struct Sandbox {
    pub(crate) engine: Engine,
    pub(crate) linker: Arc<Linker<State>>,
    pub(crate) bare_linker: Arc<Linker<State>>,
    pub(crate) ceilings: Ceilings,
    pub(crate) cache: Option<CodeCache>,
    _ticker: Arc<Ticker>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("ceilings", &self.ceilings).finish_non_exhaustive()
    }
}

/// The sandbox could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// wasmtime refused the configuration: this machine cannot run the hardened profile.
    #[error("the WebAssembly engine does not start on this machine: {0}")]
    Engine(String),
    /// No thread for the epoch ticker.
    #[error("the epoch ticker's thread does not start: {0}; without it no deadline would hold")]
    Ticker(#[from] std::io::Error),
}

impl Sandbox {
    /// Makes the engine and starts its ticker.
    ///
    /// # Errors
    /// [`SandboxError`] when the engine or its ticker cannot start.
    pub fn new(ceilings: Ceilings) -> Result<Self, SandboxError> {
        let fail = |error: wasmtime::Error| SandboxError::Engine(error.to_string());
        let engine = Engine::new(&engine_config()).map_err(fail)?;
        let bare_linker = Linker::new(&engine);
        let mut linker = Linker::new(&engine);
        host_log::define(&mut linker).map_err(fail)?;
        let ticker = Ticker::start(engine.weak())?;
        Ok(Self {
            engine,
            linker: Arc::new(linker),
            bare_linker: Arc::new(bare_linker),
            ceilings,
            cache: None,
            _ticker: Arc::new(ticker),
        })
    }

    /// The same sandbox, which keeps compiled code between runs.
    #[must_use]
    pub fn with_cache(self, cache: CodeCache) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// The same engine, for plugins whose stores may hold something else.
    #[must_use]
    pub fn with_ceilings(&self, ceilings: Ceilings) -> Self {
        Self { ceilings, ..self.clone() }
    }

    /// Where compiled code is kept, if it is.
    #[must_use]
    pub const fn cache(&self) -> Option<&CodeCache> {
        self.cache.as_ref()
    }
}
