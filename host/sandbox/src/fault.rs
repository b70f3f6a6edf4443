//! From a wasmtime error to a fault class, by downcast and never by text.

use std::fmt;

use bulkhead_policy::FaultClass;
use wasmtime::Trap;

use crate::state::State;

/// Longest fault text kept, bytes. Error text is guest-controlled (function names) and so an attack channel.
const MAX_TEXT: usize = 256;

/// Which entry into the guest failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Instantiation, start functions included.
    Instantiate,
    /// `describe`
    Describe,
    /// `configure`
    Configure,
    /// `set-symbols`
    Symbols,
    /// `self-test`
    SelfTest,
    /// `snapshot` or `restore`
    State,
    /// A hook call, lowering and lifting included.
    Call,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instantiate => "instantiate",
            Self::Describe => "describe",
            Self::Configure => "configure",
            Self::Symbols => "set-symbols",
            Self::SelfTest => "self-test",
            Self::State => "state",
            Self::Call => "call",
        })
    }
}

/// A call that ended badly.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{class} during {phase}: {text}")]
pub struct Fault {
    /// Its class.
    pub class: FaultClass,
    /// Which entry.
    pub phase: Phase,
    /// For people, at most 256 bytes, no control characters.
    pub text: String,
}

impl Fault {
    pub(crate) fn new(class: FaultClass, phase: Phase, text: &str) -> Self {
        Self { class, phase, text: bulkhead_policy::value::tame_text(text) }
    }

    /// The plugin answered its error arm.
    pub(crate) fn declared(phase: Phase, text: &str) -> Self {
        Self::new(FaultClass::Declared, phase, text)
    }

    pub(crate) fn from_error(error: &wasmtime::Error, phase: Phase, state: &State) -> Self {
        let denied = state.limiter.denied();
        let class = match error.downcast_ref::<Trap>() {
            Some(trap) => class_of_trap(*trap, denied),
            // Not a trap: the host refused to instantiate, or could not lift what the guest returned.
            None if denied => FaultClass::Memory,
            None if phase == Phase::Instantiate => FaultClass::Refused,
            None => FaultClass::InvalidOutput,
        };
        let mut text = error.root_cause().to_string();
        text.truncate(text.floor_char_boundary(MAX_TEXT));
        Self::new(class, phase, &text)
    }
}

/// The class of a trap. `denied` says that growth was refused just before.
fn class_of_trap(trap: Trap, denied: bool) -> FaultClass {
    match trap {
        Trap::OutOfFuel => FaultClass::OutOfFuel,
        Trap::Interrupt => FaultClass::Deadline,
        Trap::StackOverflow => FaultClass::Stack,
        // Canonical-ABI checks on what the guest handed over.
        Trap::InvalidChar
        | Trap::StringOutOfBounds
        | Trap::ListOutOfBounds
        | Trap::InvalidDiscriminant
        | Trap::UnalignedPointer => FaultClass::InvalidOutput,
        _ if denied => FaultClass::Memory,
        _ => FaultClass::Trap,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trap_of_this_wasmtime_has_a_class() {
        let traps: Vec<Trap> = (0..=u8::MAX).filter_map(Trap::from_u8).collect();
        assert!(traps.len() >= 20, "wasmtime lists only {} traps", traps.len());
        for trap in traps {
            let class = class_of_trap(trap, false);
            let named = matches!(trap, Trap::OutOfFuel | Trap::Interrupt | Trap::StackOverflow);
            assert_eq!(named, matches!(class, FaultClass::OutOfFuel | FaultClass::Deadline | FaultClass::Stack));
            assert_ne!(class, FaultClass::Memory, "{trap:?} without denied growth");
        }
    }

    #[test]
    fn a_trap_after_denied_growth_is_a_memory_fault_but_fuel_stays_fuel() {
        assert_eq!(class_of_trap(Trap::UnreachableCodeReached, true), FaultClass::Memory);
        assert_eq!(class_of_trap(Trap::OutOfFuel, true), FaultClass::OutOfFuel);
    }
}
