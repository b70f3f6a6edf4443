//! Whether the decisions of a journal come out bit by bit as they were recorded.

use std::{fmt::Write as _, fs};

use anyhow::{Result, anyhow};
use bulkhead_executor::market::time::format_ms;
use bulkhead_replay::run::{Difference, Ended, Options, prove};
use bulkhead_runtime::version::short;
use serde_json::{Value, json};

use super::{Opened, Replay, bar::Bar, grouped, kept, threads};

/// Replays, and says what was found. A difference is an error.
pub(super) fn run(args: &Replay, opened: &Opened) -> Result<()> {
    let Opened { source, survey, components, stop } = opened;
    let file = kept(args);
    if args.restart {
        // A file that is not there is as good as one that is gone.
        let _ = fs::remove_file(&file);
    }
    let bar = Bar::new(survey.calls);
    let options = Options { threads: threads(args), kept: Some(file.clone()), stop };
    let ended = prove(source, survey, components, &options, &mut |calls| bar.at(calls));
    bar.finish();
    let ended = ended?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&ended))?);
    } else {
        print!("{}", said(&ended, opened));
    }
    if let Some(why) = &ended.not_kept {
        eprintln!("bulkhead: note: what was judged is not kept for a next time: {why}");
    }
    match (&ended.proof.first, ended.whole) {
        (Some(first), _) => Err(anyhow!(
            "the replay of {} is not what was recorded: {} of {} differ, the first in record {}",
            args.journal.display(),
            grouped(ended.proof.differences),
            grouped(ended.proof.made_again),
            first.seq
        )),
        (None, false) if !file.is_file() => Err(anyhow!(
            "the replay was interrupted before anything was judged; the same command begins from the start"
        )),
        (None, false) => Err(anyhow!(
            "the replay was interrupted; what was judged is in {}, and the same command goes on from there",
            file.display()
        )),
        (None, true) => Ok(()),
    }
}

fn as_json(ended: &Ended) -> Value {
    json!({
        "identical": ended.whole && ended.proof.identical(),
        "whole": ended.whole,
        "resumed_after": ended.resumed_after,
        "seconds": ended.took.as_secs_f64(),
        "proof": ended.proof,
    })
}

/// For people.
fn said(ended: &Ended, opened: &Opened) -> String {
    let proof = &ended.proof;
    let mut text = String::new();
    let verdict = match (proof.identical(), ended.whole) {
        (true, true) => "identical",
        (true, false) => "identical so far",
        (false, _) => "NOT identical",
    };
    let rate = ended.calls_now as f64 / ended.took.as_secs_f64().max(1e-9);
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{verdict}: {} calls of {}, {} decisions and {} reports made again, {} differ",
        grouped(proof.calls),
        grouped(opened.survey.calls),
        grouped(proof.made_again),
        grouped(proof.reports),
        grouped(proof.differences)
    );
    let _ = writeln!(text, "took {:.2} s, {} calls/s", ended.took.as_secs_f64(), grouped(rate as u64));
    if ended.resumed_after.is_kept() {
        let _ = writeln!(text, "went on after record {} of an interrupted replay", ended.resumed_after);
    }
    for (class, n) in &proof.believed {
        let _ = writeln!(text, "taken from the record: {} {class}", grouped(*n));
    }
    for (why, n) in &proof.untold {
        let _ = writeln!(text, "not made again: {}, because {}", grouped(*n), why.text());
    }
    if let Some(first) = &proof.first {
        text.push_str(&difference(first, opened));
    }
    text
}

fn difference(d: &Difference, opened: &Opened) -> String {
    let time = i64::try_from(d.event_time_ms).map_or_else(|_| d.event_time_ms.to_string(), format_ms);
    let symbol = d.symbol.map_or_else(String::new, |id| {
        let name = opened.source.names.get(&id).cloned().unwrap_or_else(|| format!("#{id}"));
        format!(" {name}")
    });
    let hook = d.hook.map_or("report", |hook| hook.name());
    let who = if d.subsystem.is_empty() {
        String::new()
    } else {
        format!(", {} {} ({})", d.subsystem, d.version, short(&d.digest))
    };
    format!(
        "first difference: record {}, {time}, {hook}{symbol}{who}: {}\n  recorded  {}\n  replayed  {}\n",
        d.seq,
        d.what.text(),
        d.recorded,
        d.replayed
    )
}
