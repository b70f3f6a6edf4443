//! Components that are well formed and not for this host. Their functions do nothing: they are never called.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

use crate::component;

/// Every stranger by its name.
pub(crate) const ALL: &[(&str, Stranger)] = &[
    (
        "wants-import",
        Stranger {
            world: "import evil:net/socket; export bulkhead:hooks/plugin@1.0.0; export bulkhead:hooks/pre-trade-risk-check@1.0.0;",
            ..PLUGIN
        },
    ),
    (
        "wants-clock",
        Stranger {
            world: "import bulkhead:hooks/clock@1.0.0; export bulkhead:hooks/plugin@1.0.0; export bulkhead:hooks/pre-trade-risk-check@1.0.0;",
            ..PLUGIN
        },
    ),
    ("other-world", Stranger { world: "export evil:net/socket;", ..PLUGIN }),
    ("no-hook", Stranger { world: "export bulkhead:hooks/plugin@1.0.0;", ..PLUGIN }),
    (
        "old-contract",
        Stranger {
            world: "import bulkhead:hooks/log@2.0.0; export bulkhead:hooks/plugin@2.0.0; export bulkhead:hooks/pre-trade-risk-check@2.0.0;",
            change: ("@1.0.0", "@2.0.0"),
        },
    ),
    ("wrong-type", Stranger { change: ("open-positions: u32", "open-positions: u64"), ..PLUGIN }),
    ("missing-function", Stranger { change: ("set-symbols: func", "name-symbols: func"), ..PLUGIN }),
];

/// A plugin with one hook, and nothing wrong with it.
const PLUGIN: Stranger = Stranger {
    world: "import bulkhead:hooks/log@1.0.0; export bulkhead:hooks/plugin@1.0.0; export bulkhead:hooks/pre-trade-risk-check@1.0.0;",
    change: ("", ""),
};

/// A world, over a contract in which one text is replaced by another.
pub(crate) struct Stranger {
    world: &'static str,
    change: (&'static str, &'static str),
}

/// A component of this world.
pub(crate) fn component(wit: &Path, stranger: &Stranger) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    resolve.push_str("contract.wit", &contract(wit, stranger.change)?)?;
    let text = format!(
        "package guests:stranger;\n\
         package evil:net {{ interface socket {{ connect: func(host: string) -> u32; }} }}\n\
         world stranger {{ {} }}",
        stranger.world
    );
    let package = resolve.push_str("stranger.wit", &text)?;
    let world = resolve.select_world(&[package], Some("stranger"))?;
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    component::encode(&module)
}

/// The contract as one file, with the change in it, and with a clock that the real one does not have.
fn contract(wit: &Path, (from, to): (&str, &str)) -> Result<String> {
    const PACKAGE: &str = "package bulkhead:hooks@1.0.0;";
    let mut files: Vec<PathBuf> = fs::read_dir(wit)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .with_context(|| format!("cannot read {}", wit.display()))?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wit"));
    files.sort();
    let mut text = format!("{PACKAGE}\ninterface clock {{ now: func() -> u64; }}\n");
    for file in files {
        let part = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        text.push_str(&part.replace(PACKAGE, ""));
    }
    ensure!(text.contains(from), "the contract does not say `{from}` any more");
    Ok(if from.is_empty() { text } else { text.replace(from, to) })
}
