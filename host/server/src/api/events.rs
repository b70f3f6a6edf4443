//! What changes, as it changes: server-sent events.
//!
//! There is no queue. A stream looks at the state when its reader has room, so a reader that is slow gets fewer events,
//! the latest state, and a word about the time it did not look. A reader that takes nothing at all is let go by its
//! connection. The journal is asked once for all streams.

use std::{
    collections::{BTreeMap, VecDeque},
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::State,
    http::StatusCode,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::account::Account;
use crate::{
    control::Control,
    error::Problem,
    openapi::Reading,
    tail::{Follower, Tail},
    view::{AccountView, StatusView, SubsystemView},
};

/// Most streams at once.
const STREAMS: usize = 16;
/// Time between two looks.
const LOOK: Duration = Duration::from_millis(250);
/// Time between two signs of life where nothing changes.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A pause between two looks from which on the reader is told of it.
const LAG: Duration = Duration::from_secs(2);
/// Looks from one `counts` or `account` to the next.
const COUNTS_EVERY: u32 = 4;

/// Room for streams.
#[derive(Clone, Debug)]
pub(crate) struct Streams(Arc<Semaphore>);

impl Default for Streams {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(STREAMS)))
    }
}

/// What changes, as it changes: server-sent events.
///
/// Events are `brake`, `dials`, `subsystem`, `counts`, `account`, `decisions` and `lagged`, each with JSON. A reader
/// that is slow gets the latest state, and is told of the pause.
#[utoipa::path(
    get,
    path = "/ai/events",
    operation_id = "events",
    tag = "state",
    responses(
        (status = 200, description = "A stream that does not end", body = String, content_type = "text/event-stream"),
        Reading
    )
)]
pub(crate) async fn events(
    State(control): State<Control>,
    State(streams): State<Streams>,
    State(account): State<Account>,
    State(tail): State<Tail>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let room = Arc::clone(&streams.0).try_acquire_owned().map_err(|_| {
        let text = format!("{STREAMS} streams are open already; close one of them");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", text)
    })?;
    let watcher = Watcher::new(control, account, tail, room);
    let events = stream::unfold(watcher, |mut watcher| async {
        let (name, data) = watcher.next().await;
        let event = Event::default().event(name).data(data.to_string());
        Some((Ok(event), watcher))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

type Told = (&'static str, Value);

/// Looks at the state, and tells what is new.
struct Watcher {
    control: Control,
    account: Account,
    tail: Tail,
    follower: Follower,
    known: BTreeMap<&'static str, Value>,
    subsystems: BTreeMap<String, Value>,
    waiting: VecDeque<Told>,
    looked: Option<Instant>,
    looks: u32,
    _room: OwnedSemaphorePermit,
}

impl Watcher {
    fn new(control: Control, account: Account, tail: Tail, room: OwnedSemaphorePermit) -> Self {
        let follower = tail.follower();
        let (known, subsystems, waiting) = (BTreeMap::new(), BTreeMap::new(), VecDeque::new());
        Self { control, account, tail, follower, known, subsystems, waiting, looked: None, looks: 0, _room: room }
    }

    async fn next(&mut self) -> Told {
        loop {
            if let Some(told) = self.waiting.pop_front() {
                return told;
            }
            if self.looked.is_some() {
                tokio::time::sleep(LOOK).await;
            }
            let status = self.control.status();
            self.look(&status, Instant::now());
        }
    }

    fn look(&mut self, status: &StatusView, now: Instant) {
        let pause = self.looked.replace(now).map_or(Duration::ZERO, |before| now.saturating_duration_since(before));
        if pause >= LAG {
            let ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            self.waiting.push_back(("lagged", json!({ "not_looked_for_ms": ms })));
        }
        self.tell("brake", json!(status.brake));
        self.tell("dials", json!({ "stage": status.stage, "policy": status.policy }));
        for s in &status.subsystems {
            let steady = steady(s);
            if self.subsystems.get(&s.name) != Some(&steady) {
                self.subsystems.insert(s.name.clone(), steady.clone());
                self.waiting.push_back(("subsystem", steady));
            }
        }
        if self.looks.is_multiple_of(COUNTS_EVERY) {
            self.tell("counts", counts(status));
            if let Some(board) = &self.account.0 {
                let now = AccountView::of(&board.look());
                self.tell("account", json!(now));
            }
        }
        self.tail.nudge(LOOK);
        if let Some((decisions, skipped)) = self.follower.news(&self.tail) {
            self.waiting.push_back(("decisions", json!({ "decisions": *decisions, "skipped": skipped })));
        }
        self.looks = self.looks.wrapping_add(1);
    }

    fn tell(&mut self, name: &'static str, value: Value) {
        if self.known.get(name) != Some(&value) {
            self.known.insert(name, value.clone());
            self.waiting.push_back((name, value));
        }
    }
}

/// What of a subsystem does not change with every call.
fn steady(s: &SubsystemView) -> Value {
    json!({
        "name": s.name, "mode": s.mode, "plugin": s.plugin, "version": s.version, "digest": s.digest,
        "pinned": s.pinned, "quarantined": s.quarantined, "refused": s.refused, "last_fault": s.last_fault,
    })
}

fn counts(status: &StatusView) -> Value {
    let each = |s: &SubsystemView| (s.name.clone(), json!({ "calls": s.calls, "faults": s.faults }));
    json!({
        "event_time_ms": status.event_time_ms,
        "journal": status.journal,
        "subsystems": status.subsystems.iter().map(each).collect::<serde_json::Map<_, _>>(),
    })
}
