//! What is found, and by whom.

use std::thread;

use wasmtime::ModuleVersionStrategy;

use super::*;

#[test]
fn what_was_compiled_once_is_found_after_a_restart() {
    let bench = Bench::new();
    let (one, two) = (answering(1), answering(2));
    let first = bench.cache();
    assert!(bench.load(&first, &one) && bench.load(&first, &two));
    assert!(!bench.load(&first, &one), "and in the same run");
    assert_eq!(first.counts(), counts(1, 2, 0));
    let second = bench.cache();
    assert!(!bench.load(&second, &one) && !bench.load(&second, &two));
    assert_eq!(second.counts(), counts(2, 0, 0));
    assert_eq!(second.clone().counts(), second.counts(), "clones count together");
}

#[test]
fn another_version_or_configuration_of_the_engine_is_a_miss() {
    let bench = Bench::new();
    let wasm = answering(1);
    bench.load(&bench.cache(), &wasm);
    let version = |v: &str| ModuleVersionStrategy::Custom(v.to_owned());
    let others = [
        engine(|c| {
            c.module_version(version("47.0.2")).unwrap();
        }),
        engine(|c| {
            c.module_version(version("48.0.9")).unwrap();
        }),
        engine(|c| {
            c.epoch_interruption(true);
        }),
        engine(|c| {
            c.cranelift_nan_canonicalization(true);
        }),
        engine(|c| {
            c.max_wasm_stack(128 << 10);
        }),
        engine(|c| {
            c.wasm_simd(false).wasm_relaxed_simd(false);
        }),
    ];
    for (n, other) in others.iter().enumerate() {
        let digest: Digest = Sha256::digest(&wasm).into();
        // The stack's size is no matter of the compiler.
        let same = Identity::new(other, &digest) == Identity::new(&bench.engine, &digest);
        assert_eq!(same, n == 4, "engine {n}");
        if !same {
            let cache = bench.cache();
            let compile = || Component::from_binary(other, &wasm);
            cache.component(other, &digest, compile).unwrap();
            assert_eq!(cache.counts(), counts(0, 1, 0), "engine {n}");
        }
    }
    assert!(!bench.load(&bench.cache(), &wasm), "and the first is still there");
}

#[test]
fn many_that_write_the_same_entries_do_not_harm_each_other() {
    let bench = Bench::new();
    let wasm: Vec<_> = (0..4).map(answering).collect();
    let rounds = 25;
    // Each opens the folder for itself, as a process would; the first makes the key, and nobody sees half of it.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..rounds {
                    let cache = bench.cache();
                    bench.load(&cache, &wasm[round % wasm.len()]);
                    assert_eq!(cache.counts().rejected, 0);
                }
            });
        }
    });
    let cache = bench.cache();
    assert!(wasm.iter().all(|wasm| !bench.load(&cache, wasm)));
    assert_eq!(files(&bench.path()).len(), wasm.len() + 1, "nothing half-written is left");
}
