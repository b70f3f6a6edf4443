//! The market that a journal was recorded on, found again.

use std::path::{Path, PathBuf};

use bulkhead_executor::market::choice::{Chosen, MarketChoice};

use super::FullError;
use crate::premise::MarketOfRun;

/// Where to look for it.
#[derive(Clone, Debug, Default)]
pub struct MarketPlaces {
    /// The folder of its candles. Only this one is tried, where it is given.
    pub data: Option<PathBuf>,
    /// A folder with markets below it.
    pub above: Option<PathBuf>,
    /// Its file of trading rules, where it is no longer where it was.
    pub exchange_info: Option<PathBuf>,
    /// Its folder of funding rates, where it is no longer where it was.
    pub funding: Option<PathBuf>,
}

/// Loads it, and refuses another one.
pub(super) fn find(recorded: &MarketOfRun, places: &MarketPlaces) -> Result<Chosen, FullError> {
    let identity = &recorded.identity;
    let base = MarketChoice {
        exchange_info: places.exchange_info.clone().or_else(|| recorded.exchange_info.clone()),
        funding: places.funding.clone().or_else(|| recorded.funding.clone()),
        seed: identity.seed.unwrap_or(0),
        days: identity.days(),
        ..MarketChoice::default()
    };
    if identity.seed.is_some() {
        return checked(base.load()?, recorded, "the simulator of this host");
    }
    let folder = folder(recorded, places)?;
    let choice = MarketChoice {
        data: Some(folder.clone()),
        from_ms: Some(identity.from_ms),
        to_ms: Some(identity.to_ms),
        symbols: identity.symbols.clone(),
        ..base
    };
    checked(choice.load()?, recorded, &folder.display().to_string())
}

fn checked(found: Chosen, recorded: &MarketOfRun, folder: &str) -> Result<Chosen, FullError> {
    let differences = found.identity().differences(&recorded.identity);
    if differences.is_empty() {
        return Ok(found);
    }
    let hint = match differences.as_slice() {
        ["the trading rules"] => ", or its rules with --exchange-info",
        ["the funding"] => ", or its funding with --funding",
        _ => "",
    };
    Err(FullError::OtherMarket { folder: folder.to_owned(), what: differences.join(", "), hint })
}

/// Where it is said to be, where it was, or below the folder of markets under the same last names.
fn folder(recorded: &MarketOfRun, places: &MarketPlaces) -> Result<PathBuf, FullError> {
    if let Some(data) = &places.data {
        return Ok(data.clone());
    }
    let was = recorded.data.as_deref();
    let below = || places.above.as_deref().and_then(|above| tails(was?).map(|t| above.join(t)).find(|p| p.is_dir()));
    was.filter(|p| p.is_dir()).map(Path::to_owned).or_else(below).ok_or_else(|| FullError::NoMarket {
        recorded: was.map_or_else(|| "-".to_owned(), |p| p.display().to_string()),
    })
}

/// The last names of a path, the longest tail first.
fn tails(path: &Path) -> impl Iterator<Item = PathBuf> {
    let names: Vec<_> = path.components().filter(|c| matches!(c, std::path::Component::Normal(_))).collect();
    let count = names.len();
    (0..count).map(move |from| names.iter().skip(from).collect()).collect::<Vec<PathBuf>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_tail_comes_first() {
        let all: Vec<PathBuf> = tails(Path::new("/a/b/../c")).collect();
        assert_eq!(all, ["a/b/c", "b/c", "c"].map(PathBuf::from));
    }

    #[test]
    fn a_folder_of_markets_is_searched_by_the_recorded_names() {
        let above = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(above.path().join("may/days")).unwrap();
        let chosen = MarketChoice { seed: 1, days: 1, ..MarketChoice::default() }.load().unwrap();
        let recorded = MarketOfRun {
            identity: chosen.identity(),
            data: Some(PathBuf::from("/nowhere/may/days")),
            exchange_info: None,
            funding: None,
        };
        let places = MarketPlaces { above: Some(above.path().to_owned()), ..MarketPlaces::default() };
        assert_eq!(folder(&recorded, &places).unwrap(), above.path().join("may/days"));
        let error = folder(&recorded, &MarketPlaces::default()).unwrap_err().to_string();
        assert!(error.contains("/nowhere/may/days") && error.contains("--data"), "{error}");
    }

    #[test]
    fn another_market_is_refused_and_what_differs_is_named() {
        let chosen = |seed| MarketChoice { seed, days: 1, ..MarketChoice::default() }.load().unwrap();
        let recorded = MarketOfRun { identity: chosen(1).identity(), data: None, exchange_info: None, funding: None };
        assert!(checked(chosen(1), &recorded, "here").is_ok());
        let error = checked(chosen(2), &recorded, "here").unwrap_err().to_string();
        assert!(error.contains("here") && error.contains("the candles"), "{error}");
    }
}
