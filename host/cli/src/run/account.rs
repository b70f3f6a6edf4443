//! The account of a run: how it begins, where it is shown, and where it is kept.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};
use bulkhead_executor::{
    account::{AccountBoard, AccountFile, Keeper, Opening},
    market::{series::Market, time::format_ms},
};
use bulkhead_policy::envelope::EnvelopeLimits;

/// What is known of it before the first bar.
pub(super) struct Account {
    pub(super) board: Arc<AccountBoard>,
    pub(super) opening: Opening,
    file: Option<AccountFile>,
}

impl Account {
    /// Reads how the last host left it. Without a state folder every account is new.
    pub(super) fn open(state: Option<&Path>, market: &Market, limits: EnvelopeLimits) -> Self {
        let board = Arc::new(AccountBoard::new(limits, market.rows()));
        let file = state.map(AccountFile::open);
        let opening = file
            .as_ref()
            .map_or(Opening::Anew { instead: None }, |file| file.opening(market.first_ms(), market.step_ms));
        Self { board, opening, file }
    }

    /// The balance that the paper venue begins with, USD.
    pub(super) fn starting_balance_usd(&self, configured: f64) -> f64 {
        match self.opening {
            Opening::GoesOn { equity_usd, .. } => equity_usd,
            _ => configured,
        }
    }

    /// How it begins, for the banner.
    pub(super) fn line(&self) -> Option<String> {
        match &self.opening {
            Opening::Anew { .. } => None,
            Opening::GoesOn { event_time_ms, equity_usd, marks, .. } => Some(format!(
                "account goes on from {}: equity {equity_usd:.2} USD, day start {:.2}, peak {:.2}; another --state begins anew",
                format_ms(*event_time_ms),
                marks.day_start_usd(),
                marks.peak_usd()
            )),
            Opening::Unknown { why } => Some(format!(
                "account unknown: {why}; the brake is engaged, exits pass; `bulkhead brake release --rebase --reason ...` begins anew"
            )),
        }
    }

    /// Keeps what the board shows, as long as the returned value lives.
    pub(super) fn keep(self) -> Result<Option<Keeper>> {
        let board = self.board;
        let keeper = self.file.map(|file| Keeper::start(board, file)).transpose();
        keeper.context("the thread that keeps the account does not start")
    }
}
