//! A plugin that keeps a count and says which version it is: a test sees who answered, and what it knew.

mod config;
mod misdeeds;

use std::hint::black_box;

use bulkhead_sdk::prelude::*;

pub use config::{Config, Manners, Misdeed};

/// The plugin.
pub struct Keeper {
    manners: Manners,
    count: u64,
}

/// Tests write another number over this one in the component: it must be read from where it stands.
fn version() -> &'static str {
    black_box(Keeper::VERSION)
}

impl Plugin for Keeper {
    const NAME: &str = "keeper";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Keeps a count.";
    const STATEFUL: bool = true;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        let manners = config.versions.get(version()).copied().unwrap_or_default();
        misdeeds::commit(manners.configure)?;
        Ok(Self { manners, count: 0 })
    }
}

impl Keeper {
    fn count(&mut self) -> Answer<u64> {
        self.count += 1;
        misdeeds::work(self.manners.work);
        misdeeds::commit(self.manners.call)?;
        Ok(self.count)
    }
}

impl RiskCheck for Keeper {
    fn check(&mut self, _: &Ctx<'_>, _: &Candidate, _: &Exposures, _: &Account) -> Answer<Verdict> {
        let count = self.count()?;
        if self.manners.allow {
            return Ok(ALLOW);
        }
        Ok(deny(ReasonCode::NotionalLimit, format!("{} counts {count}", version())))
    }
}

impl ConfidenceAdjustment for Keeper {
    fn adjust(&mut self, _: &Ctx<'_>, _: &Candidate, base: f64, _: &Account, _: &Market) -> Answer<f64> {
        let count = self.count()?;
        if self.manners.call == Some(Misdeed::Breach) {
            return Ok(2.0);
        }
        let drift = self.manners.drift * (count % 100) as f64;
        Ok(self.manners.threshold.unwrap_or(base + drift))
    }
}

impl SelfTest for Keeper {
    fn run(&mut self) -> Answer<()> {
        misdeeds::commit(self.manners.self_test)
    }
}

impl State for Keeper {
    fn snapshot(&self) -> Answer<Blob> {
        misdeeds::commit(self.manners.snapshot)?;
        let mut bytes = self.count.to_le_bytes().to_vec();
        bytes.resize(bytes.len() + self.manners.ballast, 0);
        Ok(Blob { schema: 1, bytes })
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        misdeeds::work(self.manners.restore_work);
        misdeeds::commit(self.manners.restore)?;
        let count = blob.bytes.first_chunk().ok_or_else(|| format!("{} bytes are no state", blob.bytes.len()))?;
        self.count = u64::from_le_bytes(*count);
        Ok(())
    }
}

bulkhead_sdk::export!(Keeper: RiskCheck + ConfidenceAdjustment + SelfTest + State);
