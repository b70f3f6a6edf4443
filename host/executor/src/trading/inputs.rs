//! Questions to the strategies and the universe hook.

use bulkhead_policy::{
    Outcome, SymbolId,
    hooks::{
        Signal, UniverseFilter,
        signal::{Action, Bars, Input, Proposal},
        universe::Universe,
    },
};

use super::TradingLoop;
use crate::{market::feed::BarSlice, venue::Venue};

/// An applied proposal and whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owned {
    pub(super) owner: usize,
    pub(super) proposal: Proposal,
}

impl<V: Venue> TradingLoop<V> {
    /// Shows the bars to every strategy, whatever may be traded: their indicators must stay whole.
    pub(super) fn ask_strategies(&mut self, slice: &BarSlice<'_>, now: u64) -> Vec<Owned> {
        let bars = Bars {
            symbols: slice.symbol.to_vec(),
            open: slice.open.to_vec(),
            high: slice.high.to_vec(),
            low: slice.low.to_vec(),
            close: slice.close.to_vec(),
            volume: slice.volume.to_vec(),
        };
        let input = Input { market: self.market(), bars };
        let decided = self.registry.call::<Signal>(&self.moment(now, 0), input);
        let mut applied = Vec::new();
        for part in decided.parts {
            let proposals = part.answer.unwrap_or_default();
            let entries = proposals.iter().filter(|p| p.action != Action::Flat).count() as u64;
            if entries > 0 {
                let name = self.registry.subsystem_name(part.subsystem).to_owned();
                self.summary.proposals.entry(name).or_default().0 += entries;
            }
            if part.outcome != Outcome::Applied {
                for proposal in &proposals {
                    self.scorer.note(part.subsystem, proposal, &self.config);
                }
            } else {
                applied.extend(proposals.into_iter().map(|proposal| Owned { owner: part.subsystem, proposal }));
            }
        }
        applied
    }

    /// Asks which symbols may be traded. `None`: nobody narrowed anything.
    pub(super) fn ask_universe(&mut self, slice: &BarSlice<'_>, now: u64) -> Option<Vec<SymbolId>> {
        if !self.registry.bound(bulkhead_policy::HookId::UniverseFilter) {
            return None;
        }
        let mut universe = Universe { symbols: slice.symbol.to_vec(), ..Universe::default() };
        for id in slice.symbol {
            let price = self.observer.price(*id, slice.close_ms).map_or(0.0, |(price, _)| price);
            universe.marks.push(self.registry.board().marks(*id, now));
            universe.volume_24h_usd.push(self.observer.day_volume(*id));
            universe.range_bps.push(self.observer.hour_range_bps(*id));
            universe.spread_bps.push(self.spread_bps(*id, price));
        }
        let decided = self.registry.call::<UniverseFilter>(&self.moment(now, 0), universe);
        (decided.outcome == Outcome::Applied).then_some(decided.answer.kept)
    }

    pub(super) fn spread_bps(&self, symbol: SymbolId, price: f64) -> f64 {
        let tick = self.instruments.get(symbol as usize).map_or(0.0, |i| i.tick);
        if price > 0.0 { self.slippage.half_spread_bps(price, tick) * 2.0 } else { 0.0 }
    }
}
