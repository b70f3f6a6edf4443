//! The thread that asks a shadow what the serving version was asked.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use bulkhead_journal::{EventKind, EventRecord, Journal, Record};
use bulkhead_policy::{HookId, Likeness, Limits, for_hook, json};
use bulkhead_sandbox::{Budget, Fault, SymbolInfo, Usage, WireHook};
use parking_lot::Mutex;
use serde_json::Value;

use super::{
    ShadowDifference,
    evidence::{Compared, Measured, Tally},
    job::Job,
};
use crate::{
    call::nanos,
    fold::{checked, encode},
    version::short,
    world::Version,
};

/// Stack of the thread. A guest may use 256 KiB of it.
pub(super) const STACK: usize = 4 << 20;
/// How much the thread yields to others: a shadow must not take the time of a decision.
const NICE: i32 = 10;
/// How long it may take the thread to notice that it is to end.
const IDLE: Duration = Duration::from_millis(20);

/// What a shadow is asked with.
#[derive(Clone, Debug)]
pub(crate) struct Bench {
    pub(crate) subsystem: String,
    pub(crate) budget: Budget,
    pub(crate) limits: BTreeMap<HookId, Limits>,
    pub(crate) symbols: Arc<[SymbolInfo]>,
    pub(crate) journal: Journal,
}

pub(super) struct Worker {
    version: Arc<Version>,
    bench: Bench,
    tally: Arc<Mutex<Tally>>,
    stop: Arc<AtomicBool>,
}

/// What both said to one question.
struct Pair<H: WireHook> {
    compared: Compared,
    live: Option<H::Answer>,
    own: Option<H::Answer>,
    fault: Option<String>,
}

impl Worker {
    pub(super) const fn new(
        version: Arc<Version>,
        bench: Bench,
        tally: Arc<Mutex<Tally>>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self { version, bench, tally, stop }
    }

    /// Answers until nobody asks any more.
    pub(super) fn run(self, questions: &Receiver<Job>) {
        // Where the system does not allow it, the shadow is merely less polite.
        let _ = rustix::process::nice(NICE);
        while !self.stop.load(Ordering::Acquire) {
            match questions.recv_timeout(IDLE) {
                Ok(job) => for_hook!(job.hook, H => self.compare::<H>(&job)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn compare<H: WireHook>(&self, job: &Job) {
        // Both were written by this process.
        let Ok(input) = postcard::from_bytes::<H::Input>(&job.input) else { return };
        let started = Instant::now();
        let (said, usage) = self.ask::<H>(job, &input);
        let took_ns = nanos(started);
        let pair = judge::<H>(job, said);
        let own = pair.own.as_ref().map(encode);
        let answers = job.live.as_deref().ok().zip(own.as_deref());
        let measured = Measured { fuel: usage.fuel, took_ns, live_ns: job.live_ns, answers };
        let compared = pair.compared;
        let difference = kind_of(compared).map(|kind| self.difference::<H>(job, kind, pair));
        if let Some(difference) = &difference
            && self.tally.lock().tells()
        {
            self.journal(difference);
        }
        // Last of all: who sees the count sees everything that it counts.
        let mut tally = self.tally.lock();
        tally.note(H::ID, compared, measured, same::<H>);
        if let Some(difference) = difference {
            tally.keep(difference);
        }
    }

    fn ask<H: WireHook>(&self, job: &Job, input: &H::Input) -> (Result<H::Answer, Fault>, Usage) {
        let mut usage = Usage::default();
        let said = self.version.pool.lease().and_then(|mut lease| {
            lease.with(|instance| {
                let (said, used) = instance.ask::<H>(&job.context, input, &self.bench.budget);
                usage = used;
                // What a shadow logs is nobody's concern, and must not pile up.
                drop(instance.take_log());
                said
            })
        });
        let limits = self.bench.limits.get(&H::ID).copied().unwrap_or_default();
        (said.and_then(|raw| checked::<H>(input, raw, &limits)), usage)
    }

    fn difference<H: WireHook>(&self, job: &Job, kind: &'static str, pair: Pair<H>) -> ShadowDifference {
        ShadowDifference {
            event_time_ms: job.moment.event_time_ms,
            cycle: job.moment.cycle,
            correlation: job.moment.correlation,
            hook: H::ID,
            symbol: job.symbol,
            kind,
            live: self.readable(pair.live),
            shadow: self.readable(pair.own),
            fault: pair.fault,
        }
    }

    /// The JSON form of an answer, with names.
    fn readable<A: serde::Serialize>(&self, answer: Option<A>) -> Value {
        let Some(mut value) = answer.and_then(|answer| json::write(&answer).ok()) else { return Value::Null };
        json::to_names(&mut value, &|id| self.name(id));
        value
    }

    fn name(&self, id: u32) -> Option<&str> {
        self.bench.symbols.iter().find(|symbol| symbol.id == id).map(|symbol| symbol.name.as_str())
    }

    fn journal(&self, difference: &ShadowDifference) {
        let digest = self.version.digest();
        let symbol = difference.symbol.and_then(|id| self.name(id));
        let data = serde_json::json!({
            "subsystem": self.bench.subsystem,
            "digest": digest,
            "hook": difference.hook.name(),
            "symbol": symbol,
            "cycle": difference.cycle,
            "correlation": difference.correlation,
            "kind": difference.kind,
            "live": difference.live,
            "shadow": difference.shadow,
            "fault": difference.fault,
        });
        let about = symbol.map(|name| format!(" of {name}")).unwrap_or_default();
        let hook = difference.hook;
        let text = format!("the shadow {} answers {hook}{about} otherwise: {}", short(digest), difference.kind);
        self.bench.journal.append(Record::Event(EventRecord {
            event_time_ms: difference.event_time_ms,
            kind: EventKind::ShadowDiffered,
            actor: self.bench.subsystem.clone(),
            text,
            data: data.to_string(),
        }));
    }
}

/// Whether two answers are the same decision, words apart.
fn same<H: WireHook>(one: &[u8], other: &[u8]) -> bool {
    let read = |bytes| postcard::from_bytes::<H::Answer>(bytes).ok();
    read(one).zip(read(other)).is_some_and(|(one, other)| H::compare(&one, &other) == Likeness::Same)
}

fn judge<H: WireHook>(job: &Job, said: Result<H::Answer, Fault>) -> Pair<H> {
    // Written by this process, too.
    let live = job.live.as_ref().ok().and_then(|bytes| postcard::from_bytes::<H::Answer>(bytes).ok());
    match (live, said) {
        (Some(live), Ok(own)) => {
            let compared = Compared::Both(H::compare(&live, &own));
            Pair { compared, live: Some(live), own: Some(own), fault: None }
        }
        (None, Ok(own)) => Pair { compared: Compared::Alone, live: None, own: Some(own), fault: None },
        (live, Err(fault)) => {
            Pair { compared: Compared::Failed(fault.class), live, own: None, fault: Some(fault.to_string()) }
        }
    }
}

/// What people call the difference. `None`: there is none, or the serving version alone is to blame.
const fn kind_of(compared: Compared) -> Option<&'static str> {
    match compared {
        Compared::Both(Likeness::Same) | Compared::Alone => None,
        Compared::Both(likeness) => Some(likeness.name()),
        Compared::Failed(class) => Some(class.name()),
    }
}
