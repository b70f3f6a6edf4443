use super::*;
use bulkhead_sdk::testing;

mod configuration;
mod contract;
mod statistics;

const MINUTE_MS: u64 = 60_000;

fn plugin(json: &str) -> Result<UniverseOs, String> {
    UniverseOs::new(bulkhead_sdk::config::parse(json)?)
}

fn table(count: u32) -> SymbolTable {
    SymbolTable::new((0..count).map(|id| testing::symbol(id, &format!("S{id}"))).collect())
}

/// A universe in which the first symbol has the most volume and all are fit to trade.
fn universe(count: u32) -> Universe {
    Universe {
        symbols: (0..count).collect(),
        marks: (0..count).map(|_| SymbolMarks::empty()).collect(),
        volume_24h_usd: (0..count).map(|at| 1e9 - 1e6 * f64::from(at)).collect(),
        range_bps: vec![100.0; count as usize],
        spread_bps: vec![1.0; count as usize],
    }
}

fn at(cycle: u64) -> Context {
    let event_time_ms = 1_700_000_000_000 + cycle * MINUTE_MS;
    Context { cycle, event_time_ms, directives: Some(testing::directives()), ..testing::context() }
}

/// Asks once, and holds the answer against the host's contract.
fn ask(plugin: &mut UniverseOs, context: &Context, universe: &Universe) -> Selection {
    let symbols = table(universe.symbols.len() as u32);
    let selection = plugin.filter(&Ctx::new(context, &symbols), universe).unwrap();
    let mut said: Vec<u32> = selection.dropped.iter().map(|d| d.symbol).chain(selection.kept.clone()).collect();
    let mut asked = universe.symbols.clone();
    said.sort_unstable();
    asked.sort_unstable();
    assert_eq!(said, asked, "every symbol stands once in the answer");
    selection
}

fn code(selection: &Selection, symbol: SymbolId) -> Option<ReasonCode> {
    selection.dropped.iter().find(|dropped| dropped.symbol == symbol).map(|dropped| dropped.code)
}

fn directed(mode: UniverseMode, avoid_expansion_symbols: bool) -> Context {
    let directives = Directives { universe_mode: mode, avoid_expansion_symbols, ..testing::directives() };
    Context { directives: Some(directives), ..at(5_000) }
}

/// S0 CORE, S1 EXPANSION, S2 CONDITIONAL, S3 BLACKLIST; S4 has no statistics.
fn statistics() -> String {
    let of = |name: &str, total_r: f64, std_r: f64, trending: &str| {
        format!(
            r#""{name}": {{"summary": {{"trades": 200, "win_rate": 0.6, "total_r": {total_r}, "std_r": {std_r},
            "profit_factor": 2, "spread_bps": 1, "slippage_bps": 1{trending}}},
            "signals": {{"count": 2000, "disallow_rate": 0.1, "mean_confidence": 0.7}}}}"#
        )
    };
    let all = [
        of("S0", 120.0, 1.0, ""),
        of("S1", 80.0, 1.0, ""),
        of("S2", 40.0, 1.0, r#", "trending_r": 0.9"#),
        of("S3", -40.0, 1.0, ""),
    ];
    format!("{{{}}}", all.join(", "))
}

#[test]
fn l1_and_l2_by_volume_and_the_rest_is_not_in_the_universe() {
    let selection = ask(&mut plugin("{}").unwrap(), &at(5_000), &universe(50));
    assert_eq!(selection.kept, (0..30).collect::<Vec<_>>());
    assert!(selection.dropped.iter().all(|dropped| dropped.code == ReasonCode::NotInUniverse));
    let small = r#"{"l1_size": 2, "l2_size": 1}"#;
    assert_eq!(ask(&mut plugin(small).unwrap(), &at(5_000), &universe(50)).kept, [0, 1, 2]);
}

#[test]
fn each_drop_has_its_reason() {
    let mut asked = universe(8);
    asked.volume_24h_usd[1] = 4e6;
    asked.range_bps[2] = 1e5;
    asked.spread_bps[3] = 11.0;
    asked.marks[4] = SymbolMarks::BLACKLISTED;
    asked.marks[5] = SymbolMarks::PAUSED;
    asked.marks[6] = SymbolMarks::FORCE_EXIT;
    let json = r#"{"blacklist": ["S7"]}"#;
    let selection = ask(&mut plugin(json).unwrap(), &at(5_000), &asked);
    assert_eq!(selection.kept, [0]);
    for (symbol, want) in [
        (1, ReasonCode::LowVolume),
        (2, ReasonCode::LowLiquidity),
        (3, ReasonCode::WideSpread),
        (4, ReasonCode::Blacklisted),
        (5, ReasonCode::SymbolPaused),
        (6, ReasonCode::SymbolPaused),
        (7, ReasonCode::Blacklisted),
    ] {
        assert_eq!(code(&selection, symbol), Some(want), "{symbol}");
    }
    let off = r#"{"blacklist": ["S7"], "blacklist_enabled": false}"#;
    let selection = ask(&mut plugin(off).unwrap(), &at(5_000), &asked);
    assert_eq!(selection.kept, [0, 7]);
    assert_eq!(code(&selection, 4), Some(ReasonCode::Blacklisted), "the directives' list is always on");
}

#[test]
fn whitelisted_is_in_without_taking_a_place_but_not_against_a_blacklist() {
    let mut asked = universe(6);
    asked.marks[4] = SymbolMarks::WHITELISTED;
    asked.marks[5] = SymbolMarks::WHITELISTED;
    asked.volume_24h_usd[4] = 0.0;
    let json = r#"{"blacklist": ["S5"], "l1_size": 2, "l2_size": 0}"#;
    let selection = ask(&mut plugin(json).unwrap(), &at(5_000), &asked);
    assert_eq!(selection.kept, [0, 1, 4]);
    assert_eq!(code(&selection, 5), Some(ReasonCode::Blacklisted));
}

#[test]
fn the_universe_mode_narrows_and_widens_only_with_dynamic() {
    for (json, mode, avoid, want) in [
        ("{}", UniverseMode::Safe, false, 10),
        ("{}", UniverseMode::Normal, false, 30),
        ("{}", UniverseMode::Aggressive, false, 30),
        ("{}", UniverseMode::Experimental, false, 30),
        ("{}", UniverseMode::Normal, true, 10),
        (r#"{"dynamic": true}"#, UniverseMode::Experimental, false, 50),
        (r#"{"dynamic": true}"#, UniverseMode::Safe, false, 10),
        (r#"{"profile": "safe"}"#, UniverseMode::Aggressive, false, 10),
        (r#"{"profile": "experimental"}"#, UniverseMode::Normal, false, 50),
    ] {
        let selection = ask(&mut plugin(json).unwrap(), &directed(mode, avoid), &universe(50));
        assert_eq!(selection.kept.len(), want, "{json} {mode:?} {avoid}");
    }
}
