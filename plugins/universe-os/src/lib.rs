//! universe-os: which symbols may be traded in this cycle (seed 4.2).
//!
//! Two schemes, chosen by `scheme`. `liquidity` is that of the documented variables and goes by what the hook carries:
//! volume of 24 h, range of an hour, spread. `performance` is the original's: features, scores and tiers from what trading
//! a symbol brought. The hook has no history of trades, so that this comes in through `statistics`.
//!
//! What the directives say of a symbol comes first: blacklisted, paused and force-exit are out. Then come the configured
//! blacklist and the tier BLACKLIST, in both schemes. What is whitelisted and on neither is in.
//! Their universe mode narrows the profile: SAFE is L1 (or CORE and the best of EXPANSION), AGGRESSIVE L1 and L2 (or CORE,
//! EXPANSION and the best of CONDITIONAL), EXPERIMENTAL all that pass (or all but BLACKLIST). Only with `dynamic` it also
//! widens.
//!
//! At the start of a run the volume covers less than 24 h. It is then scaled to a day, and for the first hour
//! (`warm_up_minutes`) no symbol is dropped for its volume or liquidity: it only ranks. A run that begins with an empty
//! universe would trade nothing for a day and say so nowhere. `history` has how the plugin knows what is covered.

mod config;
mod features;
mod history;
mod liquidity;
mod marks;
mod performance;
mod pick;
mod profile;
mod score;
mod selftest;
mod statistics;
mod tier;

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::{DataConfidence, UniverseReport};
use config::{Config, Scheme};
use history::{DAY_MS, History};
use liquidity::{Measured, Thresholds};
use pick::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use tier::Ranked;

/// The plugin.
pub struct UniverseOs {
    config: Config,
    history: History,
    /// By name.
    ranked: BTreeMap<String, Ranked>,
    blacklist: BTreeSet<String>,
    /// Of the statistics.
    data_confidence: DataConfidence,
    last: UniverseReport,
    /// Whether there was a question yet.
    asked: bool,
}

impl Plugin for UniverseOs {
    const NAME: &str = "universe-os";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str =
        "Keeps the symbols worth trading, by volume, liquidity and spread or by what trading them brought.";
    // With 200 symbols.
    const FUEL: &[(&str, u64)] = &[("pre-trade-universe-filter", 530_000), ("report", 260)];
    // When the host began to watch a symbol is seen only once.
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        let rank = |(name, statistics): (&String, &statistics::Statistics)| {
            (name.clone(), Ranked::of(&statistics.results(), &statistics.signals()))
        };
        let ranked: BTreeMap<String, Ranked> = config.statistics.iter().map(rank).collect();
        let bad = ranked.iter().filter(|(_, ranked)| ranked.tier == Tier::Blacklist).map(|(name, _)| name);
        let blacklist = bad.chain(&config.blacklist).filter(|_| config.blacklist_enabled).cloned().collect();
        let last = UniverseReport { confidence: DataConfidence::Low, symbol_count: 0, blacklisted: 0 };
        let data_confidence = profile::data_confidence(&config);
        Ok(Self { config, history: History::default(), ranked, blacklist, data_confidence, last, asked: false })
    }

    fn symbols(&mut self, table: &SymbolTable) {
        self.history.keep(table);
        // Before the first question nothing is dropped.
        self.last.symbol_count = count(table.len());
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl UniverseFilter for UniverseOs {
    fn filter(&mut self, ctx: &Ctx<'_>, universe: &Universe) -> Answer<Selection> {
        let selection = self.select(ctx, universe);
        if selection.kept.is_empty() && !selection.dropped.is_empty() && self.last.symbol_count > 0 {
            log::warn!("no symbol of {} is left in the universe", selection.dropped.len());
        }
        let blacklisted = selection.dropped.iter().filter(|dropped| dropped.code == ReasonCode::Blacklisted).count();
        self.asked = true;
        self.last.symbol_count = count(selection.kept.len());
        self.last.blacklisted = count(blacklisted);
        Ok(selection)
    }
}

impl UniverseOs {
    fn select(&mut self, ctx: &Ctx<'_>, universe: &Universe) -> Selection {
        let (config, directives) = (&self.config, ctx.directives.as_ref());
        let base = profile::base(config, self.data_confidence);
        let profile = profile::directed(base, directives, config.dynamic);
        let avoid_expansion = directives.is_some_and(|directives| directives.avoid_expansion_symbols);
        let thresholds = Thresholds::new(config, directives);
        let mut watch = self.history.watch(ctx.cycle, config.cycle_ms());
        self.last.confidence = match config.scheme {
            Scheme::Liquidity => volume_confidence(config, watch.covered_by_run_ms()),
            Scheme::Performance => self.data_confidence,
        };
        let mut judge = |row: &UniverseRow| {
            let name = ctx.symbols().name(row.symbol);
            // Asked of every row, so that a symbol is watched also while something else decides about it.
            let covered_ms = watch.covered_ms(name);
            match (marks::verdict(row.marks), config.scheme) {
                (Some(Verdict::Out(code)), _) => Verdict::Out(code),
                // What is whitelisted is in, but not against a blacklist: safety goes before opportunity.
                _ if self.blacklist.contains(name) => Verdict::Out(ReasonCode::Blacklisted),
                (Some(verdict), _) => verdict,
                (None, Scheme::Liquidity) => thresholds.verdict(&Measured {
                    volume_usd: row.volume_24h_usd,
                    range_bps: row.range_bps,
                    spread_bps: row.spread_bps,
                    covered_ms,
                }),
                (None, Scheme::Performance) => {
                    let ranked = self.ranked.get(name).unwrap_or(&Ranked::UNKNOWN);
                    performance::verdict(ranked, profile, avoid_expansion)
                }
            }
        };
        let judged: Vec<(SymbolId, Verdict)> = universe.rows().map(|row| (row.symbol, judge(&row))).collect();
        let places = match config.scheme {
            Scheme::Liquidity => liquidity::places(config, profile, directives),
            Scheme::Performance => {
                let taken = judged.iter().filter(|(_, verdict)| *verdict == Verdict::In).count();
                performance::places(profile, taken)
            }
        };
        pick::pick(&judged, places)
    }
}

/// A volume of a whole day is as good as this scheme's data get.
fn volume_confidence(config: &Config, covered_ms: f64) -> DataConfidence {
    if covered_ms >= DAY_MS {
        DataConfidence::High
    } else if covered_ms >= config.warm_up_ms() {
        DataConfidence::Medium
    } else {
        DataConfidence::Low
    }
}

impl Reporting for UniverseOs {
    /// What the last question led to; nothing before the first.
    fn report(&mut self, _: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        Ok(self.asked.then_some(SubsystemReport::Universe(self.last)))
    }
}

impl State for UniverseOs {
    fn snapshot(&self) -> Answer<Blob> {
        self.history.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.history = History::of_blob(&blob)?;
        Ok(())
    }
}

impl SelfTest for UniverseOs {
    fn run(&mut self) -> Answer<()> {
        selftest::run(self)
    }
}

bulkhead_sdk::export!(UniverseOs: UniverseFilter + Reporting + State + SelfTest);

#[cfg(test)]
mod tests;
