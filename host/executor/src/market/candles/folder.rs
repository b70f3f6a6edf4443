//! The candle files of a folder.

use std::io;
use std::path::{Path, PathBuf};

use super::error::CandleError;
use super::name;
use super::nearest::nearest;

/// A candle file and what its name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Path as the user would write it: the given folder joined with the name.
    pub(super) path: PathBuf,
    /// The symbol.
    pub(super) symbol: String,
    /// The bar length the name promises, if any.
    pub(super) interval_ms: Option<i64>,
}

/// The candle files of `dir` for the wanted symbols (all if `None`), sorted by symbol and name.
pub(super) fn list(dir: &Path, wanted: Option<&[String]>) -> Result<Vec<Listed>, CandleError> {
    let mut files = scan(dir).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => CandleError::MissingFolder { dir: dir.to_owned() },
        io::ErrorKind::NotADirectory => CandleError::NotAFolder { dir: dir.to_owned() },
        _ => CandleError::Unlistable { dir: dir.to_owned(), reason: error.to_string() },
    })?;
    if files.is_empty() {
        return Err(CandleError::EmptyFolder { dir: dir.to_owned(), inner: inner_with_files(dir) });
    }
    files.sort_by(|a, b| (&a.symbol, &a.path).cmp(&(&b.symbol, &b.path)));
    let Some(wanted) = wanted else { return Ok(files) };
    for symbol in wanted {
        if !files.iter().any(|f| f.symbol == *symbol) {
            let mut present: Vec<String> = files.iter().map(|f| f.symbol.clone()).collect();
            present.dedup();
            let nearest = nearest(symbol, present.iter().map(String::as_str)).map(str::to_owned);
            return Err(CandleError::UnknownSymbol { dir: dir.to_owned(), symbol: symbol.clone(), nearest, present });
        }
    }
    files.retain(|f| wanted.contains(&f.symbol));
    Ok(files)
}

fn scan(dir: &Path) -> io::Result<Vec<Listed>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let path = entry.path();
        let named = entry.file_name().to_str().and_then(name::parse);
        if let Some(found) = named
            && path.is_file()
        {
            files.push(Listed { path, symbol: found.symbol, interval_ms: found.interval_ms });
        }
    }
    Ok(files)
}

/// People often give the parent: name the first folder inside that has what is needed.
fn inner_with_files(dir: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(dir).ok()?;
    let mut inner: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_dir()).collect();
    inner.sort();
    inner.into_iter().find(|p| scan(p).is_ok_and(|files| !files.is_empty()))
}
