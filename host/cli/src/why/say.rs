//! Values and outcomes in a person's words.

use bulkhead_policy::Outcome;
use serde_json::Value;

/// Longest list that is told item by item.
const ITEMS: usize = 4;

/// A value of the contract in few words: `allow`, `deny, max-leverage (7x over 5x)`, `0.72`, `kept BTC, ETH and 7 more`.
pub(crate) fn brief(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), plain),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => {
            let mut told: Vec<String> = items.iter().take(ITEMS).map(brief).collect();
            if items.len() > ITEMS {
                told.push(format!("and {} more", items.len() - ITEMS));
            }
            told.join(", ")
        }
        Value::Object(fields) => {
            let denial = fields.get("deny").and_then(Value::as_object);
            if let Some(denial) = denial {
                let part = |name: &str| denial.get(name).and_then(Value::as_str).unwrap_or_default();
                let text = part("text");
                return format!(
                    "deny, {}{}",
                    part("code"),
                    if text.is_empty() { String::new() } else { format!(" ({text})") }
                );
            }
            let told = fields.iter().filter(|(_, v)| !v.is_null() && !v.as_array().is_some_and(Vec::is_empty));
            let told: Vec<String> = told.map(|(name, v)| format!("{} {}", name.replace('_', " "), brief(v))).collect();
            if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
        }
    }
}

/// A number without the noise of its last bits.
fn plain(number: f64) -> String {
    let digits = if number.abs() >= 1_000.0 { 2 } else { 6 };
    let text = format!("{number:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    // What rounds to nothing is not nothing.
    if text.trim_start_matches('-') == "0" && number != 0.0 { format!("{number:e}") } else { text.to_owned() }
}

/// An outcome in one or two words.
pub(crate) fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Applied => "applied".to_owned(),
        Outcome::Advised => "advice only".to_owned(),
        Outcome::Observed => "only observed".to_owned(),
        Outcome::Defaulted(cause) => format!("safe default: {}", cause.name()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_in_few_words() {
        for (value, words) in [
            (json!("allow"), "allow"),
            (json!({"deny": {"code": "max-leverage", "text": "7x over 5x"}}), "deny, max-leverage (7x over 5x)"),
            (json!({"deny": {"code": "other", "text": ""}}), "deny, other"),
            (json!(0.7200000000000001), "0.72"),
            (json!(1234.5678), "1234.57"),
            (json!(1e-9), "1e-9"),
            (json!(0.0), "0"),
            (json!([]), "none"),
            (json!({"kept": ["A", "B", "C", "D", "E"], "dropped": []}), "kept A, B, C, D, and 1 more"),
            (json!({"stop_loss": 0.02, "trail": null}), "stop loss 0.02"),
            (json!(null), "nothing"),
        ] {
            assert_eq!(brief(&value), words);
        }
    }
}
