//! One call, asked again.

use std::sync::Arc;

use bulkhead_journal::{CallRecord, DecisionRecord, Seq};
use bulkhead_policy::{
    Authority, Cause, Context, Disposition, FaultClass, Hook, Likeness, Mode, Outcome, ReasonCode, authority,
    disposition,
};
use bulkhead_runtime::{
    RecordedSetup, again,
    fold::{Fold, checked, encode, whole_outcome},
};
use bulkhead_sandbox::{Fault, WireHook};

use super::{World, affected::place};
use crate::{DecisionChange, HookTally, ReplayError, Said, inputs::aged};

/// A chain on its way.
pub(super) struct Chain<'c, H: Hook> {
    seq: Seq,
    call: &'c CallRecord,
    input: H::Input,
    fold: Fold<H>,
    outcomes: Vec<Outcome>,
    braked: bool,
}

/// One who is asked.
struct Asked<'c> {
    name: String,
    /// What the record has of it.
    recorded: Option<&'c DecisionRecord>,
    mode: Mode,
    authority: Authority,
}

/// What somebody said, and what became of it.
struct Heard<A> {
    said: Result<A, Fault>,
    fuel: u64,
    outcome: Outcome,
}

impl<'c, H: WireHook> Chain<'c, H> {
    pub(super) fn new(seq: Seq, call: &'c CallRecord, input: H::Input) -> Self {
        let fold = Fold::new(input.clone());
        Self { seq, call, input, fold, outcomes: Vec::new(), braked: false }
    }

    /// Asks everybody in order, and tells what comes out otherwise.
    pub(super) fn ask(
        mut self,
        world: &mut World<'_, '_>,
        counts: &mut HookTally,
        found: &mut dyn FnMut(DecisionChange),
    ) -> Result<(), ReplayError> {
        // What a brake had stopped before anybody was asked would have been stopped again.
        if !self.call.brake.allows_plugins() {
            return Ok(());
        }
        let mut recorded_fold = Fold::<H>::new(self.input.clone());
        for asked in self.chain(world) {
            if let Some(decision) = asked.recorded {
                world.cast.recorded_is(&asked.name, decision.plugin)?;
            }
            let was = asked.recorded.and_then(|decision| recorded_said::<H>(world, decision, &recorded_fold));
            let heard = self.hear(world, &asked, was.as_ref(), &recorded_fold, counts);
            if let Some(decision) = asked.recorded {
                follow(&mut recorded_fold, decision);
            }
            self.tell(&asked, was, heard, counts, found);
        }
        self.in_force(counts, found);
        Ok(())
    }

    /// Who is asked, in order.
    fn chain(&self, world: &World<'_, '_>) -> Vec<Asked<'c>> {
        let name = |decision: &DecisionRecord| {
            world.source.made(decision.plugin).map_or_else(String::new, |made| made.identity.subsystem.clone())
        };
        let recorded = self.call.decisions.iter().map(|decision| (name(decision), Some(decision), decision.mode));
        let mut all: Vec<(String, Option<&'c DecisionRecord>, Mode)> = recorded.collect();
        for (name, mode) in &world.what_if.modes {
            let missing = all.iter().all(|(known, ..)| known != name);
            if missing && world.cast.who_answers::<H>().any(|answers| answers == name) {
                all.push((name.clone(), None, *mode));
            }
        }
        // Stable: those that the design does not name stay in the order of the record.
        all.sort_by_key(|(name, ..)| place(H::ID, name));
        let stage = world.what_if.stage.unwrap_or(self.call.stage);
        let of = |(name, recorded, mode): (String, Option<&'c DecisionRecord>, Mode)| {
            let mode = world.what_if.modes.get(&name).copied().unwrap_or(mode);
            let authority = authority(mode, stage, H::ID, self.call.brake);
            Asked { name, recorded, mode, authority }
        };
        all.into_iter().map(of).collect()
    }

    /// What somebody says now: the guest where it is concerned, the record where it is not. `None`: it is not asked.
    fn hear(
        &mut self,
        world: &mut World<'_, '_>,
        asked: &Asked<'_>,
        was: Option<&Result<H::Answer, Fault>>,
        recorded_fold: &Fold<H>,
        counts: &mut HookTally,
    ) -> Option<Heard<H::Answer>> {
        let does = disposition(asked.authority, H::ID.kind());
        if does == Disposition::Skip || self.braked {
            return None;
        }
        if let Some(decision) = asked.recorded.filter(|_| !world.affected.contains(&asked.name)) {
            return self.as_recorded(world, asked, decision, was?, recorded_fold);
        }
        let made = Arc::clone(world.cast.made(&asked.name)?);
        counts.asked += 1;
        counts.recorded_fuel += asked.recorded.map_or(0, |decision| decision.fuel);
        let context = self.context(world, asked);
        let (said, usage) = world.cast.ask::<H>(&asked.name, &context, &self.fold.input)?;
        counts.replayed_fuel += usage.fuel;
        let said = said.and_then(|raw| checked::<H>(&self.fold.input, raw, &made.setup.limits(H::ID)));
        let outcome = self.take(asked, does, &said, &made.setup);
        self.outcomes.push(outcome);
        Some(Heard { said, fuel: usage.fuel, outcome })
    }

    /// Somebody whom the change does not concern says what it said.
    fn as_recorded(
        &mut self,
        world: &World<'_, '_>,
        asked: &Asked<'_>,
        decision: &DecisionRecord,
        was: &Result<H::Answer, Fault>,
        recorded_fold: &Fold<H>,
    ) -> Option<Heard<H::Answer>> {
        let made = world.source.made(decision.plugin)?;
        let does = disposition(asked.authority, H::ID.kind());
        let outcome = if self.fold.effective == recorded_fold.effective {
            // Nothing has come out otherwise so far, so neither does what becomes of it.
            self.braked |= decision.outcome == Outcome::Defaulted(Cause::Brake);
            follow(&mut self.fold, decision);
            decision.outcome
        } else if decision.outcome == Outcome::Observed && does == Disposition::Apply {
            // Observed where it could have been applied: it was on trial after a fall, and still is.
            let on_fault = made.setup.on_fault(H::ID, asked.authority);
            self.fold.fall_back(does, on_fault, FaultClass::Quarantined, |_| None);
            Outcome::Observed
        } else {
            self.take(asked, does, was, &made.setup)
        };
        self.outcomes.push(outcome);
        Some(Heard { said: was.clone(), fuel: decision.fuel, outcome })
    }

    fn context(&self, world: &World<'_, '_>, asked: &Asked<'_>) -> Context {
        let call = self.call;
        let directives = world.issued.of(call.directive).unwrap_or_default();
        let recorded = again::context(call, asked.mode, aged(directives.as_ref(), call.directive));
        Context { stage: world.what_if.stage.unwrap_or(call.stage), ..recorded }
    }

    fn take(
        &mut self,
        asked: &Asked<'_>,
        does: Disposition,
        said: &Result<H::Answer, Fault>,
        setup: &RecordedSetup,
    ) -> Outcome {
        // A brake that came during the call would have come again.
        if asked.recorded.is_some_and(|decision| decision.outcome == Outcome::Defaulted(Cause::Brake)) {
            self.braked = true;
            return Outcome::Defaulted(Cause::Brake);
        }
        match said {
            Ok(answer) => self.fold.take(does, answer),
            Err(fault) => {
                // No last good answer stands in: which one would be at hand is another question.
                let on_fault = setup.on_fault(H::ID, asked.authority);
                self.fold.fall_back(does, on_fault, fault.class, |_| None);
                Outcome::Defaulted(Cause::Fault(fault.class))
            }
        }
    }

    fn tell(
        &self,
        asked: &Asked<'_>,
        was: Option<Result<H::Answer, Fault>>,
        heard: Option<Heard<H::Answer>>,
        counts: &mut HookTally,
        found: &mut dyn FnMut(DecisionChange),
    ) {
        let nobody = Outcome::Defaulted(Cause::Off);
        let recorded_outcome = asked.recorded.map_or(nobody, |decision| decision.outcome);
        let replayed_outcome = heard.as_ref().map_or(nobody, |heard| heard.outcome);
        fault_of(recorded_outcome, &mut counts.recorded_faults);
        fault_of(replayed_outcome, &mut counts.replayed_faults);
        let likeness = match (&was, heard.as_ref().map(|heard| &heard.said)) {
            (Some(Ok(was)), Some(Ok(now))) => Some(H::compare(was, now)),
            _ => None,
        };
        let now = heard.as_ref().map(|heard| &heard.said);
        let same = match (&was, now) {
            (Some(Err(was)), Some(Err(now))) => was.class == now.class,
            (None, None) => true,
            _ => likeness == Some(Likeness::Same),
        };
        if same && recorded_outcome == replayed_outcome {
            return;
        }
        counts.changed += 1;
        counts.answers += u64::from(!same);
        found(DecisionChange {
            subsystem: Some(asked.name.clone()),
            recorded: said(was.as_ref()),
            replayed: said(now),
            likeness,
            recorded_outcome,
            replayed_outcome,
            recorded_reasons: reasons::<H>(was.as_ref()),
            replayed_reasons: reasons::<H>(now),
            recorded_fuel: asked.recorded.map_or(0, |decision| decision.fuel),
            replayed_fuel: heard.as_ref().map_or(0, |heard| heard.fuel),
            ..self.change()
        });
    }

    /// What takes effect in the end.
    fn in_force(self, counts: &mut HookTally, found: &mut dyn FnMut(DecisionChange)) {
        let Ok(was) = postcard::from_bytes::<H::Answer>(&self.call.effective) else { return };
        let now = &self.fold.effective;
        let (recorded_reasons, replayed_reasons) = (H::reasons(&was), H::reasons(now));
        for (reasons, to) in
            [(&recorded_reasons, &mut counts.recorded_reasons), (&replayed_reasons, &mut counts.replayed_reasons)]
        {
            reasons.iter().for_each(|reason| *to.entry(*reason).or_default() += 1);
        }
        let likeness = H::compare(&was, now);
        match likeness {
            Likeness::Same => return,
            Likeness::Tighter => counts.tighter += 1,
            Likeness::Looser => counts.looser += 1,
            Likeness::Other => {}
        }
        counts.in_force += 1;
        found(DecisionChange {
            recorded: Said::Answer(self.call.effective.clone()),
            replayed: Said::Answer(encode(now)),
            likeness: Some(likeness),
            recorded_outcome: self.call.outcome,
            replayed_outcome: whole_outcome(&self.outcomes, self.braked),
            recorded_reasons,
            replayed_reasons,
            ..self.change()
        });
    }

    /// Where it is.
    fn change(&self) -> DecisionChange {
        let call = self.call;
        let nobody = Outcome::Defaulted(Cause::Off);
        DecisionChange {
            seq: self.seq,
            event_time_ms: call.event_time_ms,
            cycle: call.cycle,
            correlation: call.correlation,
            hook: call.hook,
            symbol: call.symbol,
            subsystem: None,
            recorded: Said::Nothing,
            replayed: Said::Nothing,
            likeness: None,
            recorded_outcome: nobody,
            replayed_outcome: nobody,
            recorded_reasons: Vec::new(),
            replayed_reasons: Vec::new(),
            recorded_fuel: 0,
            replayed_fuel: 0,
        }
    }
}

/// What the record has of an answer, as it passed its contract then.
fn recorded_said<H: Hook>(
    world: &World<'_, '_>,
    decision: &DecisionRecord,
    so_far: &Fold<H>,
) -> Option<Result<H::Answer, Fault>> {
    if let Outcome::Defaulted(Cause::Fault(class)) = decision.outcome {
        return Some(Err(fault(class, decision.fault.as_deref().unwrap_or_default())));
    }
    let raw = postcard::from_bytes::<H::Raw>(decision.proposed.as_deref()?).ok()?;
    let limits = world.source.made(decision.plugin)?.setup.limits(H::ID);
    Some(checked::<H>(&so_far.input, raw, &limits))
}

fn fault(class: FaultClass, text: &str) -> Fault {
    Fault { class, phase: bulkhead_sandbox::Phase::Call, text: text.to_owned() }
}

/// Goes on with what the record says took effect.
fn follow<H: Hook>(fold: &mut Fold<H>, decision: &DecisionRecord) {
    if let Ok(effective) = postcard::from_bytes::<H::Answer>(&decision.effective)
        && effective != fold.effective
    {
        H::advance(&mut fold.input, &effective);
        fold.effective = effective;
    }
}

fn said<A: serde::Serialize>(said: Option<&Result<A, Fault>>) -> Said {
    match said {
        Some(Ok(answer)) => Said::Answer(encode(answer)),
        Some(Err(fault)) => Said::Fault { class: fault.class, text: fault.text.clone() },
        None => Said::Nothing,
    }
}

fn reasons<H: Hook>(said: Option<&Result<H::Answer, Fault>>) -> Vec<ReasonCode> {
    said.and_then(|said| said.as_ref().ok()).map(H::reasons).unwrap_or_default()
}

fn fault_of(outcome: Outcome, to: &mut std::collections::BTreeMap<FaultClass, u64>) {
    if let Outcome::Defaulted(Cause::Fault(class)) = outcome {
        *to.entry(class).or_default() += 1;
    }
}
