//! Every recorded decision, made again.
//!
//! One thread reads the journal and hands records out, in order, to threads that own the instances; each takes its instances
//! through what they were given, by turn, and holds every answer against the record. An interrupted replay leaves a file
//! from which the next one goes on: what was judged is not judged again, and only guests that remember are taken through it
//! once more.

mod ask;
mod hands;
mod job;
mod judge;
mod lane;
mod proof;
mod resume;
mod route;
mod tell;
mod worker;

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    ops::ControlFlow,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use bulkhead_journal::{PluginRef, Seq};
use bulkhead_sandbox::Plugin;
use crossbeam_channel::{bounded, unbounded};

pub(crate) use ask::budget;
pub use proof::{Difference, Proof, Untold, What};
pub use resume::Kept;

use self::{hands::Hands, route::Route, worker::Worker};
use crate::{
    ReplayError,
    inputs::{Components, Source, Survey},
};

/// Stack of a judging thread. A guest may use 256 KiB of it.
const STACK: usize = 4 << 20;
/// Batches that wait for a thread.
const WAITING: usize = 16;

/// How a replay runs.
#[derive(Debug)]
pub struct Options<'a> {
    /// Threads that judge. One more reads.
    pub threads: NonZeroUsize,
    /// Where an interrupted replay is kept; absent: nowhere.
    pub kept: Option<PathBuf>,
    /// Set to end the replay early.
    pub stop: &'a AtomicBool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// What was found.
    pub proof: Proof,
    /// Everything was judged; otherwise it was stopped.
    pub whole: bool,
    /// Number of the last record that an earlier replay had judged; 0 when this one began at the beginning.
    pub resumed_after: Seq,
    /// Calls that this replay went through, those of an earlier one left out.
    pub calls_now: u64,
    /// How long it took, the components' compilation left out.
    pub took: Duration,
    /// Why an interruption could not be kept.
    pub not_kept: Option<String>,
}

/// Replays a journal. `seen` hears of the number of calls read so far.
///
/// # Errors
/// [`ReplayError`], before anything was judged, or when a thread died. A difference is no error.
pub fn prove(
    source: &Source,
    survey: &Survey,
    components: &Components,
    options: &Options<'_>,
    seen: &mut dyn FnMut(u64),
) -> Result<Ended, ReplayError> {
    let plugins = load(source, survey, components)?;
    let kept = options.kept.as_deref().map(|path| Kept::read(path, survey)).transpose()?.flatten().unwrap_or_default();
    let started = Instant::now();
    let threads = options.threads.get();
    let ended = thread::scope(|scope| {
        let (acks, heard) = unbounded();
        let mut lines = Vec::with_capacity(threads);
        let mut handles = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (line, jobs) = bounded(WAITING);
            lines.push(line);
            let worker = Worker::new(source, survey, &plugins, kept.after);
            let acks = acks.clone();
            let spawned = thread::Builder::new()
                .name("replay".to_owned())
                .stack_size(STACK)
                .spawn_scoped(scope, move || worker.run(&jobs, &acks));
            handles.push(spawned.map_err(|error| ReplayError::Thread(format!("does not start ({error})")))?);
        }
        drop(acks);
        let hands = Hands::new(lines, heard, kept, options.kept.clone(), survey);
        let ended = read(source, survey, options, hands, seen);
        for handle in handles {
            handle.join().map_err(|_| ReplayError::Thread("died".to_owned()))?;
        }
        ended
    })?;
    Ok(Ended { took: started.elapsed(), ..ended })
}

/// The components of everybody who was asked. All of them, before the first is replayed.
fn load(source: &Source, survey: &Survey, components: &Components) -> Result<HashMap<PluginRef, Plugin>, ReplayError> {
    survey.asked.iter().map(|plugin| Ok((*plugin, components.of(source.needed(*plugin)?)?))).collect()
}

fn read(
    source: &Source,
    survey: &Survey,
    options: &Options<'_>,
    mut hands: Hands<'_>,
    seen: &mut dyn FnMut(u64),
) -> Result<Ended, ReplayError> {
    let (mut route, mut calls, mut calls_now) = (Route::new(source, survey, hands.threads()), 0, 0);
    let mut reached = Seq::NONE;
    let after = hands.resumed_after();
    source.reader.replay(Seq::NONE, |stored| {
        if stored.seq > survey.last || options.stop.load(Ordering::Relaxed) || hands.broken() {
            return ControlFlow::Break(());
        }
        reached = stored.seq;
        if route.hand_out(stored, &mut hands) {
            calls += 1;
            calls_now += u64::from(reached > after);
            if calls % 256 == 0 {
                hands.look(reached, route.untold());
                seen(calls);
            }
        }
        ControlFlow::Continue(())
    })?;
    seen(calls);
    let whole = reached == survey.last;
    let (proof, not_kept) = hands.end(reached, whole, route.untold())?;
    Ok(Ended { proof, whole, resumed_after: after, calls_now, took: Duration::ZERO, not_kept })
}
