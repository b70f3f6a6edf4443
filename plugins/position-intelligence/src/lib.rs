//! position-intelligence: what an open position is, what that suggests, and how soon somebody should look (seed 4.4).
//!
//! The original had three taxonomies that did not know of each other. Here are its two models, chosen by `model`, with
//! the classes of all of them in one enum: `r-multiple` by multiples of the risk at entry and how much of the best of
//! them is left, `pnl-percent` by profit as a share of the entry price and age. The documented thresholds of the third
//! add to both (`documented`): a deep loss that lasts is TOXIC, which the second model could not say, and by profit in
//! percent a gain that is large for its risk is a WINNER.
//!
//! Profit is signed by the side of the position. What a step means for a stop or an order is the host's business, so that
//! no price can land on the wrong side of a short.
//!
//! State is two marks per open position: since when it has been deep in loss, and whether the log was told.

mod config;
mod documented;
mod judgement;
mod memory;
mod pnl_percent;
mod portfolio;
mod priority;
mod r_multiple;
mod selftest;
mod view;

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::PositionReport;
use config::{Config, Model};
use judgement::Judgement;
use memory::Memory;
use portfolio::Grade;
use view::View;

/// The plugin.
pub struct PositionIntelligence {
    config: Config,
    memory: Memory,
    last: PositionReport,
    grade: Grade,
}

const NO_POSITIONS: PositionReport = PositionReport { open: 0, toxic: 0, winners: 0 };

impl Plugin for PositionIntelligence {
    const NAME: &str = "position-intelligence";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Classes open positions, from STRONG_TREND to TOXIC, and says what each class suggests.";
    const FUEL: &[(&str, u64)] = &[("post-trade-position-classification", 45_000), ("report", 240)];
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default(), last: NO_POSITIONS, grade: Grade::Empty })
    }
}

impl PositionClassification for PositionIntelligence {
    fn classify(&mut self, ctx: &Ctx<'_>, positions: &Positions, market: &Market) -> Answer<Vec<Classification>> {
        let mut visit = self.memory.visit(ctx.event_time_ms, self.config.memory_ms());
        let mut rows = Vec::with_capacity(positions.len());
        for row in positions.rows() {
            let name = ctx.symbols().name(row.symbol);
            let view = View::of(&row, ctx.event_time_ms);
            let deep = view.is_some_and(|view| documented::is_deep(&view, &self.config));
            let deep_min = visit.deep_min(name, row.opened_ms, deep);
            let judgement = match &view {
                Some(view) => judge(view, deep_min, &self.config, may_add(ctx, row.symbol)),
                None => Judgement::UNKNOWN,
            };
            let age_min = view.map_or(0.0, |view| view.age_min);
            let urgency = priority::urgency(priority::priority(&judgement, market.volatility, age_min));
            if let Some(view) = view.filter(|_| judgement.class == Class::Toxic && visit.is_news(name)) {
                warn(name, &view);
            }
            let Judgement { class, action, confidence } = judgement;
            rows.push(Classification { symbol: row.symbol, class, action, confidence, urgency });
        }
        self.last = portfolio::report(&rows);
        let grade = Grade::of(&rows);
        if grade != self.grade {
            log::debug!("{} positions are {}, before {}", rows.len(), grade.name(), self.grade.name());
            self.grade = grade;
        }
        Ok(rows)
    }
}

fn warn(name: &str, view: &View) {
    // Beyond this nobody reads the digits, and printing three hundred of them costs.
    let [r, peak, hourly] = [view.r, view.peak_r, view.trend_strength()].map(|n| n.clamp(-1e6, 1e6));
    log::warn!("{name} is TOXIC: {r:.2} R after {peak:.2} at best, {hourly:+.2} R an hour");
}

fn judge(view: &View, deep_min: Option<f64>, config: &Config, may_add: bool) -> Judgement {
    if documented::is_toxic(view, deep_min, config) {
        return Judgement::TOXIC;
    }
    match config.model {
        Model::RMultiple => r_multiple::judge(view, config, may_add),
        Model::PnlPercent if documented::is_winner(view, config) => pnl_percent::judge(Class::Winner, view),
        Model::PnlPercent => pnl_percent::judge(pnl_percent::class(view.pnl), view),
    }
}

/// More is suggested only of a CORE symbol, and never when the coordinator wants less.
fn may_add(ctx: &Ctx<'_>, symbol: SymbolId) -> bool {
    let core = ctx.symbols().info(symbol).and_then(|info| info.tier) == Some(Tier::Core);
    let bold = matches!(ctx.risk_mode, RiskMode::Normal | RiskMode::Aggressive);
    core && bold && ctx.directives.as_ref().is_none_or(|d| d.allow_new_trades && !d.reduce_global_risk)
}

impl Reporting for PositionIntelligence {
    /// Of the last question. The host asks only while something is open, so that after a silence nothing is.
    fn report(&mut self, ctx: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        let fresh = self.memory.is_fresh(ctx.event_time_ms, self.config.memory_ms());
        Ok(Some(SubsystemReport::Positions(if fresh { self.last } else { NO_POSITIONS })))
    }
}

impl State for PositionIntelligence {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for PositionIntelligence {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(PositionIntelligence: PositionClassification + Reporting + State + SelfTest);

#[cfg(test)]
mod tests;
