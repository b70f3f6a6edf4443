//! A record in one line, for people.

use bulkhead_journal::{DecisionRow, Record, Stored};
use bulkhead_policy::{HookId, Outcome};
use bulkhead_server::why::brief;

use super::{
    show::{self, Part, time},
    source::Names,
};

/// Any record.
pub(super) fn record(names: &Names, stored: &Stored<Record>) -> String {
    let head = format!("{:>9}  {}", stored.seq.get(), time(stored.record.event_time_ms()));
    match &stored.record {
        Record::Call(r) => {
            let asked: Vec<String> = r.decisions.iter().map(|d| names.plugin(d.plugin).subsystem).collect();
            let symbol = r.symbol.map_or_else(String::new, |id| format!(" {}", names.shown(id)));
            let answer = brief(&show::value(names, r.hook, Part::Answer, &r.effective));
            format!("{head}  {}{symbol}: {answer} ({}; asked {})", r.hook, outcome(r.outcome), list(&asked))
        }
        Record::Order(r) => {
            let what = format!("{} {} {} {}", r.side, r.quantity, names.shown(r.symbol), r.order_type);
            let text = if r.text.is_empty() { String::new() } else { format!(": {}", r.text) };
            format!("{head}  order {} {what}, {:.2} USD: {}{text}", r.order_id, r.notional_usd, r.verdict)
        }
        Record::Fill(r) => format!(
            "{head}  fill of order {}: {} {} {} at {}, fee {:.4}, realised {:.2} USD",
            r.order_id,
            r.side,
            r.quantity,
            names.shown(r.symbol),
            r.price,
            r.fee_usd,
            r.realized_pnl_usd
        ),
        Record::Event(r) => format!("{head}  {} by {}: {}", r.kind, r.actor, r.text),
        Record::Guest(r) => {
            let p = names.plugin(r.plugin);
            format!("{head}  an instance of {} {} {}", p.subsystem, p.version, show::step(&r.step))
        }
        Record::Directives(r) => format!("{head}  directives {} in force", r.id),
    }
}

/// One subsystem's answer.
pub(super) fn decision(names: &Names, row: &DecisionRow) -> String {
    let symbol = row.symbol.map_or_else(String::new, |id| format!(" {}", names.shown(id)));
    let (who, d) = (&row.identity, &row.decision);
    format!(
        "{:>9}  {}  {}{symbol}: {} {} said {} ({}; {}, fuel {})",
        row.seq.get(),
        time(row.event_time_ms),
        row.hook,
        who.subsystem,
        who.version,
        said(names, row.hook, d),
        outcome(d.outcome),
        d.mode,
        d.fuel
    )
}

fn said(names: &Names, hook: HookId, d: &bulkhead_journal::DecisionRecord) -> String {
    match (&d.proposed, &d.fault) {
        (_, Some(fault)) => format!("nothing usable: {fault}"),
        (Some(bytes), None) => brief(&show::value(names, hook, Part::Raw, bytes)),
        (None, None) => "nothing".to_owned(),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// An outcome in one or two words.
fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Applied => "applied".to_owned(),
        Outcome::Advised => "advice only".to_owned(),
        Outcome::Observed => "only observed".to_owned(),
        Outcome::Defaulted(cause) => format!("safe default: {}", cause.name()),
    }
}
