use super::*;
use bulkhead_sdk::testing;

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

/// The first day of a run, with volumes as they grow: 12 million a day each.
#[test]
fn a_run_does_not_begin_with_an_empty_universe() {
    let mut plugin = plugin("{}").unwrap();
    for cycle in 1..=2_000u64 {
        let minutes = cycle.min(1_440) as f64;
        let mut asked = universe(4);
        asked.volume_24h_usd = vec![12e6 * minutes / 1_440.0; 4];
        asked.range_bps = vec![40.0; 4];
        // One symbol trades far too little to be kept once that is known.
        asked.volume_24h_usd[3] = 1e6 * minutes / 1_440.0;
        let selection = ask(&mut plugin, &at(cycle), &asked);
        let want: &[u32] = if cycle < 60 { &[0, 1, 2, 3] } else { &[0, 1, 2] };
        assert_eq!(selection.kept, want, "minute {cycle}");
    }
}

#[test]
fn a_newcomer_is_young_when_the_run_is_old() {
    let mut plugin = plugin("{}").unwrap();
    ask(&mut plugin, &at(5_000), &universe(2));
    let mut asked = universe(3);
    asked.volume_24h_usd[2] = 0.0;
    assert_eq!(ask(&mut plugin, &at(5_001), &asked).kept, [0, 1, 2]);
    assert_eq!(ask(&mut plugin, &at(5_059), &asked).kept, [0, 1, 2]);
    assert_eq!(code(&ask(&mut plugin, &at(5_060), &asked), 2), Some(ReasonCode::LowVolume));
}

#[test]
fn the_next_version_knows_who_is_young() {
    let mut old = plugin("{}").unwrap();
    ask(&mut old, &at(5_000), &universe(2));
    let mut asked = universe(3);
    asked.volume_24h_usd[2] = 0.0;
    ask(&mut old, &at(5_001), &asked);
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(ask(&mut new, &at(5_002), &asked).kept, [0, 1, 2]);
    let mut without = plugin("{}").unwrap();
    assert_eq!(ask(&mut without, &at(5_002), &asked).kept, [0, 1]);
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
}

fn directed(mode: UniverseMode, avoid_expansion_symbols: bool) -> Context {
    let directives = Directives { universe_mode: mode, avoid_expansion_symbols, ..testing::directives() };
    Context { directives: Some(directives), ..at(5_000) }
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
fn tiers_of_the_statistics_decide_in_the_scheme_performance() {
    let ask = |extra: &str, mode| {
        let json = format!(r#"{{"scheme": "performance", "statistics": {}{extra}}}"#, statistics());
        ask(&mut plugin(&json).unwrap(), &directed(mode, false), &universe(5))
    };
    // 800 trades and 8,000 signals: HIGH, so that auto is SAFE.
    let safe = ask("", UniverseMode::Normal);
    assert_eq!(safe.kept, [0, 1]);
    assert_eq!(code(&safe, 2), Some(ReasonCode::NotInUniverse));
    assert_eq!(code(&safe, 3), Some(ReasonCode::Blacklisted));
    assert_eq!(code(&safe, 4), Some(ReasonCode::InsufficientData));
    assert_eq!(ask(r#", "profile": "aggressive""#, UniverseMode::Normal).kept, [0, 1, 2]);
    let all = r#", "profile": "experimental""#;
    assert_eq!(ask(all, UniverseMode::Normal).kept, [0, 1, 2, 4]);
    assert_eq!(ask(all, UniverseMode::Safe).kept, [0, 1]);
    assert_eq!(ask(r#", "profile": "experimental", "blacklist_enabled": false"#, UniverseMode::Normal).kept.len(), 5);
}

#[test]
fn a_symbol_whose_trades_lost_is_blacklisted_in_both_schemes() {
    let json = format!(r#"{{"statistics": {}}}"#, statistics());
    let selection = ask(&mut plugin(&json).unwrap(), &at(5_000), &universe(5));
    assert_eq!(selection.kept, [0, 1, 2, 4]);
    assert_eq!(code(&selection, 3), Some(ReasonCode::Blacklisted));
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    let asked = universe(47);
    let turned = |by: usize| {
        let mut turned = universe(47);
        turned.symbols.rotate_left(by);
        turned.volume_24h_usd.rotate_left(by);
        turned
    };
    for json in ["{}", r#"{"profile": "safe"}"#] {
        let want = ask(&mut plugin(json).unwrap(), &at(9_000), &asked).kept;
        for by in [1, 13, 46] {
            let mut got = ask(&mut plugin(json).unwrap(), &at(9_000), &turned(by)).kept;
            got.sort_unstable();
            assert_eq!(got, want);
        }
    }
}

#[test]
fn rows_that_are_no_numbers_are_answered_too() {
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e300];
    let mut asked = universe(216);
    for row in 0..216 {
        asked.volume_24h_usd[row] = values[row % 6];
        asked.range_bps[row] = values[row / 6 % 6];
        asked.spread_bps[row] = values[row / 36];
    }
    for cycle in [1, 100, 5_000] {
        ask(&mut plugin("{}").unwrap(), &at(cycle), &asked);
    }
}

#[test]
fn the_report_says_what_the_last_question_led_to() {
    let symbols = table(40);
    let report = |plugin: &mut UniverseOs| {
        let context = at(1);
        let SubsystemReport::Universe(report) = plugin.report(&Ctx::new(&context, &symbols)).unwrap() else {
            panic!("wrong report");
        };
        (report.confidence, report.symbol_count, report.blacklisted)
    };
    let mut plugin = plugin("{}").unwrap();
    plugin.symbols(&symbols);
    assert_eq!(report(&mut plugin), (DataConfidence::Low, 40, 0));
    let mut asked = universe(40);
    asked.marks[3] = SymbolMarks::BLACKLISTED;
    for (cycle, want) in [(1, DataConfidence::Low), (60, DataConfidence::Medium), (1_440, DataConfidence::High)] {
        ask(&mut plugin, &at(cycle), &asked);
        assert_eq!(report(&mut plugin), (want, 30, 1), "{cycle}");
    }
}

#[test]
fn the_self_test_passes_with_any_configuration_and_leaves_nothing_behind() {
    let performance = format!(r#"{{"scheme": "performance", "statistics": {}}}"#, statistics());
    for json in ["{}", r#"{"l1_size": 1, "l2_size": 0, "min_volume_24h": 1e12, "warm_up_minutes": 0}"#, &performance] {
        let mut plugin = plugin(json).unwrap();
        assert_eq!(plugin.run(), Ok(()));
        assert_eq!(plugin.history, History::default());
        assert_eq!(plugin.last.symbol_count, 0);
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    for (json, key) in [
        (r#"{"l1_size": 0}"#, "l1_size"),
        (r#"{"min_volume_24h": -1}"#, "min_volume_24h"),
        (r#"{"warm_up_minutes": 1441}"#, "warm_up_minutes"),
        (r#"{"cycle_seconds": 0}"#, "cycle_seconds"),
        (r#"{"scheme": "performance"}"#, "statistics"),
        (r#"{"scheme": "volume"}"#, "scheme"),
        (r#"{"max_spread": 5}"#, "max_spread_bps"),
        (r#"{"statistics": {"BTC": {"trades": [{"r": 1}]}}}"#, "spread_bps"),
        (r#"{"statistics": {"BTC": {"signals": {"count": 1, "disallow_rate": 2, "mean_confidence": 0}}}}"#, "BTC"),
        (r#"{"statistics": {"BTC": {"trade": []}}}"#, "trades"),
    ] {
        let error = plugin(json).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
    let trade = r#"{"r": 1e9, "spread_bps": 0, "slippage_bps": 0}"#;
    assert!(plugin(&format!(r#"{{"statistics": {{"BTC": {{"trades": [{trade}]}}}}}}"#)).is_err());
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(UniverseOs::SCHEMA).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let defaults: serde_json::Map<_, _> =
        properties.iter().map(|(key, about)| (key.clone(), about["default"].clone())).collect();
    let parsed: Config = bulkhead_sdk::config::parse(&serde_json::Value::from(defaults).to_string()).unwrap();
    assert_eq!(parsed, Config::default());
    // An unknown key that looks like none is answered with all there are.
    let error = bulkhead_sdk::config::parse::<Config>(r#"{"0123456789": 0}"#).unwrap_err();
    let known = error.rsplit("there are ").next().unwrap().split(", ").count();
    assert_eq!(properties.len(), known, "{error}");
}
