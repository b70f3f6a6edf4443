//! What would have followed: two runs of the recorded market, and what came of each.

use std::{
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use bulkhead_config::Sources;
use bulkhead_replay::{
    course::Pace,
    full::{Full, MarketPlaces, Places, Wish},
};

use super::{Replay, report, threads};
use crate::run::{Bars, keep_code};

/// The variable that names the folder of markets.
const DATA: &str = "BULKHEAD_DATA";
/// Time between two looks at how far the runs are.
const LOOK: Duration = Duration::from_millis(100);

/// Runs both, and says what came of it.
pub(super) fn run(args: &Replay) -> Result<()> {
    let places = Places { state: args.state.clone(), plugins: args.plugins.clone() };
    let full = Full::prepare(&args.journal, &wish(args), &market(args), &places)?;
    let ceilings = full.sandbox_config().ceilings().map_err(anyhow::Error::msg)?;
    let sandbox = bulkhead_sandbox::Sandbox::new(ceilings)?;
    let sandbox = keep_code(sandbox, full.sandbox_config().code_cache(&args.state).as_deref());
    let started = Instant::now();
    let told = watched(full.bars(), |pace| full.run(&sandbox, threads(args), pace))??;
    eprintln!("both runs took {:.2} s", started.elapsed().as_secs_f64());
    report::give(&told, args)
}

/// Does something that can be watched and stopped: with a progress bar, until Ctrl-C.
pub(crate) fn watched<T: Send>(bars: u64, work: impl FnOnce(&Pace) -> T + Send) -> Result<T> {
    let pace = Pace::default();
    let asked = crate::run::listen()?;
    let bar = Bars::new(bars);
    thread::scope(|scope| {
        let working = scope.spawn(|| work(&pace));
        while !working.is_finished() {
            if asked.stop() {
                pace.stop();
            }
            bar.at(pace.bars());
            thread::sleep(LOOK);
        }
        bar.finish();
        working.join().ok().context("the host panicked; nothing was changed")
    })
}

fn wish(args: &Replay) -> Wish {
    let change = &args.change;
    // The environment of whoever asks is not that of the host.
    let sources = |file: &PathBuf| Sources {
        file: file.clone(),
        profile: change.profile.clone(),
        environment: Vec::new(),
        set: change.set.clone(),
    };
    Wish {
        swaps: change.swap.clone(),
        config: change.config.as_ref().map(sources),
        set: change.set.clone(),
        stage: change.stage,
        modes: change.mode.clone(),
    }
}

fn market(args: &Replay) -> MarketPlaces {
    let again = &args.market;
    MarketPlaces {
        data: again.data.clone(),
        above: std::env::var_os(DATA).map(PathBuf::from),
        exchange_info: again.exchange_info.clone(),
        funding: again.funding.clone(),
    }
}
