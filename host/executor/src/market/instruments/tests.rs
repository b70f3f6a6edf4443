use super::*;
use crate::market::series::{Candle, MarketSource, Series};
use proptest::prelude::*;

fn btc() -> Instrument {
    Instrument {
        symbol: "BTCUSDT".to_owned(),
        tick: 0.1,
        step: 0.001,
        min_qty: 0.001,
        min_notional_usd: 100.0,
        max_leverage: 20.0,
        maintenance_margin_ratio: 0.025,
        sector: "major".to_owned(),
        price_band_pct: Some(5.0),
    }
}

const ENTRY: &str = r#"{"symbol": "BTCUSDT", "maintMarginPercent": "2.5000", "requiredMarginPercent": "5.0000",
  "filters": [{"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "1"},
  {"filterType": "LOT_SIZE", "minQty": "0.001", "stepSize": "0.001"}, {"filterType": "MIN_NOTIONAL", "notional": "100"},
  {"filterType": "PERCENT_PRICE", "multiplierUp": "1.0500", "multiplierDown": "0.9500"}, {"filterType": "POSITION_RISK_CONTROL"}]}"#;

fn read(entries: &str) -> (String, Result<Vec<Instrument>, InstrumentError>) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("info.json");
    std::fs::write(&file, format!("{{\"timezone\": \"UTC\",\n\"symbols\": [{entries}]}}")).unwrap();
    (file.display().to_string(), from_exchange_info(&file, ["BTCUSDT"]))
}

#[test]
fn the_exchange_file_gives_every_field() {
    assert_eq!(read(ENTRY).1, Ok(vec![btc()]));
    let no_band = ENTRY.replace("PERCENT_PRICE", "SOMETHING_ELSE");
    assert_eq!(read(&no_band).1.unwrap()[0].price_band_pct, None);
}

#[test]
fn a_wrong_exchange_file_says_file_symbol_and_field() {
    let said = |entry: &str| {
        let (file, result) = read(entry);
        result.unwrap_err().to_string().replace(&file, "info.json")
    };
    assert_eq!(
        said(&ENTRY.replace("BTCUSDT", "ETHUSDT")),
        "info.json: there is no entry for BTCUSDT: add one, or leave the symbol out with --symbols"
    );
    assert_eq!(
        said(&ENTRY.replace("LOT_SIZE", "LOT")),
        "info.json: BTCUSDT has no LOT_SIZE.stepSize: add it to the symbol's entry"
    );
    assert_eq!(
        said(&ENTRY.replace("\"0.10\"", "\"ten\"")),
        "info.json: BTCUSDT has PRICE_FILTER.tickSize \"ten\", and it must be a number above zero: correct the symbol's entry"
    );
    assert_eq!(
        said(&ENTRY.replace("\"0.10\"", "\"1e-12\"")),
        "info.json: BTCUSDT has PRICE_FILTER.tickSize \"0.000000000001\", and it must be a decimal of at most ten places: correct the symbol's entry"
    );
    assert_eq!(
        said(&ENTRY.replace("5.0000", "-5")),
        "info.json: BTCUSDT has requiredMarginPercent \"-5\", and it must be a number above zero: correct the symbol's entry"
    );
    assert_eq!(
        said(&ENTRY.replace("0.9500", "1.0")),
        "info.json: BTCUSDT has PERCENT_PRICE \"1.05/1\", and it must be above 1 for multiplierUp and under 1 for multiplierDown: correct the symbol's entry"
    );
    assert_eq!(
        said(&ENTRY.replace("\"filters\"", "\"filter\"")),
        "info.json:5: this is not exchange-info JSON (missing field `filters`): it needs \"symbols\", each with \"symbol\" and \"filters\""
    );
    let missing = from_exchange_info(Path::new("/nowhere/info.json"), ["BTCUSDT"]).unwrap_err().to_string();
    assert_eq!(
        missing,
        "/nowhere/info.json: the exchange-info file cannot be read (No such file or directory (os error 2)): give --exchange-info an existing JSON file"
    );
}

#[test]
fn data_alone_give_tick_and_step() {
    let mut series = Series::with_capacity("ENAUSDT", 2);
    series.push(Candle { ts_ms: 0, open: 0.289, high: 0.2891, low: 0.2888, close: 0.289, volume: 147_885.0 });
    series.push(Candle { ts_ms: 60_000, open: 0.29, high: 0.29, low: 0.29, close: 0.29, volume: 0.0 });
    let mut noisy = Series::with_capacity("ZZZ", 1);
    noisy.push(Candle { ts_ms: 0, open: 1.0, high: 2.0, low: 1.0, close: 2.0, volume: 33.353_996_010_000_02 });
    let market = Market { symbols: vec![series, noisy], step_ms: 60_000, source: MarketSource::Simulated { seed: 0 } };
    let found = resolve(&market, None).unwrap();
    let want = Instrument {
        symbol: "ENAUSDT".to_owned(),
        tick: 0.0001,
        step: 1.0,
        min_qty: 1.0,
        min_notional_usd: 5.0,
        max_leverage: 20.0,
        maintenance_margin_ratio: 0.025,
        sector: "defi".to_owned(),
        price_band_pct: None,
    };
    assert_eq!(found[0], want);
    assert_eq!((found[1].tick, found[1].step, found[1].sector.as_str()), (1.0, 1e-8, "other"));
}

#[test]
fn sectors_see_through_quote_prefix_and_multiplier() {
    for (symbol, want) in [
        ("BTCUSDT", "major"),
        ("ETH-USD", "major"),
        ("SIMSOL", "layer1"),
        ("1000PEPEUSDT", "meme"),
        ("LTCUSDC", "payment"),
        ("USDT", "other"),
        ("SIM", "other"),
        ("", "other"),
    ] {
        assert_eq!(sector_of(symbol), want, "{symbol}");
    }
}

#[test]
fn orders_are_rounded_to_what_the_venue_takes() {
    let btc = btc();
    assert_eq!(btc.floor_qty(0.1 + 0.2), 0.3);
    assert_eq!(btc.floor_qty(0.0019999), 0.001);
    assert_eq!([f64::NAN, f64::INFINITY, -1.0, 0.0].map(|q| btc.floor_qty(q)), [0.0; 4]);
    assert_eq!((btc.passive_buy_price(61_800.27), btc.passive_sell_price(61_800.21)), (61_800.2, 61_800.3));
    assert_eq!(btc.nearest_price(61_800.27), 61_800.3);
    assert!(btc.is_orderable(0.002, 61_800.0));
    assert!(!btc.is_orderable(0.001, 61_800.0), "under 100 USD");
    assert!(!btc.is_orderable(f64::NAN, 61_800.0) && !btc.is_orderable(1.0, f64::NAN));
}

proptest! {
    #[test]
    fn passive_prices_never_cross_what_was_asked(price in 0.5f64..200_000.0) {
        let btc = btc();
        let (buy, sell) = (btc.passive_buy_price(price), btc.passive_sell_price(price));
        prop_assert!(buy <= price * (1.0 + 2e-12) && sell >= price * (1.0 - 2e-12));
        prop_assert!(sell - buy < 0.1 + 1e-9);
        prop_assert_eq!(format!("{buy:.1}").parse::<f64>().unwrap(), buy);
    }

    #[test]
    fn floored_quantities_are_decimal_and_not_above(qty in 0.0f64..1e6) {
        let floored = btc().floor_qty(qty);
        prop_assert!(floored <= qty * (1.0 + 2e-12) && qty - floored < 0.001 + 1e-6);
        prop_assert_eq!(format!("{floored:.3}").parse::<f64>().unwrap(), floored);
    }
}
