//! Which thread is handed what.
//!
//! An instance belongs to one thread for as long as it lives, so that its entries stay in order; births go to the thread
//! that has least before it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bulkhead_journal::{CallRecord, GuestRecord, GuestStep, PluginRef, Record, Seq, Stored};
use bulkhead_policy::{Disposition, HookId, OnFault, Outcome, disposition};

use super::{
    hands::Hands,
    job::{Asked, Job, MOST_POSITIONS, Stepped},
    proof::Untold,
};
use crate::inputs::{Issued, Source, Survey};

/// The reader's view of the journal so far.
pub(super) struct Route<'a> {
    source: &'a Source,
    survey: &'a Survey,
    issued: Issued,
    owners: HashMap<u64, usize>,
    /// Entries that each thread has before it or behind it.
    loads: Vec<u64>,
    /// Places in a chain by thread, kept for the next call.
    places: Vec<u64>,
    good: HashMap<(String, HookId), Good>,
    untold: BTreeMap<Untold, u64>,
}

/// A good answer that may stand in for a fault.
struct Good {
    raw: Vec<u8>,
    event_time_ms: u64,
}

impl<'a> Route<'a> {
    pub(super) fn new(source: &'a Source, survey: &'a Survey, threads: usize) -> Self {
        Self {
            source,
            survey,
            issued: Issued::default(),
            owners: HashMap::new(),
            loads: vec![0; threads],
            places: vec![0; threads],
            good: HashMap::new(),
            untold: BTreeMap::new(),
        }
    }

    /// What could be handed to nobody.
    pub(super) const fn untold(&self) -> &BTreeMap<Untold, u64> {
        &self.untold
    }

    /// Hands a record out. Returns whether it was a call.
    pub(super) fn hand_out(&mut self, stored: Stored<Record>, hands: &mut Hands<'_>) -> bool {
        let Stored { seq, record } = stored;
        match record {
            Record::Call(call) => {
                self.call(seq, call, hands);
                return true;
            }
            Record::Directives(record) => self.issued.take(&record),
            Record::Guest(record) => self.guest(seq, record, hands),
            Record::Order(_) | Record::Fill(_) | Record::Event(_) => {}
        }
        false
    }

    fn guest(&mut self, seq: Seq, record: GuestRecord, hands: &mut Hands<'_>) {
        if record.step == GuestStep::Born {
            let thread = self.lightest();
            let entries = self.survey.instances.get(&seq.get()).map_or(0, |lived| u64::from(lived.last_turn));
            if let Some(load) = self.loads.get_mut(thread) {
                *load += entries;
            }
            self.owners.insert(seq.get(), thread);
            return hands.give(thread, Job::Born(seq, record));
        }
        let Some(thread) = self.owners.get(&record.instance).copied() else { return };
        let named = match &record.step {
            GuestStep::Reported { directive, .. } => *directive,
            _ => None,
        };
        // Of what is missing here the instance's later turns tell.
        if let Ok(directives) = self.issued.of(named) {
            hands.give(thread, Job::Step(Arc::new(Stepped { seq, record, directives })));
        }
    }

    fn call(&mut self, seq: Seq, call: CallRecord, hands: &mut Hands<'_>) {
        let mut mine = std::mem::take(&mut self.places);
        mine.fill(0);
        let directives = self.issued.of(call.directive);
        let judged = seq <= hands.resumed_after();
        let mut leader = None;
        for (position, decision) in call.decisions.iter().enumerate().filter(|(_, decision)| decision.turn > 0) {
            let owner = match decision.instance {
                0 => Some(at_random(decision.plugin, mine.len())),
                instance => self.owners.get(&instance).copied(),
            };
            let (why, owner) = match (owner, &directives) {
                (Some(owner), Ok(_)) if position < MOST_POSITIONS => (None, owner),
                (Some(_), Ok(_)) => (Some(Untold::Layout), 0),
                (Some(_), Err(_)) => (Some(Untold::Directives), 0),
                (None, _) => (Some(Untold::Beginning), 0),
            };
            match why {
                Some(why) if !judged => *self.untold.entry(why).or_default() += 1,
                Some(_) => {}
                None => {
                    leader = leader.or(Some(owner));
                    if let Some(places) = mine.get_mut(owner) {
                        *places |= 1 << position;
                    }
                }
            }
        }
        let last_good = self.last_good(&call);
        let directives = directives.unwrap_or_default();
        let leader = leader.unwrap_or_else(|| self.lightest());
        let asked = Arc::new(Asked { seq, call, directives, last_good });
        for (thread, places) in mine.iter().enumerate() {
            let leads = thread == leader;
            if leads || *places != 0 {
                hands.give(thread, Job::Call { asked: Arc::clone(&asked), mine: *places, leads });
            }
        }
        self.places = mine;
    }

    /// What stands in for the faults of a call, where the last good answer is to; and good answers are kept for later ones.
    fn last_good(&mut self, call: &CallRecord) -> Vec<(usize, Vec<u8>)> {
        let mut found = Vec::new();
        for (position, decision) in call.decisions.iter().enumerate() {
            let Some(made) = self.source.made(decision.plugin) else { continue };
            if made.setup.on_fault.get(&call.hook) != Some(&OnFault::LastGood) {
                continue;
            }
            let key = (made.identity.subsystem.clone(), call.hook);
            // Observed where it could have been applied: it was on trial, and what it said then is not kept.
            let does = disposition(decision.authority, call.hook.kind());
            let on_trial = decision.outcome == Outcome::Observed && does == Disposition::Apply;
            match (decision.outcome, &decision.proposed) {
                (Outcome::Applied | Outcome::Advised | Outcome::Observed, Some(raw)) if !on_trial => {
                    self.good.insert(key, Good { raw: raw.clone(), event_time_ms: call.event_time_ms });
                }
                _ => {
                    let fresh =
                        |good: &&Good| call.event_time_ms.saturating_sub(good.event_time_ms) <= made.setup.last_good_ms;
                    found.extend(self.good.get(&key).filter(fresh).map(|good| (position, good.raw.clone())));
                }
            }
        }
        found
    }

    fn lightest(&self) -> usize {
        let loads = self.loads.iter().enumerate();
        loads.min_by_key(|(_, load)| **load).map_or(0, |(thread, _)| thread)
    }
}

/// Instances for one call alone belong to nobody for long: any thread will do.
fn at_random(plugin: PluginRef, threads: usize) -> usize {
    usize::try_from(plugin.get()).unwrap_or(0) % threads.max(1)
}
