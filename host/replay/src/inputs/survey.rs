//! A first look through a journal: how much there is to do, who is needed for it, and when each instance was asked last.
//!
//! It costs a fraction of the replay, and buys that a missing component is named before hours of work, and that memory does
//! not grow with versions that came and went.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use bulkhead_journal::{CallRecord, Head, PluginRef, Record, Seq};
use bulkhead_policy::HookId;

use super::Source;
use crate::ReplayError;

/// The life of an instance, as far as the journal tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lived {
    /// What it was an instance of.
    pub plugin: PluginRef,
    /// The last entry into it.
    pub last_turn: u32,
}

/// What a journal holds.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Hook calls.
    pub calls: u64,
    /// Answers of subsystems.
    pub decisions: u64,
    /// Number of the last record; 0 when there is none.
    pub last: Seq,
    /// First and last event time of a call, ms.
    pub times: Option<(u64, u64)>,
    /// Plugins that were asked.
    pub asked: BTreeSet<PluginRef>,
    /// Instances by number.
    pub instances: BTreeMap<u64, Lived>,
    /// Who answered each hook, by number of the plugin.
    pub hooks: BTreeMap<HookId, BTreeSet<PluginRef>>,
    /// End of the chain as it was.
    pub head: Option<Head>,
}

impl Survey {
    /// Looks through a journal.
    ///
    /// # Errors
    /// [`ReplayError::Journal`], or [`ReplayError::Empty`].
    pub fn of(source: &Source) -> Result<Self, ReplayError> {
        let mut survey = Self { head: Some(source.reader.head()?), ..Self::default() };
        // What is written meanwhile is for another time.
        let end = survey.head.as_ref().map_or(u64::MAX, |head| head.seq);
        source.reader.replay(Seq::NONE, |stored| {
            if stored.seq.get() > end {
                return ControlFlow::Break(());
            }
            survey.last = stored.seq;
            survey.take(stored.seq, &stored.record);
            ControlFlow::Continue(())
        })?;
        if survey.decisions == 0 {
            return Err(ReplayError::Empty(source.reader.path().to_owned()));
        }
        Ok(survey)
    }

    fn take(&mut self, seq: Seq, record: &Record) {
        match record {
            Record::Call(call) => self.call(call),
            Record::Guest(guest) => {
                let name = if guest.instance == 0 { seq.get() } else { guest.instance };
                self.entered(name, guest.plugin, guest.turn);
            }
            Record::Order(_) | Record::Fill(_) | Record::Event(_) | Record::Directives(_) => {}
        }
    }

    fn call(&mut self, call: &CallRecord) {
        self.calls += 1;
        self.decisions += call.decisions.len() as u64;
        let (first, last) = self.times.unwrap_or((call.event_time_ms, call.event_time_ms));
        self.times = Some((first.min(call.event_time_ms), last.max(call.event_time_ms)));
        for decision in &call.decisions {
            self.hooks.entry(call.hook).or_default().insert(decision.plugin);
            if decision.turn > 0 {
                self.asked.insert(decision.plugin);
            }
            if decision.instance > 0 {
                self.entered(decision.instance, decision.plugin, decision.turn);
            }
        }
    }

    fn entered(&mut self, name: u64, plugin: PluginRef, turn: u32) {
        let lived = self.instances.entry(name).or_insert(Lived { plugin, last_turn: turn });
        lived.last_turn = lived.last_turn.max(turn);
    }
}
