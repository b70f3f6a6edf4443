//! The latest decisions, looked for once for all streams.
//!
//! Invariants:
//! - However many streams ask, the journal is asked once per look, by a task that belongs to no stream: a reader that is
//!   stalled holds up nobody.
//! - One batch is kept. Who comes late sees the latest, and how many he missed.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bulkhead_journal::{Filter, JournalError, Reader, Seq};
use serde_json::Value;

use crate::{decision_view::DecisionView, ledger::Ledger};

/// Most decisions of a batch.
const ROWS: usize = 20;
/// Tries to read two numbers of the journal at one moment of it.
const TRIES: u32 = 4;

/// What was new at a look.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Batch {
    /// How many looks there were.
    look: u64,
    /// Decisions in the journal at this look.
    total: u64,
    /// Number of its last record then.
    upto: Seq,
    /// The latest of the new ones, oldest first.
    rows: Arc<[Value]>,
}

#[derive(Debug, Default)]
struct Looks {
    begun: Option<Instant>,
    under_way: bool,
    latest: Batch,
}

/// Everybody's look. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    ledger: Ledger,
    looks: Arc<Mutex<Looks>>,
}

impl Tail {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self { ledger, looks: Arc::default() }
    }

    /// A place to follow it from: what is new from the next look on.
    pub(crate) fn follower(&self) -> Follower {
        Follower { seen: self.latest().look, total: None }
    }

    /// Looks, if nobody did within `pause`. Does not wait.
    pub(crate) fn nudge(&self, pause: Duration) {
        let after = {
            let mut looks = self.lock();
            let fresh = looks.begun.is_some_and(|at| at.elapsed() < pause);
            if looks.under_way || fresh {
                return;
            }
            (looks.under_way, looks.begun) = (true, Some(Instant::now()));
            looks.latest.clone()
        };
        let tail = self.clone();
        tokio::spawn(async move {
            let found = tail.ledger.ask(move |reader| look(reader, &after)).await;
            let mut looks = tail.lock();
            looks.under_way = false;
            // What could not be read is read at the next look.
            if let Ok(batch) = found {
                looks.latest = batch;
            }
        });
    }

    fn latest(&self) -> Batch {
        self.lock().latest.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one stream has seen.
#[derive(Debug)]
pub(crate) struct Follower {
    seen: u64,
    total: Option<u64>,
}

impl Follower {
    /// What is new for this stream: the latest rows, and how many more there were.
    pub(crate) fn news(&mut self, tail: &Tail) -> Option<(Arc<[Value]>, u64)> {
        self.take(tail.latest())
    }

    fn take(&mut self, batch: Batch) -> Option<(Arc<[Value]>, u64)> {
        if batch.look <= self.seen {
            return None;
        }
        self.seen = batch.look;
        let known = self.total.replace(batch.total)?;
        let new = batch.total.saturating_sub(known);
        let skipped = new.saturating_sub(batch.rows.len() as u64);
        (new > 0).then_some((batch.rows, skipped))
    }
}

fn look(reader: &Reader, before: &Batch) -> Result<Batch, JournalError> {
    let (total, upto) = one_moment(reader)?;
    let look = before.look.wrapping_add(1);
    // The first look only notes where to go on from.
    if before.look == 0 || total == before.total {
        return Ok(Batch { look, total, upto, rows: Arc::from([]) });
    }
    let filter = Filter { after: Some(before.upto), newest_first: true, limit: Some(ROWS), ..Filter::default() };
    let names = reader.symbols()?;
    let mut found = reader.decisions(&filter)?;
    // What was written since belongs to the next look.
    found.retain(|row| row.seq <= upto);
    let rows = found.iter().rev().filter_map(|row| serde_json::to_value(DecisionView::of(row, &names)).ok());
    Ok(Batch { look, total, upto, rows: rows.collect() })
}

/// The number of decisions, and the last record that they are in.
fn one_moment(reader: &Reader) -> Result<(u64, Seq), JournalError> {
    let mut total = reader.counts()?.decisions;
    for _ in 0..TRIES {
        let upto = Seq(reader.head()?.seq);
        let again = reader.counts()?.decisions;
        if again == total {
            return Ok((total, upto));
        }
        total = again;
    }
    Ok((total, Seq(reader.head()?.seq)))
}

#[cfg(test)]
mod tests {
    use bulkhead_journal::{CallRecord, DecisionRecord, Journal, JournalOptions, PluginIdentity, Record};
    use bulkhead_policy::{Authority, Brake, HookId, Mode, Outcome, RiskMode, Stage};

    use super::*;

    fn batch(look: u64, total: u64, rows: usize) -> Batch {
        let rows: Vec<Value> = (0..rows).map(Value::from).collect();
        Batch { look, total, upto: Seq(total), rows: rows.into() }
    }

    #[test]
    fn a_stream_is_told_what_is_new_since_it_began_and_what_it_missed() {
        let mut follower = Follower { seen: 3, total: None };
        assert_eq!(follower.take(batch(3, 100, 20)), None, "what was before");
        assert_eq!(follower.take(batch(4, 110, 10)), None, "it goes on from here");
        let (rows, skipped) = follower.take(batch(5, 115, 5)).unwrap();
        assert_eq!((rows.len(), skipped), (5, 0));
        assert_eq!(follower.take(batch(5, 115, 5)), None, "once");
        assert_eq!(follower.take(batch(6, 115, 0)), None, "nothing new");
        let (rows, skipped) = follower.take(batch(9, 1_000, 20)).unwrap();
        assert_eq!((rows.len(), skipped), (20, 865), "looks in between are counted");
    }

    /// Writes so many calls with one decision each.
    fn decide(journal: &Journal, calls: u64) {
        let plugin = journal.intern(&PluginIdentity { subsystem: "risk-os".to_owned(), ..PluginIdentity::default() });
        for event_time_ms in 0..calls {
            let decision = DecisionRecord {
                plugin,
                mode: Mode::Enforced,
                authority: Authority::Enforce,
                proposed: None,
                effective: Vec::new(),
                outcome: Outcome::Applied,
                reason: None,
                fault: None,
                fuel: 1,
                duration_ns: 1,
                memory_bytes: 1,
                instance: 0,
                turn: 0,
            };
            journal.append(Record::Call(CallRecord {
                event_time_ms,
                cycle: 1,
                hook: HookId::RiskCheck,
                symbol: None,
                correlation: 0,
                stage: Stage::Coordination,
                brake: Brake::Released,
                risk_mode: RiskMode::Normal,
                directive: None,
                input: Vec::new(),
                effective: Vec::new(),
                outcome: Outcome::Applied,
                duration_ns: 1,
                decisions: vec![decision],
            }));
        }
        journal.sync().unwrap();
    }

    async fn looked(tail: &Tail, pause: Duration) -> Batch {
        tail.nudge(pause);
        while tail.lock().under_way {
            tokio::task::yield_now().await;
        }
        tail.latest()
    }

    #[tokio::test]
    async fn sixteen_streams_cost_one_look_and_share_what_it_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let journal = Journal::open(&path, JournalOptions::default()).unwrap();
        decide(&journal, 30);
        let tail = Tail::new(Ledger::start(path).unwrap());
        let mut streams: Vec<Follower> = (0..16).map(|_| tail.follower()).collect();
        let hour = Duration::from_secs(3_600);
        for _ in 0..16 {
            assert_eq!(looked(&tail, hour).await.look, 1, "once for all of them");
        }
        assert!(streams.iter_mut().all(|stream| stream.news(&tail).is_none()), "nothing is new yet");

        decide(&journal, 7);
        looked(&tail, Duration::ZERO).await;
        let told: Vec<_> = streams.iter_mut().map(|stream| stream.news(&tail).unwrap()).collect();
        assert!(told.iter().all(|(rows, skipped)| Arc::ptr_eq(rows, &told[0].0) && *skipped == 0));
        let times: Vec<u64> = told[0].0.iter().map(|row| row["event_time_ms"].as_u64().unwrap()).collect();
        assert_eq!(times, [0, 1, 2, 3, 4, 5, 6], "oldest first");
        assert_eq!(told[0].0[0]["subsystem"], "risk-os");

        decide(&journal, 100);
        looked(&tail, Duration::ZERO).await;
        decide(&journal, 100);
        looked(&tail, Duration::ZERO).await;
        let (rows, skipped) = streams[0].news(&tail).unwrap();
        assert_eq!((rows.len(), skipped), (ROWS, 180), "every decision is told or counted");
        assert_eq!(rows[ROWS - 1]["event_time_ms"], 99);
    }
}
