//! How the text of a variable becomes the value of a key. A bad text is an error, never a default.

use bulkhead_policy::{Mode, Stage, json::did_you_mean};
use toml::Value;

/// The form of a variable's value, and the unit of the key it sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// true, 1, yes, on; false, 0, no, off.
    Bool,
    /// A finite number.
    Number,
    /// A finite number from 0 to 1.
    Fraction,
    /// A fraction from 0 to 1; the key is in percent.
    FractionAsPct,
    /// A factor over 0; the key is in percent.
    FactorAsPct,
    /// A whole number from 0.
    Count,
    /// Whole seconds over 0; the key is in ms.
    SecondsAsMs,
    /// OFF, OBSERVE, ADVISORY, ENFORCED.
    Mode,
    /// The mode of self-healing: PROTECTIVE and AGGRESSIVE are ENFORCED with a level.
    HealingMode,
    /// The level in such a mode; other modes leave it.
    HealingLevel,
    /// OBSERVATION, PARTIAL, COORDINATION, AUTONOMY. The original's aliases of AUTONOMY need to be allowed.
    Stage,
    /// A switch that engages the brake. Off leaves the brake as it is: releasing is a person's act.
    Brake,
    /// DEBUG, INFO, WARNING, ERROR.
    LogLevel,
    /// Names with commas between them.
    Names,
}

const LEVELS: [&str; 4] = ["DEBUG", "INFO", "WARNING", "ERROR"];
const HEALING: [&str; 6] = ["OFF", "OBSERVE", "PROTECTIVE", "AGGRESSIVE", "ADVISORY", "ENFORCED"];
const ALIASES: [&str; 3] = ["ENFORCED", "FULL", "ACTIVE"];

impl Kind {
    /// The value for the key; `None` leaves the key as it is.
    ///
    /// # Errors
    /// The end of a sentence that begins with the variable's name.
    pub(crate) fn parse(self, text: &str, alias_of_autonomy: bool) -> Result<Option<Value>, String> {
        if text.is_empty() && self != Self::Names {
            return Err("is empty: give it a value, or do not set it".to_owned());
        }
        Ok(Some(match self {
            Self::Bool => Value::Boolean(boolean(text)?),
            Self::Brake => return Ok(boolean(text)?.then(|| Value::from("halt"))),
            Self::Number => Value::Float(number(text, f64::MIN, f64::MAX)?),
            Self::Fraction => Value::Float(number(text, 0.0, 1.0)?),
            Self::FractionAsPct => Value::Float(percent(number(text, 0.0, 1.0)?)),
            Self::FactorAsPct => Value::Float(percent(number(text, f64::MIN_POSITIVE, 1e6)?)),
            Self::Count => Value::Integer(whole(text, 0)?),
            Self::SecondsAsMs => Value::Integer(whole(text, 1)? * 1_000),
            Self::Mode => one_of(text, &Mode::ALL.iter().map(|m| m.name()).collect::<Vec<_>>())?.into(),
            Self::HealingMode => match one_of(text, &HEALING)? {
                "PROTECTIVE" | "AGGRESSIVE" => "ENFORCED".into(),
                mode => mode.into(),
            },
            Self::HealingLevel => match one_of(text, &HEALING)? {
                level @ ("PROTECTIVE" | "AGGRESSIVE") => level.to_ascii_lowercase().into(),
                _ => return Ok(None),
            },
            Self::Stage => stage(text, alias_of_autonomy)?.into(),
            Self::LogLevel => match one_of(text, &LEVELS)? {
                "WARNING" => "warn".into(),
                level => level.to_ascii_lowercase().into(),
            },
            Self::Names => {
                let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
                Value::Array(names.map(Value::from).collect())
            }
        }))
    }
}

fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("is {text:?}: use true, 1, yes, on, or false, 0, no, off")),
    }
}

fn number(text: &str, min: f64, max: f64) -> Result<f64, String> {
    let range = if max <= 1.0 { format!(" from {min} to {max}") } else { String::new() };
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && (min..=max).contains(&value) => Ok(value),
        _ => Err(format!("is {text:?}: use a number{range}")),
    }
}

/// 0.07 is 7 %, not 7.000000000000001 %.
fn percent(value: f64) -> f64 {
    (value * 1e11).round() / 1e9
}

fn whole(text: &str, min: i64) -> Result<i64, String> {
    // In ms it must still be a number of the file.
    const MOST: i64 = 1_000_000_000_000;
    match text.parse::<i64>() {
        Ok(value) if (min..=MOST).contains(&value) => Ok(value),
        _ => Err(format!("is {text:?}: use a whole number from {min}")),
    }
}

/// The seed's rule: upper case, then one of the names.
fn one_of<'n>(text: &str, names: &[&'n str]) -> Result<&'n str, String> {
    let found = names.iter().copied().find(|name| name.eq_ignore_ascii_case(text));
    found.ok_or_else(|| format!("is {text:?}{}", did_you_mean(text, names)))
}

fn stage(text: &str, alias_allowed: bool) -> Result<&'static str, String> {
    if ALIASES.iter().any(|alias| alias.eq_ignore_ascii_case(text)) {
        return alias_allowed.then_some(Stage::Autonomy.name()).ok_or_else(|| {
            format!(
                "is {text:?}, an old name of the stage that acts by itself: write AUTONOMY, or allow old names with \
                 rollout.autonomy_by_alias = true"
            )
        });
    }
    if text.eq_ignore_ascii_case("MAINNET") {
        return Err(format!(
            "is {text:?}, a profile and no stage: use --profile mainnet, which runs stage COORDINATION"
        ));
    }
    one_of(text, &Stage::ALL.iter().map(|s| s.name()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
