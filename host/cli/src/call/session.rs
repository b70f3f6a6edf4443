//! One plugin that is asked, in order, by one instance as long as it lives.

use std::time::Duration;

use bulkhead_policy::{Breach, Limits, for_hook, json};
use bulkhead_sandbox::{Budget, Fault, Instance, LogLevel, Phase, Plugin, Usage, WireHook};
use serde_json::Value;

use super::{failure::Failure, find::Question, table::Table};

/// The fuel of a call in a run. Time is generous: here nobody waits, and fuel ends what does not end by itself.
const BUDGET: Budget = Budget { fuel: Budget::CALL.fuel, cpu: Duration::from_secs(10), wall: Duration::from_secs(30) };

/// An answer, with what it cost.
pub(super) struct Answered {
    pub(super) answer: Value,
    pub(super) usage: Usage,
}

/// The plugin with everything it is told before it is asked.
pub(super) struct Session {
    plugin: Plugin,
    config: String,
    question: Question,
    limits: Limits,
    table: Table,
    instance: Option<Instance>,
    /// Rows of the table that the instance knows; none before it was told at all.
    told: Option<usize>,
}

impl Session {
    /// Starts and configures an instance.
    pub(super) fn start(
        plugin: Plugin,
        config: String,
        question: Question,
        limits: Limits,
        table: Table,
    ) -> Result<Self, Failure> {
        let mut session = Self { plugin, config, question, limits, table, instance: None, told: None };
        session.instance = Some(session.fresh()?);
        Ok(session)
    }

    /// Answers one document. One that is refused leaves everything as it was.
    pub(super) fn answer(&mut self, text: &[u8]) -> Result<Answered, Failure> {
        let rows = self.table.len();
        let answered = self.try_answer(text);
        if matches!(answered, Err(Failure::Document(_))) {
            self.table.truncate(rows);
        }
        answered
    }

    fn try_answer(&mut self, text: &[u8]) -> Result<Answered, Failure> {
        let mut document: Value = serde_json::from_slice(text).map_err(Failure::NotJson)?;
        self.table.take_in(&mut document).map_err(Failure::Document)?;
        let mut answer = match self.question {
            Question::Hook(hook) => for_hook!(hook, H => self.ask::<H>(&document)),
            Question::Report => self.report(&document),
        }?;
        self.table.give_out(&mut answer);
        let usage = self.instance.as_ref().map(Instance::used).unwrap_or_default();
        Ok(Answered { answer, usage })
    }

    fn ask<H: WireHook>(&mut self, document: &Value) -> Result<Value, Failure> {
        let (context, input) = json::read_input::<H>(document).map_err(Failure::Document)?;
        let raw = self.enter(|instance| instance.ask::<H>(&context, &input, &BUDGET).0)?;
        let answer = H::check(&input, raw, &self.limits).map_err(|breach| self.breach(breach))?;
        json::write(&answer).map_err(Failure::Document)
    }

    fn report(&mut self, document: &Value) -> Result<Value, Failure> {
        let context = json::read_report_input(document).map_err(Failure::Document)?;
        let report = self.enter(|instance| instance.report(&context, &BUDGET))?;
        json::write(&report).map_err(Failure::Document)
    }

    /// Calls an instance that knows its configuration and the table.
    fn enter<T>(&mut self, call: impl FnOnce(&mut Instance) -> Result<T, Fault>) -> Result<T, Failure> {
        let mut instance = match self.instance.take() {
            Some(instance) => instance,
            None => self.fresh()?,
        };
        let told = self.told.filter(|rows| *rows == self.table.len());
        let told = told.map_or_else(|| instance.set_symbols(self.table.rows()), |_| Ok(()));
        let result = told.and_then(|()| call(&mut instance));
        log(&mut instance);
        let alive = instance.alive();
        self.told = alive.then(|| self.table.len());
        self.instance = alive.then_some(instance);
        result.map_err(|fault| Failure::Fault { fault, state_lost: !alive })
    }

    fn fresh(&self) -> Result<Instance, Failure> {
        let lost = |fault| Failure::Fault { fault, state_lost: true };
        let mut instance = Instance::new(&self.plugin).map_err(lost)?;
        let configured = instance.configure(&self.config);
        log(&mut instance);
        match configured {
            Ok(()) => Ok(instance),
            Err(fault) if instance.alive() && fault.phase == Phase::Configure => {
                Err(Failure::Configuration(fault.text))
            }
            Err(fault) => Err(lost(fault)),
        }
    }

    fn breach(&self, breach: Breach) -> Failure {
        let named = match &breach {
            Breach::ForeignSymbol { field, symbol } => self
                .table
                .name(*symbol)
                .map(|name| format!("{field} names symbol {name}, which was not asked about or stands twice")),
            _ => None,
        };
        let text = named.unwrap_or_else(|| breach.to_string());
        Failure::Breach { breach, text }
    }
}

/// Shows what the plugin logged, in brackets apart from what the host says.
fn log(instance: &mut Instance) {
    let Some((lines, dropped)) = instance.take_log() else { return };
    for line in lines {
        let level = match line.level {
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
        };
        eprintln!("[{level}] {}", line.text);
    }
    if dropped > 0 {
        eprintln!("[{dropped} more lines were dropped]");
    }
}
