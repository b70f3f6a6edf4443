//! A run of the loop with real plugins, in a folder of its own.
//!
//! Invariants: equal scenarios leave equal tapes, whatever the machine does; every run's journal is whole.

mod days;
mod ran;
mod tape;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use bulkhead_executor::{
    market::{
        feed::{BarSlice, Feed, ReplayFeed},
        funding::FundingSchedule,
        instruments::{self, Instrument},
        series::Market,
    },
    trading::{LoopConfig, TradingLoop},
    venue::{PaperVenue, VenueConfig},
};
use bulkhead_journal::{Filter, Journal, JournalOptions, OnFailure};
use bulkhead_policy::{
    HookId, Limits, Mode, PolicySet, Stage, alarm::AlarmRules, envelope::EnvelopeLimits, promotion::PromotionRules,
    trade::Tier,
};
use bulkhead_runtime::{Registry, RegistryOptions, SubsystemSpec};
use bulkhead_sandbox::{Budget, Grants, Instancing, SymbolInfo};
use serde_json::Value;

pub use days::{Days, layer_days, layer_folder, market, simulated};
pub use ran::{Asked, Ran};
pub use tape::{Deed, Tape};

use crate::{components, lab};

/// What is run.
pub struct Scenario {
    pub stage: Stage,
    pub policy: PolicySet,
    pub limits: EnvelopeLimits,
    pub trading: LoopConfig,
    pub venue: VenueConfig,
    pub market: Arc<Market>,
    tiers: BTreeMap<String, Tier>,
    specs: Vec<SubsystemSpec>,
    keeps_versions: bool,
    /// The journal is gone before the first bar, and this follows.
    unjournaled: Option<OnFailure>,
    /// Where what outlives a run is kept, when it is to outlive this one.
    state: Option<PathBuf>,
}

impl Scenario {
    /// The two base strategies and nobody else, on a small simulated market.
    #[must_use]
    pub fn base(stage: Stage) -> Self {
        let scenario = Self {
            stage,
            policy: PolicySet::Live,
            limits: EnvelopeLimits::default(),
            trading: LoopConfig { position_pct: 5.0, ..LoopConfig::default() },
            venue: VenueConfig::default(),
            market: market(),
            tiers: BTreeMap::new(),
            specs: Vec::new(),
            keeps_versions: false,
            unjournaled: None,
            state: None,
        };
        let none = || serde_json::json!({});
        scenario.with("momentum", Mode::Enforced, none()).with("mean-reversion", Mode::Enforced, none())
    }

    /// The same on other days.
    #[must_use]
    pub fn on(self, days: Days) -> Self {
        Self { market: days.market(), ..self }
    }

    /// Adds a subsystem, or replaces it where it stands.
    #[must_use]
    pub fn with(self, name: &str, mode: Mode, config: Value) -> Self {
        self.bind(name, &format!("{name}.wasm"), mode, config)
    }

    /// The same with a plugin of another name.
    #[must_use]
    pub fn bind(mut self, name: &str, file: &str, mode: Mode, config: Value) -> Self {
        let spec = spec(name, component(file), mode, config);
        match self.specs.iter_mut().find(|s| s.name == name) {
            Some(old) => *old = spec,
            None => self.specs.push(spec),
        }
        self
    }

    /// Bounds the fuel of a subsystem's calls.
    #[must_use]
    pub fn fuel(mut self, name: &str, fuel: u64) -> Self {
        self.change(name, |spec| spec.budget.fuel = fuel);
        self
    }

    /// Asks a subsystem these hooks only.
    #[must_use]
    pub fn hooks(mut self, name: &str, hooks: &[HookId]) -> Self {
        self.change(name, |spec| spec.hooks = hooks.to_vec());
        self
    }

    /// Grants a subsystem more on one hook than tightening.
    #[must_use]
    pub fn grant(mut self, name: &str, hook: HookId, limits: Limits) -> Self {
        self.change(name, |spec| {
            spec.limits.insert(hook, limits);
        });
        self
    }

    /// Lets versions be replaced while it runs.
    #[must_use]
    pub fn keeping_versions(self) -> Self {
        Self { keeps_versions: true, ..self }
    }

    /// Takes the journal away before the first bar.
    #[must_use]
    pub fn without_journal(self, then: OnFailure) -> Self {
        Self { unjournaled: Some(then), ..self }
    }

    /// Goes on with what an earlier run left in this folder, and leaves what it sets.
    #[must_use]
    pub fn in_state(self, state: &Path) -> Self {
        Self { state: Some(state.to_owned()), ..self }
    }

    /// Says how good a symbol is.
    #[must_use]
    pub fn tier(mut self, symbol: &str, tier: Tier) -> Self {
        self.tiers.insert(symbol.to_owned(), tier);
        self
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut SubsystemSpec)) {
        let spec = self.specs.iter_mut().find(|s| s.name == name);
        change(spec.unwrap_or_else(|| panic!("there is no subsystem {name}")));
    }

    /// Runs to the end.
    #[must_use]
    pub fn run(self) -> Ran {
        self.run_with(|_, _| {})
    }

    /// Runs; `before` sees every moment before the loop does.
    #[must_use]
    pub fn run_with(self, mut before: impl FnMut(&Registry, &BarSlice<'_>)) -> Ran {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let on_failure = self.unjournaled.unwrap_or_default();
        let journal = Journal::open(&path, JournalOptions { on_failure, ..JournalOptions::default() }).unwrap();
        let instruments = instruments::resolve(&self.market, None).unwrap();
        let options = RegistryOptions {
            stage: self.stage,
            policy: self.policy,
            symbols: symbols(&instruments, &self.tiers),
            directive_max_age_ms: self.trading.directive_max_age_ms,
            promotion: PromotionRules::default(),
            alarms: AlarmRules::default(),
            limits: self.limits,
        };
        let (sandbox, journaled) = (lab::sandbox(), journal.clone());
        let registry = if let Some(state) = &self.state {
            Registry::with_versions(sandbox, journaled, options, self.specs, lab::with_dials(state))
        } else if self.keeps_versions {
            let versions = lab::versions(&folder.path().join("state"));
            Registry::with_versions(sandbox, journaled, options, self.specs, versions)
        } else {
            Registry::new(sandbox, journaled, options, self.specs)
        };
        let registry = Arc::new(registry.unwrap());
        if self.unjournaled.is_some() {
            journal.clone().close().unwrap();
        }
        let tape = Arc::new(Mutex::new(Tape::default()));
        let venue = PaperVenue::new(self.venue, &instruments, FundingSchedule::default_rates()).unwrap();
        let venue = tape::Taped::new(venue, Arc::clone(&tape));
        let slippage = self.venue.slippage.into();
        let mut trading = TradingLoop::new(Arc::clone(&registry), venue, self.trading, instruments, slippage);
        let mut feed = ReplayFeed::new(self.market);
        while let Some(slice) = feed.next() {
            before(&registry, &slice);
            trading.step(&slice);
        }
        let summary = trading.summary();
        drop(trading);
        journal.sync().unwrap();
        let reader = bulkhead_journal::Reader::open(&path).unwrap();
        reader.verify().unwrap();
        let orders = reader.orders(&Filter::default()).unwrap().into_iter().map(|stored| stored.record).collect();
        let fills = reader.fills(&Filter::default()).unwrap().into_iter().map(|stored| stored.record).collect();
        let tape = Arc::into_inner(tape).unwrap().into_inner().unwrap();
        Ran { summary, orders, fills, tape, registry, journal: path, _folder: folder }
    }
}

fn component(file: &str) -> PathBuf {
    let path = components::folder().join(file);
    assert!(path.is_file(), "{} is missing: run `cargo xtask plugins` first", path.display());
    path
}

fn spec(name: &str, file: PathBuf, mode: Mode, config: Value) -> SubsystemSpec {
    SubsystemSpec {
        name: name.to_owned(),
        file,
        mode,
        config,
        hooks: Vec::new(),
        grants: Grants::default(),
        instancing: Instancing::RESIDENT,
        budget: Budget::CALL,
        limits: BTreeMap::new(),
        on_fault: BTreeMap::new(),
        last_good_ms: 0,
        stages: BTreeMap::new(),
    }
}

fn symbols(instruments: &[Instrument], tiers: &BTreeMap<String, Tier>) -> Vec<SymbolInfo> {
    (0u32..)
        .zip(instruments)
        .map(|(id, i)| SymbolInfo {
            id,
            name: i.symbol.clone(),
            tick: i.tick,
            step: i.step,
            min_notional_usd: i.min_notional_usd,
            sector: i.sector.clone(),
            tier: tiers.get(&i.symbol).copied(),
        })
        .collect()
}
