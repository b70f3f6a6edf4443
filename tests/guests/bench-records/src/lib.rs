//! The risk check of `bench-columns` over records with strings. Not a plugin: it has a world of its own.

#![allow(unsafe_code, reason = "what wit-bindgen generates")]

// For its allocator, which `bench-columns` has too.
use bulkhead_sdk as _;

#[allow(missing_docs, clippy::all, clippy::allow_attributes_without_reason, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ world: "records", path: "wit", generate_all });
}

use bench_limits::{Broken, Row, Trade, check};
use bindings::exports::bulkhead::bench::risk::{Account, Context, Denial, Guest, Position, Signal, Verdict};

struct Records;

impl Guest for Records {
    fn check(ctx: Context, signal: Signal, positions: Vec<Position>, account: Account) -> Result<Verdict, String> {
        let trade = Trade {
            critical: ctx.risk_mode == "CRITICAL",
            price: signal.price,
            size_usd: signal.size_usd,
            risk_usd: signal.risk_usd,
            equity_usd: account.equity_usd,
            used_margin_usd: account.used_margin_usd,
            open_risk_usd: account.open_risk_usd,
        };
        let rows = positions.iter().map(|row| Row { same_symbol: row.symbol == signal.symbol, size_usd: row.size_usd });
        Ok(check(&trade, rows).map_or(Verdict::Allow, |broken| {
            Verdict::Deny(Denial { code: code(broken).to_string(), text: broken.text().to_string() })
        }))
    }
}

const fn code(broken: Broken) -> &'static str {
    match broken {
        Broken::RiskMode => "risk-mode-blocks",
        Broken::Price => "price-invalid",
        Broken::Notional => "notional-limit",
        Broken::Positions => "max-positions",
        Broken::Position => "position-limit",
        Broken::Gross => "gross-exposure-limit",
        Broken::Margin => "insufficient-margin",
        Broken::Risk => "total-risk-exceeded",
    }
}

bindings::export!(Records with_types_in bindings);
