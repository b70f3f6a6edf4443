use super::*;
use bulkhead_sdk::testing;

const MINUTE_MS: u64 = 60_000;

fn table(names: &[&str]) -> SymbolTable {
    SymbolTable::new((0..).zip(names).map(|(id, name)| testing::symbol(id, name)).collect())
}

fn plugin() -> MeanReversion {
    MeanReversion::new(Config::default()).unwrap()
}

fn ask(plugin: &mut MeanReversion, symbols: &SymbolTable, minute: u64, closes: &[(u32, f64)]) -> Vec<Proposal> {
    ask_in(Volatility::Normal, plugin, symbols, minute, closes)
}

fn ask_in(
    volatility: Volatility,
    plugin: &mut MeanReversion,
    symbols: &SymbolTable,
    minute: u64,
    closes: &[(u32, f64)],
) -> Vec<Proposal> {
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
    let market = Market { volatility, ..testing::market() };
    plugin.on_bars(&Ctx::new(&context, symbols), &market, &bars).unwrap()
}

/// A wave of one SD = 5.0 around 1,000, and a stretch of three times that at minute 500.
fn price(minute: u64, up: bool) -> f64 {
    let wave = if minute % 2 == 0 { 5.0 } else { -5.0 };
    match minute {
        500..=510 => 1_000.0 + if up { 15.0 } else { -15.0 },
        _ => 1_000.0 + wave,
    }
}

#[test]
fn two_symbols_are_followed_apart_and_answers_keep_to_the_contract() {
    let symbols = table(&["UP", "DOWN"]);
    let mut plugin = plugin();
    let mut seen = Vec::new();
    for minute in 1..=600 {
        let proposals = ask(&mut plugin, &symbols, minute, &[(0, price(minute, true)), (1, price(minute, false))]);
        seen.extend(proposals.into_iter().map(|proposal| (minute, proposal)));
    }
    let (faded_up, faded_down): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(_, proposal)| proposal.symbol == 0);
    for (proposals, action) in [(faded_up, Action::Short), (faded_down, Action::Long)] {
        let (at, first) = &proposals[0];
        assert_eq!((*at, first.action), (500, action));
        assert!((0.5..=0.95).contains(&first.confidence));
        assert!(first.stop_loss.is_some_and(|stop| (stop - 0.0075).abs() < 1e-3), "{first:?}");
        assert!(first.take_profit.is_some_and(|target| (target - 0.015).abs() < 1e-3), "{first:?}");
        // Back at the wave the bar's range crosses the target: nothing more to say.
        assert_eq!(proposals.len(), 1);
    }
}

#[test]
fn an_extreme_market_is_left_alone() {
    let symbols = table(&["UP"]);
    for (volatility, entries) in [(Volatility::High, 1), (Volatility::Extreme, 0)] {
        let mut plugin = plugin();
        let proposals =
            (1..=505).map(|minute| ask_in(volatility, &mut plugin, &symbols, minute, &[(0, price(minute, true))]));
        assert_eq!(proposals.flatten().count(), entries, "{volatility:?}");
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
    for minute in 1..=490 {
        ask(&mut old, &old_ids, minute, &[(0, price(minute, true)), (1, 500.0)]);
    }
    let mut new = plugin();
    new.symbols(&new_ids);
    new.restore(old.snapshot().unwrap()).unwrap();
    let mut entered = 0;
    for minute in 491..=600 {
        let up = price(minute, true);
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
        let closes: Vec<(u32, f64)> = (0..100).map(|id| (id, price(minute, true) / 7.0)).collect();
        ask(&mut full, &symbols, minute, &closes);
    }
    let blob = full.snapshot().unwrap();
    assert!(blob.bytes.len() < MAX_STATE / 20, "{}", blob.bytes.len());
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
        (r#"{"mean_minutes": 1}"#, "mean_minutes"),
        (r#"{"trend_minutes": 239}"#, "trend_minutes"),
        (r#"{"entry_sd": 0}"#, "entry_sd"),
        (r#"{"exit_sd": 2.5}"#, "exit_sd"),
        (r#"{"max_hold_minutes": 0}"#, "max_hold_minutes"),
    ] {
        let error = MeanReversion::new(bulkhead_sdk::config::parse(json).unwrap()).err().unwrap();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn the_schema_names_every_key_with_its_default() {
    let schema: serde_json::Value = serde_json::from_str(MeanReversion::SCHEMA).unwrap();
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
