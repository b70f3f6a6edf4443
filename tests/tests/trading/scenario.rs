//! A run of the loop in a folder of its own.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use bulkhead_executor::{
    market::{
        feed::{BarSlice, Feed, ReplayFeed},
        funding::FundingSchedule,
        instruments::{self, Instrument},
        series::Market,
        sim::{SimOptions, simulate},
    },
    trading::{LoopConfig, RunSummary, TradingLoop},
    venue::{PaperVenue, VenueConfig},
};
use bulkhead_journal::{FillRecord, Journal, JournalOptions, OrderRecord, Reader};
use bulkhead_policy::{Mode, PolicySet, Stage, envelope::EnvelopeLimits};
use bulkhead_runtime::{Registry, RegistryOptions, SubsystemSpec};
use bulkhead_sandbox::{Budget, Ceilings, Grants, Instancing, Sandbox, SymbolInfo};

/// One engine for all tests of this program, as in the host.
fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::new(Ceilings::default()).unwrap())
}

fn component(name: &str) -> PathBuf {
    let folder = std::env::var_os("BULKHEAD_COMPONENTS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/components")), PathBuf::from);
    let file = folder.join(name);
    assert!(file.is_file(), "{} is missing: run `cargo xtask plugins` first", file.display());
    file
}

/// A small market that moves enough for both strategies to trade.
pub(crate) fn market() -> Arc<Market> {
    static MARKET: OnceLock<Arc<Market>> = OnceLock::new();
    Arc::clone(MARKET.get_or_init(|| days(5)))
}

/// A simulated market of so many days.
pub(crate) fn days(days: u32) -> Arc<Market> {
    let options = SimOptions { seed: 7, symbols: 6, minutes: days * 1440, ..SimOptions::default() };
    Arc::new(simulate(&options).unwrap())
}

/// What is run.
pub(crate) struct Scenario {
    pub(crate) stage: Stage,
    pub(crate) policy: PolicySet,
    pub(crate) limits: EnvelopeLimits,
    pub(crate) trading: LoopConfig,
    pub(crate) market: Arc<Market>,
    specs: Vec<SubsystemSpec>,
}

/// What came of it.
pub(crate) struct Ran {
    pub(crate) summary: RunSummary,
    pub(crate) orders: Vec<OrderRecord>,
    pub(crate) fills: Vec<FillRecord>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) journal: PathBuf,
    _folder: tempfile::TempDir,
}

impl Scenario {
    /// The two base strategies and nobody else.
    pub(crate) fn base(stage: Stage) -> Self {
        let scenario = Self {
            stage,
            policy: PolicySet::Live,
            limits: EnvelopeLimits::default(),
            trading: LoopConfig { position_pct: 5.0, ..LoopConfig::default() },
            market: market(),
            specs: Vec::new(),
        };
        scenario.with("momentum", Mode::Enforced, serde_json::json!({})).with(
            "mean-reversion",
            Mode::Enforced,
            serde_json::json!({}),
        )
    }

    /// Adds or replaces a subsystem.
    pub(crate) fn with(self, name: &str, mode: Mode, config: serde_json::Value) -> Self {
        self.bind(name, &format!("{name}.wasm"), mode, config)
    }

    /// Adds or replaces a subsystem with a plugin of another name.
    pub(crate) fn bind(mut self, name: &str, file: &str, mode: Mode, config: serde_json::Value) -> Self {
        self.specs.retain(|s| s.name != name);
        self.specs.push(SubsystemSpec {
            name: name.to_owned(),
            file: component(file),
            mode,
            config,
            hooks: Vec::new(),
            grants: Grants::default(),
            instancing: Instancing::RESIDENT,
            budget: Budget::CALL,
            limits: std::collections::BTreeMap::new(),
            on_fault: std::collections::BTreeMap::new(),
            last_good_ms: 0,
        });
        self
    }

    /// Gives a subsystem another budget of fuel.
    pub(crate) fn fuel(mut self, name: &str, fuel: u64) -> Self {
        for spec in self.specs.iter_mut().filter(|s| s.name == name) {
            spec.budget.fuel = fuel;
        }
        self
    }

    pub(crate) fn run(self) -> Ran {
        self.run_with(|_, _| {})
    }

    /// Runs; `before` sees every moment before the loop does.
    pub(crate) fn run_with(self, mut before: impl FnMut(&Registry, &BarSlice<'_>)) -> Ran {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.sqlite");
        let journal = Journal::open(&path, JournalOptions::default()).unwrap();
        let instruments = instruments::resolve(&self.market, None).unwrap();
        let options = RegistryOptions {
            stage: self.stage,
            policy: self.policy,
            symbols: symbols(&instruments),
            directive_max_age_ms: self.trading.directive_max_age_ms,
        };
        let registry = Arc::new(Registry::new(sandbox(), journal.clone(), options, self.specs).unwrap());
        let config = VenueConfig::default();
        let venue = PaperVenue::new(config, &instruments, FundingSchedule::default_rates()).unwrap();
        let slippage = config.slippage.into();
        let mut trading =
            TradingLoop::new(Arc::clone(&registry), venue, self.limits, self.trading, instruments, slippage);
        let mut feed = ReplayFeed::new(self.market);
        while let Some(slice) = feed.next() {
            before(&registry, &slice);
            trading.step(&slice);
        }
        let summary = trading.summary();
        journal.sync().unwrap();
        let reader = Reader::open(&path).unwrap();
        reader.verify().unwrap();
        let orders = reader.orders(&bulkhead_journal::Filter::default()).unwrap();
        let fills = reader.fills(&bulkhead_journal::Filter::default()).unwrap();
        let orders = orders.into_iter().map(|stored| stored.record).collect();
        let fills = fills.into_iter().map(|stored| stored.record).collect();
        Ran { summary, orders, fills, registry, journal: path, _folder: folder }
    }
}

impl Ran {
    /// Orders that went out.
    pub(crate) fn accepted(&self) -> Vec<&OrderRecord> {
        self.orders.iter().filter(|o| o.verdict == "accepted").collect()
    }

    /// How often something refused a trade for a reason.
    pub(crate) fn refused(&self, by: &str, reason: &str) -> u64 {
        let found = self.summary.refusals.iter().find(|r| r.by == by && r.reason == reason);
        found.map_or(0, |r| r.count)
    }

    /// What was traded, as one comparable value.
    pub(crate) fn trades(&self) -> Vec<(u64, u32, String, u64)> {
        let row = |o: &&OrderRecord| (o.event_time_ms, o.symbol, o.side.name().to_owned(), o.quantity.to_bits());
        self.accepted().iter().map(row).collect()
    }
}

fn symbols(instruments: &[Instrument]) -> Vec<SymbolInfo> {
    (0u32..)
        .zip(instruments)
        .map(|(id, i)| SymbolInfo {
            id,
            name: i.symbol.clone(),
            tick: i.tick,
            step: i.step,
            min_notional_usd: i.min_notional_usd,
            sector: i.sector.clone(),
            tier: None,
        })
        .collect()
}
