//! For tests: numbers that look random, and a desk that trades what the plugin sees.

use crate::RlPositionSizing;
use crate::config::Config;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::testing;
use std::collections::BTreeMap;

pub const MINUTE_MS: u64 = 60_000;

/// Xorshift: the same numbers each time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// 0 to 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// What a number may also be.
    pub fn silly(&mut self) -> f64 {
        let all = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -1.0, 1e-300, 1e300, f64::MAX, 5.0];
        match self.below(16) {
            at if at < 10 => all[at as usize],
            _ => self.between(-2.0, 2.0),
        }
    }
}

/// An account with positions, and the moment.
#[derive(Clone)]
pub struct Desk {
    pub now_ms: u64,
    pub equity_usd: f64,
    /// Signed notional.
    pub held: BTreeMap<SymbolId, f64>,
    /// Working orders: reserved, but no positions.
    pub working: BTreeMap<SymbolId, f64>,
    pub market: Market,
    pub mode: Mode,
}

impl Desk {
    pub fn new() -> Self {
        let market = Market { volatility_bps: 5.0, ..testing::market() };
        let now_ms = 1_700_000_000_000;
        Self {
            now_ms,
            equity_usd: 100_000.0,
            held: BTreeMap::new(),
            working: BTreeMap::new(),
            market,
            mode: Mode::Observe,
        }
    }

    pub fn account(&self) -> Account {
        Account {
            equity_usd: self.equity_usd,
            gross_exposure_usd: self.held.values().map(|usd| usd.abs()).sum(),
            open_positions: self.held.len() as u32,
            ..testing::account()
        }
    }

    pub fn exposures(&self) -> Exposures {
        let rows = || self.held.iter().chain(&self.working);
        Exposures { symbols: rows().map(|row| *row.0).collect(), size_usd: rows().map(|row| *row.1).collect() }
    }

    /// The price of a symbol moves by a fraction.
    pub fn moves(&mut self, symbol: SymbolId, by: f64) {
        if let Some(usd) = self.held.get_mut(&symbol) {
            self.equity_usd += *usd * by;
            *usd *= 1.0 + by;
        }
    }

    /// Asks about 5,000 USD, and holds the answer against the host's contract.
    pub fn ask(&self, plugin: &mut RlPositionSizing, symbol: SymbolId, side: Side) -> f64 {
        let symbols = SymbolTable::new((0..200).map(|id| testing::symbol(id, &format!("S{id}"))).collect());
        let context = Context { event_time_ms: self.now_ms, mode: self.mode, ..testing::context() };
        let candidate =
            Candidate { symbol, side, size_usd: 5_000.0, leverage_x: 5.0, confidence: 0.8, ..testing::candidate() };
        let ctx = Ctx::new(&context, &symbols);
        let size = plugin.size(&ctx, &candidate, 5_000.0, &self.exposures(), &self.account(), &self.market).unwrap();
        assert!((0.0..=5_000.0 * plugin.config.size_cap).contains(&size), "{size}");
        size
    }

    /// A whole trade of a symbol: asked, opened with this notional, seen, moved, closed. It is over in the plugin's eyes
    /// with its next question.
    pub fn trade(&mut self, plugin: &mut RlPositionSizing, symbol: SymbolId, usd: f64, by: f64) -> f64 {
        let side = if usd > 0.0 { Side::Long } else { Side::Short };
        let size = self.ask(plugin, symbol, side);
        self.now_ms += MINUTE_MS;
        self.held.insert(symbol, usd);
        self.look(plugin);
        self.now_ms += 60 * MINUTE_MS;
        self.moves(symbol, by);
        self.held.remove(&symbol);
        self.now_ms += MINUTE_MS;
        size
    }

    /// A question about a symbol that is never traded.
    pub fn look(&self, plugin: &mut RlPositionSizing) -> f64 {
        self.ask(plugin, 199, Side::Long)
    }
}

pub fn plugin(json: &str) -> Result<RlPositionSizing, String> {
    RlPositionSizing::new(bulkhead_sdk::config::parse::<Config>(json)?)
}
