//! What the host says of itself now.

use serde::{Deserialize, Serialize};

use super::{Check, found::listed};
use crate::{Brake, HookId, Mode, Stage, envelope::EnvelopeLimits};

/// The host as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Its stage.
    pub stage: Stage,
    /// Its brake.
    pub brake: Brake,
    /// Event time of its latest hook call, epoch ms. Absent: no hook was called since the start.
    pub event_time_ms: Option<u64>,
    /// The journal has stopped writing.
    pub journal_failed: bool,
    /// Records that this run lost.
    pub journal_lost: u64,
    /// The envelope's limits. Absent: none are known.
    pub limits: Option<EnvelopeLimits>,
    /// Real money is at stake, and nobody allowed AUTONOMY there by name.
    pub autonomy_forbidden: bool,
    /// Every subsystem.
    pub subsystems: Vec<SubsystemHealth>,
}

/// A subsystem as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubsystemHealth {
    /// Its name.
    pub name: String,
    /// Its mode.
    pub mode: Mode,
    /// Digest of the version that serves.
    pub digest: String,
    /// Hooks it is asked.
    pub hooks: Vec<HookId>,
    /// Faults since its last good answer.
    pub faults_in_a_row: u32,
    /// It is taken out after repeated faults, or on probation.
    pub quarantined: bool,
    /// Which step refused its latest candidate.
    pub refused: Option<String>,
    /// What is strange about its answers.
    pub alarms: Vec<String>,
}

impl SubsystemHealth {
    /// It is asked.
    #[must_use]
    pub fn enabled(&self) -> bool {
        self.mode != Mode::Off
    }

    /// The stage decides what its answers may do. Signals and exit levels follow the mode alone.
    #[must_use]
    pub fn staged(&self) -> bool {
        self.enabled() && self.hooks.iter().any(|hook| !matches!(hook, HookId::Signal | HookId::ExitLevels))
    }

    fn problem(&self) -> Option<String> {
        let mut problems = Vec::new();
        if self.quarantined {
            problems.push("quarantined".to_owned());
        }
        if self.faults_in_a_row > 0 {
            problems.push(format!("{} faults in a row", self.faults_in_a_row));
        }
        if let Some(step) = &self.refused {
            problems.push(format!("a candidate was refused at {step}"));
        }
        problems.extend(self.alarms.iter().map(|alarm| format!("alarm {alarm}")));
        (self.enabled() && !problems.is_empty()).then(|| format!("{}: {}", self.name, problems.join(", ")))
    }
}

impl Health {
    /// Subsystems that are asked.
    pub(super) fn enabled(&self) -> impl Iterator<Item = &SubsystemHealth> {
        self.subsystems.iter().filter(|s| s.enabled())
    }

    /// What must hold now, whatever was recorded.
    pub(super) fn checks(&self, target: Stage) -> Vec<Check> {
        let mut checks = vec![self.of_brake(), self.of_journal(), self.of_limits(), self.of_plugins(), self.of_modes()];
        if target == Stage::Autonomy && self.autonomy_forbidden {
            let found = "real money, and nobody allowed it there by name";
            checks.push(Check::now("autonomy", "not on the mainnet, unless the configuration allows it", found, false));
        }
        checks
    }

    fn of_brake(&self) -> Check {
        Check::now("brake", "released", self.brake.name(), self.brake == Brake::Released)
    }

    fn of_journal(&self) -> Check {
        let found = match (self.journal_failed, self.journal_lost) {
            (true, _) => "it has stopped writing".to_owned(),
            (false, 0) => "it is written, nothing is lost".to_owned(),
            (false, lost) => format!("{lost} records lost since the start"),
        };
        Check::now("journal", "it is written, nothing is lost", found, !self.journal_failed && self.journal_lost == 0)
    }

    fn of_limits(&self) -> Check {
        let (found, passed) = match self.limits.map(EnvelopeLimits::validated) {
            None => ("none are known".to_owned(), false),
            Some(Err(error)) => (error.to_string(), false),
            Some(Ok(limits)) => {
                let text = format!(
                    "order {} USD, leverage {}x, day {} %, open {} %",
                    limits.max_order_notional_usd,
                    limits.max_leverage_x,
                    limits.daily_drawdown_halt_pct,
                    limits.open_drawdown_close_pct
                );
                (text, true)
            }
        };
        Check::now("limits", "set, and none contradicts another", found, passed)
    }

    fn of_plugins(&self) -> Check {
        let sick: Vec<String> = self.enabled().filter_map(SubsystemHealth::problem).collect();
        let count = self.enabled().count();
        let found = if sick.is_empty() { format!("{count} of {count} well") } else { listed(&sick) };
        Check::now("plugins", "no fault, quarantine, refused candidate or alarm", found, sick.is_empty())
    }

    fn of_modes(&self) -> Check {
        let staged = self.subsystems.iter().filter(|s| s.staged()).count();
        let wanted = "at least one subsystem that a stage gives a say";
        Check::now("subsystems", wanted, format!("{staged} not off"), staged > 0)
    }
}
