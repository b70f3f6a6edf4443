//! How long each swap took, from the fields of the event that the host logs for it.

use std::sync::{Arc, Mutex, PoisonError};

use hdrhistogram::Histogram;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};

/// Times of the swaps since they were taken last.
#[derive(Clone)]
pub struct Swaps(Arc<Mutex<Times>>);

/// ns.
pub struct Times {
    /// The exchange of the pointer.
    pub swap: Histogram<u64>,
    /// How long no call could reach the state.
    pub held: Histogram<u64>,
}

impl Times {
    fn new() -> Self {
        let times = || Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap();
        Self { swap: times(), held: times() }
    }
}

impl Swaps {
    /// Those since the last time.
    pub fn take(&self) -> Times {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), Times::new())
    }
}

/// Listens for the rest of this process.
pub fn listen() -> Swaps {
    let swaps = Swaps(Arc::new(Mutex::new(Times::new())));
    tracing::subscriber::set_global_default(Ear(swaps.clone())).unwrap();
    swaps
}

struct Ear(Swaps);

impl Subscriber for Ear {
    fn register_callsite(&self, about: &'static Metadata<'static>) -> Interest {
        if self.enabled(about) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, about: &Metadata<'_>) -> bool {
        *about.level() == Level::INFO && about.fields().field("swap_ns").is_some()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Reading(&mut self.0.0.lock().unwrap_or_else(PoisonError::into_inner)));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Reading<'a>(&'a mut Times);

impl Visit for Reading<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "swap_ns" => self.0.swap.saturating_record(value.max(1)),
            "held_ns" => self.0.held.saturating_record(value.max(1)),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
