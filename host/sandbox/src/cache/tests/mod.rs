//! A hit is the same component; everything else is a miss that compiles, and nothing of it runs.

mod forged;
mod found;
mod owned;
mod pruned;

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use wasmtime::Config;

use super::*;

/// A cache in a folder of its own, and a component to compile.
struct Bench {
    folder: TempDir,
    engine: Engine,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), engine: engine(|_| {}) }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("code")
    }

    /// As a new process would open it.
    fn cache(&self) -> CodeCache {
        CodeCache::open(&self.path()).unwrap()
    }

    /// Loads a component through a cache. True when it was compiled.
    fn load(&self, cache: &CodeCache, wasm: &[u8]) -> bool {
        load_with(&self.engine, cache, wasm)
    }

    fn entries(&self) -> Vec<PathBuf> {
        let mut entries: Vec<_> = files(&self.path()).into_iter().filter(|f| f.extension().is_some()).collect();
        entries.retain(|file| file.extension().unwrap() == "code");
        entries
    }
}

#[allow(clippy::disallowed_methods, reason = "other engines than the host's")]
fn engine(change: impl FnOnce(&mut Config)) -> Engine {
    let mut config = Config::new();
    change(&mut config);
    Engine::new(&config).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A component of one function that answers this number.
fn answering(number: i32) -> Vec<u8> {
    wat::parse_str(format!(
        "(component (core module $m (func (export \"f\") (result i32) i32.const {number}))
          (core instance $i (instantiate $m))
          (func (export \"f\") (result s32) (canon lift (core func $i \"f\"))))"
    ))
    .unwrap()
}

fn load_with(engine: &Engine, cache: &CodeCache, wasm: &[u8]) -> bool {
    let mut compiled = false;
    let compile = || {
        compiled = true;
        Component::from_binary(engine, wasm)
    };
    let component = cache.component(engine, &Sha256::digest(wasm).into(), compile).unwrap();
    // Whichever way it came, it answers as it should.
    let mut store = wasmtime::Store::new(engine, ());
    let instance = wasmtime::component::Linker::new(engine).instantiate(&mut store, &component).unwrap();
    let f = instance.get_typed_func::<(), (i32,)>(&mut store, "f").unwrap();
    let expected = Component::from_binary(engine, wasm).unwrap();
    let instance = wasmtime::component::Linker::new(engine).instantiate(&mut store, &expected).unwrap();
    let g = instance.get_typed_func::<(), (i32,)>(&mut store, "f").unwrap();
    assert_eq!(f.call(&mut store, ()).unwrap(), g.call(&mut store, ()).unwrap());
    compiled
}

fn counts(hits: u64, misses: u64, rejected: u64) -> CacheCounts {
    CacheCounts { hits, misses, rejected }
}
