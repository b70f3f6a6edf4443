use std::collections::HashSet;

use super::*;

fn market(seed: u64) -> Market {
    simulate(&SimOptions { seed, ..SimOptions::default() }).unwrap()
}

fn returns(series: &Series) -> Vec<f64> {
    series.close.windows(2).map(|w| (w[1] / w[0]).ln()).collect()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let cov: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
    let (va, vb): (f64, f64) = (a.iter().map(|x| (x - ma).powi(2)).sum(), b.iter().map(|y| (y - mb).powi(2)).sum());
    cov / (va * vb).sqrt()
}

#[test]
fn a_seed_is_a_market() {
    let one = market(7);
    assert_eq!(one, market(7));
    assert_ne!(one.symbols, market(8).symbols);
    assert_eq!(one.source, MarketSource::Simulated { seed: 7 });
    assert_eq!(one.rows(), 8 * 3 * 1440);
    let names: Vec<_> = one.names().collect();
    assert_eq!(names, ["SIMADA", "SIMAVAX", "SIMBNB", "SIMBTC", "SIMETH", "SIMLINK", "SIMSOL", "SIMXRP"]);
}

#[test]
fn more_symbols_leave_the_first_ones_alone() {
    let all = simulate(&SimOptions { seed: 7, symbols: MAX_SYMBOLS, minutes: 200, ..SimOptions::default() }).unwrap();
    let few = simulate(&SimOptions { seed: 7, symbols: 2, minutes: 200, ..SimOptions::default() }).unwrap();
    for series in &few.symbols {
        let same = all.index_of(&series.symbol).unwrap();
        assert_eq!(series, &all.symbols[same as usize]);
    }
    assert_eq!(all.names().collect::<HashSet<_>>().len(), MAX_SYMBOLS);
    assert!(all.names().is_sorted());
}

#[test]
fn bars_are_candles_a_venue_could_have_sent() {
    for symbols in [8, MAX_SYMBOLS] {
        let market = simulate(&SimOptions { seed: 3, symbols, minutes: 3000, ..SimOptions::default() }).unwrap();
        let instruments = crate::market::instruments::infer(&market);
        for (series, instrument) in market.symbols.iter().zip(instruments) {
            assert!(series.ts_ms.windows(2).all(|w| w[1] - w[0] == STEP_MS));
            assert!(series.open[1..] == series.close[..series.len() - 1], "a bar opens at the last close");
            let tick = crate::market::grid::Grid::new(instrument.tick).unwrap();
            for row in 0..series.len() {
                let c = series.candle(row).unwrap();
                assert!(c.low > 0.0 && c.low <= c.open.min(c.close) && c.high >= c.open.max(c.close), "{c:?}");
                assert!(tick.holds(c.high) && tick.holds(c.low) && c.volume > 0.0, "{c:?}");
            }
            assert!(instrument.tick >= 1e-5 && instrument.step >= 1e-3, "{instrument:?}");
        }
    }
}

#[test]
fn every_pair_is_correlated_and_none_is_a_copy() {
    for seed in 1..=5 {
        let market = market(seed);
        let columns: Vec<_> = market.symbols.iter().map(returns).collect();
        for (i, a) in columns.iter().enumerate() {
            for b in &columns[i + 1..] {
                let r = correlation(a, b);
                assert!(r > 0.2 && r < 0.98, "seed {seed}: {r}");
            }
        }
    }
}

#[test]
fn every_seed_crashes_in_the_middle_and_recovers_partly() {
    for seed in 1..=20 {
        let mut regained = 0.0;
        for series in &market(seed).symbols {
            let middle = series.len() / 2;
            let before = series.close[middle - 1];
            let bottom = series.low[middle..middle + 30].iter().copied().fold(f64::MAX, f64::min);
            let after = series.close[middle + 270];
            let fall = 1.0 - bottom / before;
            assert!(fall > 0.06 && fall < 0.30, "seed {seed} {}: {fall}", series.symbol);
            assert!(after > bottom, "seed {seed} {}: {before} {bottom} {after}", series.symbol);
            regained += (after - bottom) / (before - bottom) / 8.0;
        }
        assert!(regained > 0.3 && regained < 1.0, "seed {seed}: {regained}");
    }
}

#[test]
fn returns_have_fat_tails_clusters_and_volume_on_moves() {
    let (mut kurtosis, mut clusters, mut moves, mut n) = (0.0, 0.0, 0.0, 0.0);
    for seed in 1..=5 {
        for series in &market(seed).symbols {
            // Before the crash, which would make any series fat-tailed and clustered.
            let r = &returns(series)[..2000];
            let size: Vec<f64> = r.iter().map(|x| x.abs()).collect();
            let second = r.iter().map(|x| x * x).sum::<f64>() / r.len() as f64;
            kurtosis += r.iter().map(|x| x.powi(4)).sum::<f64>() / r.len() as f64 / (second * second);
            clusters += correlation(&size[..size.len() - 5], &size[5..]);
            moves += correlation(&size, &series.volume[1..=size.len()]);
            n += 1.0;
        }
    }
    println!(
        "kurtosis {:.1}, |r| autocorrelation at 5 minutes {:.2}, |r| to volume {:.2}",
        kurtosis / n,
        clusters / n,
        moves / n
    );
    assert!(kurtosis / n > 5.0 && kurtosis / n < 30.0, "a normal has 3");
    assert!(clusters / n > 0.1);
    assert!(moves / n > 0.3);
}

#[test]
fn three_days_have_every_regime() {
    for seed in 1..=20 {
        let seen: HashSet<_> = factor::path(seed, 4320).iter().map(|m| m.regime).collect();
        assert_eq!(seen.len(), 4, "seed {seed}");
    }
}

#[test]
fn sizes_out_of_range_are_refused_and_tiny_ones_work() {
    let said = |options: SimOptions| simulate(&options).unwrap_err().to_string();
    let default = SimOptions::default();
    assert_eq!(
        said(SimOptions { symbols: 0, ..default }),
        "a simulated market has 1 to 64 symbols and 0 were asked for: give a number in that range"
    );
    assert_eq!(
        said(SimOptions { minutes: 0, ..default }),
        "a simulated market has 1 to 20000000 bars and 0 were asked for: change its length or number of symbols"
    );
    assert_eq!(
        said(SimOptions { start_ms: 1, ..default }),
        "a simulated market starts on a whole minute after 1970 and 1 ms is none: give such a time"
    );
    for minutes in [1, 2, 3, 59] {
        assert_eq!(simulate(&SimOptions { minutes, symbols: 1, ..default }).unwrap().rows(), u64::from(minutes));
    }
}
