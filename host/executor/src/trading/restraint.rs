//! What keeps the loop from opening trades, apart from plugins' vetoes: pauses with an end, and directives in force.

use std::collections::BTreeMap;

use bulkhead_policy::{SymbolId, hooks::self_healing::Directive};

/// Pauses and standing directives.
#[derive(Clone, Debug)]
pub(super) struct Restraint {
    paused_until_ms: u64,
    symbols: BTreeMap<SymbolId, u64>,
    /// Last applied self-healing directive; holds until the next answer.
    pub(super) healing: Directive,
    /// A rebalance action blocks new trades until the next answer.
    pub(super) rebalance_block: bool,
    /// Exposure given up so far because of the directives, percent.
    pub(super) reduced_pct: f64,
    /// When all positions were last reduced by an emergency action.
    pub(super) reduced_all_ms: Option<u64>,
}

impl Default for Restraint {
    fn default() -> Self {
        Self {
            paused_until_ms: 0,
            symbols: BTreeMap::new(),
            healing: Directive::AllowAll,
            rebalance_block: false,
            reduced_pct: 0.0,
            reduced_all_ms: None,
        }
    }
}

impl Restraint {
    /// No new trades until then. A shorter pause does not cut a longer one.
    pub(super) fn pause(&mut self, until_ms: u64) {
        self.paused_until_ms = self.paused_until_ms.max(until_ms);
    }

    pub(super) fn pause_symbol(&mut self, symbol: SymbolId, until_ms: u64) {
        let until = self.symbols.entry(symbol).or_insert(0);
        *until = (*until).max(until_ms);
    }

    pub(super) fn symbol_paused(&self, symbol: SymbolId, now_ms: u64) -> bool {
        self.symbols.get(&symbol).is_some_and(|until| now_ms < *until)
    }

    /// Lets go of the pause that an emergency action asked for. Halts of single symbols run out by themselves: a fill that
    /// slipped may stand behind one.
    pub(super) fn forget_pause(&mut self) {
        self.paused_until_ms = 0;
    }

    /// Lets go of what a subsystem asked for that may no longer enforce it.
    pub(super) fn forget(&mut self, healing: bool, rebalance: bool) {
        if healing {
            self.healing = Directive::AllowAll;
        }
        if rebalance {
            self.rebalance_block = false;
        }
    }

    /// Why nothing may be opened now, if so.
    pub(super) fn blocks(&self, now_ms: u64) -> Option<&'static str> {
        if now_ms < self.paused_until_ms {
            return Some("paused by an emergency action");
        }
        if self.healing >= Directive::NoNewTrades {
            return Some("self-healing allows no new trades");
        }
        self.rebalance_block.then_some("rebalancing blocks new trades")
    }

    /// Factor of self-healing on new sizes.
    pub(super) const fn size_factor(&self) -> f64 {
        match self.healing {
            Directive::SafeRiskProfile => 0.5,
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_end_and_a_shorter_one_does_not_cut_a_longer_one() {
        let mut r = Restraint::default();
        r.pause(1000);
        r.pause(500);
        assert!(r.blocks(999).is_some() && r.blocks(1000).is_none());
        r.pause_symbol(3, 200);
        assert!(r.symbol_paused(3, 199) && !r.symbol_paused(3, 200) && !r.symbol_paused(4, 0));
        r.healing = Directive::DefensiveExit;
        assert!(r.blocks(5000).is_some());
        r.healing = Directive::SafeRiskProfile;
        assert!(r.blocks(5000).is_none() && r.size_factor() < 1.0);
    }
}
