//! Configuration: from JSON to a struct, with errors that name the key.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads a JSON object.
///
/// # Errors
/// One sentence that names the wrong key: the nearest valid one for an unknown key, what was expected for a bad value.
///
/// ```
/// #[derive(Debug, Default, serde::Deserialize)]
/// #[serde(default, deny_unknown_fields)]
/// struct Config {
///     max_leverage_x: f64,
/// }
///
/// let error = bulkhead_sdk::config::parse::<Config>(r#"{"max_leverage": 3}"#).unwrap_err();
/// assert_eq!(error, "unknown configuration key `max_leverage`: did you mean `max_leverage_x`?");
/// ```
pub fn parse<C: DeserializeOwned>(json: &str) -> Result<C, String> {
    // From bytes, as states are read: a second parser, for text, would be 20 kB in every component.
    let value: Value = serde_json::from_slice(json.as_bytes())
        .map_err(|error| format!("the configuration is not valid JSON: {error}"))?;
    let Value::Object(object) = &value else {
        return Err("the configuration is not a JSON object: write `{\"key\": value}`".to_string());
    };
    C::deserialize(&value).map_err(|error| explain::<C>(object, &error.to_string()))
}

/// Serde says what is wrong, but not under which key. The key is the one that is wrong in the same way on its own.
fn explain<C: DeserializeOwned>(object: &Map<String, Value>, message: &str) -> String {
    let key = object.iter().find_map(|(key, value)| {
        let alone = Value::Object(Map::from_iter([(key.clone(), value.clone())]));
        C::deserialize(&alone).is_err_and(|error| error.to_string() == message).then_some(key)
    });
    match (unknown_field(message), key) {
        (Some((unknown, known)), Some(key)) if key != unknown => {
            unknown_key(&format!("{key}.{unknown}"), unknown, &known)
        }
        (Some((unknown, known)), _) => unknown_key(unknown, unknown, &known),
        (None, Some(key)) => format!("configuration key `{key}`: {message}"),
        (None, None) => format!("the configuration is not complete: {message}"),
    }
}

fn unknown_key(path: &str, unknown: &str, known: &[&str]) -> String {
    match nearest(unknown, known) {
        Some(key) => format!("unknown configuration key `{path}`: did you mean `{key}`?"),
        None if known.is_empty() => {
            format!("unknown configuration key `{path}`: there are no keys here")
        }
        None => format!("unknown configuration key `{path}`: there are {}", known.join(", ")),
    }
}

/// The unknown field and the valid ones, when this is serde's message about that: "unknown field `a`, expected `b` or
/// `c`".
fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    // Quoted words stand at the odd places.
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    Some((unknown, quoted.collect()))
}

/// The word that is so near that it is probably meant.
fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    let (distance, best) = words.iter().map(|other| (distance(word, other), *other)).min()?;
    let close = distance <= 2 + word.len() / 5 || best.starts_with(word) || word.starts_with(best);
    close.then_some(best)
}

/// Letters to insert, delete or replace to make one word the other; a dash is as good as an underscore.
fn distance(left: &str, right: &str) -> usize {
    let plain = |word: &str| word.to_ascii_lowercase().replace('-', "_").into_bytes();
    let (left, right) = (plain(left), plain(right));
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, left) in left.iter().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        for (cell, right) in row.iter_mut().zip(std::iter::once(None).chain(right.iter().map(Some))) {
            let above = *cell;
            *cell = match right {
                None => before,
                Some(right) => (diagonal + usize::from(left != right)).min(above + 1).min(before + 1),
            };
            diagonal = above;
            before = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{distance, parse};

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Config {
        max_notional_usd: f64,
        names: Vec<String>,
        limits: Limits,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Limits {
        leverage_x: f64,
    }

    #[derive(Debug, Deserialize)]
    struct Needs {
        #[allow(dead_code, reason = "only its absence is looked at")]
        token: String,
    }

    fn error(json: &str) -> String {
        parse::<Config>(json).unwrap_err()
    }

    #[test]
    fn reads_what_is_there_and_defaults_the_rest() {
        assert_eq!(parse::<Config>("{}").unwrap(), Config::default());
        let config: Config = parse(r#"{"max_notional_usd": 5, "limits": {"leverage_x": 2.5}}"#).unwrap();
        assert_eq!((config.max_notional_usd, config.limits.leverage_x), (5.0, 2.5));
    }

    #[test]
    fn names_the_nearest_key() {
        assert_eq!(
            error(r#"{"max_notionl_usd": 1}"#),
            "unknown configuration key `max_notionl_usd`: did you mean `max_notional_usd`?"
        );
        assert_eq!(
            error(r#"{"max-notional-usd": 1}"#),
            "unknown configuration key `max-notional-usd`: did you mean `max_notional_usd`?"
        );
        assert_eq!(
            error(r#"{"limits": {"leverage": 1}}"#),
            "unknown configuration key `limits.leverage`: did you mean `leverage_x`?"
        );
        assert_eq!(
            error(r#"{"colour": 1}"#),
            "unknown configuration key `colour`: there are max_notional_usd, names, limits"
        );
    }

    #[test]
    fn names_the_key_of_a_bad_value() {
        assert_eq!(
            error(r#"{"names": [], "max_notional_usd": "many"}"#),
            "configuration key `max_notional_usd`: invalid type: string \"many\", expected f64"
        );
        assert!(
            error(r#"{"limits": {"leverage_x": null}}"#).starts_with("configuration key `limits`: invalid type: null")
        );
    }

    #[test]
    fn says_when_it_is_not_an_object_or_not_complete() {
        assert!(error("[]").contains("not a JSON object"));
        assert!(error("{").contains("not valid JSON"));
        assert!(error("{\"limits\": {}} x").contains("not valid JSON"));
        assert_eq!(parse::<Needs>("{}").unwrap_err(), "the configuration is not complete: missing field `token`");
    }

    #[test]
    fn counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("A-b", "a_b"), 0);
    }
}
