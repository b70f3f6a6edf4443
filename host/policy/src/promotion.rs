//! What a shadow must have shown before it may serve. Pure: the runtime gathers the evidence.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The rules. A shadow is promoted only when it meets every one of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PromotionRules {
    /// Least number of decisions compared with those of the serving version.
    pub decisions: u64,
    /// Least share of the same decisions, 0 to 1.
    pub agreement: f64,
    /// Most faults of the shadow.
    pub faults: u64,
    /// Most fuel of one call, as a share of its budget, 0 to 1.
    pub fuel_share: f64,
    /// Slowest call in a hundred, as a multiple of the serving version's.
    pub latency_x: f64,
    /// Most decisions that were dropped because the shadow was busy, as a share of those offered, 0 to 1.
    pub dropped_share: f64,
    /// A changed plugin file goes into the shadow first, and not into service.
    pub shadow_first: bool,
    /// Promote without being asked, once every rule is met.
    pub automatic: bool,
    /// Time after a version went into service during which faults bring the one before it back, ms of event time.
    pub watch_ms: u64,
    /// Faults in that time that do so.
    pub watch_faults: u32,
}

impl Default for PromotionRules {
    fn default() -> Self {
        Self {
            decisions: 1_000,
            agreement: 0.95,
            faults: 0,
            fuel_share: 0.8,
            latency_x: 2.0,
            dropped_share: 0.05,
            shadow_first: false,
            automatic: false,
            watch_ms: 3_600_000,
            watch_faults: 1,
        }
    }
}

/// What two runs of one binary differ by when nothing is wrong, ns: nobody is slow under this.
const LATENCY_ALLOWANCE_NS: u64 = 50_000;

impl PromotionRules {
    /// Refuses rules that make no sense.
    ///
    /// # Errors
    /// One sentence naming the key, its value and what is allowed.
    pub fn validated(self) -> Result<Self, String> {
        for (key, value) in
            [("agreement", self.agreement), ("fuel_share", self.fuel_share), ("dropped_share", self.dropped_share)]
        {
            if !(0.0..=1.0).contains(&value) {
                return Err(format!("promotion.{key} is {value}: use a number from 0 to 1"));
            }
        }
        if !(1.0..=1_000.0).contains(&self.latency_x) {
            return Err(format!("promotion.latency_x is {}: use a number from 1 to 1000", self.latency_x));
        }
        if self.decisions == 0 {
            return Err("promotion.decisions is 0: without a decision nothing is shown; use a number over 0".to_owned());
        }
        if self.watch_faults == 0 {
            return Err("promotion.watch_faults is 0: use a number over 0, or watch_ms = 0 for no watch".to_owned());
        }
        if self.automatic && !self.shadow_first {
            return Err(
                "promotion.automatic is on and shadow_first is off: nothing would be in the shadow by itself; \
                        switch both on, or automatic off"
                    .to_owned(),
            );
        }
        Ok(self)
    }
}

/// What a shadow has shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Decisions that were offered to it.
    pub offered: u64,
    /// Of these, dropped because it was busy.
    pub dropped: u64,
    /// Of these, compared: both versions answered.
    pub compared: u64,
    /// The same decision.
    pub same: u64,
    /// It would have let less through.
    pub tighter: u64,
    /// It would have let more through.
    pub looser: u64,
    /// Different otherwise.
    pub other: u64,
    /// It failed.
    pub faults: u64,
    /// The serving version failed, and it answered.
    pub live_faults: u64,
    /// Most fuel of one call.
    pub peak_fuel: u64,
    /// Its slowest call in a hundred, ns.
    pub p99_ns: u64,
    /// The same of the serving version, over the same calls.
    pub live_p99_ns: u64,
    /// On some hook it said one thing only, where the serving version said several.
    pub constant: bool,
}

impl Evidence {
    /// Share of the same decisions, 0 to 1; 0 before the first.
    #[must_use]
    pub fn agreement(&self) -> f64 {
        share(self.same, self.compared)
    }

    /// Every rule that is not met, in the order of the rules.
    #[must_use]
    pub fn unmet(&self, rules: &PromotionRules, fuel_budget: u64) -> Vec<Unmet> {
        let most_ns = (self.live_p99_ns as f64 * rules.latency_x) as u64 + LATENCY_ALLOWANCE_NS;
        let (fuel, dropped) = (share(self.peak_fuel, fuel_budget), share(self.dropped, self.offered));
        let checks = [
            (self.compared < rules.decisions, Unmet::Decisions { compared: self.compared, needed: rules.decisions }),
            (self.agreement() < rules.agreement, Unmet::Agreement { share: self.agreement(), needed: rules.agreement }),
            (self.faults > rules.faults, Unmet::Faults { faults: self.faults, allowed: rules.faults }),
            (fuel > rules.fuel_share, Unmet::Fuel { share: fuel, allowed: rules.fuel_share }),
            (self.p99_ns > most_ns, Unmet::Latency { p99_ns: self.p99_ns, allowed_ns: most_ns }),
            (dropped > rules.dropped_share, Unmet::Dropped { share: dropped, allowed: rules.dropped_share }),
            (self.constant, Unmet::Constant),
        ];
        checks.into_iter().filter(|(unmet, _)| *unmet).map(|(_, what)| what).collect()
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A rule that is not met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unmet {
    /// Too few decisions yet.
    Decisions {
        /// So far.
        compared: u64,
        /// Least.
        needed: u64,
    },
    /// It decides otherwise too often.
    Agreement {
        /// Share of the same decisions.
        share: f64,
        /// Least.
        needed: f64,
    },
    /// It failed.
    Faults {
        /// How often.
        faults: u64,
        /// Most.
        allowed: u64,
    },
    /// It needs too much fuel.
    Fuel {
        /// Of its budget, in its dearest call.
        share: f64,
        /// Most.
        allowed: f64,
    },
    /// It is too slow.
    Latency {
        /// Its slowest call in a hundred, ns.
        p99_ns: u64,
        /// Most, ns.
        allowed_ns: u64,
    },
    /// Too much of the stream has passed it by.
    Dropped {
        /// Share of what was offered.
        share: f64,
        /// Most.
        allowed: f64,
    },
    /// It says the same whatever it is asked, where the serving version does not.
    Constant,
}

impl Unmet {
    /// The key of the rule in the configuration.
    #[must_use]
    pub const fn criterion(&self) -> &'static str {
        match self {
            Self::Decisions { .. } => "decisions",
            Self::Agreement { .. } => "agreement",
            Self::Faults { .. } => "faults",
            Self::Fuel { .. } => "fuel_share",
            Self::Latency { .. } => "latency_x",
            Self::Dropped { .. } => "dropped_share",
            Self::Constant => "constant",
        }
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.criterion();
        match self {
            Self::Decisions { compared, needed } => write!(f, "{name}: {compared} compared, {needed} needed"),
            Self::Agreement { share, needed } => {
                write!(f, "{name}: {:.2} % the same, {:.2} % needed", share * 100.0, needed * 100.0)
            }
            Self::Faults { faults, allowed } => write!(f, "{name}: {faults}, at most {allowed} allowed"),
            Self::Fuel { share, allowed } => {
                write!(f, "{name}: {:.0} % of the budget, at most {:.0} % allowed", share * 100.0, allowed * 100.0)
            }
            Self::Latency { p99_ns, allowed_ns } => {
                let us = |ns: u64| ns as f64 / 1_000.0;
                write!(f, "{name}: p99 {:.1} us, at most {:.1} us allowed", us(*p99_ns), us(*allowed_ns))
            }
            Self::Dropped { share, allowed } => {
                write!(f, "{name}: {:.1} % dropped, at most {:.1} % allowed", share * 100.0, allowed * 100.0)
            }
            Self::Constant => write!(f, "{name}: it gave one answer to a hook where the serving version gave several"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: PromotionRules = PromotionRules {
        decisions: 100,
        agreement: 0.9,
        faults: 0,
        fuel_share: 0.5,
        latency_x: 2.0,
        dropped_share: 0.1,
        shadow_first: false,
        automatic: false,
        watch_ms: 1_000,
        watch_faults: 1,
    };

    /// Just good enough in everything.
    const GOOD: Evidence = Evidence {
        offered: 120,
        dropped: 12,
        compared: 100,
        same: 90,
        tighter: 5,
        looser: 3,
        other: 2,
        faults: 0,
        live_faults: 0,
        peak_fuel: 500,
        p99_ns: 2_000 + LATENCY_ALLOWANCE_NS,
        live_p99_ns: 1_000,
        constant: false,
    };

    #[test]
    fn each_rule_refuses_by_itself_and_says_which_it_is() {
        assert_eq!(GOOD.unmet(&RULES, 1_000), []);
        let table = [
            (Evidence { compared: 99, ..GOOD }, "decisions: 99 compared, 100 needed"),
            (Evidence { same: 89, ..GOOD }, "agreement: 89.00 % the same, 90.00 % needed"),
            (Evidence { faults: 1, ..GOOD }, "faults: 1, at most 0 allowed"),
            (Evidence { peak_fuel: 501, ..GOOD }, "fuel_share: 50 % of the budget, at most 50 % allowed"),
            (Evidence { p99_ns: GOOD.p99_ns + 1, ..GOOD }, "latency_x: p99 52.0 us, at most 52.0 us allowed"),
            (Evidence { dropped: 13, ..GOOD }, "dropped_share: 10.8 % dropped, at most 10.0 % allowed"),
            (Evidence { constant: true, ..GOOD }, "constant: it gave one answer"),
        ];
        for (evidence, sentence) in table {
            let unmet = evidence.unmet(&RULES, 1_000);
            let [one] = &unmet[..] else { panic!("{unmet:?}") };
            assert!(one.to_string().starts_with(sentence), "{one}");
        }
    }

    #[test]
    fn without_evidence_nothing_is_promoted_and_all_that_is_missing_is_named() {
        let missing: Vec<&str> = Evidence::default().unmet(&RULES, 0).iter().map(Unmet::criterion).collect();
        assert_eq!(missing, ["decisions", "agreement"]);
    }

    #[test]
    fn senseless_rules_are_named() {
        for (rules, word) in [
            (PromotionRules { agreement: 1.01, ..RULES }, "promotion.agreement"),
            (PromotionRules { fuel_share: f64::NAN, ..RULES }, "promotion.fuel_share"),
            (PromotionRules { dropped_share: -0.1, ..RULES }, "promotion.dropped_share"),
            (PromotionRules { latency_x: 0.5, ..RULES }, "promotion.latency_x"),
            (PromotionRules { decisions: 0, ..RULES }, "promotion.decisions"),
            (PromotionRules { watch_faults: 0, ..RULES }, "promotion.watch_faults"),
            (PromotionRules { automatic: true, ..RULES }, "promotion.automatic"),
        ] {
            assert!(rules.validated().unwrap_err().starts_with(word));
        }
        assert!(PromotionRules::default().validated().is_ok());
    }
}
