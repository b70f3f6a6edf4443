//! What a coordination cycle takes with 50 positions and 200 symbols: the reports of all subsystems are collected, the
//! coordinator makes directives of them, and the journal has it. All first-party plugins are bound and enforced.
//!
//! Between two cycles every other hook is asked once, as the loop does, so that reports have something to say and caches are
//! no warmer than they would be. The journal's writer is idle when a cycle begins: in a loop a minute has passed.

mod cycle;
mod risk_check;

use std::process::ExitCode;

use cycle::{Loop, Took};

/// Cycles that are measured, after as many as a report needs.
const CYCLES: u64 = 1_000;
const WARM_UP: u64 = 50;
/// What a cycle may take in the median, µs.
const CLAIM: f64 = 1_000.0;
/// And in guarded risk checks of the same run, whatever the machine. Measured were 90, and 150 beside other work.
const CLAIM_IN_CHECKS: f64 = 250.0;

fn main() -> ExitCode {
    // `cargo test --benches` and `cargo bench -- --test` only want to know that it runs.
    let trial = std::env::args().any(|a| a == "--test");
    let cycles = if trial { 2 } else { CYCLES };
    let mut looped = Loop::new();
    let mut check = risk_check::Check::new();
    for _ in 0..WARM_UP {
        looped.cycle();
    }
    let (mut took, mut checks) = (Vec::new(), Vec::new());
    for _ in 0..cycles {
        took.push(looped.cycle());
        checks.push(check.micros());
    }
    let held = report(&took, checks);
    if held || trial { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(took: &[Took], checks: Vec<f64>) -> bool {
    let column = |of: fn(&Took) -> f64| Sorted::of(took.iter().map(of).collect());
    let whole = column(|t| t.reports + t.coordinator);
    println!("\ncoordination, 50 positions, 200 symbols, journal included (µs, {} cycles)", took.len());
    for (name, column) in [("reports", column(|t| t.reports)), ("coordinator", column(|t| t.coordinator))] {
        println!("  {name:<12} p50 {:>7.1}  p99 {:>7.1}", column.at(0.50), column.at(0.99));
    }
    let (p50, p99) = (whole.at(0.50), whole.at(0.99));
    println!("  {:<12} p50 {p50:>7.1}  p99 {p99:>7.1}", "cycle");
    println!("  of a millisecond: {:.1} % at p50, {:.1} % at p99", p50 / CLAIM * 100.0, p99 / CLAIM * 100.0);
    let check = Sorted::of(checks).at(0.50);
    println!("  a guarded risk check with 50 positions: {check:.2} µs");
    holds("p50 of a cycle, µs", p50, CLAIM) & holds("p50 of a cycle in risk checks", p50 / check, CLAIM_IN_CHECKS)
}

fn holds(what: &str, is: f64, most: f64) -> bool {
    println!("  {what}: {is:.1}, at most {most}: {}", if is <= most { "holds" } else { "BROKEN" });
    is <= most
}

/// Values in their order.
struct Sorted(Vec<f64>);

impl Sorted {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// The value that a share of all does not exceed.
    fn at(&self, share: f64) -> f64 {
        let place = (share * self.0.len() as f64) as usize;
        self.0.get(place.min(self.0.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
    }
}
