//! The contract of a major version is frozen: its folder hashes to what was written down when it was frozen.

use std::path::Path;

use sha2::{Digest, Sha256};

/// SHA-256 over the `.wit` files in order of their names: name, zero byte, content, zero byte.
fn hash(folder: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "wit"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no contract", folder.display());
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(file.file_name().unwrap().as_encoded_bytes());
        hasher.update([0]);
        hasher.update(std::fs::read(&file).unwrap());
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn every_frozen_version_is_unchanged() {
    let wit = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit"));
    let mut versions = 0;
    for entry in std::fs::read_dir(wit).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        versions += 1;
        let frozen = std::fs::read_to_string(folder.join("FROZEN")).unwrap_or_default();
        assert_eq!(
            hash(&folder),
            frozen.trim(),
            "{} is frozen and has changed: plugins built for it would be refused or misread. Undo the change, or add it as \
             a new minor version in a folder of its own. Only before the first release may FROZEN be written anew",
            folder.display()
        );
    }
    assert_eq!(versions, 1);
}
