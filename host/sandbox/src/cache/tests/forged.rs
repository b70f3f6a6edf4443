//! What is there and is not what this host wrote.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

#[test]
fn an_entry_with_any_byte_changed_is_compiled_anew() {
    let bench = Bench::new();
    let wasm = answering(1);
    bench.load(&bench.cache(), &wasm);
    let [entry] = bench.entries().try_into().unwrap();
    let good = fs::read(&entry).unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let cache = bench.cache();
    // All of the header, and much of the code.
    for round in 0..400 {
        let mut bad = good.clone();
        let at = if round < 104 { round } else { random(good.len()) };
        bad[at] ^= 1 << random(8);
        fs::write(&entry, &bad).unwrap();
        assert!(bench.load(&cache, &wasm), "byte {at}");
        assert_eq!(cache.counts(), counts(0, round as u64 + 1, round as u64 + 1));
        assert_eq!(fs::read(&entry).unwrap().len(), good.len(), "it was written anew");
    }
}

#[test]
fn an_entry_of_another_length_is_compiled_anew() {
    let bench = Bench::new();
    let wasm = answering(1);
    bench.load(&bench.cache(), &wasm);
    let [entry] = bench.entries().try_into().unwrap();
    let good = fs::read(&entry).unwrap();
    let cache = bench.cache();
    let lengths = [0, 1, 7, 8, 39, 40, 103, 104, 105, good.len() / 2, good.len() - 1];
    let mut bad: Vec<Vec<u8>> = lengths.iter().map(|len| good[..*len].to_vec()).collect();
    bad.push([good.as_slice(), b"x"].concat());
    bad.push(b"\x7fELF".to_vec());
    for bad in &bad {
        fs::write(&entry, bad).unwrap();
        assert!(bench.load(&cache, &wasm), "{} bytes", bad.len());
    }
    assert_eq!(cache.counts().rejected, bad.len() as u64);
    assert!(!bench.load(&cache, &wasm));
}

#[test]
fn an_entry_under_the_name_of_another_is_not_taken_for_it() {
    let bench = Bench::new();
    let (one, two) = (answering(1), answering(2));
    bench.load(&bench.cache(), &one);
    let [first] = bench.entries().try_into().unwrap();
    let code = fs::read(&first).unwrap();
    bench.load(&bench.cache(), &two);
    let second = bench.entries().into_iter().find(|entry| *entry != first).unwrap();
    fs::write(&second, code).unwrap();
    let cache = bench.cache();
    assert!(bench.load(&cache, &two));
    assert_eq!(cache.counts(), counts(0, 1, 1));
}

#[test]
fn native_code_without_a_seal_or_with_a_foreign_one_is_not_run() {
    let (bench, foreign) = (Bench::new(), Bench::new());
    let (wasm, evil) = (answering(1), answering(666));
    bench.load(&bench.cache(), &wasm);
    let [entry] = bench.entries().try_into().unwrap();
    fs::write(&entry, bench.engine.precompile_component(&evil).unwrap()).unwrap();
    let cache = bench.cache();
    assert!(bench.load(&cache, &wasm));
    // Sealed by the code that this host runs, for the right component, with another key.
    let other = foreign.cache();
    let compile = || Component::from_binary(&foreign.engine, &evil);
    other.component(&foreign.engine, &Sha256::digest(&wasm).into(), compile).unwrap();
    let [forged] = foreign.entries().try_into().unwrap();
    assert_eq!(forged.file_name(), entry.file_name());
    fs::copy(forged, &entry).unwrap();
    assert!(bench.load(&cache, &wasm));
    assert_eq!(cache.counts(), counts(0, 2, 2));
}

#[test]
fn what_cannot_be_read_as_an_entry_is_a_miss() {
    let bench = Bench::new();
    let wasm = answering(1);
    bench.load(&bench.cache(), &wasm);
    let [entry] = bench.entries().try_into().unwrap();
    let good = fs::read(&entry).unwrap();
    let elsewhere = bench.folder.path().join("elsewhere");
    fs::write(&elsewhere, &good).unwrap();
    let swaps: [(&str, &dyn Fn()); 4] = [
        ("a link, to the very same bytes", &|| symlink(&elsewhere, &entry).unwrap()),
        ("a pipe", &|| {
            rustix::fs::mknodat(
                rustix::fs::CWD,
                &entry,
                rustix::fs::FileType::Fifo,
                rustix::fs::Mode::from_raw_mode(0o600),
                0,
            )
            .unwrap();
        }),
        ("a file that others may write", &|| {
            fs::write(&entry, &good).unwrap();
            fs::set_permissions(&entry, fs::Permissions::from_mode(0o622)).unwrap();
        }),
        ("a file of a size that no code has", &|| {
            fs::File::create(&entry).unwrap().set_len(MOST_ENTRY + 1).unwrap();
        }),
    ];
    for (what, swap) in swaps {
        fs::remove_file(&entry).unwrap();
        swap();
        let cache = bench.cache();
        assert!(bench.load(&cache, &wasm), "{what}");
        assert_eq!(cache.counts(), counts(0, 1, 1), "{what}");
        assert_eq!(fs::read(&entry).unwrap().len(), good.len(), "{what} makes way for the real one");
        assert!(!bench.load(&cache, &wasm), "{what}");
    }
    // A folder does not make way. Then it is compiled every time.
    fs::remove_file(&entry).unwrap();
    fs::create_dir(&entry).unwrap();
    let cache = bench.cache();
    assert!(bench.load(&cache, &wasm) && bench.load(&cache, &wasm));
    assert_eq!(cache.counts(), counts(0, 2, 2));
}
