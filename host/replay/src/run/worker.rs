//! A thread that judges: it owns instances, and takes each through what it was given.
//!
//! Guests are judged one by one: what each is asked follows from the record of those before it in the chain, which are
//! judged themselves. So threads need not wait for each other, and if every step is as recorded, so is the whole.

use std::{collections::HashMap, sync::Arc};

use bulkhead_journal::{DecisionRecord, GuestRecord, GuestStep, PluginRef, Seq};
use bulkhead_policy::{Cause, FaultClass, Outcome, authority, for_hook};
use bulkhead_runtime::fold::{Fold, whole_outcome};
use bulkhead_sandbox::{Plugin, WireHook};
use crossbeam_channel::{Receiver, Sender};

use super::{
    ask,
    job::{Asked, Job, Stepped, any_after, holds},
    judge::{Standing, redo},
    lane::{Lane, MOST_WAITING, Turn, Waiting},
    proof::{Proof, Untold, What},
    tell::Teller,
};
use crate::inputs::{Source, Survey};

/// How far a thread has come.
#[derive(Debug)]
pub(super) struct Ack {
    pub(super) mark: u64,
    pub(super) proof: Proof,
    /// Nothing waits for a record that comes later.
    pub(super) settled: bool,
}

/// The thread's own.
pub(super) struct Worker<'a> {
    source: &'a Source,
    survey: &'a Survey,
    plugins: &'a HashMap<PluginRef, Plugin>,
    /// Everything up to here was judged by an earlier replay.
    judged: Seq,
    lanes: HashMap<u64, Lane>,
    proof: Proof,
    catching_up: bool,
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        source: &'a Source,
        survey: &'a Survey,
        plugins: &'a HashMap<PluginRef, Plugin>,
        judged: Seq,
    ) -> Self {
        let (lanes, proof) = (HashMap::new(), Proof::default());
        Self { source, survey, plugins, judged, lanes, proof, catching_up: false }
    }

    /// Judges until there is no more.
    pub(super) fn run(mut self, jobs: &Receiver<Vec<Job>>, acks: &Sender<Ack>) {
        for batch in jobs {
            for job in batch {
                match job {
                    Job::Born(seq, record) => self.born(seq, &record),
                    Job::Step(step) => self.step(&step),
                    Job::Call { asked, mine, leads } => {
                        for_hook!(asked.call.hook, H => self.call::<H>(&asked, mine, leads));
                    }
                    Job::End => self.give_up_all(),
                    Job::Mark(mark) => {
                        let settled = self.lanes.values().all(|lane| lane.waiting.is_empty());
                        // Nobody listens when the replay ends early.
                        let _ = acks.send(Ack { mark, proof: self.proof.clone(), settled });
                    }
                }
            }
        }
    }

    fn born(&mut self, seq: Seq, record: &GuestRecord) {
        let (Some(made), Some(plugin)) = (self.source.made(record.plugin), self.plugins.get(&record.plugin)) else {
            return;
        };
        self.lanes.insert(seq.get(), Lane::new(Arc::clone(made), plugin.clone()));
    }

    fn step(&mut self, step: &Arc<Stepped>) {
        let record = &step.record;
        let (name, turn) = (record.instance, record.turn);
        let Some(lane) = self.lanes.get_mut(&name) else { return };
        match lane.turn(turn) {
            Turn::Later => self.wait(name, turn, Waiting::Step(Arc::clone(step))),
            Turn::Never => {}
            Turn::Now => {
                let judged = step.seq <= self.judged;
                if judged && !lane.remembers() {
                    lane.pass_over();
                } else {
                    let teller = Teller::of_step(self.source, step);
                    let found = match record.step {
                        GuestStep::Reported { .. } => ask::report(lane, step, &teller, &mut self.proof, !judged),
                        _ => lane.step(record).err().map(|fault| teller.failed(&fault)),
                    };
                    lane.entered();
                    if let Some(difference) = found {
                        self.proof.differs(difference);
                    }
                }
                self.after(name, turn);
            }
        }
    }

    /// Works out a chain: asks the instances in `mine`, and, where this thread leads, holds what became of every answer
    /// against the record.
    fn call<H: WireHook>(&mut self, asked: &Arc<Asked>, mine: u64, leads: bool) {
        let (call, leads) = (&asked.call, leads && asked.seq > self.judged);
        let Ok(input) = postcard::from_bytes::<H::Input>(&call.input) else {
            self.proof.untold(Untold::Layout, u64::from(leads));
            return;
        };
        let mut fold = Fold::<H>::new(input);
        for (position, decision) in call.decisions.iter().enumerate() {
            if holds(mine, position) {
                self.answer::<H>(asked, position, decision, &fold.input);
            }
            if !leads && !any_after(mine, position) {
                return;
            }
            self.chain::<H>(asked, position, decision, &mut fold, leads);
        }
        if leads {
            self.whole(asked);
        }
    }

    fn chain<H: WireHook>(
        &mut self,
        asked: &Arc<Asked>,
        position: usize,
        decision: &DecisionRecord,
        fold: &mut Fold<H>,
        leads: bool,
    ) {
        let call = &asked.call;
        let Some(made) = self.source.made(decision.plugin) else { return };
        let last = position + 1 == call.decisions.len();
        let standing = Standing { setup: &made.setup, last_good: asked.last_good(position), last };
        let redone = redo::<H>(fold, decision, standing);
        if !leads {
            return;
        }
        if decision.turn == 0
            && let Outcome::Defaulted(Cause::Fault(class)) = decision.outcome
        {
            self.proof.believe(class);
        }
        let teller = Teller::of_decision(self.source, asked, position, decision);
        let allowed = authority(decision.mode, call.stage, call.hook, call.brake);
        let found = if allowed != decision.authority {
            Some(teller.named(What::Authority, decision.authority.name(), allowed.name()))
        } else if redone.outcome != decision.outcome
            || redone.reason != decision.reason
            || redone.refused.as_deref().is_some_and(|text| decision.fault != Some(ask::as_kept(text)))
        {
            Some(teller.outcome(decision, &redone))
        } else if redone.effective != decision.effective {
            Some(teller.effect::<H>(&decision.effective, &redone.effective))
        } else {
            None
        };
        if let Some(difference) = found {
            self.proof.differs(difference);
        }
    }

    fn whole(&mut self, asked: &Arc<Asked>) {
        let call = &asked.call;
        self.proof.calls += 1;
        let Some(last) = call.decisions.last() else { return };
        let outcomes: Vec<Outcome> = call.decisions.iter().map(|decision| decision.outcome).collect();
        let braked = outcomes.contains(&Outcome::Defaulted(Cause::Brake));
        let outcome = whole_outcome(&outcomes, braked);
        let teller = Teller::of_call(self.source, asked);
        if outcome != call.outcome {
            self.proof.differs(teller.whole(call.outcome, outcome));
        } else if last.effective != call.effective {
            let difference = for_hook!(call.hook, H => teller.effect::<H>(&call.effective, &last.effective));
            self.proof.differs(difference);
        }
    }

    /// Asks the instance that answered, if it is its turn.
    fn answer<H: WireHook>(
        &mut self,
        asked: &Arc<Asked>,
        position: usize,
        decision: &DecisionRecord,
        input: &H::Input,
    ) {
        let (name, judged) = (decision.instance, asked.seq <= self.judged);
        let teller = Teller::of_decision(self.source, asked, position, decision);
        if name == 0 {
            let made = self.source.made(decision.plugin).zip(self.plugins.get(&decision.plugin));
            if let Some((made, plugin)) = made.filter(|_| !judged) {
                // Made for this call alone.
                let mut lane = Lane::new(Arc::clone(made), plugin.clone());
                ask::hook::<H>(&mut lane, asked, decision, input, &teller, &mut self.proof, true);
            }
            return;
        }
        let Some(lane) = self.lanes.get_mut(&name) else {
            self.proof.untold(Untold::Beginning, u64::from(!judged));
            return;
        };
        match lane.turn(decision.turn) {
            Turn::Later => return self.wait(name, decision.turn, Waiting::Call(Arc::clone(asked), position)),
            Turn::Never => return self.proof.untold(Untold::Gap, u64::from(!judged)),
            Turn::Now => {}
        }
        if judged && !lane.remembers() {
            lane.pass_over();
        } else if fired(decision) {
            lane.entered();
            if !judged {
                self.proof.believe(FaultClass::Deadline);
            }
        } else {
            ask::hook::<H>(lane, asked, decision, input, &teller, &mut self.proof, !judged);
            lane.entered();
        }
        self.after(name, decision.turn);
    }

    fn wait(&mut self, name: u64, turn: u32, waiting: Waiting) {
        let Some(lane) = self.lanes.get_mut(&name) else { return };
        lane.waiting.insert(turn, waiting);
        if lane.waiting.len() > MOST_WAITING {
            self.give_up(name);
        }
    }

    /// Takes what waited for this, and lets the instance go after its last entry.
    fn after(&mut self, name: u64, turn: u32) {
        if !self.catching_up {
            self.catching_up = true;
            while let Some(next) = self.lanes.get_mut(&name).and_then(|lane| lane.waiting.remove(&lane.next)) {
                match next {
                    Waiting::Step(step) => self.step(&step),
                    Waiting::Call(asked, position) => {
                        for_hook!(asked.call.hook, H => self.call::<H>(&asked, 1 << position, false));
                    }
                }
            }
            self.catching_up = false;
        }
        if self.survey.instances.get(&name).is_none_or(|lived| turn >= lived.last_turn) {
            self.lanes.remove(&name);
        }
    }

    /// A record of the instance is missing: what it says from here on cannot be told.
    fn give_up(&mut self, name: u64) {
        let Some(lane) = self.lanes.get_mut(&name) else { return };
        lane.lost = true;
        let waiting = std::mem::take(&mut lane.waiting);
        let calls = waiting.values().filter(|w| matches!(w, Waiting::Call(..)) && w.seq() > self.judged).count();
        self.proof.untold(Untold::Gap, calls as u64);
    }

    /// At the end of the journal nothing comes any more that could be waited for.
    fn give_up_all(&mut self) {
        let waiting: Vec<u64> =
            self.lanes.iter().filter(|(_, lane)| !lane.waiting.is_empty()).map(|(name, _)| *name).collect();
        for name in waiting {
            self.give_up(name);
        }
    }
}

/// Whether time ended the call: that is in no input.
fn fired(decision: &DecisionRecord) -> bool {
    decision.outcome == Outcome::Defaulted(Cause::Fault(FaultClass::Deadline))
}
