//! Why a file is refused before it is compiled.

use super::{MAX_BYTES, Measure};

/// Why a file is no component that this host compiles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAComponent {
    /// No bytes.
    #[error("the file is empty; copy it again")]
    Empty,
    /// Over [`MAX_BYTES`].
    #[error("the file has {len} bytes, at most {MAX_BYTES} are accepted; build it with opt-level \"s\", lto and strip")]
    TooLarge {
        /// Its length.
        len: usize,
    },
    /// Compiled for this CPU already.
    #[error(
        "the file is compiled native code (.cwasm), which is never accepted from outside: it would run unchecked; give the .wasm it was made from"
    )]
    NativeCode,
    /// Another kind of file.
    #[error(
        "the file is not WebAssembly (it begins with {begins:02x?}); give a .wasm component made by `cargo xtask plugins`"
    )]
    NotWasm {
        /// Its first bytes.
        begins: Vec<u8>,
    },
    /// A module, not a component.
    #[error("the file is a core WebAssembly module, not a component; make one of it with `cargo xtask plugins`")]
    CoreModule,
    /// Cut off or damaged.
    #[error("the file is truncated or damaged at byte {offset}: {text}; copy it again")]
    Damaged {
        /// Where reading stopped.
        offset: u64,
        /// The parser's words.
        text: String,
    },
    /// More of something than a plugin has reason to.
    #[error("the component has too many {0}")]
    TooMuch(#[from] Excess),
}

/// More of something than is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {found}, at most {most} are accepted; {}", measure.what(), measure.remedy())]
pub struct Excess {
    /// Of what.
    pub measure: Measure,
    /// How much was found when the walk stopped; there may be more.
    pub found: u64,
    /// How much is accepted.
    pub most: u64,
}

impl From<wasmparser::Error> for NotAComponent {
    fn from(error: wasmparser::Error) -> Self {
        Self::Damaged { offset: error.offset() as u64, text: error.message().to_owned() }
    }
}
