//! Steps in a person's words.

use bulkhead_executor::{market::time::format_ms, venue::VENUE_ORDER_IDS};
use serde_json::Value;

use super::{
    step::{Asked, Step},
    story::Story,
};

/// Longest list that is told item by item.
const ITEMS: usize = 4;

/// How it ended.
pub(super) fn summary(story: &Story) -> String {
    let stopped = story.steps.iter().find_map(|step| match step {
        Step::Stopped { by, reason, .. } => Some(format!("no trade: stopped by {by} ({reason})")),
        _ => None,
    });
    if let Some(stopped) = stopped {
        return stopped;
    }
    let wanted = |step: &&Step| matches!(step, Step::Order { order, .. } if Some(*order) == story.order);
    let Some(Step::Order { order, admitted, verdict, side, quantity, .. }) = story.steps.iter().find(wanted) else {
        return story.order.map_or_else(|| "no order".to_owned(), |id| format!("order {id}, made by the venue"));
    };
    if !admitted {
        return format!("order {order} {side} did not go out: {verdict}");
    }
    let filled: f64 = story.steps.iter().filter_map(|step| filled_of(step, *order)).sum();
    let state = if filled > 0.0 { format!("filled {}", brief(&filled.into())) } else { "not filled".to_owned() };
    format!("order {order} {side} {}, accepted, {state}{}", brief(quantity), result(story))
}

/// What came of it so far, where something was closed.
fn result(story: &Story) -> String {
    let (mut realized, mut fees) = (0.0, 0.0);
    for step in &story.steps {
        if let Step::Fill { realized_pnl_usd, fee_usd, .. } = step {
            realized += realized_pnl_usd.as_f64().unwrap_or_default();
            fees += fee_usd.as_f64().unwrap_or_default();
        }
    }
    if realized == 0.0 { String::new() } else { format!(", realised {:.2} USD after fees", realized - fees) }
}

/// An order by its number, and the venue's own exits by what they are.
fn named(order: u64) -> String {
    if order >= VENUE_ORDER_IDS { "an exit of the venue's own,".to_owned() } else { format!("order {order}") }
}

fn filled_of(step: &Step, wanted: u64) -> Option<f64> {
    match step {
        Step::Fill { order, quantity, .. } if *order == wanted => quantity.as_f64(),
        _ => None,
    }
}

/// The whole story.
pub(super) fn sentences(story: &Story) -> Vec<String> {
    let mut text = vec![format!("{} at {}: {}.", story.symbol, time(story.event_time_ms), story.summary)];
    if let Some(asked) = story.asked_ms.filter(|asked| *asked != story.event_time_ms) {
        text.push(format!("Nothing was decided about it at {}; this is the nearest.", time(asked)));
    }
    if let Some(c) = &story.circumstances {
        let directive =
            c.directive.map_or_else(String::new, |(id, age)| format!(", directives {id} ({} s old)", age / 1_000));
        text.push(format!("In force: stage {}, brake {}, risk mode {}{directive}.", c.stage, c.brake, c.risk_mode));
    }
    for step in &story.steps {
        tell(step, story.event_time_ms, &mut text);
    }
    if story.correlation.is_none() {
        text.push("No plugin was asked about it.".to_owned());
    }
    if story.cut {
        text.push("There were more calls than are told here.".to_owned());
    }
    text
}

fn tell(step: &Step, decided_ms: u64, text: &mut Vec<String>) {
    let later = |at: u64| if at == decided_ms { String::new() } else { format!("At {}: ", time(at)) };
    match step {
        Step::Signal { by, .. } => {
            let said = by.said.as_ref().map(without_symbol).unwrap_or_default();
            text.push(format!("Signal: {} proposed {said} ({}).", who(by), done(by)));
        }
        Step::Universe { kept, asked, .. } => {
            text.push(format!("Universe: {}.", if *kept { "kept" } else { "dropped" }));
            text.extend(asked.iter().map(told));
        }
        Step::Hook { hook, event_time_ms, effective, outcome, cause, asked, again, until_ms, varied, .. } => {
            let answer = effective.as_ref().map_or_else(|| "an answer in an unknown form".to_owned(), brief);
            let until = until_ms.map_or_else(String::new, |until| format!(" until {}", time(until)));
            let times = match *again {
                0 => String::new(),
                1 => format!(", once more{until}"),
                again => format!(", {again} more times{until}"),
            };
            text.push(format!("{}{hook}: {answer}{times}.", later(*event_time_ms)));
            if asked.is_empty() {
                let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
                text.push(format!("  Nobody was asked ({outcome}{cause})."));
            }
            text.extend(asked.iter().map(told));
            if *varied {
                text.push("  Who may only observe said other things meanwhile, without effect.".to_owned());
            }
        }
        Step::Order {
            event_time_ms,
            order,
            admitted,
            verdict,
            why,
            side,
            order_type,
            quantity,
            price,
            notional_usd,
            reduce_only,
        } => {
            let (at, why) = (later(*event_time_ms), in_brackets(why));
            let passed = if *admitted { "admitted".to_owned() } else { format!("refused, {verdict}") };
            text.push(format!("{at}Envelope: {passed}{why}."));
            let price = price.as_ref().map_or_else(String::new, |price| format!(" at {}", brief(price)));
            let reduce = if *reduce_only { ", reduce only" } else { "" };
            let (quantity, usd) = (brief(quantity), brief(notional_usd));
            let sent = if *admitted { "went out" } else { "did not go out" };
            text.push(format!("{at}Order {order} {sent}: {order_type} {side} {quantity}{price}, {usd} USD{reduce}."));
        }
        Step::Fill {
            event_time_ms,
            order,
            side,
            quantity,
            price,
            fee_usd,
            slippage_bps,
            realized_pnl_usd,
            liquidation,
        } => {
            let how = if *liquidation { "Liquidated" } else { "Filled" };
            let realized = if realized_pnl_usd.as_f64() == Some(0.0) {
                String::new()
            } else {
                format!(", realised {} USD", brief(realized_pnl_usd))
            };
            text.push(format!(
                "{}{how}: {} {side} {} at {}, fee {} USD, slippage {} bps{realized}.",
                later(*event_time_ms),
                named(*order),
                brief(quantity),
                brief(price),
                brief(fee_usd),
                brief(slippage_bps)
            ));
        }
        Step::Stopped { by, reason, .. } => text.push(format!("No order: {by} said {reason}.")),
    }
}

fn told(asked: &Asked) -> String {
    let said = match (&asked.fault, &asked.said) {
        (Some(fault), _) => format!("failed ({fault})"),
        (None, Some(said)) => format!("said {}", brief(said)),
        (None, None) => "gave no answer".to_owned(),
    };
    format!("  {} {said}: {}.", who(asked), done(asked))
}

fn who(asked: &Asked) -> String {
    let Asked { subsystem, plugin, version, mode, .. } = asked;
    if plugin == subsystem {
        format!("{subsystem} {version} ({mode})")
    } else {
        format!("{subsystem} ({plugin} {version}, {mode})")
    }
}

/// What was done with an answer, and why not more.
fn done(asked: &Asked) -> String {
    match (asked.outcome, asked.cause) {
        ("applied", _) => "applied".to_owned(),
        ("observed", _) => "not applied, it may only observe here".to_owned(),
        ("advised", _) => "not applied, it may only advise here".to_owned(),
        (_, Some(cause)) => format!("not applied, {cause}, so the safe default holds"),
        (other, None) => other.to_owned(),
    }
}

fn in_brackets(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

fn time(ms: u64) -> String {
    i64::try_from(ms).map_or_else(|_| ms.to_string(), format_ms)
}

fn without_symbol(said: &Value) -> String {
    let Value::Object(fields) = said else { return brief(said) };
    let rest: serde_json::Map<String, Value> = fields
        .iter()
        .filter(|(name, _)| *name != "symbol")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    brief(&Value::Object(rest))
}

/// A value of the contract in few words: `allow`, `deny, MAX_LEVERAGE (7x over 5x)`, `0.72`, `kept BTC, ETH and 7 more`.
#[must_use]
pub fn brief(value: &Value) -> String {
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
        Value::Object(fields) => match fields.get("deny").and_then(Value::as_object) {
            Some(denial) => {
                let part = |name: &str| denial.get(name).and_then(Value::as_str).unwrap_or_default();
                format!("deny, {}{}", part("code"), in_brackets(part("text")))
            }
            None => listed(fields),
        },
    }
}

fn listed(fields: &serde_json::Map<String, Value>) -> String {
    let said = |value: &Value| !value.is_null() && !value.as_array().is_some_and(Vec::is_empty);
    let told = fields.iter().filter(|(_, value)| said(value));
    let told: Vec<String> = told.map(|(name, value)| format!("{} {}", name.replace('_', " "), brief(value))).collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}

/// A number without the noise of its last bits.
fn plain(number: f64) -> String {
    let digits = if number.abs() >= 1_000.0 { 2 } else { 6 };
    let text = format!("{number:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    // What rounds to nothing is not nothing.
    if text.trim_start_matches('-') == "0" && number != 0.0 { format!("{number:e}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_told_in_few_words() {
        for (value, words) in [
            (json!("allow"), "allow"),
            (json!({"deny": {"code": "MAX_LEVERAGE", "text": "7x over 5x"}}), "deny, MAX_LEVERAGE (7x over 5x)"),
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
