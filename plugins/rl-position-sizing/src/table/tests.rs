use super::*;
use crate::config::Config;
use crate::situation::STATES;
use crate::testkit::Random;

fn shares() -> Shares {
    Shares::new(&Config::default())
}

fn state(number: u8) -> StateId {
    StateId::of_number(number).unwrap()
}

fn outcome(profit: f64, drawdown: f64) -> Outcome {
    Outcome::new(profit, drawdown, 0).unwrap()
}

#[test]
fn an_outcome_moves_every_size_of_its_state_by_alpha_and_no_other_state() {
    let mut table = Table::default();
    let (win, loss) = (outcome(0.06, 0.0), outcome(-0.02, 0.02));
    table.learn(state(7), &win, &shares(), 0.15);
    table.learn(state(7), &loss, &shares(), 0.15);
    let row = table.row(state(7)).unwrap();
    for (q, share) in row.q.iter().zip(shares().all()) {
        let first = 0.15 * (0.1 + 0.06 * share);
        let want = first + 0.15 * (-0.03 * share - first);
        assert!((q - want).abs() < 1e-12, "{share}");
    }
    assert_eq!((row.outcomes, table.row(state(8))), (2, None));
}

#[test]
fn the_best_size_follows_the_outcomes_and_equals_go_to_the_smaller() {
    let shares = shares();
    let mut row = Row::default();
    assert_eq!(row.best(&shares), shares.smallest());
    for (profit, want) in [(0.03, 1.0), (-0.05, shares.smallest()), (0.2, 1.0)] {
        row.learn(&outcome(profit, 0.0), &shares, 0.15);
        assert_eq!(row.best(&shares), want, "{profit}");
    }
    let mut flat = Row::default();
    flat.learn(&outcome(0.0, 0.0), &shares, 0.15);
    assert_eq!(flat.best(&shares), shares.smallest());
}

#[test]
fn values_stay_within_the_bounds_of_rewards() {
    let mut random = Random::new(3);
    for alpha in [0.001, 0.15, 1.0] {
        let mut table = Table::default();
        let (mut least, mut most) = (0.0f64, 0.0f64);
        for _ in 0..20_000 {
            let (profit, drawdown) = (random.between(-3.0, 3.0).round(), random.unit().round());
            let held_ms = random.next() >> random.below(60);
            let at = state(random.below(3) as u8);
            table.learn(at, &Outcome::new(profit, drawdown, held_ms).unwrap(), &shares(), alpha);
            let row = table.row(at).unwrap();
            assert!(row.is_possible(), "{row:?}");
            least = row.q.iter().fold(least, |least, q| least.min(*q));
            most = row.q.iter().fold(most, |most, q| most.max(*q));
        }
        assert!(alpha < 0.1 || (least < -0.6 && most > 0.5), "{alpha}: {least} to {most}");
    }
}

#[test]
fn the_table_has_no_more_rows_than_states_and_comes_back() {
    let mut table = Table::default();
    let mut random = Random::new(4);
    for _ in 0..10_000 {
        let at = state(random.below(u64::from(STATES)) as u8);
        table.learn(at, &outcome(random.between(-0.1, 0.1), random.unit() / 10.0), &shares(), 0.15);
    }
    let rows = table.to_rows();
    assert_eq!(rows.len(), usize::from(STATES));
    assert_eq!(Table::of_rows(&rows), Ok(table));
}

#[test]
fn rows_that_cannot_be_are_refused() {
    let good = Row { outcomes: 1, q: [0.0; SIZES] };
    assert!(Table::of_rows(&[(0, good)]).is_ok());
    let with = |q: f64| Row { q: [0.0, 0.0, q, 0.0, 0.0], ..good };
    for rows in [
        vec![(STATES, good)],
        vec![(0, good), (0, good)],
        vec![(0, with(f64::NAN))],
        vec![(0, with(BEST + 0.01))],
        vec![(0, with(WORST - 0.01))],
        vec![(0, Row::default())],
    ] {
        assert!(Table::of_rows(&rows).is_err(), "{rows:?}");
    }
}
