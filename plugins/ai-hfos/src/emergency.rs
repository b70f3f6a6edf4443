//! Emergency actions by the documented triggers, and what is remembered of them.

use crate::health::Health;
use crate::memory::Memory;
use crate::picture::Picture;
use bulkhead_sdk::coordination::{EmergencyAction, EmergencyKind, SystemHealth};
use bulkhead_sdk::prelude::*;

const DAY_MS: u64 = 86_400_000;

/// Share of every position that a bad day costs.
const REDUCTION: f64 = 0.5;

pub fn actions(
    picture: &Picture<'_>,
    health: &Health,
    memory: &mut Memory,
    symbols: &SymbolTable,
) -> Vec<EmergencyAction> {
    let of_positions = close_or_reduce(picture, health, memory);
    let of_system = halt_system(picture).into_iter().chain(pause(picture, memory));
    let of_symbols = halt_symbols(picture, memory, symbols);
    let mut actions: Vec<EmergencyAction> = Vec::new();
    for action in of_positions.into_iter().chain(of_system).chain(of_symbols) {
        // Behind its equals, so that they stay in the order of their triggers.
        let place = actions.partition_point(|before| before.priority <= action.priority);
        actions.insert(place, action);
    }
    actions
}

fn action(kind: EmergencyKind, priority: u32, rationale: String) -> EmergencyAction {
    EmergencyAction { kind, symbol: None, fraction: None, duration_ms: None, priority, rationale }
}

fn close_or_reduce(picture: &Picture<'_>, health: &Health, memory: &mut Memory) -> Option<EmergencyAction> {
    if picture.open_positions == 0 {
        return None;
    }
    if health.system == SystemHealth::Emergency {
        let mean = health.mean.unwrap_or_default();
        let text = format!("the system is in an emergency: mean score {mean:.1}");
        return Some(action(EmergencyKind::CloseAllPositions, 1, text));
    }
    if picture.is_far_from_its_peak() {
        let text = format!("open drawdown {:.1} %", picture.open_drawdown_pct);
        return Some(action(EmergencyKind::CloseAllPositions, 1, text));
    }
    let today = picture.now_ms / DAY_MS;
    if !picture.lost_much_today() || memory.reduced_on_day == Some(today) {
        return None;
    }
    memory.reduced_on_day = Some(today);
    let text = format!("daily drawdown {:.1} %", picture.daily_drawdown_pct);
    let reduce = action(EmergencyKind::ReduceAllPositions, 2, text);
    Some(EmergencyAction { fraction: Some(REDUCTION), ..reduce })
}

fn halt_system(picture: &Picture<'_>) -> Option<EmergencyAction> {
    let age_ms = picture.inputs.brake_age_ms.filter(|age| *age > picture.config.halt_system_ms())?;
    let text = format!("the brake has been engaged for {} min", age_ms / 60_000);
    Some(action(EmergencyKind::HaltSystem, 1, text))
}

fn pause(picture: &Picture<'_>, memory: &mut Memory) -> Option<EmergencyAction> {
    if !picture.is_sick() {
        return None;
    }
    let duration_ms = picture.config.pause_ms();
    memory.paused_until_ms = picture.now_ms.saturating_add(duration_ms);
    let pause = action(EmergencyKind::PauseNewTrades, 2, "self-healing calls the system critical".into());
    Some(EmergencyAction { duration_ms: Some(duration_ms), ..pause })
}

fn halt_symbols(picture: &Picture<'_>, memory: &mut Memory, symbols: &SymbolTable) -> Vec<EmergencyAction> {
    memory.halted.retain(|_, until_ms| *until_ms > picture.now_ms);
    let duration_ms = picture.config.halt_symbol_ms();
    let halt = |symbol: &SymbolId| {
        if let Some(info) = symbols.info(*symbol) {
            memory.halted.insert(info.name.clone(), picture.now_ms.saturating_add(duration_ms));
        }
        let text = format!("{} moves out of all proportion", symbols.name(*symbol));
        let halt = action(EmergencyKind::HaltSymbol, 3, text);
        EmergencyAction { symbol: Some(*symbol), duration_ms: Some(duration_ms), ..halt }
    };
    picture.inputs.erratic_symbols.iter().map(halt).collect()
}

#[cfg(test)]
mod tests;
