use super::book::{Book, Taking, replay};
use super::*;
use proptest::prelude::*;

#[test]
fn a_small_order_costs_half_a_tick() {
    let model = SlippageModel::default();
    let half_tick = 0.5 * 0.1 / 60_000.0 * 1e4;
    assert!(model.cost_bps(0.0, 1e7, 60_000.0, 0.1) >= half_tick);
    let narrow = SlippageModel { half_spread_ticks: 0.0, ..model };
    assert_eq!(narrow.cost_bps(0.0, 1e7, 60_000.0, 0.1), half_tick, "no market is tighter than its tick");
}

#[test]
fn what_is_unknown_costs_the_maximum() {
    let model = SlippageModel::default();
    let most = model.max_impact_bps;
    assert!(model.cost_bps(1000.0, 0.0, 100.0, 0.1) >= most);
    for (notional, volume, price, tick) in [
        (1000.0, f64::NAN, 100.0, 0.1),
        (f64::NAN, 1e6, 100.0, 0.1),
        (1000.0, -1.0, 100.0, 0.1),
        (0.0, 0.0, 100.0, 0.1),
        (1000.0, 1e6, 0.0, 0.1),
        (1000.0, 1e6, f64::NAN, 0.1),
        (1000.0, 1e6, -100.0, 0.1),
    ] {
        let cost = model.cost_bps(notional, volume, price, tick);
        assert!(cost >= most && cost <= 2.0 * most, "{notional} {volume} {price} {tick}: {cost}");
    }
}

#[test]
fn a_book_is_walked_level_by_level() {
    let mut book = Book::default();
    book.asks.extend([(1000, 1.0), (1010, 2.0)]);
    book.bids.extend([(998, 1.0), (990, 1.0)]);
    assert_eq!(book.spread_ticks(), Some(2));
    let inside = book.walk(Taking::Asks, 50.0, 0.1).unwrap();
    assert_eq!((inside.impact_bps, inside.censored), (0.0, false));
    // 100 USD at 100 and 101 USD at 101: 201 USD for 2.
    let two = book.walk(Taking::Asks, 201.0, 0.1).unwrap();
    assert!((two.impact_bps - 50.0).abs() < 1e-9 && !two.censored, "{two:?}");
    let all = book.walk(Taking::Bids, 1e6, 0.1).unwrap();
    assert!((all.impact_bps - (1.0 - 99.4 / 99.8) * 1e4).abs() < 1e-6 && all.censored, "{all:?}");
    assert_eq!(Book::default().walk(Taking::Asks, 1.0, 0.1), None);
}

#[test]
fn a_missing_recording_says_what_is_missing() {
    let said = fit(std::path::Path::new("/nowhere")).unwrap_err().to_string();
    assert!(said.starts_with("/nowhere/csv/btcusdt_trades.csv: the recording cannot be read ("), "{said}");
    assert!(said.ends_with("): give the folder that has csv/ and raw/"), "{said}");
}

proptest! {
    #[test]
    fn cost_grows_with_size_falls_with_volume_and_is_bounded(
        notional in 0.0f64..1e9, more in 1.0f64..10.0, volume in 1.0f64..1e9, price in 1e-3f64..1e5
    ) {
        let model = SlippageModel::default();
        let tick = price / 1000.0;
        let cost = model.cost_bps(notional, volume, price, tick);
        prop_assert!(cost >= 0.5 * tick / price * 1e4);
        prop_assert!(cost <= model.half_spread_bps(price, tick) + model.max_impact_bps);
        prop_assert!(model.cost_bps(notional * more, volume, price, tick) >= cost);
        prop_assert!(model.cost_bps(notional, volume * more, price, tick) <= cost);
    }
}

/// The ten levels of the derived files must be the ten best of the rebuilt book at the same moments.
#[test]
fn the_rebuilt_book_is_the_recorded_one() {
    let Some(data) = crate::market::data_tests::data() else { return };
    let dir = data.join("usdm-book-2024-08-08");
    for (symbol, tick) in [("btcusdt", 0.1), ("ethusdt", 0.01)] {
        let mut reader = csv::Reader::from_path(dir.join(format!("csv/{symbol}_book10_1s.csv"))).unwrap();
        let records: Vec<_> = reader.records().map(|r| r.unwrap()).collect();
        let times: Vec<i64> = records.iter().map(|r| r[0].parse().unwrap()).collect();
        let mut same = 0;
        let mut next = 0;
        let mut before: Vec<f64> = Vec::new();
        let log = dir.join(format!("raw/{symbol}_usdm_20240808.jsonl.gz"));
        replay(&log, tick, |time, book| {
            // A row shows the book as the last change before or at its time left it.
            while next < times.len() && times[next] < time {
                let want = records[next].iter().skip(1).map(|f| f.parse::<f64>().unwrap());
                same += usize::from(want.eq(before.iter().copied()));
                next += 1;
            }
            let sides = book.bids.iter().rev().take(10).chain(book.asks.iter().take(10));
            before = sides.flat_map(|(t, q)| [(*t as f64 * tick * 1e4).round() / 1e4, *q]).collect();
        })
        .unwrap();
        println!("{symbol}: {same} of {} snapshots equal in all 20 levels", times.len());
        assert!(same * 100 >= times.len() * 99, "{symbol}: {same} of {}", times.len());
    }
}

#[test]
fn the_shipped_constants_are_the_fit() {
    let Some(data) = crate::market::data_tests::data() else { return };
    let fit = fit(&data.join("usdm-book-2024-08-08")).unwrap();
    println!("{fit:#?}");
    let shipped = SlippageModel::default();
    let close = |a: f64, b: f64| (a / b - 1.0).abs() < 0.03;
    assert!(close(shipped.half_spread_ticks, fit.half_spread_ticks), "{}", fit.half_spread_ticks);
    assert!(close(shipped.impact_bps, fit.impact_bps), "{}", fit.impact_bps);
    assert!(close(shipped.exponent, fit.exponent), "{}", fit.exponent);
    assert_eq!(fit.censored, 0);
    assert!(fit.r2 > 0.95, "{}", fit.r2);
    let unseen = fit.held_out;
    assert!(unseen.samples > 5000 && unseen.bias_bps.abs() < 0.2, "{}", unseen.bias_bps);
    assert!(unseen.mean_abs_error_bps < 0.8 && unseen.small_abs_error_bps < 0.25, "{unseen:?}");
    for (symbol, notional, ratio) in &unseen.ratios {
        assert!((0.7..2.1).contains(ratio), "{symbol} {notional}: {ratio}");
    }
}
