//! What would have been decided on the same inputs.

use std::fmt::Write as _;

use anyhow::Result;
use bulkhead_executor::market::time::format_ms;
use bulkhead_policy::{HookId, Outcome};
use bulkhead_replay::{
    DecisionChange, HookTally, Said, Tally,
    decisions::decide,
    report::{Gathering, of_decisions},
};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use serde_json::{Value, json};

use super::{Opened, Replay, bar::Bar, grouped, report, what_if};

/// Asks, and says what comes out otherwise.
pub(super) fn run(args: &Replay, opened: &Opened) -> Result<()> {
    let Opened { source, survey, components, stop } = opened;
    let change = what_if::read(args, opened)?;
    what_if::of_nothing(&change)?;
    let bar = Bar::new(survey.calls);
    let mut shown: Vec<DecisionChange> = Vec::new();
    let mut gathering = args.html.as_ref().map(|_| Gathering::new(source.names.clone()));
    let mut keep = |change: DecisionChange| {
        if let Some(all) = &mut gathering {
            all.take(&change);
        }
        // The same answer with another standing is counted, and nothing to read.
        if shown.len() < args.change.show && change.recorded != change.replayed {
            shown.push(change);
        }
    };
    let tally = decide(source, survey, components, &change, stop, &mut keep, &mut |calls| bar.at(calls));
    bar.finish();
    let tally = tally?;
    if let (Some(found), Some(file)) = (gathering, &args.html) {
        report::draw(&of_decisions(&args.journal, found, &tally, what_if::told(&args.change))?, file)?;
    }
    if args.json {
        let changes: Vec<Value> = shown.iter().map(|change| as_json(change, opened)).collect();
        println!("{}", serde_json::to_string_pretty(&json!({ "tally": tally, "changes": changes }))?);
    } else {
        print!("{}", said(args, &tally, &shown, opened));
    }
    Ok(())
}

fn as_json(change: &DecisionChange, opened: &Opened) -> Value {
    let names = &opened.source.names;
    json!({
        "seq": change.seq,
        "event_time_ms": change.event_time_ms,
        "correlation": change.correlation,
        "hook": change.hook,
        "symbol": change.symbol.and_then(|id| names.get(&id)),
        "subsystem": change.subsystem,
        "recorded": change.recorded.to_json(change.hook, names),
        "replayed": change.replayed.to_json(change.hook, names),
        "likeness": change.likeness,
        "recorded_outcome": outcome(change.recorded_outcome),
        "replayed_outcome": outcome(change.replayed_outcome),
        "recorded_reasons": change.recorded_reasons,
        "replayed_reasons": change.replayed_reasons,
        "recorded_fuel": change.recorded_fuel,
        "replayed_fuel": change.replayed_fuel,
    })
}

/// For people.
fn said(args: &Replay, tally: &Tally, shown: &[DecisionChange], opened: &Opened) -> String {
    let total = tally.total();
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "with {}: {} of {} answers are others, {} of {} calls take another effect",
        what_if::title(&args.change),
        grouped(total.answers),
        grouped(total.asked),
        grouped(total.in_force),
        grouped(total.calls)
    );
    let _ = writeln!(
        text,
        "took {:.2} s; inputs are as recorded, so nothing that would have followed is in this",
        tally.took.as_secs_f64()
    );
    let _ = writeln!(text, "\n{}", table(tally));
    for change in shown {
        text.push_str(&one(change, opened));
    }
    let more = (total.answers + total.in_force).saturating_sub(shown.len() as u64);
    if more > 0 {
        let _ = writeln!(text, "… and {} more; --show N prints more", grouped(more));
    }
    text
}

fn table(tally: &Tally) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["hook", "calls", "asked", "others", "in force", "tighter", "looser", "faults", "before"]);
    for (hook, counts) in tally.hooks.iter().filter(|(_, counts)| counts.asked > 0 || counts.changed > 0) {
        table.add_row(row(*hook, counts));
    }
    for column in 1..9 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

fn row(hook: HookId, c: &HookTally) -> [String; 9] {
    let [calls, asked, answers, in_force, tighter, looser, faults, before] = [
        c.calls,
        c.asked,
        c.answers,
        c.in_force,
        c.tighter,
        c.looser,
        c.replayed_faults.values().sum(),
        c.recorded_faults.values().sum(),
    ]
    .map(grouped);
    [hook.name().to_owned(), calls, asked, answers, in_force, tighter, looser, faults, before]
}

fn one(change: &DecisionChange, opened: &Opened) -> String {
    let names = &opened.source.names;
    let time = i64::try_from(change.event_time_ms).map_or_else(|_| change.event_time_ms.to_string(), format_ms);
    let symbol = change.symbol.and_then(|id| names.get(&id)).map_or_else(String::new, |name| format!(" {name}"));
    let who = change.subsystem.as_deref().unwrap_or("in force");
    let of = |said: &Said, became: Outcome| format!("{} ({})", said.to_json(change.hook, names), outcome(became));
    format!(
        "record {}, {time}, {}{symbol}, {who}\n  recorded  {}\n  replayed  {}\n",
        change.seq,
        change.hook,
        of(&change.recorded, change.recorded_outcome),
        of(&change.replayed, change.replayed_outcome)
    )
}

fn outcome(outcome: Outcome) -> String {
    outcome.cause().map_or_else(|| outcome.name().to_owned(), |cause| format!("{}: {}", outcome.name(), cause.name()))
}
