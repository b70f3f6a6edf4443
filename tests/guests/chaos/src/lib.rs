//! A plugin that answers every hook. It behaves unless its configuration says otherwise.

mod config;
mod misdeeds;
mod question;
mod questions;

use bulkhead_sdk::hooks::reports::PositionReport;
use bulkhead_sdk::prelude::*;

pub use config::{Config, Fault, Manner, Place};
use question::Question;

/// The plugin.
pub struct Chaos {
    config: Config,
    calls: u64,
}

impl Plugin for Chaos {
    const NAME: &str = "chaos";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Misbehaves as configured.";
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        misdeeds::work(config.start_work);
        let chaos = Self { config, calls: 0 };
        chaos.at(Place::Configure).map(|()| chaos)
    }

    fn symbols(&mut self, _: &SymbolTable) {
        // A plugin cannot refuse its symbols: what it declares here is lost.
        let _ = self.at(Place::Symbols);
    }
}

impl Chaos {
    /// Misbehaves in this place, if it was told to.
    fn at(&self, place: Place) -> Result<(), String> {
        match self.config.fault {
            Some(fault) if self.config.fault_on == place => misdeeds::commit(fault).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// The misbehaviour that this call is for.
    fn due(&self, cycle: u64) -> Option<Fault> {
        if let Some(fault) = self.config.script.get(&cycle.to_string()) {
            return Some(*fault);
        }
        let due = self.config.fault_on == Place::Call && self.calls > self.config.after;
        self.config.fault.filter(|_| due)
    }

    /// Answers, well or badly.
    fn decide<Q: Question>(&mut self, ctx: &Ctx<'_>, question: &Q) -> Answer<Q::Said> {
        self.calls += 1;
        for line in &self.config.log {
            log::info(line);
        }
        for _ in 0..self.config.log_again {
            log::info(self.config.log.first().map_or("", String::as_str));
        }
        misdeeds::work(self.config.work);
        if self.config.hungry {
            misdeeds::take_everything(true);
        }
        match self.due(ctx.cycle) {
            Some(fault) => wrong(fault, question),
            None => Ok(match self.config.answer {
                Manner::Neutral => question.neutral(),
                Manner::Different => question.different(),
            }),
        }
    }
}

/// An answer that has this fault.
fn wrong<Q: Question>(fault: Fault, question: &Q) -> Answer<Q::Said> {
    let said = match misdeeds::commit(fault)? {
        Fault::Nan => question.with_number(f64::NAN),
        Fault::Infinite => question.with_number(f64::INFINITY),
        Fault::NegativeInfinite => question.with_number(f64::NEG_INFINITY),
        Fault::Huge => question.with_number(1e308),
        Fault::Negative => question.with_number(-1e308),
        Fault::Denormal => question.with_number(5e-324),
        Fault::ForeignSymbol => question.foreign_symbol(),
        Fault::DoubledSymbol => question.doubled_symbol(),
        Fault::Incomplete => question.incomplete(),
        Fault::TooMany => question.too_many(),
        Fault::Loosened => question.loosened(),
        Fault::HugeResult => question.huge(),
        _ => Some(question.neutral()),
    };
    said.ok_or_else(|| format!("an answer to this hook cannot have the fault {fault:?}"))
}

impl Reporting for Chaos {
    fn report(&mut self, _: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        self.at(Place::Report)?;
        let open = u32::try_from(self.calls).unwrap_or(u32::MAX);
        Ok(Some(SubsystemReport::Positions(PositionReport { open, toxic: 0, winners: 0 })))
    }
}

impl SelfTest for Chaos {
    fn run(&mut self) -> Answer<()> {
        self.at(Place::SelfTest)
    }
}

impl State for Chaos {
    fn snapshot(&self) -> Answer<Blob> {
        self.at(Place::State)?;
        Ok(Blob { schema: 1, bytes: self.calls.to_le_bytes().to_vec() })
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.at(Place::State)?;
        let bytes = <[u8; 8]>::try_from(blob.bytes)
            .map_err(|bytes| format!("a state of chaos has 8 bytes, this one has {}", bytes.len()))?;
        self.calls = u64::from_le_bytes(bytes);
        Ok(())
    }
}

bulkhead_sdk::export!(
    Chaos: Signal
        + UniverseFilter
        + RiskCheck
        + PortfolioCheck
        + ConfidenceAdjustment
        + PositionSizing
        + OrderTypeSelection
        + SlippageCheck
        + ExitLevels
        + PositionClassification
        + AmplificationCheck
        + ExposureCheck
        + Rebalance
        + SelfHealingCheck
        + Coordination
        + ModelEvaluation
        + RetrainingPlan
        + Reporting
        + SelfTest
        + State
);
