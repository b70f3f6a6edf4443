//! One cycle: picture, health, mode, actions, directives.

use crate::config::Config;
use crate::health::Health;
use crate::memory::Memory;
use crate::mode::{Dwell, demanded};
use crate::picture::Picture;
use crate::summary::summary;
use crate::{amplify, conflicts, directives, emergency};
use bulkhead_sdk::coordination::{Coordination, Inputs};
use bulkhead_sdk::prelude::{Account, SymbolTable};

pub fn coordinate(
    config: &Config,
    memory: &mut Memory,
    now_ms: u64,
    symbols: &SymbolTable,
    inputs: &Inputs,
    account: &Account,
) -> Coordination {
    let picture = Picture::new(config, inputs, account, now_ms);
    let health = Health::of(&picture);
    let (asked, why) = demanded(&picture, &health);
    let dwell = Dwell::settle(memory.dwell, asked, now_ms, config.dwell_ms());
    memory.dwell = Some(dwell);
    let emergency = emergency::actions(&picture, &health, memory, symbols);
    let global = directives::global(dwell.mode, &picture, memory, symbols);
    let execution = directives::execution(dwell.mode, config);
    let conflicts = conflicts::conflicts(&picture, &health, &execution);
    Coordination {
        risk_mode: dwell.mode,
        health: health.system,
        mean_score: health.mean,
        opportunities: amplify::opportunities(inputs, dwell.mode, global.allow_new_trades),
        universe: directives::universe(dwell.mode),
        portfolio: directives::portfolio(dwell.mode),
        models: directives::models(dwell.mode),
        summary: summary(dwell.mode, asked, why, &health, emergency.len(), conflicts.len()),
        global,
        execution,
        emergency,
        conflicts,
        states: health.states,
    }
}

#[cfg(test)]
mod tests;
