//! What answers that were not applied would have done: the questions of a first week in OBSERVATION.
//!
//! An answer of every subsystem is in the journal whatever stage and mode made of it. Here each is set against what took
//! effect instead, and what it would have stopped against what came of it: the profit of the trades that were made.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use bulkhead_journal::{CallRecord, DecisionRecord, JournalError, Reader};
use bulkhead_policy::{HookId, Likeness, Outcome};
use serde::Serialize;

use super::{
    answer,
    directed::Directed,
    spent::Sums,
    stream::{Moment, Moments},
};

/// What one subsystem said to one hook without effect.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Observed {
    /// The subsystem.
    pub subsystem: String,
    /// The hook.
    pub hook: Option<HookId>,
    /// Answers without effect.
    pub answers: u64,
    /// Of these, the same as what took effect.
    pub same: u64,
    /// Of these, would have let less through.
    pub tighter: u64,
    /// Of these, would have let more through.
    pub looser: u64,
    /// Of these, otherwise different.
    pub other: u64,
    /// Refusals among them, by reason.
    pub reasons: BTreeMap<&'static str, u64>,
    /// Proposals that it would have stopped: denied, sized to nothing, or put under the threshold. Of a coordinator: orders
    /// that its latest directives would not have allowed.
    pub would_stop: u64,
    /// Proposals that it was asked about. Of a coordinator: orders that went out.
    pub proposals: u64,
    /// Trades among those it would have stopped that were made all the same.
    pub trades_made: u64,
    /// What these brought, after fees and before funding, USD.
    pub trades_pnl_usd: f64,
    /// Of a coordinator: answers by what they would have asked for.
    pub directives: BTreeMap<&'static str, u64>,
    /// Of a coordinator: answers by the risk mode they would have set.
    pub risk_modes: BTreeMap<&'static str, u64>,
}

/// What is kept of a subsystem and a hook while the journal is read.
#[derive(Default)]
struct Watch {
    observed: Observed,
    proposals: BTreeSet<u64>,
    stopped: BTreeSet<u64>,
}

/// Everything that was said without effect, by subsystem and hook, what matters most first.
///
/// # Errors
/// [`JournalError`]: the journal cannot be read.
pub fn observed(journal: &Path) -> Result<Vec<Observed>, JournalError> {
    let sums = Sums::of(&Reader::open(journal)?)?;
    let mut seen = Seen { sums, watched: BTreeMap::new(), directed: BTreeMap::new(), pnl: BTreeMap::new() };
    let mut moments = Moments::of(journal)?;
    while let Some(moment) = moments.next()? {
        seen.take(&moment);
    }
    let Seen { watched, pnl, .. } = seen;
    let mut all: Vec<Observed> = watched.into_values().map(|watch| watch.end(&pnl)).collect();
    // First whoever would have stopped something, then whoever would have changed something.
    let weight = |o: &Observed| std::cmp::Reverse((o.would_stop, o.tighter + o.looser, o.other));
    all.sort_by(|a, b| (weight(a), &a.subsystem, a.hook).cmp(&(weight(b), &b.subsystem, b.hook)));
    Ok(all)
}

struct Seen {
    sums: Sums,
    watched: BTreeMap<(String, HookId), Watch>,
    /// Of each coordinator that is not heeded, its latest directives.
    directed: BTreeMap<String, Directed>,
    /// Realised profit after fees, by correlation. An exit carries that of the order that opened the position.
    pnl: BTreeMap<u64, f64>,
}

impl Seen {
    fn take(&mut self, moment: &Moment) {
        for call in &moment.calls {
            for decision in &call.record.decisions {
                if matches!(decision.outcome, Outcome::Observed | Outcome::Advised) {
                    self.decision(&call.record, decision);
                }
            }
        }
        self.entries(moment);
        for fill in moment.fills.iter().filter(|fill| fill.correlation != 0) {
            *self.pnl.entry(fill.correlation).or_default() += fill.realized_pnl_usd - fill.fee_usd;
        }
    }

    /// Orders that went out, against directives that nobody heeded.
    fn entries(&mut self, moment: &Moment) {
        for (subsystem, directed) in &self.directed {
            let Some(watch) = self.watched.get_mut(&(subsystem.clone(), HookId::Coordination)) else { continue };
            for order in moment.orders.iter().filter(|o| !o.reduce_only && o.verdict == "accepted") {
                watch.proposals.insert(order.correlation);
                if directed.stops(order.symbol) {
                    watch.stopped.insert(order.correlation);
                }
            }
        }
    }

    fn decision(&mut self, call: &CallRecord, decision: &DecisionRecord) {
        let subsystem = self.sums.subsystem(decision.plugin).to_owned();
        let watch = self.watched.entry((subsystem.clone(), call.hook)).or_default();
        let o = &mut watch.observed;
        (o.subsystem, o.hook) = (subsystem, Some(call.hook));
        o.answers += 1;
        let said = decision.proposed.as_deref().unwrap_or_default();
        if let Some((directed, answer)) = (call.hook == HookId::Coordination).then(|| Directed::of(said)).flatten() {
            *o.risk_modes.entry(answer.risk_mode.name()).or_default() += 1;
            directed.asks.iter().for_each(|(what, _)| *o.directives.entry(*what).or_default() += 1);
            self.directed.insert(o.subsystem.clone(), directed);
        }
        match answer::would(call.hook, &call.input, &decision.effective, said) {
            Some(Likeness::Same) => o.same += 1,
            Some(Likeness::Tighter) => o.tighter += 1,
            Some(Likeness::Looser) => o.looser += 1,
            Some(Likeness::Other) | None => o.other += 1,
        }
        if let Some(reason) = decision.reason {
            *o.reasons.entry(reason.name()).or_default() += 1;
        }
        if call.correlation != 0 && answer::can_stop(call.hook) {
            watch.proposals.insert(call.correlation);
            if answer::stops(call.hook, &call.input, said) {
                watch.stopped.insert(call.correlation);
            }
        }
    }
}

impl Watch {
    fn end(self, pnl: &BTreeMap<u64, f64>) -> Observed {
        let made = self.stopped.iter().filter_map(|correlation| pnl.get(correlation));
        let (trades_made, trades_pnl_usd) = made.fold((0, 0.0), |(n, usd), more| (n + 1, usd + more));
        let (proposals, would_stop) = (self.proposals.len() as u64, self.stopped.len() as u64);
        Observed { proposals, would_stop, trades_made, trades_pnl_usd, ..self.observed }
    }
}
