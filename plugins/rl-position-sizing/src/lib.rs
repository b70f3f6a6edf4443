//! rl-position-sizing: an experiment, to be run in OBSERVE. Sizes trades by what sizes earned before in the same state of
//! market, confidence, exposure and results (seed 4.13), within an envelope that no learning widens.
//!
//! It answers hook 5. An answer is between 0 and base × `size_cap`, and at most what the volatility envelope, the leverage
//! and `max_size_usd` leave; under `min_size_usd` the trade is skipped. What is unknown counts as bad.
//!
//! The hook hears of no fill, and while the plugin is observed its sizes are not even traded. So it learns from trades as
//! they were made, by anyone's size: it watches their notionals and the account's equity from question to question, and
//! takes the profit per unit of notional for every size's. That is an approximation; `look` and `watch` say where it ends.
//!
//! There is no randomness: the same questions in the same order have the same answers. The instance must live between
//! calls: as `experimental` in the host's configuration, with a store per call, it never learns. It tells the coordinator
//! nothing. Where this port differs from the original, and why, stands in `DEVIATIONS.md`.

mod config;
mod envelope;
mod look;
mod memory;
mod policy;
mod reward;
mod selftest;
mod situation;
mod table;
#[cfg(test)]
mod testkit;
mod watch;

use bulkhead_sdk::prelude::*;
use config::Config;
use envelope::Band;
use memory::Memory;
use policy::Shares;
use situation::Situation;
use watch::Watch;

/// The plugin.
pub struct RlPositionSizing {
    config: Config,
    shares: Shares,
    memory: Memory,
    watch: Watch,
}

impl Plugin for RlPositionSizing {
    const NAME: &str = "rl-position-sizing";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Experiment for OBSERVE: learns sizes from outcomes, within a volatility envelope.";
    // Measured: 11,000 with a handful of positions, 17,000 with nine.
    const FUEL: &[(&str, u64)] = &[("pre-trade-position-sizing", 16_000)];
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        let shares = Shares::new(&config);
        Ok(Self { config, shares, memory: Memory::default(), watch: Watch::default() })
    }

    /// Symbols may have other numbers now.
    fn symbols(&mut self, _: &SymbolTable) {
        self.watch.forget();
    }
}

impl PositionSizing for RlPositionSizing {
    fn size(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        base_size_usd: f64,
        exposures: &Exposures,
        account: &Account,
        market: &Market,
    ) -> Answer<f64> {
        let config = &self.config;
        let now_ms = ctx.event_time_ms;
        if config.learn {
            for (state, outcome) in self.watch.observe(now_ms, config.entry_wait_ms(), account, exposures) {
                self.memory.learn(state, &outcome, &self.shares, config.alpha);
            }
        }
        let band = Band::of(market.volatility_bps, config);
        let exposure = situation::exposure(account, exposures, config);
        let situation = Situation::of(band, market, candidate.confidence, exposure, self.memory.win_rate());
        let state = situation.id();
        let choice = policy::choose(self.memory.row(state), situation.high_volatility, &self.shares, config);
        let cap = if choice.earned { config.size_cap } else { config.size_cap.min(1.0) };
        let most_usd = base_size_usd * cap;
        let ceiling = envelope::ceiling_usd(most_usd, band, account.equity_usd, candidate.leverage_x, config);
        let size = policy::size_usd(choice, ceiling, &self.shares, config);
        if size <= 0.0 && base_size_usd > 0.0 {
            let (name, share) = (ctx.symbols().name(candidate.symbol), choice.share);
            log::info!("{name} is skipped: {share} of {ceiling:.0} USD is under the least, volatility {band:?}");
        }
        if config.learn {
            self.watch.decide(now_ms, candidate, state);
        }
        Ok(size)
    }
}

impl State for RlPositionSizing {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        self.watch.forget();
        Ok(())
    }
}

impl SelfTest for RlPositionSizing {
    fn run(&mut self) -> Answer<()> {
        selftest::run(&self.config)
    }
}

bulkhead_sdk::export!(RlPositionSizing: PositionSizing + State + SelfTest);

#[cfg(test)]
mod tests;
