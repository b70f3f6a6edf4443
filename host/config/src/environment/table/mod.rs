//! The one table of variables, in the groups of the original's documentation.

mod coordinator;
mod execution;
mod learning;
mod logging;
mod master;
mod neighbours;
mod portfolio;
mod positions;
mod universe;

use super::{Kind, Meaning, Target, Variable};

/// Variables that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// In the order of the documentation.
    pub variables: &'static [Variable],
}

/// Every documented variable, once.
pub static GROUPS: &[Group] = &[
    Group { title: "Master and safety", variables: master::VARIABLES },
    Group { title: "ai-hfos: the coordinator", variables: coordinator::HFOS },
    Group { title: "position-intelligence (PIL)", variables: positions::INTELLIGENCE },
    Group { title: "portfolio-balancer (PBA)", variables: portfolio::BALANCER },
    Group { title: "profit-amplification (PAL)", variables: positions::AMPLIFICATION },
    Group { title: "self-healing", variables: coordinator::SELF_HEALING },
    Group { title: "model-supervisor", variables: learning::SUPERVISOR },
    Group { title: "universe-os", variables: universe::VARIABLES },
    Group { title: "risk-os and orchestrator", variables: portfolio::RISK_AND_ORCHESTRATOR },
    Group { title: "aelm: execution", variables: execution::AELM },
    Group { title: "retraining-orchestrator", variables: learning::RETRAINING },
    Group { title: "dynamic-tpsl: exit levels", variables: execution::EXIT_LEVELS },
    Group { title: "Logging, health, development", variables: logging::VARIABLES },
    Group { title: "The trading loop and the base rules around it", variables: neighbours::LOOP },
    Group { title: "Orchestrator policy and risk guard", variables: neighbours::RULES },
];

/// A variable that sets keys; the value of the example is what holds without it.
const fn sets(
    name: &'static str,
    targets: &'static [Target],
    default: &'static str,
    unit: &'static str,
    doc: &'static str,
) -> Variable {
    Variable { name, meaning: Meaning::Sets(targets), default, original: "", unit, doc }
}

const fn alias(name: &'static str, real: &'static str, doc: &'static str) -> Variable {
    Variable { name, meaning: Meaning::Alias(real), default: "", original: "", unit: "", doc }
}

const fn always(name: &'static str, default: &'static str, doc: &'static str) -> Variable {
    Variable { name, meaning: Meaning::Always(Kind::Bool), default, original: "", unit: "", doc }
}

const fn superseded(
    name: &'static str,
    default: &'static str,
    unit: &'static str,
    doc: &'static str,
    instead: &'static str,
) -> Variable {
    Variable { name, meaning: Meaning::Superseded(instead), default, original: "", unit, doc }
}

impl Variable {
    /// With the original's default, where it is another.
    const fn was(mut self, original: &'static str) -> Self {
        self.original = original;
        self
    }
}

const MODES: &str = "OFF, OBSERVE, ADVISORY, ENFORCED";
const ON: &str = "true, false";
