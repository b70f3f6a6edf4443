use super::*;
use bulkhead_sdk::testing;

const MINUTE_MS: u64 = 60_000;

fn table(names: &[&str]) -> SymbolTable {
    SymbolTable::new((0..).zip(names).map(|(id, name)| testing::symbol(id, name)).collect())
}

fn plugin() -> Momentum {
    Momentum::new(Config::default()).unwrap()
}

fn ask(plugin: &mut Momentum, symbols: &SymbolTable, minute: u64, closes: &[(u32, f64)]) -> Vec<Proposal> {
    let column = |change: f64| closes.iter().map(|(_, close)| close + change).collect::<Vec<_>>();
    let bars = Bars {
        symbols: closes.iter().map(|(symbol, _)| *symbol).collect(),
        open: column(0.0),
        high: column(0.5),
        low: column(-0.5),
        close: column(0.0),
        volume: column(0.0),
    };
    let context = Context { event_time_ms: minute * MINUTE_MS, ..testing::context() };
    plugin.on_bars(&Ctx::new(&context, symbols), &testing::market(), &bars).unwrap()
}

/// Quiet for `quiet` minutes, then `step` a minute.
fn price(minute: u64, quiet: u64, step: f64) -> f64 {
    let wave = if minute % 2 == 0 { 0.3 } else { -0.3 };
    1_000.0 + wave + step * minute.saturating_sub(quiet) as f64
}

#[test]
fn two_symbols_are_followed_apart_and_answers_keep_to_the_contract() {
    let symbols = table(&["UP", "DOWN"]);
    let mut plugin = plugin();
    let mut seen = Vec::new();
    for minute in 1..=1_500 {
        let closes = [(0, price(minute, 1_200, 0.2)), (1, price(minute, 1_200, -0.2))];
        let proposals = ask(&mut plugin, &symbols, minute, &closes);
        let mut asked: Vec<u32> = proposals.iter().map(|p| p.symbol).collect();
        asked.dedup();
        assert_eq!(asked.len(), proposals.len(), "at most one proposal per symbol");
        seen.extend(proposals);
    }
    for (symbol, action) in [(0, Action::Long), (1, Action::Short)] {
        let first = seen.iter().find(|p| p.symbol == symbol).unwrap();
        assert_eq!(first.action, action);
        assert!((0.5..=0.95).contains(&first.confidence));
        assert!(first.stop_loss.is_some_and(|stop| (0.003..=0.5).contains(&stop)));
        assert!(first.take_profit.is_some_and(|target| (0.003..=5.0).contains(&target)));
    }
}

#[test]
fn symbols_outside_the_table_leave_no_trace() {
    let mut plugin = plugin();
    let symbols = table(&["BTC"]);
    for minute in 1..=50 {
        assert_eq!(ask(&mut plugin, &symbols, minute, &[(7, 1.0), (u32::MAX, 2.0), (0, 3.0)]), []);
    }
    assert_eq!(plugin.trackers.keys().collect::<Vec<_>>(), ["BTC"]);
    plugin.symbols(&table(&["ETH"]));
    assert!(plugin.trackers.is_empty());
}

#[test]
fn the_next_version_goes_on_where_the_last_one_stopped_even_with_other_ids() {
    let (old_ids, new_ids) = (table(&["UP", "QUIET"]), table(&["QUIET", "UP"]));
    let mut old = plugin();
    for minute in 1..=1_210 {
        ask(&mut old, &old_ids, minute, &[(0, price(minute, 1_200, 0.2)), (1, 500.0)]);
    }
    let mut new = plugin();
    new.symbols(&new_ids);
    new.restore(old.snapshot().unwrap()).unwrap();
    let mut entered = 0;
    for minute in 1_211..=1_500 {
        let up = price(minute, 1_200, 0.2);
        let mut want = ask(&mut old, &old_ids, minute, &[(0, up), (1, 500.0)]);
        for proposal in &mut want {
            proposal.symbol = 1 - proposal.symbol;
        }
        assert_eq!(ask(&mut new, &new_ids, minute, &[(0, 500.0), (1, up)]), want);
        entered += want.len();
    }
    assert!(entered > 0);
}

#[test]
fn a_state_is_small_and_a_strange_one_is_refused_whole() {
    let names: Vec<String> = (0..100).map(|i| format!("SYMBOL{i}USDT")).collect();
    let symbols = table(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut full = plugin();
    for minute in 1..=1_200 {
        let closes: Vec<(u32, f64)> = (0..100).map(|id| (id, price(minute, 0, 0.01) / 7.0)).collect();
        ask(&mut full, &symbols, minute, &closes);
    }
    let blob = full.snapshot().unwrap();
    assert!(blob.bytes.len() < MAX_STATE / 2, "{}", blob.bytes.len());
    for strange in [
        Blob { schema: 2, bytes: blob.bytes.clone() },
        Blob { schema: 1, bytes: b"{\"BTC\": 1}".to_vec() },
        Blob { schema: 1, bytes: blob.bytes[..100].to_vec() },
    ] {
        let before = full.trackers.clone();
        assert!(full.restore(strange).is_err());
        assert_eq!(full.trackers, before);
    }
}

#[test]
fn values_that_make_no_sense_are_refused_by_name() {
    for (json, key) in [
        (r#"{"block_minutes": 0}"#, "block_minutes"),
        (r#"{"channel_blocks": 100000}"#, "channel_blocks"),
        (r#"{"exit_blocks": 65}"#, "exit_blocks"),
        (r#"{"fast_blocks": 96}"#, "fast_blocks"),
        (r#"{"stop_atr": 0}"#, "stop_atr"),
    ] {
        let error = Momentum::new(bulkhead_sdk::config::parse(json).unwrap()).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(Momentum::SCHEMA).unwrap();
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
