//! Answers that keep every contract and are strange all the same: always the same, always no, to and fro. They are alarms
//! for people and no faults: nothing is taken out of service for them. Pure: the caller brings the answers.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{SymbolId, stage::closed_set};

closed_set! {
    /// What is strange.
    AlarmKind {
        /// One answer, whatever is asked, and not the one that holds without a plugin.
        ConstantOutput = "constant-output",
        /// Everything is refused.
        AlwaysDeny = "always-deny",
        /// One answer and another in turns, about the same symbol.
        FlipFlop = "flip-flop",
    }
}

/// When an answer is strange. 0 turns an alarm off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlarmRules {
    /// Equal answers of a hook in a row.
    pub constant: u32,
    /// Refusals of a hook in a row.
    pub always_deny: u32,
    /// Share of the last answers of a hook that went back to the one before the last, 0 to 1.
    pub flip_flop_share: f64,
    /// How many answers that share is taken of.
    pub flip_flop_window: usize,
}

impl Default for AlarmRules {
    fn default() -> Self {
        Self { constant: 1_000, always_deny: 200, flip_flop_share: 0.5, flip_flop_window: 100 }
    }
}

impl AlarmRules {
    /// Refuses rules that make no sense.
    ///
    /// # Errors
    /// One sentence naming the key, its value and what is allowed.
    pub fn validated(self) -> Result<Self, String> {
        if !(0.0..=1.0).contains(&self.flip_flop_share) {
            return Err(format!("alarms.flip_flop_share is {}: use a number from 0 to 1", self.flip_flop_share));
        }
        if !(4..=10_000).contains(&self.flip_flop_window) {
            return Err(format!("alarms.flip_flop_window is {}: use a number from 4 to 10000", self.flip_flop_window));
        }
        for (key, value) in [("constant", self.constant), ("always_deny", self.always_deny)] {
            if value == 1 {
                return Err(format!("alarms.{key} is 1: one answer is no row; use 2 or more, or 0 for no alarm"));
            }
        }
        Ok(self)
    }
}

/// One answer, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The symbol it is about.
    pub symbol: Option<SymbolId>,
    /// Hash of the answer.
    pub answer: u64,
    /// It is what holds without a plugin: silence is nothing strange.
    pub neutral: bool,
    /// It stops all it was asked about.
    pub stops_all: bool,
}

/// What one subsystem said to one hook lately.
#[derive(Clone, Debug, Default)]
pub struct Listener {
    last: Option<u64>,
    same: u32,
    denied: u32,
    /// Last answer and the one before it, by symbol.
    by_symbol: BTreeMap<Option<SymbolId>, (u64, Option<u64>)>,
    flips: VecDeque<bool>,
    raised: Vec<AlarmKind>,
}

/// An alarm came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmChange {
    /// It is strange now.
    Raised(AlarmKind),
    /// It is so no longer.
    Cleared(AlarmKind),
}

impl Listener {
    /// Alarms that stand.
    #[must_use]
    pub fn raised(&self) -> &[AlarmKind] {
        &self.raised
    }

    /// Takes in an answer, and says which alarms came or went with it.
    pub fn hear(&mut self, heard: Heard, rules: &AlarmRules) -> Vec<AlarmChange> {
        self.same = if heard.neutral {
            0
        } else if self.last == Some(heard.answer) {
            self.same.saturating_add(1)
        } else {
            1
        };
        self.last = Some(heard.answer);
        self.denied = if heard.stops_all { self.denied.saturating_add(1) } else { 0 };
        self.note_flip(heard, rules.flip_flop_window);
        let now = [
            (AlarmKind::ConstantOutput, reached(self.same, rules.constant)),
            (AlarmKind::AlwaysDeny, reached(self.denied, rules.always_deny)),
            (AlarmKind::FlipFlop, self.flips_too_often(rules)),
        ];
        now.into_iter().filter_map(|(kind, strange)| self.set(kind, strange)).collect()
    }

    fn note_flip(&mut self, heard: Heard, window: usize) {
        let before = self.by_symbol.get(&heard.symbol).copied();
        let flipped = before.is_some_and(|(last, earlier)| last != heard.answer && earlier == Some(heard.answer));
        self.by_symbol.insert(heard.symbol, (heard.answer, before.map(|(last, _)| last)));
        self.flips.push_back(flipped);
        while self.flips.len() > window {
            self.flips.pop_front();
        }
    }

    fn flips_too_often(&self, rules: &AlarmRules) -> bool {
        let flips = self.flips.iter().filter(|flip| **flip).count();
        let share = flips as f64 / rules.flip_flop_window as f64;
        rules.flip_flop_share > 0.0 && self.flips.len() == rules.flip_flop_window && share >= rules.flip_flop_share
    }

    fn set(&mut self, kind: AlarmKind, strange: bool) -> Option<AlarmChange> {
        match (self.raised.iter().position(|k| *k == kind), strange) {
            (None, true) => {
                self.raised.push(kind);
                Some(AlarmChange::Raised(kind))
            }
            (Some(at), false) => {
                self.raised.remove(at);
                Some(AlarmChange::Cleared(kind))
            }
            _ => None,
        }
    }
}

const fn reached(row: u32, limit: u32) -> bool {
    limit > 0 && row >= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: AlarmRules = AlarmRules { constant: 5, always_deny: 3, flip_flop_share: 0.5, flip_flop_window: 10 };

    fn said(answer: u64) -> Heard {
        Heard { symbol: None, answer, neutral: false, stops_all: false }
    }

    #[test]
    fn the_same_answer_in_a_row_is_an_alarm_until_another_one_comes() {
        let mut listener = Listener::default();
        for _ in 0..4 {
            assert!(listener.hear(said(7), &RULES).is_empty());
        }
        assert_eq!(listener.hear(said(7), &RULES), [AlarmChange::Raised(AlarmKind::ConstantOutput)]);
        assert!(listener.hear(said(7), &RULES).is_empty(), "it is told once");
        assert_eq!(listener.raised(), [AlarmKind::ConstantOutput]);
        assert_eq!(listener.hear(said(8), &RULES), [AlarmChange::Cleared(AlarmKind::ConstantOutput)]);
    }

    #[test]
    fn an_answer_that_holds_without_a_plugin_is_no_alarm_however_often_it_comes() {
        let mut listener = Listener::default();
        assert!((0..100).all(|_| listener.hear(Heard { neutral: true, ..said(7) }, &RULES).is_empty()));
    }

    #[test]
    fn refusing_everything_is_an_alarm_and_one_yes_ends_it() {
        let mut listener = Listener::default();
        let no = |n| Heard { stops_all: true, ..said(n) };
        assert!(listener.hear(no(1), &RULES).is_empty() && listener.hear(no(2), &RULES).is_empty());
        assert_eq!(listener.hear(no(3), &RULES), [AlarmChange::Raised(AlarmKind::AlwaysDeny)]);
        assert_eq!(listener.hear(said(4), &RULES), [AlarmChange::Cleared(AlarmKind::AlwaysDeny)]);
    }

    #[test]
    fn to_and_fro_about_one_symbol_is_an_alarm_and_two_symbols_in_turns_are_none() {
        let about = |symbol, answer| Heard { symbol: Some(symbol), ..said(answer) };
        let mut listener = Listener::default();
        let mut changes = Vec::new();
        for n in 0..20 {
            changes.extend(listener.hear(about(1, n % 2), &RULES));
        }
        assert_eq!(changes, [AlarmChange::Raised(AlarmKind::FlipFlop)]);
        let mut listener = Listener::default();
        let rules = AlarmRules { constant: 0, ..RULES };
        for n in 0..100_u32 {
            assert!(listener.hear(about(n % 2, u64::from(n % 2)), &rules).is_empty());
        }
    }

    #[test]
    fn an_alarm_that_is_off_never_comes() {
        let off = AlarmRules { constant: 0, always_deny: 0, flip_flop_share: 0.0, ..RULES };
        let mut listener = Listener::default();
        for n in 0..1_000 {
            assert!(listener.hear(Heard { stops_all: true, ..said(n / 7 % 2) }, &off).is_empty());
        }
    }

    #[test]
    fn senseless_rules_are_named() {
        for (rules, word) in [
            (AlarmRules { flip_flop_share: 1.5, ..RULES }, "flip_flop_share"),
            (AlarmRules { flip_flop_share: f64::NAN, ..RULES }, "flip_flop_share"),
            (AlarmRules { flip_flop_window: 1, ..RULES }, "flip_flop_window"),
            (AlarmRules { constant: 1, ..RULES }, "constant"),
            (AlarmRules { always_deny: 1, ..RULES }, "always_deny"),
        ] {
            assert!(rules.validated().unwrap_err().contains(word));
        }
        assert!(AlarmRules::default().validated().is_ok());
    }
}
