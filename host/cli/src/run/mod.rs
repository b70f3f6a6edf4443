//! `bulkhead run`: a market through the loop, with a progress bar, and a summary at the end.

mod account;
mod banner;
mod brake;
mod dashboard;
mod hold;
mod market;
mod progress;
mod report;
mod signals;
mod versions;

pub(crate) use brake::FILE as BRAKE_FILE;
pub(crate) use dashboard::address;
pub(crate) use market::times;
pub(crate) use progress::Bars;
pub(crate) use signals::listen;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result, anyhow};
use bulkhead_config::{Effective, HostConfig};
use bulkhead_executor::{
    account::AccountBoard,
    market::{
        choice::Chosen,
        feed::{Feed, ReplayFeed},
        instruments::Instrument,
        pace::{Paced, Pacer, Speed},
    },
    trading::TradingLoop,
    venue::PaperVenue,
};
use bulkhead_journal::{Backpressure, EventKind, Journal, JournalOptions};
use bulkhead_replay::premise;
use bulkhead_runtime::{BrakeFile, Registry, Upkeep, Versions, Watch};
use bulkhead_sandbox::{CodeCache, Sandbox};
use bulkhead_server::{Options, Server};

use crate::{args::Run, config};

/// Stack of the loop's thread. A guest may use 256 KiB of it, the rest is the host's.
const STACK: usize = 8 << 20;

/// Runs to the end, to Ctrl-C, or to one clear error.
pub(crate) fn run(args: &Run) -> Result<()> {
    let config = config::loaded(&args.config)?;
    crate::logging(config.config.log);
    let asked = signals::listen()?;
    let args = args.clone();
    let worker = std::thread::Builder::new()
        .name("trading-loop".to_owned())
        .stack_size(STACK)
        .spawn(move || drive(&args, config, &asked))
        .context("the trading loop's thread does not start")?;
    worker.join().map_err(|_| anyhow!("the trading loop panicked; the journal holds everything up to then"))?
}

/// What a run was made of.
pub(crate) struct Setup {
    pub(crate) registry: Arc<Registry>,
    pub(crate) market: Chosen,
    pub(crate) config: HostConfig,
    pub(crate) profile: String,
    pub(crate) journal_path: PathBuf,
}

fn drive(args: &Run, effective: Effective, asked: &signals::Asked) -> Result<()> {
    let profile = effective.profile().unwrap_or("none").to_owned();
    let brake = effective.origin(["brake"]).to_string();
    let shown = effective.show(false).map_err(anyhow::Error::msg)?;
    let config = effective.config;
    let choice = market::choice(args)?;
    let market = choice.load()?;
    let journal_path = args.journal.clone().unwrap_or_else(|| default_journal(&profile));
    let premise = premise::metadata(&choice, &market, shown);
    let journal = open_journal(&journal_path, args, &profile, &config, &market, premise)?;
    let (state, versions) = versions::open(&args.state, &args.plugins, &config.reload)?.unzip();
    let mut registry = make_registry(args, &config, &market.instruments, journal.clone(), versions)?;
    if state.is_some() {
        registry = registry.with_brake_file(BrakeFile::open(&args.state)?);
    }
    let first_ms = market.market.first_ms().and_then(|ms| u64::try_from(ms).ok()).unwrap_or(0);
    registry.engage(config.brake, "configuration", &format!("brake = {} ({brake})", config.brake), first_ms);
    let folder = state.as_ref().map(|_| args.state.as_path());
    let account = account::Account::open(folder, &market.market, config.envelope);
    let setup = Setup { registry: Arc::new(registry), market, config, profile, journal_path };
    banner::print(args, &setup, account.line());

    let started = Instant::now();
    let upkeep = Upkeep::start(Arc::clone(&setup.registry)).context("the upkeep's thread does not start")?;
    let watch = state.as_ref().map(|_| versions::watch(&setup.registry, &setup.config.reload)).transpose()?;
    let lever = brake::watch(&setup.registry, asked, folder)?;
    let mut trading = make_loop(&setup, &account)?;
    // Now every brake of the start is engaged: the file's, the account's, the configuration's.
    premise::record_start(&setup.registry, &account.opening, setup.config.venue.starting_balance_usd, first_ms);
    let board = Arc::clone(&account.board);
    let keeper = account.keep()?;
    let server = folder.map(|state| serve(&setup, state, board, args.dashboard)).transpose()?;
    if server.is_none() {
        dashboard::missing(args.dashboard, &args.state);
    }
    let ended = replay(args, &setup, &mut trading, asked, watch.as_ref());
    let (summary, took) = (trading.summary(), started.elapsed());
    report::print(&setup, &summary, ended, took);
    if let Some(path) = &args.summary_json {
        let json = report::json(&setup, &summary, took);
        std::fs::write(path, json).with_context(|| format!("the summary cannot be written to {}", path.display()))?;
    }
    if args.hold && ended == Ended::AtTheEnd {
        hold::until_stopped(&mut trading, asked, watch.as_ref());
    }
    drop((server, lever, watch, upkeep, keeper, trading));
    let text = format!("{ended} after {} bars", summary.bars);
    setup.registry.event(u64::try_from(summary.to_ms).unwrap_or(0), EventKind::RunEnded, "host", text);
    drop(setup);
    let head = journal.close().context("the journal did not take everything in")?;
    println!("journal head  {head}");
    Ok(())
}

fn serve(setup: &Setup, state: &Path, account: Arc<AccountBoard>, page: Option<SocketAddr>) -> Result<Server> {
    let (network, dashboard) = (setup.config.server.clone(), dashboard::wanted(page)?);
    let options = Options {
        state: state.to_owned(),
        network,
        account: Some(account),
        activation: setup.config.activation,
        dashboard,
    };
    let server = Server::start(Arc::clone(&setup.registry), &options)?;
    for (what, address) in [("control", server.address()), ("brake", server.brake_address())] {
        if let Some(address) = address {
            println!("{what}  http://{address}");
        }
    }
    if let Some(dashboard) = &options.dashboard {
        dashboard::announce(dashboard, &server);
    }
    Ok(server)
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

fn make_loop(setup: &Setup, account: &account::Account) -> Result<TradingLoop<PaperVenue>> {
    let m = &setup.market;
    let mut config = setup.config.venue;
    config.starting_balance_usd = account.starting_balance_usd(config.starting_balance_usd);
    let venue = PaperVenue::new(config, &m.instruments, m.funding.clone())?;
    let trading = TradingLoop::new(
        Arc::clone(&setup.registry),
        venue,
        setup.config.trading,
        m.instruments.clone(),
        config.slippage.into(),
    );
    Ok(trading.with_account(Arc::clone(&account.board), &account.opening))
}

fn replay(
    args: &Run,
    setup: &Setup,
    trading: &mut TradingLoop<PaperVenue>,
    asked: &signals::Asked,
    watch: Option<&Watch>,
) -> Ended {
    let mut feed = ReplayFeed::new(Arc::clone(&setup.market.market));
    let mut pacer = Pacer::new(args.speed);
    let mut bar = progress::Bar::new(feed.bars_total(), setup.market.label());
    let ended = loop {
        let Some(slice) = feed.next() else { break Ended::AtTheEnd };
        // Between two bars the brake still takes hold of orders at work.
        let stop = || {
            trading.idle();
            asked.stop()
        };
        if pacer.wait(slice.close_ms, stop) == Paced::Stopped {
            break Ended::Interrupted;
        }
        if asked.reload() {
            watch.inspect(|w| w.ask());
        }
        trading.step(&slice);
        bar.update(|| trading.progress());
    };
    bar.finish();
    if ended == Ended::AtTheEnd {
        trading.end();
    }
    ended
}

fn open_journal(
    path: &Path,
    args: &Run,
    profile: &str,
    config: &HostConfig,
    market: &Chosen,
    premise: Vec<(String, String)>,
) -> Result<Journal> {
    let mut meta = vec![
        ("profile".to_owned(), profile.to_owned()),
        ("market".to_owned(), market.market.source.to_string()),
        ("host".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
    ];
    meta.extend(premise);
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
    config: &HostConfig,
    instruments: &[Instrument],
    journal: Journal,
    versions: Option<Versions>,
) -> Result<Registry> {
    let ceilings = config.sandbox.ceilings().map_err(anyhow::Error::msg)?;
    let sandbox = keep_code(Sandbox::new(ceilings)?, config.sandbox.code_cache(&args.state).as_deref());
    let specs = config.specs(&args.plugins).map_err(anyhow::Error::msg)?;
    let options = config.registry_options(instruments);
    let registry = match versions {
        Some(versions) => Registry::with_versions(&sandbox, journal, options, specs, versions)?,
        None => Registry::new(&sandbox, journal, options, specs)?,
    };
    if let Some(cache) = sandbox.cache() {
        tracing::info!("compiled code: {:?}", cache.counts());
    }
    Ok(registry.with_quarantine(config.quarantine).with_highest_stage(config.highest_stage()))
}

/// Keeps compiled code in this folder, where there is one that can be trusted.
pub(crate) fn keep_code(sandbox: Sandbox, folder: Option<&Path>) -> Sandbox {
    match folder.map(CodeCache::open) {
        Some(Ok(cache)) => sandbox.with_cache(cache),
        Some(Err(error)) => {
            tracing::warn!("{error}");
            sandbox
        }
        None => sandbox,
    }
}
