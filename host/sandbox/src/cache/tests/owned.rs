//! Whose the folder, the key and the entries are.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::*;

#[test]
fn folder_key_and_entries_are_the_owners_alone() {
    let bench = Bench::new();
    bench.load(&bench.cache(), &answering(1));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&bench.path()), 0o700);
    let files = files(&bench.path());
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600));
    assert_eq!(fs::metadata(bench.path().join("key")).unwrap().len(), 32);
    let other = Bench::new();
    other.cache();
    let key = |bench: &Bench| fs::read(bench.path().join("key")).unwrap();
    assert_ne!(key(&bench), key(&other));
}

#[test]
fn a_key_that_is_lost_or_no_key_costs_the_entries_and_nothing_else() {
    let bench = Bench::new();
    let wasm = answering(1);
    let key = bench.path().join("key");
    let stray = bench.folder.path().join("elsewhere");
    fs::write(&stray, [7; 32]).unwrap();
    let harms: [&dyn Fn(); 5] = [
        &|| fs::remove_file(&key).unwrap(),
        &|| fs::write(&key, b"short").unwrap(),
        &|| fs::write(&key, [0; 33]).unwrap(),
        &|| fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap(),
        &|| {
            fs::remove_file(&key).unwrap();
            symlink(&stray, &key).unwrap();
        },
    ];
    bench.load(&bench.cache(), &wasm);
    for (n, harm) in harms.iter().enumerate() {
        let before = fs::read(&key).unwrap();
        harm();
        let cache = bench.cache();
        assert_eq!(bench.entries().len(), 0, "harm {n}: what it sealed is of no use");
        assert!(bench.load(&cache, &wasm));
        assert_eq!(cache.counts(), counts(0, 1, 0), "harm {n}");
        let after = fs::symlink_metadata(&key).unwrap();
        assert!(after.is_file() && after.len() == 32 && after.mode() & 0o777 == 0o600, "harm {n}");
        assert_ne!(fs::read(&key).unwrap(), before, "harm {n}");
        assert!(!bench.load(&bench.cache(), &wasm));
    }
    assert_eq!(fs::read(&stray).unwrap(), [7; 32]);
}

#[test]
fn a_folder_that_others_may_write_or_that_is_a_link_is_refused() {
    let bench = Bench::new();
    bench.load(&bench.cache(), &answering(1));
    let chmod = |mode| fs::set_permissions(bench.path(), fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o720, 0o702, 0o777, 0o1777] {
        chmod(mode);
        let error = CodeCache::open(&bench.path()).unwrap_err();
        assert!(matches!(error, CacheError::Shared { mode: found, .. } if found == mode), "{error}");
        assert!(error.to_string().contains("chmod 700") && error.to_string().contains("compiled at every start"));
    }
    // To be read does no harm: the key is not.
    chmod(0o755);
    assert!(!bench.load(&bench.cache(), &answering(1)));

    let link = bench.folder.path().join("link");
    symlink(bench.path(), &link).unwrap();
    let slash = PathBuf::from(format!("{}/", link.display()));
    let file = bench.folder.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [&link, &slash, &file] {
        let error = CodeCache::open(path).unwrap_err();
        assert!(matches!(error, CacheError::NotAFolder { .. }), "{error}");
    }
    let error = CodeCache::open(&file.join("code")).unwrap_err();
    assert!(matches!(error, CacheError::Unusable { .. }) && error.to_string().contains("code_cache"), "{error}");
}

#[test]
fn a_folder_or_an_entry_of_somebody_else_is_refused() {
    let bench = Bench::new();
    let wasm = answering(1);
    bench.load(&bench.cache(), &wasm);
    let [entry] = bench.entries().try_into().unwrap();
    // To give something away takes privileges; where the test has none, there is nothing to see.
    if std::os::unix::fs::chown(&entry, Some(12_345), None).is_err() {
        return;
    }
    let cache = bench.cache();
    assert!(bench.load(&cache, &wasm));
    assert_eq!(cache.counts(), counts(0, 1, 1));
    std::os::unix::fs::chown(bench.path(), Some(12_345), None).unwrap();
    let error = CodeCache::open(&bench.path()).unwrap_err();
    assert!(matches!(error, CacheError::NotOurs { owner: 12_345, .. }), "{error}");
}
