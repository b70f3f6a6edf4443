//! The coordinator's directives in force: issued, aged, expired to neutral.

use arc_swap::ArcSwapOption;
use bulkhead_policy::{Directives, RiskMode, SymbolId, SymbolMarks, hooks::coordination::CoordinationAnswer};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// What is on the board.
#[derive(Debug)]
struct Issued {
    id: u64,
    issued_ms: u64,
    answer: CoordinationAnswer,
}

/// Directives that were dropped because of their age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// Which.
    pub id: u64,
    /// Their age at the end.
    pub age_ms: u64,
}

/// The board. Directives older than the maximum age are absent for every reader, whether or not somebody swept them.
#[derive(Debug)]
pub struct DirectiveBoard {
    issued: ArcSwapOption<Issued>,
    next_id: AtomicU64,
    max_age_ms: u64,
}

impl DirectiveBoard {
    /// An empty board.
    #[must_use]
    pub fn new(max_age_ms: u64) -> Self {
        Self { issued: ArcSwapOption::empty(), next_id: AtomicU64::new(1), max_age_ms }
    }

    /// Puts an answer up and returns its id. `tell` hears of it before any reader does.
    pub(crate) fn issue(
        &self,
        answer: CoordinationAnswer,
        now_ms: u64,
        tell: impl FnOnce(u64, &CoordinationAnswer),
    ) -> u64 {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        tell(id, &answer);
        self.issued.store(Some(Arc::new(Issued { id, issued_ms: now_ms, answer })));
        id
    }

    /// Takes everything down, at once.
    pub fn clear(&self) {
        self.issued.store(None);
    }

    /// Takes directives down that reached their maximum age, and says so once.
    pub fn sweep(&self, now_ms: u64) -> Option<Expiry> {
        let issued = self.issued.load();
        let issued = issued.as_ref()?;
        let age_ms = now_ms.saturating_sub(issued.issued_ms);
        if age_ms < self.max_age_ms {
            return None;
        }
        self.issued.store(None);
        Some(Expiry { id: issued.id, age_ms })
    }

    /// The numbers in force.
    #[must_use]
    pub fn current(&self, now_ms: u64) -> Option<Directives> {
        self.with(now_ms, |id, age, answer| answer.directives(id, age))
    }

    /// The risk mode in force; NORMAL when nobody coordinates.
    #[must_use]
    pub fn risk_mode(&self, now_ms: u64) -> RiskMode {
        self.with(now_ms, |_, _, answer| answer.risk_mode).unwrap_or(RiskMode::Normal)
    }

    /// What is said of one symbol.
    #[must_use]
    pub fn marks(&self, symbol: SymbolId, now_ms: u64) -> SymbolMarks {
        self.with(now_ms, |_, _, answer| answer.marks(symbol)).unwrap_or_default()
    }

    /// Reads the answer in force.
    pub fn with<T>(&self, now_ms: u64, read: impl FnOnce(u64, u64, &CoordinationAnswer) -> T) -> Option<T> {
        let issued = self.issued.load();
        let issued = issued.as_ref()?;
        let age_ms = now_ms.saturating_sub(issued.issued_ms);
        (age_ms < self.max_age_ms).then(|| read(issued.id, age_ms, &issued.answer))
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::{
        directives::{OrderPreference, UniverseMode},
        hooks::coordination as co,
    };

    use super::*;

    fn answer(risk_mode: RiskMode, paused: Vec<SymbolId>) -> CoordinationAnswer {
        CoordinationAnswer {
            risk_mode,
            health: co::SystemHealth::Healthy,
            mean_score: None,
            global: co::GlobalDirectives {
                allow_new_trades: false,
                allow_new_positions: false,
                enforce_defensive_exits: false,
                reduce_global_risk: false,
                pause_symbols: paused,
                confidence_threshold: None,
                scale_position_sizes: 0.3,
                max_daily_drawdown_pct: None,
                force_exit_symbols: Vec::new(),
            },
            universe: co::UniverseDirectives {
                universe_mode: UniverseMode::Safe,
                blacklist_symbols: Vec::new(),
                whitelist_symbols: Vec::new(),
                promote: co::Categories::default(),
                demote: co::Categories::default(),
            },
            execution: co::ExecutionDirectives {
                order_preference: OrderPreference::Limit,
                max_slippage_bps: 5.0,
                max_spread_bps: 10.0,
                reduce_urgency: true,
                enforce_limit_orders: true,
                delay_ms: 0,
            },
            portfolio: co::PortfolioDirectives {
                reduce_exposure_pct: 50.0,
                max_position_count: Some(3),
                max_leverage_x: Some(5.0),
                reduce_correlated_positions: true,
                avoid_expansion_symbols: true,
                concentration_limit_pct: 15.0,
            },
            models: co::ModelDirectives::default(),
            emergency: Vec::new(),
            conflicts: Vec::new(),
            opportunities: Vec::new(),
            states: Vec::new(),
            summary: String::new(),
        }
    }

    #[test]
    fn directives_age_and_at_their_maximum_age_they_are_absent_and_neutral() {
        let board = DirectiveBoard::new(180_000);
        assert_eq!((board.current(0), board.risk_mode(0)), (None, RiskMode::Normal));
        let id = board.issue(answer(RiskMode::Critical, vec![4]), 1_000, |_, _| {});
        let young = board.current(180_999).unwrap();
        assert_eq!((young.id, young.age_ms, young.allow_new_trades), (id, 179_999, false));
        assert_eq!(board.risk_mode(180_999), RiskMode::Critical);
        assert!(board.marks(4, 180_999).paused && !board.marks(5, 180_999).paused);
        // Nobody swept: they are gone for every reader all the same.
        assert_eq!((board.current(181_000), board.risk_mode(181_000)), (None, RiskMode::Normal));
        assert!(!board.marks(4, 181_000).paused);
    }

    #[test]
    fn an_expiry_is_said_once_and_new_directives_begin_young() {
        let board = DirectiveBoard::new(1_000);
        let first = board.issue(answer(RiskMode::Safe, Vec::new()), 0, |_, _| {});
        assert_eq!(board.sweep(999), None);
        assert_eq!(board.sweep(1_000), Some(Expiry { id: first, age_ms: 1_000 }));
        assert_eq!(board.sweep(2_000), None);
        let second = board.issue(answer(RiskMode::Safe, Vec::new()), 5_000, |_, _| {});
        assert!(second > first && board.current(5_000).unwrap().age_ms == 0);
        board.clear();
        assert_eq!(board.current(5_000), None);
    }
}
