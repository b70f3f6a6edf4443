//! `bulkhead run`: a market through the loop, with a progress bar, and a summary at the end.

mod banner;
mod market;
mod progress;
mod report;
mod signals;
mod versions;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result, anyhow};
use bulkhead_executor::{
    market::{
        feed::{Feed, ReplayFeed},
        instruments::Instrument,
        pace::{Paced, Pacer, Speed},
    },
    trading::{RunSummary, TradingLoop},
    venue::PaperVenue,
};
use bulkhead_journal::{Backpressure, EventKind, Journal, JournalOptions};
use bulkhead_runtime::{Registry, RegistryOptions, Versions, Watch};
use bulkhead_sandbox::{CodeCache, Sandbox, SymbolInfo};

use crate::{args::Run, config};

/// Stack of the loop's thread. A guest may use 256 KiB of it, the rest is the host's.
const STACK: usize = 8 << 20;

/// Runs to the end, to Ctrl-C, or to one clear error.
pub(crate) fn run(args: &Run) -> Result<()> {
    let asked = signals::listen()?;
    let args = args.clone();
    let worker = std::thread::Builder::new()
        .name("trading-loop".to_owned())
        .stack_size(STACK)
        .spawn(move || drive(&args, &asked))
        .context("the trading loop's thread does not start")?;
    worker.join().map_err(|_| anyhow!("the trading loop panicked; the journal holds everything up to then"))?
}

/// What a run was made of.
pub(crate) struct Setup {
    pub(crate) registry: Arc<Registry>,
    pub(crate) market: market::Chosen,
    pub(crate) config: config::HostConfig,
    pub(crate) journal_path: PathBuf,
}

fn drive(args: &Run, asked: &signals::Asked) -> Result<()> {
    let config = config::load(&args.config, &args.profile)?;
    let market = market::choose(args)?;
    let journal_path = args.journal.clone().unwrap_or_else(|| default_journal(&args.profile));
    let journal = open_journal(&journal_path, args, &config, &market)?;
    let (state, versions) = versions::open(&args.state, &config.reload)?.unzip();
    let registry = make_registry(args, &config, &market.instruments, journal.clone(), versions)?;
    let setup = Setup { registry: Arc::new(registry), market, config, journal_path };
    banner::print(args, &setup);

    let started = Instant::now();
    let watch = state.as_ref().map(|_| versions::watch(&setup.registry, &setup.config.reload)).transpose()?;
    let (summary, ended) = replay(args, &setup, asked, watch.as_ref())?;
    let took = started.elapsed();
    drop(watch);
    let text = format!("{ended} after {} bars", summary.bars);
    setup.registry.event(u64::try_from(summary.to_ms).unwrap_or(0), EventKind::RunEnded, "host", text);
    report::print(&setup, &summary, ended, took);
    if let Some(path) = &args.summary_json {
        let json = report::json(&setup, &summary, took);
        std::fs::write(path, json).with_context(|| format!("the summary cannot be written to {}", path.display()))?;
    }
    drop(setup);
    let head = journal.close().context("the journal did not take everything in")?;
    println!("journal head  {} (record {})", head.hash, head.seq);
    Ok(())
}

/// How a replay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    AtTheEnd,
    Interrupted,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AtTheEnd => "ended",
            Self::Interrupted => "interrupted",
        })
    }
}

fn replay(args: &Run, setup: &Setup, asked: &signals::Asked, watch: Option<&Watch>) -> Result<(RunSummary, Ended)> {
    let m = &setup.market;
    let venue = PaperVenue::new(setup.config.venue, &m.instruments, m.funding.clone())?;
    let mut trading = TradingLoop::new(
        Arc::clone(&setup.registry),
        venue,
        setup.config.envelope,
        setup.config.trading,
        m.instruments.clone(),
        setup.config.venue.slippage.into(),
    );
    let mut feed = ReplayFeed::new(Arc::clone(&m.market));
    let mut pacer = Pacer::new(args.speed);
    let mut bar = progress::Bar::new(feed.bars_total(), m.label());
    let ended = loop {
        let Some(slice) = feed.next() else { break Ended::AtTheEnd };
        if pacer.wait(slice.close_ms, || asked.stop()) == Paced::Stopped {
            break Ended::Interrupted;
        }
        if asked.reload() {
            watch.inspect(|w| w.ask());
        }
        trading.step(&slice);
        bar.update(|| trading.progress());
    };
    bar.finish();
    Ok((trading.summary(), ended))
}

fn open_journal(path: &Path, args: &Run, config: &config::HostConfig, market: &market::Chosen) -> Result<Journal> {
    let meta = vec![
        ("profile".to_owned(), args.profile.clone()),
        ("market".to_owned(), market.market.source.to_string()),
        ("host".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
    ];
    // Where time counts, a slow disk must not hold up the loop; where only the result counts, nothing may be missing.
    let backpressure = if args.speed == Speed::Max { Backpressure::Wait } else { Backpressure::Drop };
    Ok(Journal::open(path, JournalOptions { meta, backpressure, ..config.journal.options() })?)
}

fn default_journal(profile: &str) -> PathBuf {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Path::new(crate::journal::source::DEFAULT_FOLDER).join(format!("{}-{profile}", now.as_millis()))
}

fn make_registry(
    args: &Run,
    config: &config::HostConfig,
    instruments: &[Instrument],
    journal: Journal,
    versions: Option<Versions>,
) -> Result<Registry> {
    let ceilings = config.sandbox.ceilings().map_err(anyhow::Error::msg)?;
    let sandbox = keep_code(Sandbox::new(ceilings)?, config.sandbox.code_cache(&args.state).as_deref());
    let specs: Result<Vec<_>, String> = config.subsystems.iter().map(|(name, s)| s.spec(name, &args.plugins)).collect();
    let options = RegistryOptions {
        stage: config.stage,
        policy: config.policy,
        symbols: symbol_table(instruments, &config.symbols),
        directive_max_age_ms: config.trading.directive_max_age_ms,
    };
    let specs = specs.map_err(anyhow::Error::msg)?;
    let registry = match versions {
        Some(versions) => Registry::with_versions(&sandbox, journal, options, specs, versions)?,
        None => Registry::new(&sandbox, journal, options, specs)?,
    };
    if let Some(cache) = sandbox.cache() {
        tracing::info!("compiled code: {:?}", cache.counts());
    }
    Ok(registry.with_quarantine(config.quarantine))
}

/// Keeps compiled code in this folder, where there is one that can be trusted.
fn keep_code(sandbox: Sandbox, folder: Option<&Path>) -> Sandbox {
    match folder.map(CodeCache::open) {
        Some(Ok(cache)) => sandbox.with_cache(cache),
        Some(Err(error)) => {
            tracing::warn!("{error}");
            sandbox
        }
        None => sandbox,
    }
}

fn symbol_table(instruments: &[Instrument], said: &BTreeMap<String, config::SymbolConfig>) -> Vec<SymbolInfo> {
    (0u32..)
        .zip(instruments)
        .map(|(id, i)| SymbolInfo {
            id,
            name: i.symbol.clone(),
            tick: i.tick,
            step: i.step,
            min_notional_usd: i.min_notional_usd,
            sector: said.get(&i.symbol).and_then(|s| s.sector.clone()).unwrap_or_else(|| i.sector.clone()),
            tier: said.get(&i.symbol).and_then(|s| s.tier),
        })
        .collect()
}
