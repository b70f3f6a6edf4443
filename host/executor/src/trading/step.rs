//! One moment of the loop, in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bulkhead_journal::EventKind;
use bulkhead_policy::{
    Account, Exposures, HookId, Market, SymbolId,
    envelope::{Book, Envelope, OrderIntent, Refusal},
    hooks::classification::{Action, Classification},
};
use bulkhead_runtime::{Moment, Registry};

use super::{
    LoopConfig, Observer, RefusalCount, RunSummary, drawdown::Levels, measures::Measures, models::Models,
    restraint::Restraint, scorer::Scorer,
};
use crate::{
    account::{AccountBoard, Publisher},
    market::{feed::BarSlice, instruments::Instrument, slippage::SlippageModel},
    venue::Venue,
};

/// When each periodic hook was last asked.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub(super) coordination: Option<u64>,
    pub(super) self_healing: Option<u64>,
    pub(super) classification: Option<u64>,
    pub(super) amplification: Option<u64>,
    pub(super) portfolio: Option<u64>,
    pub(super) model_evaluation: Option<u64>,
    pub(super) retraining: Option<u64>,
    pub(super) exit_levels: Option<u64>,
}

/// True once `period` has passed since `last`; notes the time.
pub(super) fn due(last: &mut Option<u64>, period: u64, now: u64) -> bool {
    let due = last.is_none_or(|at| now.saturating_sub(at) >= period);
    if due {
        *last = Some(now);
    }
    due
}

/// What a progress bar shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Bars taken in.
    pub bars: u64,
    /// Event time, epoch ms.
    pub now_ms: i64,
    /// Equity.
    pub equity_usd: f64,
    /// Positions open.
    pub open_positions: u32,
    /// Faults of all plugins.
    pub faults: u64,
}

/// The loop. One thread drives it; the registry may be read and braked from others.
pub struct TradingLoop<V> {
    pub(super) registry: Arc<Registry>,
    pub(super) venue: V,
    pub(super) envelope: Envelope,
    pub(super) config: LoopConfig,
    pub(super) instruments: Vec<Instrument>,
    pub(super) slippage: SlippageModel,
    pub(super) observer: Observer,
    pub(super) restraint: Restraint,
    pub(super) measures: Measures,
    pub(super) scorer: Scorer,
    pub(super) asked: Asked,
    pub(super) classes: Vec<Classification>,
    /// What was done about a class: correlation id of the position, and the action.
    pub(super) acted: BTreeSet<(u64, Action)>,
    pub(super) models: Models,
    pub(super) last_entry_ms: BTreeMap<SymbolId, u64>,
    pub(super) refused: BTreeMap<(String, String), u64>,
    pub(super) summary: RunSummary,
    pub(super) levels: Levels,
    pub(super) publisher: Publisher,
    pub(super) ended: bool,
    pub(super) next_order: u64,
    pub(super) next_correlation: u64,
    pub(super) cycle: u64,
    pub(super) regime_changed: bool,
    day: i64,
}

impl<V: std::fmt::Debug> std::fmt::Debug for TradingLoop<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TradingLoop").field("venue", &self.venue).field("cycle", &self.cycle).finish_non_exhaustive()
    }
}

impl<V: Venue> TradingLoop<V> {
    /// A loop that has seen nothing.
    #[must_use]
    pub fn new(
        registry: Arc<Registry>,
        venue: V,
        config: LoopConfig,
        instruments: Vec<Instrument>,
        slippage: SlippageModel,
    ) -> Self {
        let (equity, limits) = (venue.account().equity_usd, registry.limits());
        let strategies = registry.status().into_iter().enumerate();
        let strategies =
            strategies.filter(|(_, s)| s.hooks.contains(&HookId::Signal)).map(|(i, s)| (i, s.name)).collect();
        let summary = RunSummary { start_equity_usd: equity, end_equity_usd: equity, ..RunSummary::default() };
        let levels = Levels::anew(equity, registry.dials().rebased);
        let publisher = Publisher::new(Arc::new(AccountBoard::new(limits, 0)));
        Self {
            observer: Observer::new(instruments.len()),
            registry,
            venue,
            envelope: Envelope::new(limits),
            config,
            instruments,
            slippage,
            restraint: Restraint::default(),
            measures: Measures::default(),
            scorer: Scorer::default(),
            asked: Asked::default(),
            classes: Vec::new(),
            acted: BTreeSet::new(),
            models: Models::new(strategies),
            last_entry_ms: BTreeMap::new(),
            refused: BTreeMap::new(),
            summary,
            levels,
            publisher,
            ended: false,
            next_order: 1,
            next_correlation: 1,
            cycle: 0,
            regime_changed: false,
            day: i64::MIN,
        }
    }

    /// Takes in the bars of one moment: fills and exits first, then the envelope's drawdown rule, the periodic hooks, the
    /// strategies, and what may be opened.
    pub fn step(&mut self, slice: &BarSlice<'_>) {
        self.cycle += 1;
        let now = u64::try_from(slice.close_ms).unwrap_or(0);
        self.obey_brake(self.now());
        self.levels.marks.advance(slice.open_ms, self.venue.account().equity_usd);
        self.venue.on_bar(slice);
        self.absorb(now);
        self.levels.marks.observe(self.venue.account().equity_usd);
        self.regime_changed |= self.observer.observe(slice);
        self.scorer.observe(slice, &self.config);
        self.count_moment(slice);
        self.new_day(slice.close_ms);
        self.watch_drawdown(now);
        if let Some(expired) = self.registry.board().sweep(now) {
            let text = format!(
                "directives {} dropped at {} s of age: neutral until the next",
                expired.id,
                expired.age_ms / 1000
            );
            self.registry.event(now, EventKind::DirectivesExpired, "host", text);
            self.restraint.reduced_pct = 0.0;
        }
        self.forget_demoted();
        self.evaluate_models(now);
        self.plan_retraining(now);
        self.heal(now);
        self.coordinate(now);
        self.obey_directives(now);
        let proposals = self.ask_strategies(slice, now);
        self.leave(&proposals, now);
        let kept = self.ask_universe(slice, now);
        self.enter(&proposals, kept.as_deref(), now);
        self.tend_positions(now);
        self.publish();
    }

    /// What a progress bar shows.
    pub fn progress(&self) -> Progress {
        let account = self.venue.account();
        Progress {
            bars: self.summary.bars,
            now_ms: self.summary.to_ms,
            equity_usd: account.equity_usd,
            open_positions: account.open_positions,
            faults: self.registry.metrics().faults(),
        }
    }

    /// Totals so far.
    pub fn summary(&self) -> RunSummary {
        let stats = self.venue.stats();
        let account = self.venue.account();
        let mut refusals: Vec<RefusalCount> = self
            .refused
            .iter()
            .map(|((by, reason), count)| RefusalCount { by: by.clone(), reason: reason.clone(), count: *count })
            .collect();
        refusals.sort_by_key(|r| std::cmp::Reverse(r.count));
        RunSummary {
            end_equity_usd: account.equity_usd,
            fees_usd: stats.fees_usd,
            funding_usd: stats.funding_usd,
            open_positions: account.open_positions,
            open_pnl_usd: stats.unrealized_usd,
            refusals,
            hooks: self.registry.metrics().snapshot(),
            faults: self.registry.metrics().faults(),
            reconciliation: self.envelope.counters(),
            scores: self
                .scorer
                .scores()
                .iter()
                .map(|(owner, score)| (self.registry.subsystem_name(*owner).to_owned(), *score))
                .collect(),
            ..self.summary.clone()
        }
    }

    /// The venue.
    pub const fn venue(&self) -> &V {
        &self.venue
    }

    /// The registry.
    pub const fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    pub(super) const fn moment(&self, now: u64, correlation: u64) -> Moment {
        Moment { event_time_ms: now, cycle: self.cycle, correlation }
    }

    pub(super) fn market(&self) -> Market {
        self.observer.market()
    }

    /// The account as the hooks see it: the risk of orders on their way is counted.
    pub(super) fn account(&self) -> Account {
        let mut account = self.standing();
        account.open_risk_usd += self.envelope.reserved_risk_usd();
        account
    }

    /// What is held and what is reserved: the rows that a pre-trade hook sees.
    pub(super) fn exposures(&self) -> Exposures {
        let mut exposures = self.venue.exposures().clone();
        self.envelope.add_reserved(&mut exposures);
        exposures
    }

    pub(super) fn refuse(&mut self, by: &str, reason: &str) {
        if let Some(count) = self.refused.get_mut(&(by.to_owned(), reason.to_owned())) {
            *count += 1;
            return;
        }
        self.refused.insert((by.to_owned(), reason.to_owned()), 1);
    }

    fn count_moment(&mut self, slice: &BarSlice<'_>) {
        if self.summary.cycles == 0 {
            self.summary.from_ms = slice.open_ms;
        }
        self.summary.cycles += 1;
        self.summary.bars += slice.symbol.len() as u64;
        self.summary.to_ms = slice.close_ms;
    }

    fn new_day(&mut self, now_ms: i64) {
        let day = now_ms.div_euclid(86_400_000);
        if day != self.day && self.day != i64::MIN {
            let equity = self.venue.account().equity_usd;
            let text = format!("day begins with equity {equity:.2} USD");
            self.registry.event(u64::try_from(now_ms).unwrap_or(0), EventKind::DayReset, "host", text);
        }
        self.day = day;
    }

    /// Asks the envelope for an order. Limits, drawdown, account and brake are looked at again: much may have happened while
    /// the hooks were asked.
    pub(super) fn admit(&mut self, intent: &OrderIntent, now: u64) -> Result<(), Refusal> {
        self.watch_drawdown(now);
        let (account, brake) = (self.venue.account(), self.registry.dials().brake);
        let book = Book { equity_usd: account.equity_usd, exposures: self.venue.exposures() };
        self.envelope.admit(intent, &book, brake, now)
    }
}
