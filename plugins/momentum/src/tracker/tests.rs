use super::*;

/// Small numbers, so that a test can count them.
fn config() -> Config {
    Config {
        block_minutes: 5,
        channel_blocks: 8,
        exit_blocks: 4,
        fast_blocks: 3,
        slow_blocks: 8,
        atr_blocks: 4,
        cooldown_minutes: 30,
        min_stop_pct: 0.1,
        ..Config::default()
    }
}

fn minute(tracker: &mut Tracker, at: u64, close: f64, config: &Config) -> Option<Idea> {
    let bar = Bar { close_ms: at * MINUTE_MS, high: close + 0.5, low: close - 0.5, close };
    tracker.on_bar(&bar, config)
}

/// Quiet for the warm-up, then a steady move of `step` a minute. Returns the ideas with their minutes.
fn play(tracker: &mut Tracker, step: f64, minutes: u64, config: &Config) -> Vec<(u64, Idea)> {
    let mut ideas = Vec::new();
    for at in 1..=minutes {
        let wave = if at % 2 == 0 { 0.2 } else { -0.2 };
        let price = 1_000.0 + wave + step * at.saturating_sub(50) as f64;
        ideas.extend(minute(tracker, at, price, config).map(|idea| (at, idea)));
    }
    ideas
}

#[test]
fn nothing_while_warming_up_or_quiet() {
    let config = config();
    let mut tracker = Tracker::new(&config);
    assert_eq!(play(&mut tracker, 0.0, 400, &config), []);
    let mut cold = Tracker::new(&config);
    assert!((1..40).all(|at| minute(&mut cold, at, 1_000.0 + at as f64, &config).is_none()));
}

#[test]
fn a_breakout_is_proposed_once_in_its_direction() {
    let config = config();
    for (step, want) in [(0.2, true), (-0.2, false)] {
        let mut tracker = Tracker::new(&config);
        let ideas = play(&mut tracker, step, 60, &config);
        let [(at, Idea::Enter { long, confidence, stop_loss, take_profit })] = ideas[..] else {
            panic!("{ideas:?}");
        };
        assert_eq!(long, want);
        assert_eq!(at % 5, 0, "decisions fall at the end of a block");
        assert!((0.5..=0.95).contains(&confidence), "{confidence}");
        assert!((take_profit / stop_loss - 1.5).abs() < 1e-9);
    }
}

/// Quiet for 330 minutes, a climb of an hour, then a way back of `back` a minute; all of it upside down when `sign` is
/// negative. Returns the ideas with their minutes and whether the averages then still stood on the side of the climb.
fn climb_and_return(config: &Config, sign: f64, climb: f64, back: f64) -> Vec<(u64, Idea, bool)> {
    let mut tracker = Tracker::new(config);
    let mut ideas = Vec::new();
    for at in 1..=600_u64 {
        let wave = if at % 2 == 0 { 0.2 } else { -0.2 };
        let height = climb * at.saturating_sub(330).min(60) as f64 - back * at.saturating_sub(390) as f64;
        if let Some(idea) = minute(&mut tracker, at, 1_000.0 + wave + sign * height, config) {
            let lead = tracker.history.fast.value - tracker.history.slow.value;
            ideas.push((at, idea, lead * sign > 0.0));
        }
    }
    ideas
}

#[test]
fn a_reversal_ends_the_trade_and_the_symbol_rests() {
    let config = Config { target_atr: 50.0, stop_atr: 20.0, ..config() };
    for sign in [1.0, -1.0] {
        let ideas = climb_and_return(&config, sign, 0.4, 1.0);
        let [(_, first, _), (out, Idea::Exit, ahead), (again, second, _)] = ideas[..] else { panic!("{ideas:?}") };
        assert!(out > 390 && ahead, "leaving the channel is enough, the averages come later: {ideas:?}");
        assert!(matches!(first, Idea::Enter { long, .. } if long == (sign > 0.0)));
        assert!(matches!(second, Idea::Enter { long, .. } if long == (sign < 0.0)));
        assert!(again >= out + config.cooldown_minutes, "{ideas:?}");
    }
}

#[test]
fn averages_that_cross_end_the_trade_even_inside_the_channel() {
    // The channel of the exit is as long as the other one, so that a slow way back does not leave it for long.
    let config = Config { target_atr: 50.0, stop_atr: 20.0, channel_blocks: 60, exit_blocks: 60, ..config() };
    for sign in [1.0, -1.0] {
        let ideas = climb_and_return(&config, sign, 0.2, 0.02);
        let [(_, Idea::Enter { long, .. }, _), (out, Idea::Exit, ahead)] = ideas[..] else { panic!("{ideas:?}") };
        assert_eq!(long, sign > 0.0);
        assert!(out > 390 && !ahead, "{ideas:?}");
    }
}

#[test]
fn a_stop_hit_inside_a_bar_needs_no_exit_but_a_rest() {
    let config = config();
    let mut tracker = Tracker::new(&config);
    let ideas = play(&mut tracker, 0.2, 60, &config);
    let at = ideas[0].0.max(60) + 1;
    let crash = Bar { close_ms: at * MINUTE_MS, high: 1_002.0, low: 900.0, close: 1_001.0 };
    assert_eq!(tracker.on_bar(&crash, &config), None);
    assert_eq!(tracker.open, None);
    assert_eq!(tracker.quiet_until_ms, (at + config.cooldown_minutes) * MINUTE_MS);
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
        let open = Open { long, stop, target };
        assert_eq!(open.is_over(&Bar { close_ms: 1, high, low, close: low }), over, "{long} {low} {high}");
    }
}

#[test]
fn bad_repeated_and_old_bars_change_nothing() {
    let config = config();
    let mut tracker = Tracker::new(&config);
    play(&mut tracker, 0.2, 47, &config);
    let before = tracker.clone();
    assert_eq!(minute(&mut tracker, 47, 5_000.0, &config), None);
    assert_eq!(minute(&mut tracker, 3, 5_000.0, &config), None);
    assert_eq!(minute(&mut tracker, 48, f64::NAN, &config), None);
    assert_eq!(tracker, before);
}

#[test]
fn a_long_hole_starts_the_history_again() {
    let config = config();
    let mut tracker = Tracker::new(&config);
    play(&mut tracker, 0.2, 60, &config);
    minute(&mut tracker, 60 + config.max_gap_minutes + 1, 2_000.0, &config);
    assert!(!tracker.history.is_warm(&config));
    assert_eq!(tracker.open, None);
}

#[test]
fn confidence_grows_with_every_part_and_stays_in_its_range() {
    assert_eq!(confidence(0.0, 0.0, 0.0), 0.5);
    assert!((confidence(9.0, 9.0, 9.0) - 0.95).abs() < 1e-12);
    let base = confidence(0.2, 1.0, 0.3);
    for more in [confidence(0.3, 1.0, 0.3), confidence(0.2, 2.0, 0.3), confidence(0.2, 1.0, 0.6)] {
        assert!(more > base);
    }
}
