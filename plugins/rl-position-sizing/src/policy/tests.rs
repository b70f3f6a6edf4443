use super::*;
use crate::reward::Outcome;
use crate::situation::StateId;
use crate::table::Table;
use crate::testkit::Random;

/// What a state gets after these outcomes: profit as a fraction, no drawdown.
fn after(profits: &[f64], high_volatility: bool) -> Choice {
    let config = Config::default();
    let shares = Shares::new(&config);
    let state = StateId::of_number(0).unwrap();
    let mut table = Table::default();
    for profit in profits {
        let outcome = Outcome::new(*profit, 0.0, 0).unwrap();
        table.learn(state, &outcome, &shares, config.alpha);
    }
    choose(table.row(state), high_volatility, &shares, &config)
}

#[test]
fn an_unknown_state_gets_the_base_or_three_tenths_in_high_volatility() {
    assert_eq!(after(&[], false), Choice { share: 1.0, earned: false });
    assert_eq!(after(&[], true), Choice { share: 0.3, earned: false });
}

#[test]
fn losses_go_down_a_size_at_a_time() {
    let smallest = 10.0 / 8_000.0;
    for (losses, want) in [(1, 1.0), (2, 1.0), (3, 0.5), (6, 0.25), (9, 0.1), (11, 0.1), (12, smallest), (99, smallest)]
    {
        assert_eq!(after(&vec![-0.02; losses], false).share, want, "{losses}");
    }
    for (losses, want) in [(2, 0.3), (3, 0.25), (6, 0.1), (9, smallest)] {
        assert_eq!(after(&vec![-0.02; losses], true).share, want, "{losses}");
    }
}

#[test]
fn in_high_volatility_more_than_three_tenths_needs_values_that_say_something() {
    for (wins, want) in [(2, 0.3), (3, 0.3), (6, 1.0)] {
        assert_eq!(after(&vec![0.02; wins], true).share, want, "{wins}");
    }
    // Wins and losses: the level is under 0.05, though the best size is the full one.
    let mixed: Vec<f64> = [-0.001, -0.001, 0.02, -0.001].repeat(5);
    assert_eq!(after(&mixed, true), Choice { share: 0.3, earned: false });
    assert_eq!(after(&mixed, false), Choice { share: 1.0, earned: true });
}

#[test]
fn a_state_that_does_better_gets_its_size_back() {
    let mut profits = vec![-0.02; 12];
    assert!(after(&profits, false).share < 0.01);
    profits.extend([0.06; 12]);
    assert_eq!(after(&profits, false), Choice { share: 1.0, earned: true });
}

#[test]
fn only_what_was_earned_may_be_over_the_base() {
    assert!(!after(&[0.02; 2], false).earned);
    assert!(after(&[0.02; 3], false).earned);
    assert!(!after(&[-0.02; 30], false).earned);
}

#[test]
fn a_size_is_within_its_ceiling_and_skipped_under_the_least() {
    let config = Config::default();
    let shares = Shares::new(&config);
    let size = |share, ceiling| size_usd(Choice { share, earned: false }, ceiling, &shares, &config);
    for (share, ceiling, want) in [
        (1.0, 500.0, 500.0),
        (0.25, 500.0, 125.0),
        (0.1, 500.0, 50.0),
        (0.1, 99.0, 0.0),
        (shares.smallest(), 500.0, 10.0),
        (shares.smallest(), 10.0, 10.0),
        (shares.smallest(), 9.0, 0.0),
        (1.0, 9.0, 0.0),
        (1.0, 0.0, 0.0),
    ] {
        assert_eq!(size(share, ceiling), want, "{share} of {ceiling}");
    }
    let mut random = Random::new(5);
    for _ in 0..20_000 {
        let share = shares.all()[random.below(5) as usize];
        let ceiling = random.between(0.0, 200.0);
        let got = size(share, ceiling);
        assert!(got == 0.0 || (config.min_size_usd..=ceiling).contains(&got));
        assert!(size(share, ceiling * 2.0) >= got, "more room, less size");
    }
}

#[test]
fn every_path_of_outcomes_leads_to_a_size_of_the_table_or_to_the_start() {
    let mut random = Random::new(6);
    let shares = Shares::new(&Config::default());
    for _ in 0..2_000 {
        let profits: Vec<f64> = (0..random.below(30)).map(|_| random.between(-0.1, 0.1)).collect();
        for high_volatility in [false, true] {
            let share = after(&profits, high_volatility).share;
            assert!(shares.all().contains(&share) || (high_volatility && share == 0.3), "{share}");
        }
    }
}
