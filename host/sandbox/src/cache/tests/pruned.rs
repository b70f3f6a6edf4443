//! What is removed to make room.

use super::*;

#[test]
fn the_entries_used_longest_ago_make_way_and_those_of_this_run_do_not() {
    let bench = Bench::new();
    let wasm: Vec<_> = (0..6).map(answering).collect();
    let mut names = Vec::new();
    for (n, wasm) in wasm.iter().take(4).enumerate() {
        bench.load(&bench.cache(), wasm);
        let new = bench.entries().into_iter().find(|entry| !names.contains(entry)).unwrap();
        // So long ago that no clock is too coarse.
        let used = std::time::SystemTime::now() - std::time::Duration::from_secs(1_000 - n as u64);
        fs::File::open(&new).unwrap().set_modified(used).unwrap();
        names.push(new);
    }
    let size = fs::metadata(&names[0]).unwrap().len();
    // Entry 0 was used longest ago; it is used now.
    let cache = bench.cache().with_most_bytes(3 * size + size / 2);
    assert!(!bench.load(&cache, &wasm[0]));
    assert!(bench.load(&cache, &wasm[4]));
    let left = bench.entries();
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.contains(&names[0]) && left.contains(&names[3]) && !left.contains(&names[1]));
    // With room for none, all of this run stay, and only they.
    let cache = bench.cache().with_most_bytes(0);
    assert!(!bench.load(&cache, &wasm[0]));
    assert!(bench.load(&cache, &wasm[5]));
    assert!(!bench.load(&cache, &wasm[0]) && !bench.load(&cache, &wasm[5]));
    assert_eq!(bench.entries().len(), 2);
}

/// A host that is given version after version keeps the code of the latest ones only.
#[test]
fn the_entries_of_one_long_run_are_bounded() {
    let bench = Bench::new();
    let cache = bench.cache().with_most_bytes(0);
    let most = crate::cache::PROTECTED;
    let wasm: Vec<_> = (0..most as i32 + 20).map(answering).collect();
    for wasm in &wasm {
        assert!(bench.load(&cache, wasm));
    }
    assert_eq!(bench.entries().len(), most);
    assert!(!bench.load(&cache, &wasm[wasm.len() - 1]) && !bench.load(&cache, &wasm[20]));
    assert!(bench.load(&cache, &wasm[19]));
}

#[test]
fn what_a_dead_process_left_half_written_is_removed_in_time() {
    let bench = Bench::new();
    let cache = bench.cache();
    let part = |name: &str, age: u64| {
        let file = bench.path().join(name);
        fs::write(&file, "half").unwrap();
        let used = std::time::SystemTime::now() - std::time::Duration::from_secs(age);
        fs::File::open(&file).unwrap().set_modified(used).unwrap();
        file
    };
    let (old, new) = (part(".part-0", 7_200), part(".part-1", 60));
    bench.load(&cache, &answering(1));
    assert!(!old.exists() && new.exists());
}
