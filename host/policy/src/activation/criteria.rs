//! `[activation]`: the thresholds. The defaults are those of the original's rollout plan.

use serde::{Deserialize, Deserializer, Serialize};

use crate::Stage;

macro_rules! criteria {
    ($($(#[$doc:meta])* $field:ident: $type:ty),+ $(,)?) => {
        /// What one step up asks of the records made in the stage below it.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
        pub struct Criteria { $($(#[$doc])* pub $field: $type),+ }

        /// The same, as far as a file says it.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Said { $(#[serde(default)] $field: Option<$type>),+ }

        impl Said {
            fn over(self, default: Criteria) -> Criteria {
                Criteria { $($field: self.$field.unwrap_or(default.$field)),+ }
            }
        }
    };
}

criteria! {
    /// Least time recorded, days. The evidence is that of so many days and one more, up to the latest record.
    days: f64,
    /// Longest time without a record in between, minutes.
    longest_gap_min: u32,
    /// Most days between the latest record and now, in the market's time.
    fresh_days: u32,
    /// Least days on which the version that serves has answered, for every subsystem that is not off.
    version_days: u32,
    /// Most faults of plugins.
    faults: u64,
    /// Most times that a subsystem was taken out.
    quarantines: u64,
    /// Most records that were lost or cannot be read.
    lost_records: u64,
    /// Most times that the brake was engaged.
    brake_activations: u64,
    /// Nothing but signals and exit levels was applied: zero change to trades.
    no_change: bool,
    /// Least answers that were applied. 0: not asked.
    applied: u64,
    /// Least trades that were asked about. 0: not asked.
    trades: u64,
    /// Most trades that were blocked, or would have been in a higher stage, as a share, 0 to 1. 1: not asked.
    blocked_share: f64,
    /// Least coordinations on time, as a share, 0 to 1. 0: not asked.
    coordination_share: f64,
    /// Least opportunities to amplify a winner per day. 0: not asked.
    opportunities_per_day: f64,
    /// Most conflicts that the coordinator left to a person.
    open_conflicts: u64,
    /// Deepest drawdown of a day, as a share of the limit that halts, 0 to 1. 1: up to the limit.
    drawdown_share: f64,
}

impl Criteria {
    /// Week 1: seven days of stable logging, zero change to trades, no errors.
    const PARTIAL: Self = Self {
        days: 7.0,
        longest_gap_min: 60,
        fresh_days: 3,
        version_days: 3,
        faults: 0,
        quarantines: 0,
        lost_records: 0,
        brake_activations: 0,
        no_change: true,
        applied: 0,
        trades: 20,
        blocked_share: 1.0,
        coordination_share: 0.0,
        opportunities_per_day: 0.0,
        open_conflicts: 0,
        drawdown_share: 1.0,
    };
    /// Weeks 2 and 3: adjustments logged, two opportunities a day; and what would be enforced next blocks few trades.
    const COORDINATION: Self = Self {
        days: 14.0,
        no_change: false,
        applied: 1,
        blocked_share: 0.1,
        coordination_share: 0.99,
        opportunities_per_day: 2.0,
        ..Self::PARTIAL
    };
    /// Week 4: coordination every 60 s, conflicts resolved, under a tenth of the trades blocked, no brake.
    const AUTONOMY: Self = Self { days: 7.0, opportunities_per_day: 0.0, ..Self::COORDINATION };
}

/// `[activation]`, with a table per stage that can be stepped up to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Activation {
    /// A coordination that comes more than this after the one before it is late, ms.
    pub coordination_late_ms: u64,
    /// From OBSERVATION to PARTIAL.
    #[serde(deserialize_with = "partial")]
    pub partial: Criteria,
    /// From PARTIAL to COORDINATION.
    #[serde(deserialize_with = "coordination")]
    pub coordination: Criteria,
    /// From COORDINATION to AUTONOMY.
    #[serde(deserialize_with = "autonomy")]
    pub autonomy: Criteria,
}

fn partial<'de, D: Deserializer<'de>>(from: D) -> Result<Criteria, D::Error> {
    Said::deserialize(from).map(|said| said.over(Criteria::PARTIAL))
}

fn coordination<'de, D: Deserializer<'de>>(from: D) -> Result<Criteria, D::Error> {
    Said::deserialize(from).map(|said| said.over(Criteria::COORDINATION))
}

fn autonomy<'de, D: Deserializer<'de>>(from: D) -> Result<Criteria, D::Error> {
    Said::deserialize(from).map(|said| said.over(Criteria::AUTONOMY))
}

impl Default for Activation {
    fn default() -> Self {
        Self {
            coordination_late_ms: 90_000,
            partial: Criteria::PARTIAL,
            coordination: Criteria::COORDINATION,
            autonomy: Criteria::AUTONOMY,
        }
    }
}

impl Activation {
    /// Every step up from one stage to another: the stage that shows it, the stage that it leads to, what it asks.
    pub fn steps(&self, from: Stage, to: Stage) -> impl Iterator<Item = (Stage, Stage, &Criteria)> {
        let all = [
            (Stage::Observation, Stage::Partial, &self.partial),
            (Stage::Partial, Stage::Coordination, &self.coordination),
            (Stage::Coordination, Stage::Autonomy, &self.autonomy),
        ];
        all.into_iter().filter(move |(shown, leads, _)| *shown >= from && *leads <= to)
    }

    /// Refuses thresholds that make no sense.
    ///
    /// # Errors
    /// One sentence naming the key, its value and what is allowed.
    pub fn validated(self) -> Result<Self, String> {
        if self.coordination_late_ms == 0 {
            return Err("activation.coordination_late_ms is 0: every coordination would be late; use a number over 0"
                .to_owned());
        }
        let stages = [("partial", &self.partial), ("coordination", &self.coordination), ("autonomy", &self.autonomy)];
        for (stage, c) in stages {
            if !(0.0..=365.0).contains(&c.days) {
                return Err(format!("activation.{stage}.days is {}: use a number from 0 to 365", c.days));
            }
            if !(0.0..=1e6).contains(&c.opportunities_per_day) {
                let value = c.opportunities_per_day;
                return Err(format!("activation.{stage}.opportunities_per_day is {value}: use a number from 0"));
            }
            for (key, value) in [
                ("blocked_share", c.blocked_share),
                ("coordination_share", c.coordination_share),
                ("drawdown_share", c.drawdown_share),
            ] {
                if !(0.0..=1.0).contains(&value) {
                    return Err(format!("activation.{stage}.{key} is {value}: use a number from 0 to 1"));
                }
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_out_is_the_default_of_that_stage() {
        let read: Activation = serde_json::from_str(r#"{"autonomy":{"trades":3},"partial":{"days":0.5}}"#).unwrap();
        let default = Activation::default();
        assert_eq!(read.coordination, default.coordination);
        assert_eq!(read.autonomy, Criteria { trades: 3, ..default.autonomy });
        assert_eq!(read.partial, Criteria { days: 0.5, ..default.partial });
        assert_ne!(default.autonomy, default.partial, "or the test shows nothing");
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Activation>(&written).unwrap(), read);
        assert!(
            serde_json::from_str::<Activation>(r#"{"partial":{"dais":1}}"#).unwrap_err().to_string().contains("dais")
        );
    }

    #[test]
    fn the_steps_are_those_in_between() {
        let all = Activation::default();
        for (from, to, want) in [
            (Stage::Observation, Stage::Partial, &[Stage::Partial][..]),
            (Stage::Observation, Stage::Autonomy, &[Stage::Partial, Stage::Coordination, Stage::Autonomy]),
            (Stage::Partial, Stage::Coordination, &[Stage::Coordination]),
            (Stage::Coordination, Stage::Coordination, &[]),
            (Stage::Autonomy, Stage::Observation, &[]),
        ] {
            let steps: Vec<Stage> = all.steps(from, to).map(|(_, leads, _)| leads).collect();
            assert_eq!(steps, want, "{from} to {to}");
        }
    }

    #[test]
    fn senseless_thresholds_are_named() {
        let good = Activation::default();
        let partial = |change: fn(&mut Criteria)| {
            let mut all = good;
            change(&mut all.partial);
            all.validated().unwrap_err()
        };
        assert!(partial(|c| c.days = -1.0).starts_with("activation.partial.days is -1"));
        assert!(partial(|c| c.days = f64::NAN).contains("partial.days"));
        assert!(partial(|c| c.blocked_share = 1.1).contains("partial.blocked_share"));
        assert!(partial(|c| c.coordination_share = f64::NAN).contains("partial.coordination_share"));
        assert!(partial(|c| c.opportunities_per_day = f64::INFINITY).contains("opportunities_per_day"));
        assert!(
            Activation { coordination_late_ms: 0, ..good }.validated().unwrap_err().contains("coordination_late_ms")
        );
        assert_eq!(good.validated(), Ok(good));
    }
}
