//! What another version, configuration, mode or stage would have decided on the same inputs.
//!
//! Every call is asked again as it was recorded; what followed from the recorded answers stays as it was. Only who is
//! concerned is asked: whoever is another one, is told something else, or stands in a chain behind one of these. For the
//! rest the record speaks, which a replay proves to be what they would say.

mod affected;
mod cast;
mod chain;
mod what_if;

use std::{
    ops::ControlFlow,
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use bulkhead_journal::{CallRecord, Record, Seq};
use bulkhead_policy::for_hook;
use bulkhead_sandbox::WireHook;

pub use what_if::{Swap, WhatIf};

use self::{affected::Affected, cast::Cast, chain::Chain};
use crate::{
    DecisionChange, ReplayError, Tally,
    inputs::{Components, Issued, Source, Survey},
};

/// Asks a journal what would have been decided. `found` hears of every decision that comes out otherwise, in the order of
/// the journal; `seen` of the number of calls so far. Ends early when `stop` is set.
///
/// # Errors
/// [`ReplayError`], before anything was asked.
pub fn decide(
    source: &Source,
    survey: &Survey,
    components: &Components,
    what_if: &WhatIf,
    stop: &AtomicBool,
    found: &mut dyn FnMut(DecisionChange),
    seen: &mut dyn FnMut(u64),
) -> Result<Tally, ReplayError> {
    what_if.check(source)?;
    let affected = Affected::by(what_if, source, survey);
    let mut cast = Cast::new(source, components, what_if, &affected)?;
    let started = Instant::now();
    let (mut tally, mut issued, mut calls) = (Tally::default(), Issued::default(), 0);
    let mut failed = None;
    source.reader.replay(Seq::NONE, |stored| {
        if stored.seq > survey.last || stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        let done = match &stored.record {
            Record::Call(call) => {
                calls += 1;
                if calls % 256 == 0 {
                    seen(calls);
                }
                let mut world = World { source, what_if, affected: &affected, issued: &issued, cast: &mut cast };
                for_hook!(call.hook, H => one::<H>(&mut world, stored.seq, call, &mut tally, found))
            }
            Record::Guest(guest) => cast.step(guest, &issued),
            Record::Directives(record) => {
                issued.take(record);
                Ok(())
            }
            Record::Order(_) | Record::Fill(_) | Record::Event(_) => Ok(()),
        };
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    seen(calls);
    tally.span_ms = survey.times.map_or(0, |(first, last)| last - first);
    tally.took = started.elapsed();
    failed.map_or(Ok(tally), Err)
}

/// What a call is asked in.
struct World<'w, 'a> {
    source: &'a Source,
    what_if: &'a WhatIf,
    affected: &'w Affected,
    issued: &'w Issued,
    cast: &'w mut Cast<'a>,
}

fn one<H: WireHook>(
    world: &mut World<'_, '_>,
    seq: Seq,
    call: &CallRecord,
    tally: &mut Tally,
    found: &mut dyn FnMut(DecisionChange),
) -> Result<(), ReplayError> {
    let counts = tally.hooks.entry(H::ID).or_default();
    counts.calls += 1;
    // An input of another layout cannot be asked: it stays as it was.
    let Ok(input) = postcard::from_bytes::<H::Input>(&call.input) else { return Ok(()) };
    Chain::<H>::new(seq, call, input).ask(world, counts, found)
}
