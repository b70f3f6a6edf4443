use super::*;

fn config() -> Config {
    Config { mean_minutes: 60, trend_minutes: 240, min_sd_bps: 5.0, ..Config::default() }
}

fn minute(tracker: &mut Tracker, at: u64, close: f64, config: &Config) -> Option<Idea> {
    let bar = Bar { close_ms: at * MINUTE_MS, high: close, low: close, close };
    tracker.on_bar(&bar, true, config)
}

/// Two hours of a wave of one SD = 1.0 around 1,000, then the bar of the stretch.
fn stretched(by: f64, config: &Config) -> (Tracker, Option<Idea>) {
    let mut tracker = Tracker::default();
    for at in 1..=300 {
        let close = if at % 2 == 0 { 1_001.0 } else { 999.0 };
        assert_eq!(minute(&mut tracker, at, close, config), None);
    }
    let idea = minute(&mut tracker, 301, 1_000.0 + by, config);
    (tracker, idea)
}

#[test]
fn bets_against_a_stretch_and_only_against_a_stretch() {
    let config = config();
    assert_eq!(stretched(2.0, &config).1, None);
    for (by, want) in [(-3.0, true), (3.0, false)] {
        let Some(Idea::Enter { long, confidence, stop_loss, take_profit }) = stretched(by, &config).1 else {
            panic!("no idea at {by}");
        };
        assert_eq!(long, want);
        assert!((0.5..=0.95).contains(&confidence), "{confidence}");
        assert!((take_profit - 0.003).abs() < 2e-4, "{take_profit}");
        assert!((stop_loss - 0.0015).abs() < 2e-4, "{stop_loss}");
    }
}

#[test]
fn out_at_the_mean_and_then_quiet() {
    let config = config();
    let (mut tracker, idea) = stretched(-3.0, &config);
    assert!(idea.is_some());
    assert_eq!(minute(&mut tracker, 302, 998.8, &config), None);
    let bar = Bar { close_ms: 303 * MINUTE_MS, high: 999.99, low: 998.9, close: 999.99 };
    assert_eq!(tracker.on_bar(&bar, true, &config), Some(Idea::Exit));
    assert_eq!(minute(&mut tracker, 304, 990.0, &config), None);
    assert_eq!(tracker.quiet_until_ms, (303 + config.cooldown_minutes) * MINUTE_MS);
}

#[test]
fn a_stop_ends_the_trade_without_a_word() {
    let config = config();
    let (mut tracker, _) = stretched(-3.0, &config);
    assert_eq!(minute(&mut tracker, 302, 995.0, &config), None);
    assert_eq!(tracker.open, None);
}

#[test]
fn a_trade_that_waits_too_long_is_closed() {
    let config = Config { max_hold_minutes: 5, exit_sd: -2.0, ..config() };
    let (mut tracker, _) = stretched(-3.0, &config);
    let ideas: Vec<_> = (302..=310).filter_map(|at| Some((at, minute(&mut tracker, at, 997.5, &config)?))).collect();
    assert_eq!(ideas, [(306, Idea::Exit)]);
}

#[test]
fn no_bet_in_a_trend_in_a_storm_or_where_fees_eat_it() {
    let config = config();
    let mut trending = Tracker::default();
    let mut price = 1_000.0;
    for at in 1..=600 {
        price += if at % 20 < 17 { 0.5 } else { -1.5 };
        assert_eq!(minute(&mut trending, at, price, &config), None);
    }
    assert_eq!(minute(&mut trending, 601, price + 400.0, &config), None);

    let (_, idea) = stretched(-3.0, &Config { min_sd_bps: 50.0, ..config.clone() });
    assert_eq!(idea, None);

    let (mut storm, _) = stretched(0.0, &config);
    let bar = Bar { close_ms: 302 * MINUTE_MS, high: 990.0, low: 990.0, close: 990.0 };
    assert_eq!(storm.clone().on_bar(&bar, false, &config), None);
    assert!(storm.on_bar(&bar, true, &config).is_some());
}

#[test]
fn a_trade_is_over_where_its_stop_or_target_is_touched() {
    for (long, stop, target, low, high, over) in [
        (true, 95.0, 110.0, 95.1, 109.9, false),
        (true, 95.0, 110.0, 95.0, 100.0, true),
        (true, 95.0, 110.0, 100.0, 110.0, true),
        (false, 105.0, 90.0, 90.1, 104.9, false),
        (false, 105.0, 90.0, 100.0, 105.0, true),
        (false, 105.0, 90.0, 90.0, 100.0, true),
    ] {
        let open = Open { long, stop, target, since_ms: 0 };
        assert_eq!(open.is_over(&Bar { close_ms: 1, high, low, close: low }), over, "{long} {low} {high}");
    }
}

#[test]
fn bad_repeated_and_old_bars_change_nothing_and_a_hole_starts_again() {
    let config = config();
    let (tracker, _) = stretched(0.0, &config);
    let mut same = tracker.clone();
    for (at, close) in [(301, 500.0), (7, 500.0), (302, f64::NAN), (302, -1.0)] {
        assert_eq!(minute(&mut same, at, close, &config), None);
    }
    assert_eq!(same, tracker);
    let mut patient = same.clone();
    assert!(minute(&mut patient, 301 + config.max_gap_minutes, 990.0, &config).is_some());
    assert_eq!(minute(&mut same, 301 + config.max_gap_minutes + 1, 900.0, &config), None);
    assert_ne!(same.bands, tracker.bands);
    assert!((1..50).all(|at| minute(&mut same, 400 + at, 900.0 + at as f64, &config).is_none()));
}

#[test]
fn confidence_grows_with_every_part_and_stays_in_its_range() {
    let config = Config::default();
    let at = |z, sd, trend| confidence(Reading { z, sd, trend }, &config);
    assert_eq!(at(2.5, 0.0, 1.0), 0.5);
    assert!((at(-9.0, 0.9, 0.0) - 0.95).abs() < 1e-12);
    let base = at(2.6, 0.004, 0.5);
    for more in [at(2.9, 0.004, 0.5), at(2.6, 0.006, 0.5), at(2.6, 0.004, -0.2)] {
        assert!(more > base);
    }
}
