//! `account.json` in the state folder: where the account stood, so that a restart forgets no loss.
//!
//! An account goes on when the next host begins where the last one was: its first bar is not older than the last bar
//! that was seen. A replay that was taken to its end has ended its account, and one that goes back in time is another
//! account. What cannot be read is neither: nobody knows, so the brake is engaged.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bulkhead_policy::envelope::Watermarks;
use serde::{Deserialize, Serialize};

use super::AccountSnapshot;

/// Version of the file's form.
const VERSION: u32 = 1;

/// The account's state was not kept.
#[derive(Debug, thiserror::Error)]
#[error("the account's file {} cannot be written ({error}); check the disk and the folder's rights", file.display())]
pub struct AccountFileError {
    /// Which file.
    pub file: PathBuf,
    /// The system's words.
    pub error: io::Error,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    /// Close of the latest bar, epoch ms UTC.
    event_time_ms: i64,
    equity_usd: f64,
    marks: Watermarks,
    /// The release since which drawdowns are measured.
    rebased: u64,
    /// The market was taken to its end.
    ended: bool,
}

/// How an account begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// For the first time.
    Anew {
        /// What became of the account before it, if there was one.
        instead: Option<String>,
    },
    /// Where the last host left it. On the paper venue, what was open then counts as closed at its last price.
    GoesOn {
        /// Close of the latest bar, epoch ms UTC.
        event_time_ms: i64,
        /// Equity then, USD.
        equity_usd: f64,
        /// What drawdowns are measured from.
        marks: Watermarks,
        /// The release since which they are.
        rebased: u64,
    },
    /// There was one, and nobody knows where it stood.
    Unknown {
        /// Why, in words.
        why: String,
    },
}

/// The file, and what was found in it.
#[derive(Debug)]
pub struct AccountFile {
    file: PathBuf,
    marker: PathBuf,
    found: Result<Option<Kept>, String>,
}

impl AccountFile {
    /// Reads how the account was left in this folder. A file that was there once and is missing counts as unreadable.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let (file, marker) = (folder.join("account.json"), folder.join("account.began"));
        let found = found(&file, &marker).map_err(|what| format!("{} {what}", file.display()));
        Self { file, marker, found }
    }

    /// How the account of a market begins whose bars are `step_ms` long and of which the first opens at `first_ms`.
    #[must_use]
    pub fn opening(&self, first_ms: Option<i64>, step_ms: i64) -> Opening {
        let kept = match &self.found {
            Err(why) => return Opening::Unknown { why: why.clone() },
            Ok(None) => return Opening::Anew { instead: None },
            Ok(Some(kept)) => kept,
        };
        // The first bar may be the last one that was seen: a host that starts again within a minute sees it twice.
        let later = first_ms.is_some_and(|first| first.saturating_add(step_ms) >= kept.event_time_ms);
        if kept.ended || !later {
            let why = if kept.ended { "was taken to its end" } else { "stands later than this market begins" };
            let instead = format!("the account before it {why}, with equity {:.2} USD", kept.equity_usd);
            return Opening::Anew { instead: Some(instead) };
        }
        Opening::GoesOn {
            event_time_ms: kept.event_time_ms,
            equity_usd: kept.equity_usd,
            marks: kept.marks,
            rebased: kept.rebased,
        }
    }

    /// Keeps a snapshot; durable when this returns. What is not known is not kept: what was kept before stays.
    pub(super) fn write(&self, now: &AccountSnapshot) -> Result<(), AccountFileError> {
        let drawdowns = now.money.and_then(|money| money.drawdowns.map(|d| (money.equity_usd, d.marks)));
        let (Some(event_time_ms), Some((equity_usd, marks))) = (now.event_time_ms, drawdowns) else { return Ok(()) };
        let (rebased, ended) = (now.rebased, now.progress.ended);
        let kept = Kept { version: VERSION, event_time_ms, equity_usd, marks, rebased, ended };
        let failed = |file: &Path, error| AccountFileError { file: file.to_owned(), error };
        let bytes = serde_json::to_vec_pretty(&kept).map_err(|error| failed(&self.file, io::Error::other(error)))?;
        bulkhead_runtime::replace_file(&self.file, &bytes).map_err(|error| failed(&self.file, error))?;
        if self.marker.exists() {
            return Ok(());
        }
        // After the file: a host that is killed in between finds the file, and one that finds neither starts anew.
        bulkhead_runtime::replace_file(&self.marker, b"").map_err(|error| failed(&self.marker, error))
    }
}

fn found(file: &Path, marker: &Path) -> Result<Option<Kept>, String> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match marker.try_exists() {
                Ok(false) => Ok(None),
                Ok(true) => Err("is missing".to_owned()),
                Err(error) => Err(format!("cannot be looked for ({error})")),
            };
        }
        Err(error) => return Err(format!("cannot be read ({error})")),
    };
    let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| format!("cannot be understood ({error})"))?;
    if kept.version != VERSION {
        return Err(format!("is of version {}, and this host reads version {VERSION}", kept.version));
    }
    if !kept.equity_usd.is_finite() || !kept.marks.are_sane() {
        return Err("holds numbers that no account can have".to_owned());
    }
    Ok(Some(kept))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bulkhead_policy::envelope::EnvelopeLimits;

    use super::*;
    use crate::account::{AccountBoard, Drawdowns, Money};

    const STEP: i64 = 60_000;

    fn snapshot(event_time_ms: i64, equity_usd: f64, ended: bool) -> AccountSnapshot {
        let marks = Watermarks::new(1000.0);
        let (daily_pct, open_pct) = (marks.daily_drawdown_pct(equity_usd), marks.open_drawdown_pct(equity_usd));
        let mut now = AccountSnapshot::clone(&AccountBoard::new(EnvelopeLimits::default(), 9).look());
        now.event_time_ms = Some(event_time_ms);
        now.money = Some(Money {
            equity_usd,
            balance_usd: equity_usd,
            drawdowns: Some(Drawdowns { marks, daily_pct, open_pct }),
            gross_exposure_pct: None,
            net_exposure_pct: None,
        });
        now.rebased = 4;
        now.progress.ended = ended;
        now
    }

    fn opening(folder: &Path, first_ms: i64) -> Opening {
        AccountFile::open(folder).opening(Some(first_ms), STEP)
    }

    #[test]
    fn an_account_goes_on_where_it_was_left_and_a_replay_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(opening(dir.path(), 0), Opening::Anew { instead: None });
        let file = AccountFile::open(dir.path());
        file.write(&snapshot(10 * STEP, 960.0, false)).unwrap();
        for first in [9, 10, 500_000] {
            let Opening::GoesOn { equity_usd, marks, rebased, event_time_ms } = opening(dir.path(), first * STEP)
            else {
                panic!("a first bar at {first}")
            };
            assert_eq!((equity_usd, marks, rebased), (960.0, Watermarks::new(1000.0), 4));
            assert_eq!(event_time_ms, 10 * STEP);
        }
        assert!(matches!(opening(dir.path(), 8 * STEP), Opening::Anew { instead: Some(_) }), "back in time");
        file.write(&snapshot(10 * STEP, 960.0, true)).unwrap();
        assert!(matches!(opening(dir.path(), 10 * STEP), Opening::Anew { instead: Some(_) }), "it had ended");
        assert!(matches!(AccountFile::open(dir.path()).opening(None, STEP), Opening::Anew { .. }));
    }

    #[test]
    fn what_is_lost_or_damaged_is_unknown() {
        let dir = tempfile::tempdir().unwrap();
        let kept = AccountFile::open(dir.path());
        kept.write(&snapshot(10 * STEP, 960.0, false)).unwrap();
        let file = dir.path().join("account.json");
        let whole = fs::read_to_string(&file).unwrap();
        let unknown = |what: &str| {
            let Opening::Unknown { why } = opening(dir.path(), 20 * STEP) else { panic!("{what}") };
            assert!(why.contains("account.json"), "{why}");
        };
        for cut in 0..whole.len() {
            fs::write(&file, &whole[..cut]).unwrap();
            unknown("cut off");
        }
        for (from, to) in [
            ("\"version\": 1", "\"version\": 2"),
            ("\"rebased\": 4", "\"rebased\": 4, \"more\": 1"),
            ("960.0", "1e999"),
            ("960.0", "null"),
        ] {
            assert!(whole.contains(from), "{whole}");
            fs::write(&file, whole.replace(from, to)).unwrap();
            unknown(to);
        }
        fs::remove_file(&file).unwrap();
        unknown("it was there once");
        kept.write(&snapshot(11 * STEP, 970.0, false)).unwrap();
        assert!(matches!(opening(dir.path(), 20 * STEP), Opening::GoesOn { .. }));
    }

    #[test]
    fn what_is_not_known_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let kept = AccountFile::open(dir.path());
        kept.write(&snapshot(10 * STEP, 960.0, false)).unwrap();
        let mut blind = snapshot(11 * STEP, 960.0, false);
        blind.money = None;
        kept.write(&blind).unwrap();
        kept.write(&Arc::unwrap_or_clone(AccountBoard::new(EnvelopeLimits::default(), 9).look())).unwrap();
        assert!(matches!(opening(dir.path(), 20 * STEP), Opening::GoesOn { event_time_ms: 600_000, .. }));
    }
}
