use super::*;
use crate::testkit::Random;

/// ATR/price is then a hundredth of the bps, in percent.
fn plain() -> Config {
    Config { atr_horizon_bars: 1, atr_range_factor: 1.0, ..Config::default() }
}

#[test]
fn bands_begin_at_the_documented_percentages() {
    for (bps, want) in [
        (1e-9, Band::Low),
        (49.9, Band::Low),
        (50.0, Band::Normal),
        (149.9, Band::Normal),
        (150.0, Band::High),
        (299.9, Band::High),
        (300.0, Band::Extreme),
        (1e300, Band::Extreme),
    ] {
        assert_eq!(Band::of(bps, &plain()), want, "{bps}");
    }
}

#[test]
fn unknown_volatility_is_extreme() {
    for bps in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -5.0] {
        assert_eq!(Band::of(bps, &plain()), Band::Extreme, "{bps}");
    }
}

#[test]
fn the_horizon_scales_with_its_root_and_the_factor_straight() {
    let at = |atr_horizon_bars, atr_range_factor| Config { atr_horizon_bars, atr_range_factor, ..Config::default() };
    assert_eq!(Band::of(49.0, &at(1, 1.0)), Band::Low);
    for (config, want) in [(at(4, 1.0), Band::Normal), (at(16, 1.0), Band::High), (at(64, 1.0), Band::Extreme)] {
        assert_eq!(Band::of(49.0, &config), want);
    }
    assert_eq!(Band::of(49.0, &at(1, 4.0)), Band::High);
    // By default: the calm, the usual, the rough and the wild minute of a month of perpetuals.
    let config = Config::default();
    let bands = [2.0, 6.0, 10.0, 20.0].map(|bps| Band::of(bps, &config));
    assert_eq!(bands, [Band::Low, Band::Normal, Band::High, Band::Extreme]);
}

#[test]
fn room_is_the_documented_share_of_equity() {
    for (band, usd, cap) in [
        (Band::Low, 1_000.0, 25.0),
        (Band::Normal, 800.0, 20.0),
        (Band::High, 500.0, 15.0),
        (Band::Extreme, 300.0, 10.0),
    ] {
        for leverage in [0.5, 1.0, cap] {
            assert!((band.room_usd(10_000.0, leverage) - usd).abs() < 1e-9, "{band:?} {leverage}");
        }
        // Over the cap: what the margin would carry at the cap.
        let margin_usd = usd / (2.0 * cap);
        assert!((band.room_usd(10_000.0, 2.0 * cap) - margin_usd * cap).abs() < 1e-9, "{band:?}");
    }
}

#[test]
fn what_is_unknown_leaves_no_room() {
    for unknown in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0] {
        assert_eq!(Band::Low.room_usd(unknown, 5.0), 0.0);
        assert_eq!(Band::Low.room_usd(10_000.0, unknown), 0.0);
        assert_eq!(ceiling_usd(unknown, Band::Low, 10_000.0, 5.0, &Config::default()), 0.0);
    }
}

#[test]
fn the_ceiling_is_the_least_of_all_limits() {
    let config = Config::default();
    let ceiling = |most, equity, leverage| ceiling_usd(most, Band::Normal, equity, leverage, &config);
    assert_eq!(ceiling(500.0, 10_000.0, 5.0), 500.0);
    assert_eq!(ceiling(5_000.0, 10_000.0, 5.0), 800.0);
    assert_eq!(ceiling(5_000.0, 10_000.0, 40.0), 400.0);
    assert_eq!(ceiling(50_000.0, 1e6, 5.0), 8_000.0);
}

#[test]
fn rougher_markets_and_higher_leverage_never_leave_more_room() {
    let mut random = Random::new(2);
    let mut fell = 0;
    for _ in 0..20_000 {
        let config = Config {
            atr_horizon_bars: 1 + random.below(300) as u32,
            atr_range_factor: random.between(0.1, 5.0),
            ..Config::default()
        };
        let (most, equity, leverage) =
            (random.between(1.0, 9_000.0), random.between(1.0, 1e5), random.between(0.1, 60.0));
        let calm = random.between(0.01, 60.0);
        let rough = calm * random.between(1.0, 10.0);
        let at = |bps, leverage| ceiling_usd(most, Band::of(bps, &config), equity, leverage, &config);
        let usd = at(calm, leverage);
        assert!(at(rough, leverage) <= usd && at(calm, leverage * 1.5) <= usd && at(f64::NAN, leverage) <= usd);
        assert!((0.0..=most).contains(&usd));
        fell += u32::from(at(rough, leverage) < usd);
    }
    assert!(fell > 1_000, "volatility hardly ever mattered");
}
