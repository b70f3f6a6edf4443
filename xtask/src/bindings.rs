//! The SDK's bindings: one module per world of the contract, made from wit/v1 and committed, so that a plugin is built
//! without a macro that parses WIT.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wit_bindgen_core::{Files, WorldGenerator as _};
use wit_bindgen_rust::{Opts, WithOption};
use wit_parser::{InterfaceId, Resolve, World, WorldId, WorldItem};

use crate::repo::Repo;

const WIT: &str = "wit/v1";
const MODULE: &str = "plugins/sdk/src/bindings";

/// Writes the bindings and removes files that no world asks for any more.
pub(crate) fn write(repo: &Repo) -> Result<()> {
    let wanted = generate(&repo.path(WIT))?;
    let directory = repo.path(MODULE);
    std::fs::create_dir_all(&directory).with_context(|| format!("cannot make {MODULE}"))?;
    let found = read(&directory)?;
    for name in found.keys().filter(|name| !wanted.contains_key(*name)) {
        std::fs::remove_file(directory.join(name)).with_context(|| format!("cannot remove {MODULE}/{name}"))?;
    }
    for (name, text) in wanted.iter().filter(|(name, text)| found.get(*name) != Some(*text)) {
        std::fs::write(directory.join(name), text).with_context(|| format!("cannot write {MODULE}/{name}"))?;
        println!("wrote {MODULE}/{name}");
    }
    Ok(())
}

/// Fails when a file of the bindings is not what wit/v1 says.
pub(crate) fn check(repo: &Repo) -> Result<()> {
    let wanted = generate(&repo.path(WIT))?;
    let found = read(&repo.path(MODULE))?;
    let drifted = wanted.keys().chain(found.keys()).find(|name| wanted.get(*name) != found.get(*name));
    if let Some(name) = drifted {
        bail!("{MODULE}/{name} is not what {WIT} says: run `cargo xtask bindings` and commit the result");
    }
    Ok(())
}

/// Every file of the module by name.
fn generate(wit: &Path) -> Result<BTreeMap<String, String>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(wit).with_context(|| format!("{} is not valid WIT", wit.display()))?;
    let contract = resolve.packages.get(package).context("wit-parser lost the contract")?;
    let worlds: Vec<WorldId> = contract.worlds.values().copied().collect();
    let version = contract.name.version.clone().context("the contract has no version")?;
    let shared = shared_interfaces(&resolve, &worlds)?;
    let mut files = BTreeMap::new();

    let shared_world = push_shared_world(&mut resolve, &version.to_string(), &shared)?;
    let everything = Opts { generate_all: true, generate_unused_types: true, ..options("shared") };
    files.insert("shared.rs".to_string(), bind(&mut resolve, shared_world, everything)?);
    for world in worlds {
        let module = get(&resolve, world)?.name.replace('-', "_");
        let with = imports(get(&resolve, world)?)
            .map(|id| {
                let path = WithOption::Path(shared_path(&resolve, id)?);
                Ok((interface_name(&resolve, id)?, path))
            })
            .collect::<Result<_>>()?;
        let options = Opts { with, ..options(&module) };
        files.insert(format!("{module}.rs"), bind(&mut resolve, world, options)?);
    }
    files.insert("mod.rs".to_string(), index(&files));
    Ok(files)
}

/// What all worlds have in common: options that make their modules usable from other crates and their types comparable.
fn options(module: &str) -> Opts {
    Opts {
        format: true,
        pub_export_macro: true,
        default_bindings_module: Some(format!("bulkhead_sdk::bindings::{module}")),
        additional_derive_attributes: vec!["PartialEq".to_string()],
        ..Opts::default()
    }
}

/// The interfaces that worlds import: they become Rust types once, so that a `Context` is the same type in every hook.
fn shared_interfaces(resolve: &Resolve, worlds: &[WorldId]) -> Result<Vec<InterfaceId>> {
    let worlds: Vec<&World> = worlds.iter().map(|world| get(resolve, *world)).collect::<Result<_>>()?;
    let mut shared: Vec<InterfaceId> = Vec::new();
    for id in worlds.iter().flat_map(|world| imports(world)) {
        if !shared.contains(&id) {
            shared.push(id);
        }
    }
    // A component joins several worlds. An interface that is exported by one and imported by another would give it two
    // kinds of the same types, and it could not be made.
    let exports = worlds.iter().flat_map(|world| interfaces(world.exports.values()));
    if let Some(id) = exports.into_iter().find(|id| shared.contains(id)) {
        bail!(
            "{} is exported by one world and lends its types to another: move the types to an interface of their own",
            interface_name(resolve, id)?
        );
    }
    Ok(shared)
}

fn get(resolve: &Resolve, world: WorldId) -> Result<&World> {
    resolve.worlds.get(world).context("wit-parser lost a world of the contract")
}

fn imports(world: &World) -> impl Iterator<Item = InterfaceId> + '_ {
    interfaces(world.imports.values())
}

fn interfaces<'a>(items: impl Iterator<Item = &'a WorldItem> + 'a) -> impl Iterator<Item = InterfaceId> + 'a {
    items.filter_map(|item| match item {
        WorldItem::Interface { id, .. } => Some(*id),
        _ => None,
    })
}

/// A world of our own that imports all shared interfaces and nothing else.
fn push_shared_world(resolve: &mut Resolve, version: &str, shared: &[InterfaceId]) -> Result<WorldId> {
    let imports = shared
        .iter()
        .map(|id| Ok(format!("  import {};\n", interface_name(resolve, *id)?)))
        .collect::<Result<String>>()?;
    let text = format!("package bulkhead:sdk@{version};\nworld shared {{\n{imports}}}\n");
    let package = resolve.push_str("shared.wit", &text)?;
    resolve.select_world(&[package], Some("shared"))
}

fn bind(resolve: &mut Resolve, world: WorldId, options: Opts) -> Result<String> {
    let mut files = Files::default();
    options.build().generate(resolve, world, &mut files)?;
    let (_, bytes) = files.iter().next().context("wit-bindgen made no file")?;
    // The example in the comment of every export macro would be run as a test, and tests nothing.
    Ok(std::str::from_utf8(bytes)?.replace("/// ```rust\n", "/// ```text\n"))
}

fn interface_name(resolve: &Resolve, id: InterfaceId) -> Result<String> {
    resolve.id_of(id).context("an interface of the contract has no name")
}

fn shared_path(resolve: &Resolve, id: InterfaceId) -> Result<String> {
    let name = resolve
        .interfaces
        .get(id)
        .and_then(|interface| interface.name.as_deref())
        .context("an interface of the contract has no name")?;
    Ok(format!("crate::bindings::shared::bulkhead::hooks::{}", name.replace('-', "_")))
}

/// `mod.rs`: the list of modules.
fn index(files: &BTreeMap<String, String>) -> String {
    let mut text = String::from(
        "//! Made from wit/v1 by `cargo xtask bindings`. Do not edit.\n\
         #![allow(missing_docs, unsafe_code, unreachable_pub, clippy::all, clippy::restriction, reason = \"generated\")]\n\n",
    );
    for name in files.keys() {
        text.push_str(&format!("pub mod {};\n", name.trim_end_matches(".rs")));
    }
    text
}

fn read(directory: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    if !directory.is_dir() {
        return Ok(files);
    }
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(entry.path()).with_context(|| format!("cannot read {MODULE}/{name}"))?;
        files.insert(name, text);
    }
    Ok(files)
}
