//! The check before serving: what the directives shut out stays out, and every symbol gets its answer, whatever is
//! configured.

use crate::UniverseOs;
use bulkhead_sdk::prelude::*;

pub fn run(plugin: &mut UniverseOs) -> Answer<()> {
    let shut = [SymbolMarks::BLACKLISTED, SymbolMarks::PAUSED, SymbolMarks::FORCE_EXIT | SymbolMarks::WHITELISTED];
    let marks: Vec<SymbolMarks> = shut.into_iter().chain([SymbolMarks::empty(), SymbolMarks::WHITELISTED]).collect();
    let universe = Universe {
        symbols: vec![0, 1, 2, 3, 4],
        marks,
        volume_24h_usd: vec![1e9, 1e9, 1e9, f64::NAN, 1e9],
        range_bps: vec![10.0; 5],
        spread_bps: vec![1.0; 5],
    };
    let context = Context {
        event_time_ms: 0,
        cycle: 1,
        stage: Stage::Observation,
        mode: Mode::Observe,
        risk_mode: RiskMode::Normal,
        directives: None,
    };
    let (watched, told) = (std::mem::take(&mut plugin.history), plugin.last);
    let selection = plugin.select(&Ctx::new(&context, &SymbolTable::empty()), &universe);
    // The test leaves nothing behind.
    (plugin.history, plugin.last) = (watched, told);
    let kept = |symbol| selection.kept.contains(&symbol);
    if selection.kept.len() + selection.dropped.len() != 5 {
        return Err(format!("{} answers for 5 symbols", selection.kept.len() + selection.dropped.len()));
    }
    if kept(0) || kept(1) || kept(2) {
        return Err("a symbol that the directives shut out was kept".into());
    }
    if !kept(4) {
        return Err("a whitelisted symbol was dropped".into());
    }
    Ok(())
}
