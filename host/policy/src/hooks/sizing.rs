//! Hook 5: size in USD, 0 to cap × base. Folded: each subsystem sees what the last one left.

use serde::{Deserialize, Serialize};

use crate::{Account, Breach, Candidate, Exposures, Hook, HookId, Limits, Market, SymbolId, value::SizeUsd};

/// Marker of the hook.
pub struct PositionSizing;

/// Input of the hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The trade.
    pub candidate: Candidate,
    /// Size so far.
    pub base_size_usd: SizeUsd,
    /// What is held or reserved.
    pub exposures: Exposures,
    /// The account.
    pub account: Account,
    /// The market.
    pub market: Market,
}

impl Hook for PositionSizing {
    const ID: HookId = HookId::PositionSizing;
    type Input = Input;
    type Raw = f64;
    type Answer = SizeUsd;

    fn safe_default(input: &Input) -> SizeUsd {
        input.base_size_usd
    }

    fn check(input: &Input, raw: f64, limits: &Limits) -> Result<SizeUsd, Breach> {
        let size = SizeUsd::new(raw)?;
        let most = input.base_size_usd.get() * limits.size_cap;
        if size.get() > most {
            return Err(Breach::Loosened { field: "size-usd".to_owned(), value: raw, baseline: most });
        }
        Ok(size)
    }

    fn combine(_: SizeUsd, next: SizeUsd) -> SizeUsd {
        next
    }

    fn advance(input: &mut Input, so_far: &SizeUsd) {
        input.base_size_usd = *so_far;
        input.candidate.size_usd = so_far.get();
    }

    fn symbol(input: &Input) -> Option<SymbolId> {
        Some(input.candidate.symbol)
    }
}
