//! A hook's question and answer in JSON, asked of the registry.

use axum::http::StatusCode;
use bulkhead_policy::{
    Hook, HookId, SymbolId, for_hook,
    json::{self, JsonError, Symbol, did_you_mean},
};
use bulkhead_runtime::{Decided, Moment, Registry};
use serde_json::Value;

use crate::{
    error::Problem,
    view::{HookAnswer, HookPart},
};

/// Asks. The document's context says when; stage, mode and directives are the host's own.
pub(crate) fn ask(registry: &Registry, hook: HookId, mut document: Value) -> Result<HookAnswer, Problem> {
    let names: Vec<&str> = registry.symbols().iter().map(|s| s.name.as_str()).collect();
    json::to_ids("input", &mut document, &mut |symbol| id_of(&names, symbol)).map_err(|e| wrong(&e))?;
    for_hook!(hook, H => {
        let (context, input) = json::read_input::<H>(&document).map_err(|e| wrong(&e))?;
        let event_time_ms = if context.event_time_ms == 0 { registry.last_event_ms() } else { context.event_time_ms };
        let moment = Moment { event_time_ms, cycle: context.cycle, correlation: 0 };
        let decided = registry.call::<H>(&moment, input);
        shown::<H>(registry, &decided, &names)
    })
}

fn shown<H: Hook>(registry: &Registry, decided: &Decided<H::Answer>, names: &[&str]) -> Result<HookAnswer, Problem> {
    let document = |answer: &H::Answer| -> Result<Value, Problem> {
        let mut value = json::write(answer).map_err(|e| wrong(&e))?;
        json::to_names(&mut value, &|id| names.get(usize::try_from(id).ok()?).copied());
        Ok(value)
    };
    let part = |part: &bulkhead_runtime::Part<H::Answer>| -> Result<HookPart, Problem> {
        Ok(HookPart {
            subsystem: registry.subsystem_name(part.subsystem).to_owned(),
            authority: part.authority,
            outcome: part.outcome.name().to_owned(),
            cause: part.outcome.cause().map(|cause| cause.name().to_owned()),
            answer: part.answer.as_ref().map(document).transpose()?,
        })
    };
    Ok(HookAnswer {
        answer: document(&decided.answer)?,
        outcome: decided.outcome.name().to_owned(),
        cause: decided.outcome.cause().map(|cause| cause.name().to_owned()),
        parts: decided.parts.iter().map(part).collect::<Result<_, _>>()?,
    })
}

/// The host's own table decides: a name that it does not have is an error, and nobody is asked.
fn id_of(names: &[&str], symbol: Symbol<'_>) -> Result<SymbolId, String> {
    let place = match symbol {
        Symbol::Name(name) => names.iter().position(|known| *known == name),
        Symbol::Id(id) => usize::try_from(id).ok().filter(|place| *place < names.len()),
    };
    let id = place.and_then(|place| SymbolId::try_from(place).ok());
    id.ok_or_else(|| match symbol {
        Symbol::Name(name) => format!("this host trades no symbol {name:?}{}", did_you_mean(name, names)),
        Symbol::Id(id) => format!("this host has no symbol {id}"),
    })
}

fn wrong(error: &JsonError) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", format!("{error}; nobody was asked"))
}
