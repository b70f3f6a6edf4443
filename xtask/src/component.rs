//! From a core module to a component, and what the component asks of its host.

use anyhow::{Context, Result, bail};
use wit_component::{ComponentEncoder, DecodedWasm};
use wit_parser::{Resolve, World, WorldItem};

/// The one function-carrying interface that a first-party plugin may import.
const GRANTED: &str = "bulkhead:hooks/log@1.0.0";

/// Largest first-party component, bytes. What goes over it has drawn in more of a library than it uses.
const MOST_BYTES: usize = 300_000;

/// What every plugin exports.
const NEEDED: &str = "bulkhead:hooks/plugin@1.0.0";

/// Wraps the module. What it exports is written in sections that the SDK put into it.
pub(crate) fn encode(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default().validate(true).module(module)?.encode()
}

/// Fails when the component can do more than compute and log, answers no host, or is too large.
pub(crate) fn check(component: &[u8]) -> Result<()> {
    check_size(component.len())?;
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component).context("it is not a component")?
    else {
        bail!("it is a WIT package, not a component");
    };
    let world = resolve.worlds.get(world).context("it has no world")?;
    check_world(&resolve, world)
}

fn check_size(bytes: usize) -> Result<()> {
    if bytes > MOST_BYTES {
        bail!("it has {bytes} bytes, but a first-party component may have no more than {MOST_BYTES}");
    }
    Ok(())
}

fn check_world(resolve: &Resolve, world: &World) -> Result<()> {
    let excess: Vec<String> = capabilities(resolve, world).into_iter().filter(|name| name != GRANTED).collect();
    if !excess.is_empty() {
        bail!("it imports {}, but a plugin may import nothing but {GRANTED}", excess.join(", "));
    }
    if !world.exports.keys().any(|key| resolve.name_world_key(key) == NEEDED) {
        bail!("it does not export {NEEDED}: call bulkhead_sdk::export! in its lib.rs");
    }
    Ok(())
}

/// Names of everything that the component imports, interfaces aside that only define types.
fn capabilities(resolve: &Resolve, world: &World) -> Vec<String> {
    let capable = world.imports.iter().filter(|(_, item)| match item {
        WorldItem::Interface { id, .. } => {
            resolve.interfaces.get(*id).is_none_or(|interface| !interface.functions.is_empty())
        }
        WorldItem::Function(_) => true,
        WorldItem::Type { .. } => false,
    });
    capable.map(|(key, _)| resolve.name_world_key(key)).collect()
}

#[cfg(test)]
mod tests {
    use wit_parser::Resolve;

    use super::{check_size, check_world};

    /// What is said of a component with this world.
    fn check(world: &str) -> Result<(), String> {
        let text = format!(
            "package bulkhead:hooks@1.0.0;\n\
             interface log {{ log: func(message: string); }}\n\
             interface clock {{ now: func() -> u64; }}\n\
             interface types {{ record point {{ x: f64 }} }}\n\
             interface plugin {{ use types.{{point}}; check: func(point: point); }}\n\
             world example {{ {world} }}"
        );
        let mut resolve = Resolve::default();
        let package = resolve.push_str("test.wit", &text).unwrap();
        let world = resolve.select_world(&[package], Some("example")).unwrap();
        check_world(&resolve, &resolve.worlds[world]).map_err(|error| error.to_string())
    }

    #[test]
    fn lets_log_and_types_pass() {
        assert_eq!(check("import log; export plugin;"), Ok(()));
        assert_eq!(check("import types; export plugin;"), Ok(()));
    }

    #[test]
    fn refuses_every_other_capability_by_name() {
        let error = check("import log; import clock; export plugin;").unwrap_err();
        assert!(error.starts_with("it imports bulkhead:hooks/clock@1.0.0, but"), "{error}");
        let error = check("import now: func() -> u64; export plugin;").unwrap_err();
        assert!(error.starts_with("it imports now, but"), "{error}");
    }

    #[test]
    fn refuses_what_is_too_large_and_says_how_large() {
        assert!(check_size(300_000).is_ok());
        let error = check_size(300_001).unwrap_err().to_string();
        assert_eq!(error, "it has 300001 bytes, but a first-party component may have no more than 300000");
    }

    #[test]
    fn refuses_what_is_no_plugin() {
        let error = check("import log;").unwrap_err();
        assert!(error.contains("does not export bulkhead:hooks/plugin@1.0.0"), "{error}");
    }
}
