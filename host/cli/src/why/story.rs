//! The story: signal, universe, each hook with who was asked and what was done with it, the envelope, order and fills.

use std::fmt::{self, Write as _};

use anyhow::Result;
use bulkhead_journal::{CallRecord, DecisionRecord, FillRecord, Filter, OrderRecord, Reader, Stored};
use bulkhead_policy::{Authority, HookId, Outcome};
use serde_json::Value;

use super::{
    find::{Case, Stop},
    say::{brief, outcome},
};
use crate::journal::{
    show::{self, Part, time},
    source::Names,
};

/// Most calls told of one signal. A position that is held for months has one per look.
const CALLS: usize = 200;

/// Everything the journal has about one signal.
struct Chapters {
    signals: Vec<Stored<CallRecord>>,
    universe: Vec<Stored<CallRecord>>,
    calls: Vec<Stored<CallRecord>>,
    orders: Vec<Stored<OrderRecord>>,
    fills: Vec<Stored<FillRecord>>,
}

/// Tells it.
pub(super) fn tell(reader: &Reader, names: &Names, case: &Case) -> Result<String> {
    let chapters = Chapters::read(reader, case)?;
    let mut to = String::new();
    write(&mut to, names, case, &chapters)?;
    Ok(to)
}

impl Chapters {
    fn read(reader: &Reader, case: &Case) -> Result<Self> {
        let then =
            Filter { from_ms: Some(case.at_ms), until_ms: Some(case.at_ms.saturating_add(1)), ..Filter::default() };
        let of = |hook| Filter { hook: Some(hook), ..then.clone() };
        let joined = Filter { correlation: Some(case.correlation), limit: Some(CALLS), ..Filter::default() };
        let known = case.correlation != 0;
        // What has no correlation is joined by its order.
        let trades =
            if known { joined.clone() } else { Filter { order: case.order, limit: Some(CALLS), ..Filter::default() } };
        let has_trades = known || case.order.is_some();
        Ok(Self {
            signals: reader.calls(&of(HookId::Signal))?,
            universe: reader.calls(&of(HookId::UniverseFilter))?,
            calls: if known { reader.calls(&joined)? } else { Vec::new() },
            orders: if has_trades { reader.orders(&trades)? } else { Vec::new() },
            fills: if has_trades { reader.fills(&trades)? } else { Vec::new() },
        })
    }

    fn begin(&self) -> Option<&CallRecord> {
        self.calls.first().or_else(|| self.signals.first()).map(|stored| &stored.record)
    }
}

fn write(to: &mut String, names: &Names, case: &Case, c: &Chapters) -> fmt::Result {
    writeln!(to, "{} at {}: {}", names.shown(case.symbol), time(case.at_ms), summary(case, c))?;
    if let Some(asked) = case.asked_ms.filter(|asked| *asked != case.at_ms) {
        writeln!(to, "  (nothing was decided about it at {}; this is the nearest)", time(asked))?;
    }
    if let Some(call) = c.begin() {
        let directive =
            call.directive.map_or_else(String::new, |(id, age)| format!(", directives {id} ({} s old)", age / 1_000));
        writeln!(to, "  stage {}, brake {}, risk mode {}{directive}", call.stage, call.brake, call.risk_mode)?;
    }
    writeln!(to)?;
    signals(to, names, case.symbol, &c.signals)?;
    universe(to, names, case.symbol, &c.universe)?;
    events(to, names, case, c)?;
    match &case.stop {
        Some(stop) => stopped(to, stop, c.calls.is_empty()),
        None => Ok(()),
    }
}

/// Calls, orders and fills in the order they came. A call that only says again what the one before said is counted.
fn events(to: &mut String, names: &Names, case: &Case, c: &Chapters) -> fmt::Result {
    let calls = c.calls.iter().map(|call| (call.seq, Told::Call(&call.record)));
    let orders = c.orders.iter().map(|order| (order.seq, Told::Order(&order.record)));
    let fills = c.fills.iter().map(|fill| (fill.seq, Told::Fill(&fill.record)));
    let mut all: Vec<_> = calls.chain(orders).chain(fills).collect();
    all.sort_by_key(|(seq, _)| *seq);
    let (mut before, mut again) = (String::new(), None);
    for (_, told) in all {
        let mut text = String::new();
        match told {
            Told::Call(call) => hook(&mut text, names, call)?,
            Told::Order(o) => order(&mut text, o)?,
            Told::Fill(f) => fill(&mut text, f)?,
        }
        if let (Told::Call(call), true) = (told, text == before) {
            let (times, _) = again.unwrap_or((0u32, 0));
            again = Some((times + 1, call.event_time_ms));
            continue;
        }
        repeated(to, again.take())?;
        if let Told::Call(call) = told
            && call.event_time_ms != case.at_ms
        {
            writeln!(to, "  at {}", time(call.event_time_ms))?;
        }
        to.push_str(&text);
        before = text;
    }
    repeated(to, again)?;
    if c.calls.len() == CALLS {
        let more = format!("bulkhead journal query calls --correlation {}", case.correlation);
        writeln!(to, "  … more than {CALLS} calls; `{more}` has all")?;
    }
    Ok(())
}

/// Something that happened to the signal.
#[derive(Clone, Copy)]
enum Told<'a> {
    Call(&'a CallRecord),
    Order(&'a OrderRecord),
    Fill(&'a FillRecord),
}

fn repeated(to: &mut String, again: Option<(u32, u64)>) -> fmt::Result {
    match again {
        Some((times, until)) => writeln!(to, "    … the same {times} more times, until {}", time(until)),
        None => Ok(()),
    }
}

/// The end of the story in one line.
fn summary(case: &Case, c: &Chapters) -> String {
    if let Some(stop) = &case.stop {
        return format!("no trade, stopped by {} ({})", stop.by, stop.reason);
    }
    let asked = case.order;
    let order = c.orders.iter().map(|o| &o.record).find(|o| asked.is_none_or(|id| id == o.order_id));
    match order {
        Some(o) if o.verdict == "accepted" => {
            let filled: f64 =
                c.fills.iter().filter(|f| f.record.order_id == o.order_id).map(|f| f.record.quantity).sum();
            let state =
                if filled > 0.0 { format!("filled {}", brief(&filled.into())) } else { "not filled".to_owned() };
            format!("order {} {} {}, accepted, {state}", o.order_id, o.side, brief(&o.quantity.into()))
        }
        Some(o) => format!("order {} {} did not go out: {}", o.order_id, o.side, o.verdict),
        None => asked.map_or_else(|| "no order".to_owned(), |id| format!("order {id}, made by the venue")),
    }
}

fn signals(to: &mut String, names: &Names, symbol: u32, calls: &[Stored<CallRecord>]) -> fmt::Result {
    let name = names.shown(symbol);
    for call in calls {
        for d in &call.record.decisions {
            let Some(said) = &d.proposed else { continue };
            let Value::Array(all) = show::value(names, HookId::Signal, Part::Raw, said) else { continue };
            let about = all.into_iter().filter(|p| p.get("symbol").and_then(Value::as_str) == Some(name.as_str()));
            for mut proposal in about {
                if let Some(fields) = proposal.as_object_mut() {
                    fields.shift_remove("symbol");
                }
                writeln!(to, "  signal: {} proposed {} ({})", who(names, d), brief(&proposal), done(d))?;
            }
        }
    }
    Ok(())
}

fn universe(to: &mut String, names: &Names, symbol: u32, calls: &[Stored<CallRecord>]) -> fmt::Result {
    let name = names.shown(symbol);
    for call in calls {
        let answer = show::value(names, HookId::UniverseFilter, Part::Answer, &call.record.effective);
        let kept = answer.get("kept").and_then(Value::as_array);
        let stays = kept.is_some_and(|kept| kept.iter().any(|k| k.as_str() == Some(name.as_str())));
        writeln!(to, "  {}: {}", HookId::UniverseFilter, if stays { "kept" } else { "dropped" })?;
        for d in &call.record.decisions {
            let said = d.proposed.as_deref().map(|bytes| show::value(names, HookId::UniverseFilter, Part::Raw, bytes));
            let dropped = said.as_ref().and_then(|v| v.get("dropped")).and_then(Value::as_array);
            let why = dropped
                .and_then(|all| all.iter().find(|x| x.get("symbol").and_then(Value::as_str) == Some(name.as_str())));
            let words = match (why.and_then(|w| w.get("code")).and_then(Value::as_str), &d.fault) {
                (_, Some(fault)) => format!("failed: {fault}"),
                (Some(code), None) => format!("said to drop it: {code}"),
                (None, None) => "said to keep it".to_owned(),
            };
            writeln!(to, "    {} {words} ({})", who(names, d), done(d))?;
        }
    }
    Ok(())
}

fn hook(to: &mut String, names: &Names, call: &CallRecord) -> fmt::Result {
    let answer = brief(&show::value(names, call.hook, Part::Answer, &call.effective));
    writeln!(to, "  {}: {answer}", call.hook)?;
    if call.decisions.is_empty() {
        return writeln!(to, "    nobody was asked ({})", outcome(call.outcome));
    }
    for d in &call.decisions {
        let said = match (&d.fault, &d.proposed) {
            (Some(fault), _) => format!("failed: {fault}"),
            (None, Some(bytes)) => format!("said {}", brief(&show::value(names, call.hook, Part::Raw, bytes))),
            (None, None) => "gave no answer".to_owned(),
        };
        writeln!(to, "    {} {said} ({})", who(names, d), done(d))?;
    }
    Ok(())
}

fn who(names: &Names, d: &DecisionRecord) -> String {
    let p = names.plugin(d.plugin);
    format!("{} ({} {}, {})", p.subsystem, p.plugin, p.version, d.mode)
}

/// What was done with an answer, and why not more.
fn done(d: &DecisionRecord) -> String {
    match (d.outcome, d.authority) {
        (Outcome::Observed, Authority::Observe) => "not applied: it may only observe here".to_owned(),
        (Outcome::Advised, _) => "not applied: it may only advise here".to_owned(),
        (Outcome::Defaulted(cause), _) => format!("not applied: {}, the safe default holds", cause.name()),
        (other, _) => outcome(other),
    }
}

fn stopped(to: &mut String, stop: &Stop, nobody: bool) -> fmt::Result {
    let asked = if nobody { "; no plugin was asked" } else { "" };
    writeln!(to, "  no order: {} said {}{asked}", stop.by, stop.reason)
}

fn order(to: &mut String, o: &OrderRecord) -> fmt::Result {
    let passed =
        if o.verdict == "accepted" { "envelope: admitted".to_owned() } else { format!("refused: {}", o.verdict) };
    let price = o.price.map_or_else(String::new, |price| format!(" at {}", brief(&price.into())));
    let text = if o.text.is_empty() { String::new() } else { format!(" ({})", o.text) };
    writeln!(to, "  {passed}{text}")?;
    let reduce = if o.reduce_only { ", reduce only" } else { "" };
    let (quantity, notional) = (brief(&o.quantity.into()), brief(&o.notional_usd.into()));
    writeln!(
        to,
        "  order {}: {} {} {quantity}{price}, {notional} USD{reduce}, {}",
        o.order_id,
        o.order_type,
        o.side,
        time(o.event_time_ms)
    )
}

fn fill(to: &mut String, f: &FillRecord) -> fmt::Result {
    let how = if f.liquidation {
        "liquidation"
    } else if f.maker {
        "maker"
    } else {
        "taker"
    };
    let profit = if f.realized_pnl_usd == 0.0 {
        String::new()
    } else {
        format!(", realised {} USD", brief(&f.realized_pnl_usd.into()))
    };
    writeln!(
        to,
        "  fill of order {}: {} {} at {}, fee {} USD, slippage {} bps, {how}{profit}, {}",
        f.order_id,
        f.side,
        brief(&f.quantity.into()),
        brief(&f.price.into()),
        brief(&f.fee_usd.into()),
        brief(&f.slippage_bps.into()),
        time(f.event_time_ms)
    )
}
