//! How answers become what is in force, one after the other.
//!
//! Pure: a replay comes to the same because it does the same, here.

use bulkhead_policy::{Cause, Disposition, FaultClass, Hook, Limits, OnFault, Outcome, value::tame_text};
use bulkhead_sandbox::{Fault, Phase};

/// A chain on its way: what the next subsystem is asked, and what holds so far.
pub struct Fold<H: Hook> {
    /// What the next one is asked.
    pub input: H::Input,
    /// What holds so far. Always passes the hook's contract.
    pub effective: H::Answer,
}

impl<H: Hook> Fold<H> {
    /// Before anybody was asked.
    #[must_use]
    pub fn new(input: H::Input) -> Self {
        Self { effective: H::safe_default(&input), input }
    }

    /// Applies an answer or keeps it as "would".
    pub fn take(&mut self, does: Disposition, answer: &H::Answer) -> Outcome {
        match does {
            Disposition::Apply => {
                self.take_effect(answer.clone());
                Outcome::Applied
            }
            Disposition::Advise => Outcome::Advised,
            Disposition::Observe | Disposition::Skip => Outcome::Observed,
        }
    }

    /// What holds when nobody answered who could have had an effect.
    pub fn fall_back(
        &mut self,
        does: Disposition,
        on_fault: OnFault,
        class: FaultClass,
        last_good: impl FnOnce(&H::Input) -> Option<H::Answer>,
    ) {
        // Only what could have taken effect by speaking takes effect by failing.
        if does != Disposition::Apply {
            return;
        }
        self.effective = H::unchecked(self.effective.clone());
        let stands_in = match on_fault {
            OnFault::Open => None,
            OnFault::Closed => H::closed_answer(class),
            OnFault::LastGood => last_good(&self.input),
        };
        if let Some(answer) = stands_in {
            self.take_effect(answer);
        }
    }

    fn take_effect(&mut self, answer: H::Answer) {
        self.effective = H::combine(self.effective.clone(), answer);
        H::advance(&mut self.input, &self.effective);
    }
}

/// What became of the call as a whole: applied if anything was; else the first fault; else the strongest of advised and
/// observed.
#[must_use]
pub fn whole_outcome(parts: &[Outcome], braked: bool) -> Outcome {
    let has = |wanted: Outcome| parts.contains(&wanted);
    if has(Outcome::Applied) {
        return Outcome::Applied;
    }
    let fault = parts.iter().copied().find(|o| matches!(o, Outcome::Defaulted(Cause::Fault(_))));
    match fault {
        Some(fault) => fault,
        None if has(Outcome::Advised) => Outcome::Advised,
        None if has(Outcome::Observed) => Outcome::Observed,
        None if braked => Outcome::Defaulted(Cause::Brake),
        None => Outcome::Defaulted(Cause::Off),
    }
}

/// Holds what a plugin said against the contract of the hook.
///
/// # Errors
/// The breach as a [`Fault`].
pub fn checked<H: Hook>(input: &H::Input, raw: H::Raw, limits: &Limits) -> Result<H::Answer, Fault> {
    H::check(input, raw, limits).map_err(|breach| Fault {
        class: breach.class(),
        phase: Phase::Call,
        text: tame_text(&breach.to_string()),
    })
}

/// Canonical bytes of an input or answer. These types have no value that postcard cannot write.
#[must_use]
pub fn encode<T: serde::Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}
