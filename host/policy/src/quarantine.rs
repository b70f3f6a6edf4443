//! Repeated faults: a subsystem is taken out, waits, is tried without effect, and comes back. Pure: the caller brings the
//! time.
//!
//! ```text
//! serving ──strikes in the window──▶ out ──back-off over──▶ probing ──good answers──▶ serving
//!                                     ▲                        │
//!                                     └──────one fault─────────┘  with twice the back-off
//! ```

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::FaultClass;

/// When a subsystem is taken out and how it comes back. Times are ms of event time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuarantineRules {
    /// Faults within the window that take it out.
    pub strikes: u32,
    /// The window.
    pub window_ms: u64,
    /// Time out after the first strikes. It doubles with every failed probe.
    pub back_off_ms: u64,
    /// Longest time out.
    pub longest_ms: u64,
    /// Good answers without effect before it serves again.
    pub probes: u32,
}

impl Default for QuarantineRules {
    fn default() -> Self {
        Self { strikes: 3, window_ms: 600_000, back_off_ms: 300_000, longest_ms: 14_400_000, probes: 10 }
    }
}

impl QuarantineRules {
    /// Refuses rules that make no sense.
    ///
    /// # Errors
    /// One sentence naming the key, its value and what is allowed.
    pub fn validated(self) -> Result<Self, String> {
        for (key, value) in [
            ("strikes", u64::from(self.strikes)),
            ("window_ms", self.window_ms),
            ("back_off_ms", self.back_off_ms),
            ("probes", u64::from(self.probes)),
        ] {
            if value == 0 {
                return Err(format!("quarantine.{key} is 0: use a number over 0"));
            }
        }
        if self.longest_ms < self.back_off_ms {
            return Err(format!(
                "quarantine.longest_ms is {}, under back_off_ms {}: the first time out would be the longest",
                self.longest_ms, self.back_off_ms
            ));
        }
        Ok(self)
    }
}

/// What a subsystem may do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Everything its mode allows.
    Serving,
    /// It is not asked.
    Out,
    /// It is asked, and its answer has no effect.
    Probing,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// It was taken out for so long.
    TakenOut {
        /// Until this time, epoch ms.
        until_ms: u64,
    },
    /// It serves again.
    Back,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Out {
    until_ms: u64,
    back_off_ms: u64,
    good: u32,
}

/// State of one subsystem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quarantine {
    strikes: VecDeque<u64>,
    out: Option<Out>,
}

impl Quarantine {
    /// A subsystem that starts taken out.
    #[must_use]
    pub fn out(now_ms: u64, rules: &QuarantineRules) -> Self {
        let mut made = Self::default();
        made.take_out(now_ms, rules.back_off_ms);
        made
    }

    /// What it may do at this time.
    #[must_use]
    pub const fn standing(&self, now_ms: u64) -> Standing {
        match self.out {
            None => Standing::Serving,
            Some(out) if now_ms < out.until_ms => Standing::Out,
            Some(_) => Standing::Probing,
        }
    }

    /// Whether it serves.
    #[must_use]
    pub const fn serves(&self) -> bool {
        self.out.is_none()
    }

    /// Takes in a fault.
    pub fn failed(&mut self, class: FaultClass, now_ms: u64, rules: &QuarantineRules) -> Change {
        if !is_strike(class) {
            return Change::None;
        }
        if let Some(out) = self.out {
            let back_off_ms = out.back_off_ms.saturating_mul(2).min(rules.longest_ms);
            return self.take_out(now_ms, back_off_ms);
        }
        self.strikes.push_back(now_ms);
        while self.strikes.front().is_some_and(|at| now_ms.saturating_sub(*at) >= rules.window_ms) {
            self.strikes.pop_front();
        }
        if u32::try_from(self.strikes.len()).unwrap_or(u32::MAX) < rules.strikes {
            return Change::None;
        }
        self.take_out(now_ms, rules.back_off_ms)
    }

    /// Takes in a good answer.
    pub fn answered(&mut self, rules: &QuarantineRules) -> Change {
        let Some(out) = &mut self.out else { return Change::None };
        out.good += 1;
        if out.good < rules.probes {
            return Change::None;
        }
        *self = Self::default();
        Change::Back
    }

    fn take_out(&mut self, now_ms: u64, back_off_ms: u64) -> Change {
        self.strikes.clear();
        let until_ms = now_ms.saturating_add(back_off_ms);
        self.out = Some(Out { until_ms, back_off_ms, good: 0 });
        Change::TakenOut { until_ms }
    }
}

/// What is the plugin's own fault. A busy host or an answer that came too late for others is not.
const fn is_strike(class: FaultClass) -> bool {
    !matches!(class, FaultClass::Quarantined | FaultClass::Overloaded | FaultClass::Stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: QuarantineRules =
        QuarantineRules { strikes: 3, window_ms: 100, back_off_ms: 1_000, longest_ms: 3_000, probes: 2 };

    fn trap(q: &mut Quarantine, now: u64) -> Change {
        q.failed(FaultClass::Trap, now, &RULES)
    }

    #[test]
    fn strikes_count_in_a_window_and_only_what_is_the_plugins_fault() {
        let mut q = Quarantine::default();
        for now in [0, 99, 200, 299, 400] {
            assert_eq!(trap(&mut q, now), Change::None, "never three within the window");
        }
        assert_eq!(q.failed(FaultClass::Overloaded, 401, &RULES), Change::None);
        assert_eq!(trap(&mut q, 402), Change::None);
        assert_eq!(trap(&mut q, 403), Change::TakenOut { until_ms: 1_403 });
        assert_eq!((q.standing(1_402), q.standing(1_403)), (Standing::Out, Standing::Probing));
    }

    #[test]
    fn good_probes_bring_it_back_and_a_bad_one_doubles_the_wait_up_to_the_longest() {
        let mut q = Quarantine::out(0, &RULES);
        assert_eq!(trap(&mut q, 1_000), Change::TakenOut { until_ms: 3_000 });
        assert_eq!(trap(&mut q, 3_000), Change::TakenOut { until_ms: 6_000 });
        assert_eq!(trap(&mut q, 6_000), Change::TakenOut { until_ms: 9_000 });
        assert_eq!(q.answered(&RULES), Change::None);
        assert_eq!(q.standing(9_000), Standing::Probing);
        assert_eq!(q.answered(&RULES), Change::Back);
        assert_eq!((q.standing(9_000), q.serves()), (Standing::Serving, true));
        assert_eq!(trap(&mut q, 9_001), Change::None, "it begins anew");
    }

    #[test]
    fn no_order_of_events_lets_it_serve_before_its_time() {
        let mut seed = 7_u64;
        let (mut q, mut now, mut since) = (Quarantine::default(), 0, None);
        for _ in 0..100_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            now += (seed >> 40) % 50;
            let change = if (seed >> 33).is_multiple_of(3) { trap(&mut q, now) } else { Change::None };
            if let Change::TakenOut { until_ms } = change {
                assert!(until_ms >= now + RULES.back_off_ms && until_ms <= now + RULES.longest_ms);
                since = Some((until_ms, 0));
            }
            match (q.standing(now), &mut since) {
                (Standing::Serving, out) => assert!(out.is_none()),
                (Standing::Out, out) => assert!(out.is_some_and(|(until, _)| now < until)),
                (Standing::Probing, out) => {
                    let good = out.as_mut().map(|o| {
                        o.1 += 1;
                        o.1
                    });
                    if q.answered(&RULES) == Change::Back {
                        assert_eq!(good, Some(RULES.probes));
                        *out = None;
                    }
                }
            }
        }
    }
}
