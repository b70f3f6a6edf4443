//! One decision, end to end (design: one decision).
//!
//! Brake and gate → the world as it stands → instance → budgeted call → contract → combine → applied or not → journal → counters.
//! Synchronous, on the caller's thread.

use std::{sync::Arc, time::Instant};

use bulkhead_journal::{CallRecord, DecisionRecord, EventKind, Record};
use bulkhead_policy::{
    Authority, Brake, Cause, Context, Disposition, FaultClass, Mode, OnFault, Outcome, Stage, authority, disposition,
    quarantine::Standing,
};
use bulkhead_sandbox::{Fault, LogLevel, LogLine, Phase, Usage, WireHook};

use crate::{
    Dials, Registry,
    fold::{Fold, checked, encode, whole_outcome},
    life::Guidance,
    shadow::{Job, Live},
    subsystem::{LastGood, Subsystem},
    world::{Version, World},
};

/// When a hook is called, and for which trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Epoch ms UTC of the market's data.
    pub event_time_ms: u64,
    /// Cycle of the trading loop, from 1.
    pub cycle: u64,
    /// Joins signal, order and fill; 0 means none.
    pub correlation: u64,
}

/// What one subsystem of the chain said.
#[derive(Clone, Debug)]
pub struct Part<A> {
    /// Index of the subsystem, for [`Registry::subsystem_name`].
    pub subsystem: usize,
    /// What it was allowed to do.
    pub authority: Authority,
    /// What became of it.
    pub outcome: Outcome,
    /// Its answer, when it passed the contract.
    pub answer: Option<A>,
}

/// What a call decided.
#[derive(Clone, Debug)]
pub struct Decided<A> {
    /// What is in force. Always passes the hook's contract.
    pub answer: A,
    /// What became of the call as a whole.
    pub outcome: Outcome,
    /// Who said what.
    pub parts: Vec<Part<A>>,
}

/// State of one running call.
struct Chain<H: WireHook> {
    fold: Fold<H>,
    guidance: Guidance,
    parts: Vec<Part<H::Answer>>,
    records: Vec<DecisionRecord>,
    braked: bool,
}

/// What a version said.
struct Heard<H: WireHook> {
    version: Arc<Version>,
    said: Said<H>,
}

/// What an instance said, and which one.
struct Said<H: WireHook> {
    raw: Result<H::Raw, Fault>,
    usage: Usage,
    instance: u64,
    turn: u32,
}

impl<H: WireHook> Said<H> {
    /// No instance was entered.
    fn by_nobody(fault: Fault) -> Self {
        Self { raw: Err(fault), usage: Usage::default(), instance: 0, turn: 0 }
    }
}

impl Registry {
    /// Asks a hook's chain.
    pub fn call<H: WireHook>(&self, moment: &Moment, input: H::Input) -> Decided<H::Answer> {
        let world = self.worlds.now();
        let dials = self.dials_of(&world);
        let chain = world.chain(H::ID);
        if !dials.brake.allows_plugins() || chain.iter().all(|index| world.mode(*index) == Mode::Off) {
            return self.answer_default::<H>(moment, &dials, chain, &input);
        }
        self.note_time(moment.event_time_ms);
        let started = Instant::now();
        let canonical = encode(&input);
        let mut run = Chain::<H> {
            fold: Fold::new(input),
            guidance: self.guidance(moment.event_time_ms),
            parts: Vec::with_capacity(chain.len()),
            records: Vec::with_capacity(chain.len()),
            braked: false,
        };
        for index in chain {
            if let Some(slot) = self.subsystems.get(*index) {
                self.ask_one(&world, slot, moment, &dials, &mut run);
            }
        }
        let duration_ns = nanos(started);
        let outcomes: Vec<Outcome> = run.parts.iter().map(|part| part.outcome).collect();
        let outcome = whole_outcome(&outcomes, run.braked);
        let asked = run.parts.len() as u64;
        self.metrics.call(H::ID, outcome, asked, Some(duration_ns));
        let effective = encode(&run.fold.effective);
        let Chain { fold, guidance, parts, records, .. } = run;
        self.record::<H>(moment, &dials, &guidance, &fold.input, canonical, effective, outcome, duration_ns, records);
        Decided { answer: fold.effective, outcome, parts }
    }

    /// Nobody is asked: unbound, off, or braked. A brake is an event worth a record per call; the others are the
    /// configuration, which the journal has already.
    fn answer_default<H: WireHook>(
        &self,
        moment: &Moment,
        dials: &Dials,
        chain: &[usize],
        input: &H::Input,
    ) -> Decided<H::Answer> {
        let cause = match (dials.brake, chain) {
            (_, []) => Cause::Unbound,
            (Brake::Released, _) => Cause::Off,
            _ => Cause::Brake,
        };
        let outcome = Outcome::Defaulted(cause);
        let answer = H::safe_default(input);
        self.metrics.call(H::ID, outcome, 0, None);
        if cause == Cause::Brake {
            let guidance = self.guidance(moment.event_time_ms);
            self.record::<H>(moment, dials, &guidance, input, encode(input), encode(&answer), outcome, 0, Vec::new());
        }
        Decided { answer, outcome, parts: Vec::new() }
    }

    fn ask_one<H: WireHook>(
        &self,
        world: &World,
        slot: &Subsystem,
        moment: &Moment,
        dials: &Dials,
        run: &mut Chain<H>,
    ) {
        let mode = world.mode(slot.index);
        let authority = authority(mode, dials.stage, H::ID, dials.brake);
        let does = disposition(authority, H::ID.kind());
        if does == Disposition::Skip || run.braked {
            return;
        }
        let started = Instant::now();
        let context = context(moment, dials.stage, mode, &run.guidance);
        let standing = self.standing(slot, moment.event_time_ms);
        let Some(heard) = self.hear::<H>(world, slot, standing, &context, moment, &run.fold.input) else { return };
        let Heard { version, said: Said { raw, usage, instance, turn } } = heard;
        let proposed = raw.as_ref().ok().map(encode);
        let checked = raw.and_then(|raw| checked::<H>(&run.fold.input, raw, &slot.limits(H::ID)));
        if let Some(shadow) = slot.shadow.load().as_ref() {
            let live = Live { input: &run.fold.input, said: checked.as_ref(), took_ns: nanos(started) };
            shadow.offer(Job::of::<H>(moment, &context, &live));
        }
        let braked = !self.allows_plugins();
        let (outcome, answer, fault) = match checked {
            Ok(_) if braked => {
                run.braked = true;
                (Outcome::Defaulted(Cause::Brake), None, None)
            }
            Ok(answer) => {
                slot.answered(usage, moment.event_time_ms);
                if standing == Standing::Probing {
                    // Back on trial: it is heard, and what holds without it holds.
                    self.fall_back::<H>(slot, authority, dials, moment, FaultClass::Quarantined, &mut run.fold);
                    self.probed(slot, moment.event_time_ms);
                    (Outcome::Observed, Some(answer), None)
                } else {
                    self.keep_last_good::<H>(slot, proposed.as_deref(), moment);
                    self.listen_for_strangeness::<H>(slot, moment, &run.fold.input, proposed.as_deref(), &answer);
                    (run.fold.take(does, &answer), Some(answer), None)
                }
            }
            Err(fault) => {
                if standing != Standing::Out {
                    slot.failed(&fault);
                    self.strike(slot, &version, fault.class, moment.event_time_ms);
                }
                // Under a brake nothing of a plugin takes effect, not even what would stand in for it.
                if braked {
                    run.braked = true;
                } else {
                    self.fall_back::<H>(slot, authority, dials, moment, fault.class, &mut run.fold);
                }
                (Outcome::Defaulted(Cause::Fault(fault.class)), None, Some(fault.text))
            }
        };
        let reasons = answer.as_ref().map(H::reasons).unwrap_or_default();
        self.metrics.decision(H::ID, &slot.name, outcome, &reasons);
        run.records.push(DecisionRecord {
            plugin: version.reference,
            mode,
            authority,
            proposed,
            effective: encode(&run.fold.effective),
            outcome,
            reason: reasons.first().copied(),
            fault,
            fuel: usage.fuel,
            duration_ns: nanos(started),
            memory_bytes: usage.memory_bytes,
            instance,
            turn,
        });
        run.parts.push(Part { subsystem: slot.index, authority, outcome, answer });
    }

    /// What the version of this world says, or the one that its state went to meanwhile.
    fn hear<H: WireHook>(
        &self,
        world: &World,
        slot: &Subsystem,
        standing: Standing,
        context: &Context,
        moment: &Moment,
        input: &H::Input,
    ) -> Option<Heard<H>> {
        let mut version = Arc::clone(world.version(slot.index)?);
        loop {
            let heard = match standing {
                Standing::Out => Some(Said::by_nobody(taken_out())),
                Standing::Serving | Standing::Probing => self.listen::<H>(slot, &version, context, moment, input),
            };
            if let Some(said) = heard {
                return Some(Heard { version, said });
            }
            version = Arc::clone(self.worlds.now().version(slot.index)?);
        }
    }

    /// Asks an instance of the version, and keeps what it logged. `None`: its state went to the next version, which
    /// serves by now and is to be asked instead.
    fn listen<H: WireHook>(
        &self,
        slot: &Subsystem,
        version: &Version,
        context: &Context,
        moment: &Moment,
        input: &H::Input,
    ) -> Option<Said<H>> {
        let mut lease = match version.pool.lease() {
            Ok(lease) => lease,
            Err(_) if version.pool.handed_over() => return None,
            Err(fault) => return Some(Said::by_nobody(fault)),
        };
        let (mut usage, mut name, mut turn) = (Usage::default(), 0, 0);
        let raw = lease.with(|instance| {
            name = self.note_life(moment.event_time_ms, version, instance.life());
            let before = instance.life().turn();
            let (said, used) = instance.ask::<H>(context, input, &slot.spec.budget);
            usage = used;
            let after = instance.life().turn();
            turn = if after > before { after } else { 0 };
            if let Some((lines, dropped)) = instance.take_log() {
                self.keep_log(moment, slot, &lines, dropped);
            }
            said
        });
        Some(Said { raw, usage, instance: name, turn })
    }

    /// What holds after a fault: the hook's own setting, else the policy set's.
    fn fall_back<H: WireHook>(
        &self,
        slot: &Subsystem,
        authority: Authority,
        dials: &Dials,
        moment: &Moment,
        class: FaultClass,
        fold: &mut Fold<H>,
    ) {
        let on_fault =
            slot.spec.on_fault.get(&H::ID).copied().unwrap_or_else(|| dials.policy.on_fault(H::ID, authority));
        let does = disposition(authority, H::ID.kind());
        fold.fall_back(does, on_fault, class, |input| last_good::<H>(slot, moment, input));
    }

    fn keep_last_good<H: WireHook>(&self, slot: &Subsystem, raw: Option<&[u8]>, moment: &Moment) {
        if slot.spec.on_fault.get(&H::ID) == Some(&OnFault::LastGood)
            && let Some(raw) = raw
        {
            let good = LastGood { raw: raw.to_vec(), event_time_ms: moment.event_time_ms };
            slot.last_good.lock().insert(H::ID, good);
        }
    }

    fn keep_log(&self, moment: &Moment, slot: &Subsystem, lines: &[LogLine], dropped: u64) {
        for line in lines {
            let (plugin, text) = (slot.name.as_str(), line.text.as_str());
            match line.level {
                LogLevel::Error => tracing::error!(target: "plugin", plugin, text),
                LogLevel::Warn => tracing::warn!(target: "plugin", plugin, text),
                LogLevel::Info => tracing::info!(target: "plugin", plugin, text),
                LogLevel::Debug => tracing::debug!(target: "plugin", plugin, text),
            }
            self.event(moment.event_time_ms, EventKind::PluginLog, plugin, line.text.clone());
        }
        if dropped > 0 {
            self.event(moment.event_time_ms, EventKind::PluginLog, &slot.name, format!("{dropped} more lines dropped"));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one record, written in one place")]
    fn record<H: WireHook>(
        &self,
        moment: &Moment,
        dials: &Dials,
        guidance: &Guidance,
        input: &H::Input,
        canonical: Vec<u8>,
        effective: Vec<u8>,
        outcome: Outcome,
        duration_ns: u64,
        decisions: Vec<DecisionRecord>,
    ) {
        let now = moment.event_time_ms;
        self.journal.append(Record::Call(CallRecord {
            event_time_ms: now,
            cycle: moment.cycle,
            hook: H::ID,
            symbol: H::symbol(input),
            correlation: moment.correlation,
            stage: dials.stage,
            brake: dials.brake,
            risk_mode: guidance.risk_mode,
            directive: guidance.named(),
            input: canonical,
            effective,
            outcome,
            duration_ns,
            decisions,
        }));
    }
}

fn taken_out() -> Fault {
    let text = "taken out after repeated faults".to_owned();
    Fault { class: FaultClass::Quarantined, phase: Phase::Call, text }
}

/// The last good answer, if it is fresh and still passes the contract for this input.
fn last_good<H: WireHook>(slot: &Subsystem, moment: &Moment, input: &H::Input) -> Option<H::Answer> {
    let kept = slot.last_good.lock();
    let good = kept.get(&H::ID)?;
    if moment.event_time_ms.saturating_sub(good.event_time_ms) > slot.spec.last_good_ms {
        return None;
    }
    let raw: H::Raw = postcard::from_bytes(&good.raw).ok()?;
    H::check(input, raw, &slot.limits(H::ID)).ok()
}

/// What goes with a question to a subsystem of this mode.
pub(crate) const fn context(moment: &Moment, stage: Stage, mode: Mode, guidance: &Guidance) -> Context {
    Context {
        event_time_ms: moment.event_time_ms,
        cycle: moment.cycle,
        stage,
        mode,
        risk_mode: guidance.risk_mode,
        directives: guidance.directives,
    }
}

pub(crate) fn nanos(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
