//! One decision, end to end (design: one decision).
//!
//! Brake and gate → the world as it stands → instance → budgeted call → contract → combine → applied or not → journal → counters.
//! Synchronous, on the caller's thread.

use std::{sync::Arc, time::Instant};

use bulkhead_journal::{CallRecord, DecisionRecord, EventKind, Record};
use bulkhead_policy::{
    Authority, Brake, Cause, Context, Disposition, FaultClass, Limits, Mode, OnFault, Outcome, authority, disposition,
    quarantine::Standing, value::tame_text,
};
use bulkhead_sandbox::{Fault, LogLevel, LogLine, Phase, Usage, WireHook};

use crate::{
    Dials, Registry,
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
    input: H::Input,
    effective: H::Answer,
    parts: Vec<Part<H::Answer>>,
    records: Vec<DecisionRecord>,
    braked: bool,
}

/// What a version said.
struct Heard<H: WireHook> {
    version: Arc<Version>,
    said: Result<H::Raw, Fault>,
    usage: Usage,
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
            effective: H::safe_default(&input),
            input,
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
        let outcome = whole_outcome(&run.parts, run.braked);
        let asked = run.parts.len() as u64;
        self.metrics.call(H::ID, outcome, asked, Some(duration_ns));
        let effective = encode(&run.effective);
        self.record::<H>(moment, &dials, &run.input, canonical, effective, outcome, duration_ns, run.records);
        Decided { answer: run.effective, outcome, parts: run.parts }
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
            self.record::<H>(moment, dials, input, encode(input), encode(&answer), outcome, 0, Vec::new());
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
        let context = self.context(moment, dials.stage, mode);
        let standing = self.standing(slot, moment.event_time_ms);
        let Some(heard) = self.hear::<H>(world, slot, standing, &context, moment, &run.input) else { return };
        let Heard { version, said, usage } = heard;
        let proposed = said.as_ref().ok().map(encode);
        let checked = said.and_then(|raw| checked::<H>(&run.input, raw, &slot.limits(H::ID)));
        if let Some(shadow) = slot.shadow.load().as_ref() {
            let live = Live { input: &run.input, said: checked.as_ref(), took_ns: nanos(started) };
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
                    self.fall_back::<H>(slot, authority, dials, moment, FaultClass::Quarantined, run);
                    self.probed(slot, moment.event_time_ms);
                    (Outcome::Observed, Some(answer), None)
                } else {
                    self.keep_last_good::<H>(slot, proposed.as_deref(), moment);
                    self.listen_for_strangeness::<H>(slot, moment, &run.input, proposed.as_deref(), &answer);
                    (apply::<H>(does, &answer, run), Some(answer), None)
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
                    self.fall_back::<H>(slot, authority, dials, moment, fault.class, run);
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
            effective: encode(&run.effective),
            outcome,
            reason: reasons.first().copied(),
            fault,
            fuel: usage.fuel,
            duration_ns: nanos(started),
            memory_bytes: usage.memory_bytes,
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
                Standing::Out => Some((Err(taken_out()), Usage::default())),
                Standing::Serving | Standing::Probing => self.listen::<H>(slot, &version, context, moment, input),
            };
            if let Some((said, usage)) = heard {
                return Some(Heard { version, said, usage });
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
    ) -> Option<(Result<H::Raw, Fault>, Usage)> {
        let mut lease = match version.pool.lease() {
            Ok(lease) => lease,
            Err(_) if version.pool.handed_over() => return None,
            Err(fault) => return Some((Err(fault), Usage::default())),
        };
        let mut usage = Usage::default();
        let said = lease.with(|instance| {
            let (said, used) = instance.ask::<H>(context, input, &slot.spec.budget);
            usage = used;
            if let Some((lines, dropped)) = instance.take_log() {
                self.keep_log(moment, slot, &lines, dropped);
            }
            said
        });
        Some((said, usage))
    }

    /// What holds after a fault: the hook's own setting, else the policy set's.
    fn fall_back<H: WireHook>(
        &self,
        slot: &Subsystem,
        authority: Authority,
        dials: &Dials,
        moment: &Moment,
        class: FaultClass,
        run: &mut Chain<H>,
    ) {
        let on_fault =
            slot.spec.on_fault.get(&H::ID).copied().unwrap_or_else(|| dials.policy.on_fault(H::ID, authority));
        // Only what could have taken effect by speaking takes effect by failing.
        if disposition(authority, H::ID.kind()) != Disposition::Apply {
            return;
        }
        run.effective = H::unchecked(run.effective.clone());
        let stands_in = match on_fault {
            OnFault::Open => None,
            OnFault::Closed => H::closed_answer(class),
            OnFault::LastGood => last_good::<H>(slot, moment, &run.input),
        };
        if let Some(answer) = stands_in {
            take_effect::<H>(&answer, run);
        }
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
            risk_mode: self.board.risk_mode(now),
            directive: self.board.with(now, |id, age, _| (id, age)),
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

/// Applies an answer or keeps it as "would".
fn apply<H: WireHook>(does: Disposition, answer: &H::Answer, run: &mut Chain<H>) -> Outcome {
    match does {
        Disposition::Apply => {
            take_effect::<H>(answer, run);
            Outcome::Applied
        }
        Disposition::Advise => Outcome::Advised,
        Disposition::Observe | Disposition::Skip => Outcome::Observed,
    }
}

fn take_effect<H: WireHook>(answer: &H::Answer, run: &mut Chain<H>) {
    run.effective = H::combine(run.effective.clone(), answer.clone());
    H::advance(&mut run.input, &run.effective);
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

/// Applied if anything was; else the first fault; else the strongest of advised and observed.
fn whole_outcome<A>(parts: &[Part<A>], braked: bool) -> Outcome {
    let has = |wanted: Outcome| parts.iter().any(|p| p.outcome == wanted);
    if has(Outcome::Applied) {
        return Outcome::Applied;
    }
    let fault = parts.iter().map(|p| p.outcome).find(|o| matches!(o, Outcome::Defaulted(Cause::Fault(_))));
    match fault {
        Some(fault) => fault,
        None if has(Outcome::Advised) => Outcome::Advised,
        None if has(Outcome::Observed) => Outcome::Observed,
        None if braked => Outcome::Defaulted(Cause::Brake),
        None => Outcome::Defaulted(Cause::Off),
    }
}

/// Holds what a plugin said against the contract of the hook.
pub(crate) fn checked<H: WireHook>(input: &H::Input, raw: H::Raw, limits: &Limits) -> Result<H::Answer, Fault> {
    H::check(input, raw, limits).map_err(|breach| Fault {
        class: breach.class(),
        phase: Phase::Call,
        text: tame_text(&breach.to_string()),
    })
}

/// Canonical bytes of an input or answer. These types have no value that postcard cannot write.
pub(crate) fn encode<T: serde::Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}

pub(crate) fn nanos(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
