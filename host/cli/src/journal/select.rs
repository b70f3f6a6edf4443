//! What to look for, as a person says it.

use anyhow::{Result, anyhow};
use bulkhead_executor::market::time::parse_time;
use bulkhead_journal::{EventKind, Filter, OutcomeKind};
use bulkhead_policy::{Cause, FaultClass, HookId, json::did_you_mean};
use clap::Args;

use super::source::Names;

/// Conditions; all of them must hold.
#[derive(Debug, Clone, Args)]
pub(super) struct Select {
    /// Calls and decisions of this hook.
    #[arg(long)]
    hook: Option<String>,
    /// Decisions of this subsystem, and calls in which it was asked.
    #[arg(long)]
    subsystem: Option<String>,
    /// This symbol.
    #[arg(long)]
    symbol: Option<String>,
    /// applied, advised, observed or defaulted.
    #[arg(long)]
    outcome: Option<String>,
    /// Defaulted for this cause: off, brake, or a class of fault.
    #[arg(long)]
    cause: Option<String>,
    /// Event time from here on: 2025-05-05, 2025-05-05T12:00, or epoch ms (UTC).
    #[arg(long)]
    from: Option<String>,
    /// Event time before this, in the same forms.
    #[arg(long)]
    to: Option<String>,
    /// Everything of one signal.
    #[arg(long)]
    correlation: Option<u64>,
    /// Orders and fills of this order.
    #[arg(long)]
    order: Option<u64>,
    /// Events of this kind, such as trade-stopped or mode-changed.
    #[arg(long)]
    event: Option<String>,
}

impl Select {
    pub(super) fn filter(&self, names: &Names) -> Result<Filter> {
        if let Some(subsystem) = &self.subsystem {
            names.known_subsystem(subsystem)?;
        }
        let outcomes: Vec<&str> = OutcomeKind::ALL.iter().map(|o| o.name()).collect();
        let mut causes = vec![Cause::Unbound.name(), Cause::Off.name(), Cause::Brake.name()];
        causes.extend(FaultClass::ALL.iter().map(|class| class.name()));
        let events: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
        let hooks: Vec<&str> = HookId::ALL.iter().map(|hook| hook.name()).collect();
        Ok(Filter {
            hook: named("hook", self.hook.as_deref(), HookId::parse, &hooks)?,
            subsystem: self.subsystem.clone(),
            symbol: self.symbol.as_deref().map(|name| names.symbol_id(name)).transpose()?,
            outcome: named("outcome", self.outcome.as_deref(), OutcomeKind::parse, &outcomes)?,
            cause: named("cause", self.cause.as_deref(), Cause::parse, &causes)?,
            from_ms: self.from.as_deref().map(moment).transpose()?,
            until_ms: self.to.as_deref().map(moment).transpose()?,
            correlation: self.correlation,
            order: self.order,
            event: named("event", self.event.as_deref(), EventKind::parse, &events)?,
            ..Filter::default()
        })
    }
}

/// A time on the command line, epoch ms.
pub(crate) fn moment(text: &str) -> Result<u64> {
    u64::try_from(parse_time(text)?).map_err(|_| anyhow!("{text:?} is before 1970: no journal is that old"))
}

fn named<T>(what: &str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>, known: &[&str]) -> Result<Option<T>> {
    let Some(text) = text else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| {
        anyhow!("there is no {what} {text:?}{}; there are {}", did_you_mean(text, known), known.join(", "))
    })
}
