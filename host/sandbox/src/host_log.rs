//! The one host function granted by default: `log`, limited by the line, by the call and by fuel.

use bulkhead_policy::value::tame_text;
use wasmtime::{
    StoreContextMut, Trap,
    component::{ComponentType, Lift, Linker, Lower},
};

use crate::state::State;

/// Lines kept of one call; more are dropped and counted.
pub(crate) const MAX_LINES: usize = 32;
/// Fuel of one line, whatever its length.
const LINE_FUEL: u64 = 200;
/// Bytes of text per unit of fuel.
const BYTES_PER_FUEL: u64 = 4;

/// How important a plugin thinks its line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
pub enum LogLevel {
    /// Something failed.
    #[component(name = "error")]
    Error,
    /// Something is odd.
    #[component(name = "warn")]
    Warn,
    /// Something happened.
    #[component(name = "info")]
    Info,
    /// For the author.
    #[component(name = "debug")]
    Debug,
}

/// One line, already harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Level.
    pub level: LogLevel,
    /// Text, at most 256 bytes, no control characters.
    pub text: String,
}

/// Lines of the running call.
#[derive(Debug, Default)]
pub(crate) struct LogBuffer {
    lines: Vec<LogLine>,
    dropped: u64,
}

impl LogBuffer {
    pub(crate) fn begin_call(&mut self) {
        self.lines.clear();
        self.dropped = 0;
    }

    fn push(&mut self, level: LogLevel, text: &str) {
        if self.lines.len() < MAX_LINES {
            self.lines.push(LogLine { level, text: tame_text(text) });
        } else {
            self.dropped += 1;
        }
    }

    /// Hands out the lines and the number of lines dropped.
    pub(crate) fn take(&mut self) -> (Vec<LogLine>, u64) {
        (std::mem::take(&mut self.lines), std::mem::take(&mut self.dropped))
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.dropped == 0
    }
}

/// Name of the interface.
pub(crate) const INTERFACE: &str = "bulkhead:hooks/log@1.0.0";

/// Defines the interface in a linker.
pub(crate) fn define(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.instance(INTERFACE)?.func_wrap("log", log)
}

fn log(mut store: StoreContextMut<'_, State>, (level, text): (LogLevel, String)) -> wasmtime::Result<()> {
    let cost = LINE_FUEL + text.len() as u64 / BYTES_PER_FUEL;
    let Some(left) = store.get_fuel()?.checked_sub(cost) else {
        return Err(Trap::OutOfFuel.into());
    };
    store.set_fuel(left)?;
    store.data_mut().log.push(level, &text);
    Ok(())
}
