//! What a file is, before the engine sees it.

use wasmparser::{Encoding, Parser, Payload};
use wasmtime::Engine;

/// Largest component accepted, bytes. First-party components are under 300 kB; a guest with an interpreter inside has
/// 2 to 20 MB and is meant to be compiled elsewhere.
pub const MAX_BYTES: usize = 4 << 20;

/// Why a file is no component.
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
}

/// Reads the outline of a file.
///
/// # Errors
/// [`NotAComponent`] for everything that is not a whole component.
pub fn inspect(bytes: &[u8]) -> Result<(), NotAComponent> {
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
    let mut depth = 0u32;
    let mut outline = Outline::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::ExportSection(exports)) => {
                outline.implemented.extend(exports.into_iter().flatten().filter_map(|e| implements(e.name)));
            }
            Ok(Payload::ComponentExportSection(exports)) if depth == 0 => {
                outline.exported.extend(exports.into_iter().flatten().map(|e| e.name.name));
            }
            Ok(Payload::Version { encoding: Encoding::Module, .. }) if depth == 0 => {
                return Err(NotAComponent::CoreModule);
            }
            Ok(Payload::ModuleSection { .. } | Payload::ComponentSection { .. }) => depth += 1,
            Ok(Payload::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(error) => {
                let offset = error.offset() as u64;
                return Err(NotAComponent::Damaged { offset, text: error.message().to_string() });
            }
        }
    }
    outline.whole(bytes.len())
}

/// What the code implements and what the component exports.
#[derive(Default)]
struct Outline<'a> {
    implemented: Vec<&'a str>,
    exported: Vec<&'a str>,
}

/// The interface that an exported core function belongs to: `bulkhead:hooks/signal@1.0.0#on-bars`.
fn implements(core_export: &str) -> Option<&str> {
    core_export.split_once('#').map(|(interface, _)| interface).filter(|i| i.starts_with("bulkhead:hooks/"))
}

impl Outline<'_> {
    /// A file that was cut off between two sections is still a component, only with fewer exports: it would serve with
    /// hooks missing.
    fn whole(&self, len: usize) -> Result<(), NotAComponent> {
        match self.implemented.iter().find(|interface| !self.exported.contains(interface)) {
            None => Ok(()),
            Some(lost) => {
                let text = format!("its code implements {lost}, which it does not export");
                Err(NotAComponent::Damaged { offset: len as u64, text })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPONENT: [u8; 8] = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];

    #[test]
    fn each_kind_of_wrong_file_has_its_own_sentence() {
        assert_eq!(inspect(b""), Err(NotAComponent::Empty));
        assert!(matches!(inspect(b"hello world"), Err(NotAComponent::NotWasm { .. })));
        assert_eq!(inspect(b"\0asm\x01\0\0\0"), Err(NotAComponent::CoreModule));
        assert!(matches!(inspect(&COMPONENT[..6]), Err(NotAComponent::Damaged { .. })));
        assert!(matches!(inspect(&vec![0; MAX_BYTES + 1]), Err(NotAComponent::TooLarge { .. })));
        assert_eq!(inspect(&COMPONENT), Ok(()));
    }
}
