//! What Prometheus scrapes.
//!
//! Invariants:
//! - **The configuration bounds the number of series.** Labels are subsystems and hooks as configured, and values of closed
//!   sets. Nothing that a plugin says is one: neither its name nor its version, its words or its digest.
//! - **Base units** (seconds, USD, ratios), `_total` for what only grows. Ages are in time of the market.
//! - **What is unknown is absent**, and never zero.

mod account;
mod hooks;
mod host;
mod page;
mod shadows;
mod subsystems;

#[cfg(test)]
mod tests;

pub(crate) use page::FORMAT;

use crate::view::{AccountView, HookView, StatusView};
use page::Page;

/// The state at the moment of a scrape.
#[derive(Clone, Debug)]
pub(crate) struct Scrape {
    pub(crate) hooks: Vec<HookView>,
    pub(crate) status: StatusView,
    /// Of the trading loop, if there is one in this host.
    pub(crate) account: Option<AccountView>,
    /// The host does what it is there for.
    pub(crate) ready: bool,
}

/// The page of a scrape.
///
/// # Errors
/// The encoder's words; a name or a value of ours is not one of Prometheus'.
pub(crate) fn page(scrape: &Scrape) -> prometheus::Result<String> {
    let mut page = Page::default();
    host::put(&mut page, scrape);
    if let Some(account) = &scrape.account {
        account::put(&mut page, account);
    }
    hooks::put(&mut page, scrape);
    subsystems::put(&mut page, &scrape.status);
    shadows::put(&mut page, &scrape.status);
    page.written()
}
