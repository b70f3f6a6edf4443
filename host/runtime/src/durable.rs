//! Small files that are replaced whole.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// Writes beside the file, syncs, renames: whoever is killed at any moment leaves the old content or the new one.
///
/// # Errors
/// The system's; then the old content is there.
pub fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let temporary = file.with_extension("new");
    let mut out = File::create(&temporary)?;
    out.write_all(content)?;
    out.sync_all()?;
    fs::rename(&temporary, file)?;
    File::open(folder)?.sync_all()
}
