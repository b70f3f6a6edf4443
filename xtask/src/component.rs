//! From a core module to a component, and what the component asks of its host.

use anyhow::{Context, Result, bail};
use wit_component::{ComponentEncoder, DecodedWasm};
use wit_parser::WorldItem;

/// The one function-carrying interface that a first-party plugin may import.
const GRANTED: &str = "bulkhead:hooks/log@1.0.0";

/// Wraps the module. What it exports is written in sections that the SDK put into it.
pub(crate) fn encode(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default()
        .validate(true)
        .module(module)?
        .encode()
}

/// Fails when the component can do more than compute and log.
pub(crate) fn check_imports(component: &[u8]) -> Result<()> {
    let excess: Vec<String> = capabilities(component)?
        .into_iter()
        .filter(|name| name != GRANTED)
        .collect();
    if !excess.is_empty() {
        bail!(
            "it imports {}, but a plugin may import nothing but {GRANTED}",
            excess.join(", ")
        );
    }
    Ok(())
}

/// Names of everything that the component imports, interfaces aside that only define types.
fn capabilities(component: &[u8]) -> Result<Vec<String>> {
    let DecodedWasm::Component(resolve, world) =
        wit_component::decode(component).context("it is not a component")?
    else {
        bail!("it is a WIT package, not a component");
    };
    let imports = resolve
        .worlds
        .get(world)
        .map(|world| &world.imports)
        .context("it has no world")?;
    let capable = imports.iter().filter(|(_, item)| match item {
        WorldItem::Interface { id, .. } => resolve
            .interfaces
            .get(*id)
            .is_none_or(|interface| !interface.functions.is_empty()),
        WorldItem::Function(_) => true,
        WorldItem::Type { .. } => false,
    });
    Ok(capable
        .map(|(key, _)| resolve.name_world_key(key))
        .collect())
}

#[cfg(test)]
mod tests {
    use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
    use wit_parser::{ManglingAndAbi, Resolve};

    use super::{capabilities, check_imports, encode};

    fn component(imports: &str) -> Vec<u8> {
        let text = format!(
            "package bulkhead:hooks@1.0.0;\n\
             interface log {{ log: func(message: string); }}\n\
             interface clock {{ now: func() -> u64; }}\n\
             interface types {{ record point {{ x: f64 }} }}\n\
             interface hook {{ use types.{{point}}; check: func(point: point); }}\n\
             world plugin {{ {imports} export hook; }}"
        );
        let mut resolve = Resolve::default();
        let package = resolve.push_str("test.wit", &text).unwrap();
        let world = resolve.select_world(&[package], Some("plugin")).unwrap();
        let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        encode(&module).unwrap()
    }

    #[test]
    fn lets_log_and_types_pass() {
        let component = component("import log;");
        assert_eq!(
            capabilities(&component).unwrap(),
            ["bulkhead:hooks/log@1.0.0"]
        );
        check_imports(&component).unwrap();
    }

    #[test]
    fn refuses_every_other_capability_by_name() {
        let error = check_imports(&component("import log; import clock;"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("bulkhead:hooks/clock@1.0.0"), "{error}");
        assert!(
            check_imports(&component("import now: func() -> u64;"))
                .unwrap_err()
                .to_string()
                .contains("now")
        );
    }
}
