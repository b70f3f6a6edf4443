//! What holds when nobody knows how the dials were left.

use bulkhead_policy::{Mode, Stage};

use super::{Document, Set};
use crate::{SubsystemSpec, Wish};

impl Document {
    /// Sets the least: stage OBSERVATION and nobody over OBSERVE. Somebody may have switched off a strategy that loses
    /// money, so none of them trades until a person says so. What was tightened beyond the configured limits is not known;
    /// where nothing is opened it does not matter.
    pub(super) fn least(&mut self, why: &str, specs: &[SubsystemSpec]) {
        let wish = Wish { actor: "host".to_owned(), reason: why.to_owned(), downgrade: false };
        self.stage = Some(Set::by(&wish, Stage::Observation, 0));
        let on = specs.iter().filter(|spec| spec.mode > Mode::Observe);
        self.modes.extend(on.map(|spec| (spec.name.clone(), Set::by(&wish, Mode::Observe, 0))));
    }
}

/// What people are told.
pub(super) fn told(why: &str) -> String {
    format!(
        "{why}: nobody knows what was set at run time, so the least holds: stage OBSERVATION, no subsystem over OBSERVE, \
         the configured limits; positions are managed, nothing is opened; set stage and modes with `bulkhead stage` and \
         `bulkhead mode`, or end the host, remove dials.json and dials.began from the state folder, and start it with \
         the configuration alone"
    )
}
