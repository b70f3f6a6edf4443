//! What a registry starts with, out of the configuration.

use std::path::Path;

use bulkhead_executor::market::instruments::Instrument;
use bulkhead_runtime::{RegistryOptions, SubsystemSpec};
use bulkhead_sandbox::SymbolInfo;

use crate::HostConfig;

impl HostConfig {
    /// How the registry starts that trades these instruments.
    #[must_use]
    pub fn registry_options(&self, instruments: &[Instrument]) -> RegistryOptions {
        RegistryOptions {
            stage: self.stage,
            policy: self.policy,
            symbols: self.symbol_table(instruments),
            directive_max_age_ms: self.trading.directive_max_age_ms,
            promotion: self.promotion,
            alarms: self.alarms,
            limits: self.envelope,
        }
    }

    /// Every subsystem, with its component in this folder.
    ///
    /// # Errors
    /// One sentence about what makes no sense.
    pub fn specs(&self, plugins: &Path) -> Result<Vec<SubsystemSpec>, String> {
        self.subsystems.iter().map(|(name, subsystem)| subsystem.spec(name, plugins)).collect()
    }

    /// The table handed to every plugin: what the venue says of a symbol, and what the configuration adds.
    fn symbol_table(&self, instruments: &[Instrument]) -> Vec<SymbolInfo> {
        let info = |(id, i): (u32, &Instrument)| {
            let said = self.symbols.get(&i.symbol);
            SymbolInfo {
                id,
                name: i.symbol.clone(),
                tick: i.tick,
                step: i.step,
                min_notional_usd: i.min_notional_usd,
                sector: said.and_then(|s| s.sector.clone()).unwrap_or_else(|| i.sector.clone()),
                tier: said.and_then(|s| s.tier),
            }
        };
        (0u32..).zip(instruments).map(info).collect()
    }
}
