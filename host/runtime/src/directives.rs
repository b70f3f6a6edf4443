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

    /// Puts an answer up and returns its id.
    pub fn issue(&self, answer: CoordinationAnswer, now_ms: u64) -> u64 {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
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
