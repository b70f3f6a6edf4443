//! What a guarded hook call costs against the same call on bare wasmtime, and against the same data as records with
//! strings. All variants run in one process, interleaved in short batches; medians are compared, ratios are asserted.
//!
//! `bare` is wasmtime 48 without fuel, epochs, limiter or checks, in its fastest sensible configuration (concurrency
//! support off, as in the host): the strictest comparison. `guarded` is `Instance::ask` and the hook's contract.
//! `host` is the whole path: gate, serving version, lease, context, contract, combine, journal record, counters.

mod columns;
mod host;
mod records;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use bulkhead_policy::{
    Account, Candidate, Context, Directives, Exposures, Mode, RiskMode, Side, Stage, SymbolMarks,
    directives::{OrderPreference, UniverseMode},
    hooks::veto::Input,
};

/// Calls of one variant before the next one's turn.
const BATCH: u32 = 200;
/// Batches of each variant.
const ROUNDS: usize = 400;

/// A variant: its name, and one call.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) call: Box<dyn FnMut()>,
}

/// A ratio that must hold: `name` at most `limit` times `of`.
struct Claim {
    name: &'static str,
    of: &'static str,
    limit: f64,
}

const CLAIMS: [Claim; 2] =
    [Claim { name: "guarded", of: "bare", limit: 1.5 }, Claim { name: "guarded", of: "records", limit: 0.5 }];

fn main() -> ExitCode {
    // `cargo test --benches` and `cargo bench -- --test` only want to know that it runs.
    let rounds = if std::env::args().any(|a| a == "--test") { 2 } else { ROUNDS };
    let mut held = true;
    for directives in [false, true] {
        for positions in [0, 10, 100] {
            held &= compare(positions, directives, rounds);
        }
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn compare(positions: u32, directives: bool, rounds: usize) -> bool {
    let context: &'static Context = Box::leak(Box::new(context(directives)));
    let input: &'static Input = Box::leak(Box::new(input(positions)));
    let mut variants =
        vec![columns::bare(context, input), columns::guarded(context, input), records::bare(context, input)];
    let mut medians = measure(&mut variants, rounds);
    // By itself: the journal's writer would take the other variants' time from them.
    let mut whole = vec![host::whole(input)];
    medians.extend(measure(&mut whole, rounds / 4));
    variants.append(&mut whole);
    let with = if directives { "with directives" } else { "no directives" };
    println!("\nrisk check, {positions} positions, {with} (ns per call, median of {rounds} batches of {BATCH})");
    let of = |name: &str| variants.iter().position(|v| v.name == name).and_then(|i| medians.get(i)).copied();
    for (variant, median) in variants.iter().zip(&medians) {
        let bare = of("bare").unwrap_or(f64::NAN);
        println!("  {:<10} {median:>9.0}  {:>5.2} x bare", variant.name, median / bare);
    }
    // The sizes; with nothing in the lists there is nothing for columns to save.
    let mut held = true;
    for claim in CLAIMS.iter().filter(|_| positions > 0) {
        let ratio = of(claim.name).unwrap_or(f64::NAN) / of(claim.of).unwrap_or(f64::NAN);
        let ok = ratio <= claim.limit;
        let word = if ok { "holds" } else { "BROKEN" };
        println!("  {} / {} = {ratio:.2}, at most {}: {word}", claim.name, claim.of, claim.limit);
        held &= ok;
    }
    held
}

/// Median time of a call per variant, in ns.
fn measure(variants: &mut [Variant], rounds: usize) -> Vec<f64> {
    let mut times: Vec<Vec<f64>> = variants.iter().map(|_| Vec::with_capacity(rounds)).collect();
    for _ in 0..rounds {
        for (variant, times) in variants.iter_mut().zip(&mut times) {
            let started = Instant::now();
            for _ in 0..BATCH {
                (variant.call)();
            }
            times.push(started.elapsed().as_nanos() as f64 / f64::from(BATCH));
        }
    }
    for column in &mut times {
        column.sort_by(f64::total_cmp);
    }
    times.iter().map(|column| column.get(column.len() / 2).copied().unwrap_or(f64::NAN)).collect()
}

pub(crate) fn component(name: &str) -> PathBuf {
    let folder = std::env::var_os("BULKHEAD_COMPONENTS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/components")), PathBuf::from);
    folder.join("guests").join(name)
}

fn context(directives: bool) -> Context {
    Context {
        event_time_ms: 1_746_400_000_000,
        cycle: 42,
        stage: Stage::Coordination,
        mode: Mode::Enforced,
        risk_mode: RiskMode::Normal,
        directives: directives.then_some(Directives {
            id: 7,
            age_ms: 30_000,
            allow_new_trades: true,
            allow_new_positions: true,
            enforce_defensive_exits: false,
            reduce_global_risk: false,
            confidence_threshold: Some(0.6),
            scale_position_sizes: 1.0,
            universe_mode: UniverseMode::Normal,
            order_preference: OrderPreference::Smart,
            enforce_limit_orders: false,
            max_slippage_bps: 15.0,
            max_spread_bps: 25.0,
            reduce_exposure_pct: 0.0,
            max_position_count: None,
            max_leverage_x: None,
            concentration_limit_pct: 30.0,
            reduce_correlated_positions: false,
            avoid_expansion_symbols: false,
            use_conservative_predictions: false,
        }),
    }
}

fn input(positions: u32) -> Input {
    let mut exposures = Exposures::default();
    for i in 0..positions {
        let size = 100.0 + f64::from(i);
        exposures.push(i + 1, if i % 2 == 0 { size } else { -size });
    }
    Input {
        candidate: Candidate {
            symbol: 0,
            side: Side::Long,
            confidence: 0.8,
            size_usd: 1000.0,
            leverage_x: 5.0,
            risk_usd: 20.0,
            price: 61_800.2,
            price_age_ms: 100,
            marks: SymbolMarks::default(),
        },
        exposures,
        account: Account { equity_usd: 1e7, free_margin_usd: 1e7, ..Account::default() },
    }
}
