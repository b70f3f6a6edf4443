//! Keeps the account on disk, beside the loop: no bar waits for it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::{AccountBoard, AccountFile, AccountSnapshot};

/// Time between two looks. A host that is killed forgets at most this much of real time.
const TICK: Duration = Duration::from_millis(250);

/// A thread that writes what changed. Dropping it writes the last state and ends it.
#[derive(Debug)]
pub struct Keeper {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts keeping what the board shows.
    ///
    /// # Errors
    /// The system's, when there is no thread for it.
    pub fn start(board: Arc<AccountBoard>, file: AccountFile) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("account-keeper".to_owned()).spawn(move || {
            let mut written = None;
            loop {
                // Read before the look: what was shown before the end is kept.
                let last = stopped.load(Ordering::Acquire);
                keep(&board, &file, &mut written);
                if last {
                    return;
                }
                std::thread::park_timeout(TICK);
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn keep(board: &AccountBoard, file: &AccountFile, written: &mut Option<Arc<AccountSnapshot>>) {
    let now = board.look();
    if written.as_ref().is_some_and(|before| Arc::ptr_eq(before, &now)) {
        return;
    }
    if let Err(error) = file.write(&now) {
        tracing::error!("{error}; trading goes on, but a restart may not know the day's loss");
    }
    *written = Some(now);
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::{
        Account,
        envelope::{EnvelopeLimits, Watermarks},
    };

    use super::*;
    use crate::{
        account::{Moment, Opening, Publisher},
        venue::AccountStats,
    };

    #[test]
    fn the_last_state_is_kept_when_it_ends() {
        let dir = tempfile::tempdir().unwrap();
        let board = Arc::new(AccountBoard::new(EnvelopeLimits::default(), 9));
        let mut publisher = Publisher::new(Arc::clone(&board));
        let keeper = Keeper::start(Arc::clone(&board), AccountFile::open(dir.path())).unwrap();
        for minute in 1..=1000i64 {
            publisher.bar(&Moment {
                event_time_ms: Some(minute * 60_000),
                account: Account { equity_usd: 1000.0 - minute as f64 / 100.0, ..Account::default() },
                stats: AccountStats::default(),
                marks: Some(Watermarks::new(1000.0)),
                rebased: 0,
                working_orders: 0,
                limits: EnvelopeLimits::default(),
                bars_done: 1,
                ended: false,
            });
        }
        drop(keeper);
        let opening = AccountFile::open(dir.path()).opening(Some(2_000 * 60_000), 60_000);
        let Opening::GoesOn { event_time_ms, equity_usd, .. } = opening else { panic!("{opening:?}") };
        assert_eq!((event_time_ms, equity_usd), (60_000_000, 990.0));
    }
}
