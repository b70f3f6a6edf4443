//! The last recorded inputs, asked again: the admission test of a candidate.
//!
//! They are read from the journal, so that a hook call pays nothing for it. Only faults refuse a candidate: another answer
//! is what a new version is for.

use bulkhead_journal::{CallRecord, Filter, Reader};
use bulkhead_policy::{Mode, for_hook};
use bulkhead_sandbox::{Instance, WireHook};

use super::Admitted;
use crate::{Registry, again, subsystem::Subsystem};

impl Registry {
    /// Asks an instance of its own, which is thrown away: the candidate's state is not to know of it.
    pub(super) fn answers_recorded(&self, slot: &Subsystem, candidate: &Admitted, wanted: usize) -> Result<(), String> {
        if wanted == 0 {
            return Ok(());
        }
        // Nothing recorded yet, or a journal that cannot be read, is no fault of the candidate's.
        let Ok(reader) =
            self.journal.sync().map_err(drop).and_then(|_| Reader::open(self.journal.path()).map_err(drop))
        else {
            return Ok(());
        };
        let mut instance = candidate.pool.spare().map_err(|fault| fault.to_string())?;
        let mode = self.worlds.now().mode(slot.index);
        for hook in &candidate.hooks() {
            let filter = Filter { hook: Some(*hook), newest_first: true, limit: Some(wanted), ..Filter::default() };
            let mut calls = reader.calls(&filter).unwrap_or_default();
            calls.reverse();
            for call in calls {
                for_hook!(*hook, H => ask::<H>(&mut instance, slot, mode, &call.record))
                    .map_err(|what| format!("record {} of {hook}: {what}", call.seq.0))?;
            }
        }
        Ok(())
    }
}

fn ask<H: WireHook>(instance: &mut Instance, slot: &Subsystem, mode: Mode, call: &CallRecord) -> Result<(), String> {
    // An input of an older layout cannot be asked; that says nothing about the candidate.
    let Ok(input) = postcard::from_bytes::<H::Input>(&call.input) else { return Ok(()) };
    let context = again::context(call, mode, None);
    let (budget, limits) = (&slot.spec.budget, slot.limits(H::ID));
    match again::ask_checked::<H>(instance, &context, &input, budget, &limits) {
        Ok(_) => Ok(()),
        Err(fault) => Err(fault.to_string()),
    }
}
