//! What a file is, and how much of everything it has, before the compiler sees it.
//!
//! A few hundred bytes can cost a compiler seconds and gigabytes, or its stack, and the engine's makers count that as no
//! fault of theirs. So the file is walked once here, in time and memory proportional to its length, and refused as soon as
//! it has more of anything than a plugin has reason to ([`Measure`] lists what, how much, and why).
//!
//! Invariants:
//! - **Nothing here recurses on what the file says.** Types in types are read with a stack of our own: wasmparser's reader
//!   recurses, and 15 kB of nested types overflow any stack, which ends the process.
//! - **What doubles is counted as it stands at the end**: instances inside instances ([`Measure::Instances`]), types inside
//!   types ([`Measure::TypeSize`]). Components and modules that are handed around as values could double unseen, so a
//!   plugin has none.
//! - **Nothing is validated.** What passes here may still be refused by the compiler.

mod code;
mod component;
mod error;
mod limits;
mod measure;
mod module;
mod outline;
mod scope;
mod sizes;
mod types;
mod walk;

use wasmtime::Engine;

pub use error::{Excess, NotAComponent};
pub use limits::{PreflightLimits, Structure};
pub use measure::Measure;

/// Largest component accepted, bytes. First-party components are under 400 kB; a guest with an interpreter inside has
/// 2 to 20 MB and is meant to be compiled elsewhere.
pub const MAX_BYTES: usize = 4 << 20;

/// Reads the structure of a file.
///
/// # Errors
/// [`NotAComponent`] for everything that is not a whole component within the limits.
pub fn inspect(bytes: &[u8], limits: &PreflightLimits) -> Result<Structure, NotAComponent> {
    if bytes.is_empty() {
        return Err(NotAComponent::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(NotAComponent::TooLarge { len: bytes.len() });
    }
    if Engine::detect_precompiled(bytes).is_some() {
        return Err(NotAComponent::NativeCode);
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(NotAComponent::NotWasm { begins: bytes.iter().take(8).copied().collect() });
    }
    walk::walk(bytes, limits)
}

#[cfg(test)]
mod tests;
