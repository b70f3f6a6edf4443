//! The document that asks a hook.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{error::JsonError, reader::Reader};
use crate::{Context, Hook, HookId, Mode, RiskMode, Stage};

/// Root of the names in errors.
const ROOT: &str = "input";
/// The field that goes with every document.
const CONTEXT: &str = "ctx";

/// The context of a document without `ctx`: stage OBSERVATION, mode OBSERVE, risk mode NORMAL, event time 0, cycle 1, no
/// directives.
pub const NEUTRAL_CONTEXT: Context = Context {
    event_time_ms: 0,
    cycle: 1,
    stage: Stage::Observation,
    mode: Mode::Observe,
    risk_mode: RiskMode::Normal,
    directives: None,
};

/// Hooks whose input is one argument as a whole. The input of any other hook has its arguments as fields.
const fn only_argument(hook: HookId) -> Option<&'static str> {
    match hook {
        HookId::UniverseFilter => Some("universe"),
        HookId::SlippageCheck => Some("execution"),
        _ => None,
    }
}

/// What a document asks of a hook.
///
/// # Errors
/// The first field that is wrong.
pub fn read_input<H: Hook>(document: &Value) -> Result<(Context, H::Input), JsonError> {
    let input = match only_argument(H::ID) {
        Some(name) => argument(document, name),
        None => H::Input::deserialize(Reader::without(document, &[CONTEXT])),
    };
    let input = input.map_err(|error| error.within(ROOT))?;
    Ok((context(document)?, input))
}

/// What a document asks of a report: it has `ctx` and nothing else.
///
/// # Errors
/// The first field that is wrong.
pub fn read_report_input(document: &Value) -> Result<Context, JsonError> {
    Reader::new(document).object(&[CONTEXT]).map_err(|error| error.within(ROOT))?;
    context(document)
}

fn argument<T: DeserializeOwned>(document: &Value, name: &str) -> Result<T, JsonError> {
    let map = Reader::without(document, &[CONTEXT]).object(&[name])?;
    let value = map.get(name).ok_or_else(|| JsonError::new("it is missing").within(name))?;
    T::deserialize(Reader::new(value)).map_err(|error| error.within(name))
}

fn context(document: &Value) -> Result<Context, JsonError> {
    match document.get(CONTEXT) {
        None | Some(Value::Null) => Ok(NEUTRAL_CONTEXT),
        Some(value) => Context::deserialize(Reader::new(value)).map_err(|error| error.within(CONTEXT).within(ROOT)),
    }
}

/// The document that asks this.
///
/// # Errors
/// When the input cannot be written as JSON; no input of the host is such.
pub fn write_input<H: Hook>(context: &Context, input: &H::Input) -> Result<Value, JsonError> {
    let mut document = Map::new();
    document.insert(CONTEXT.to_owned(), write(context)?);
    match (only_argument(H::ID), write(input)?) {
        (None, Value::Object(arguments)) => document.extend(arguments),
        (None, _) => return Err(JsonError::new("the input is no record")),
        (Some(name), value) => {
            document.insert(name.to_owned(), value);
        }
    }
    Ok(Value::Object(document))
}

/// Any value of the contract, such as an answer. `root` is what errors call it.
///
/// # Errors
/// The first field that is wrong.
pub fn read<T: DeserializeOwned>(root: &str, value: &Value) -> Result<T, JsonError> {
    T::deserialize(Reader::new(value)).map_err(|error| error.within(root))
}

/// Any value of the contract, such as an answer.
///
/// # Errors
/// When it cannot be written as JSON; no value of the contract is such.
pub fn write<T: Serialize>(value: &T) -> Result<Value, JsonError> {
    serde_json::to_value(value).map_err(|error| JsonError::new(error.to_string()))
}
