use super::*;
use crate::testkit::{Row, outcomes};
use bulkhead_sdk::models::Trend;

const NOW: u64 = 100 * 86_400_000;

fn names(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("model-{i}")).collect()
}

fn ask(config: &Config, models: usize, rows: &[Row]) -> Evaluation {
    evaluate(config, &mut Memory::default(), NOW, &names(models), &outcomes(rows))
}

fn weighing() -> Config {
    Config { adjust_weights: true, ..Config::default() }
}

/// `wins` of `count` trades win, spread over the days before now.
fn record(model: u32, count: u64, wins: u64, confidence: f64) -> Vec<Row> {
    let row = |i: u64| {
        // Spread evenly: every so often a win.
        let won = (i + 1) * wins / count > i * wins / count;
        let side = if i % 2 == 0 { Side::Long } else { Side::Short };
        Row { day: 99 - i % 20, r: if won { 1.5 } else { -1.0 }, confidence, side, ..Row::new(model) }
    };
    (0..count).map(row).collect()
}

#[test]
fn a_good_a_poor_a_bad_and_a_new_model() {
    let rows =
        [record(0, 60, 39, 0.6), record(1, 60, 27, 0.6), record(2, 60, 12, 0.8), record(3, 10, 10, 0.9)].concat();
    let got = ask(&weighing(), 5, &rows);
    let health: Vec<ModelHealth> = got.scores.iter().map(|score| score.health).collect();
    use ModelHealth::{Critical, Degraded, Healthy, InsufficientData};
    assert_eq!(health, [Healthy, Degraded, Critical, InsufficientData, InsufficientData]);
    let [good, poor, bad, new, unheard] = &got.scores[..] else { panic!("five scores") };
    assert_eq!((good.model, poor.model, bad.model, new.model, unheard.model), (0, 1, 2, 3, 4));
    assert_eq!(good.win_rate, Some(0.65));
    assert!((good.mean_r.unwrap() - 0.625).abs() < 1e-12 && (good.calibration.unwrap() - 0.95).abs() < 1e-12);
    // Ten wins of ten are no win rate yet.
    assert_eq!((new.win_rate, new.mean_r, new.calibration, new.trend), (None, None, None, Trend::Unknown));
    assert!(good.weight > poor.weight && poor.weight > bad.weight && bad.weight >= unheard.weight);
    assert!((unheard.weight - 0.10).abs() < 1e-9);
    assert_eq!(got.biased_side, None);
}

#[test]
fn weights_are_even_until_they_may_follow_the_scores() {
    let rows = [record(0, 60, 40, 0.6), record(1, 60, 10, 0.6)].concat();
    for (config, even) in [(Config::default(), true), (weighing(), false)] {
        let weights: Vec<f64> = ask(&config, 4, &rows).scores.iter().map(|score| score.weight).collect();
        assert_eq!(weights.iter().all(|weight| *weight == 0.25), even, "{weights:?}");
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn the_bias_is_of_all_models_and_of_the_last_days() {
    let long = |day, count| vec![Row { day, side: Side::Long, ..Row::new(0) }; count];
    let short = |day, count| vec![Row { day, side: Side::Short, ..Row::new(1) }; count];
    for (rows, want) in [
        ([long(99, 15), short(99, 5)], Some(Side::Long)),
        ([long(99, 5), short(99, 15)], Some(Side::Short)),
        ([long(99, 14), short(99, 6)], None),
        // An old lean is over.
        ([long(90, 100), short(99, 19)], None),
        ([long(90, 100), short(99, 20)], Some(Side::Short)),
        ([long(99, 12), short(99, 0)], None),
    ] {
        assert_eq!(ask(&Config::default(), 2, &rows.concat()).biased_side, want);
    }
}

#[test]
fn three_losses_in_a_row_are_a_drift_of_that_model_only() {
    let mut rows = [record(0, 40, 30, 0.7), record(1, 40, 30, 0.7)].concat();
    assert!(ask(&Config::default(), 2, &rows).scores.iter().all(|score| !score.drift));
    rows.extend([Row { day: 100, r: -0.2, ..Row::new(1) }; 3]);
    let drifts: Vec<bool> = ask(&Config::default(), 2, &rows).scores.iter().map(|score| score.drift).collect();
    assert_eq!(drifts, [false, true]);
}

#[test]
fn nobody_and_nothing_are_answered_too() {
    assert_eq!(ask(&weighing(), 0, &record(0, 30, 10, 0.5)), Evaluation { scores: Vec::new(), biased_side: None });
    let silent = ask(&weighing(), 3, &[]);
    assert!(silent.scores.iter().all(|score| score.health == ModelHealth::InsufficientData && !score.drift));
    assert!(silent.scores.iter().all(|score| (score.weight - 1.0 / 3.0).abs() < 1e-9));
}

#[test]
fn the_order_of_the_rows_changes_nothing() {
    let mut rows = [record(0, 60, 40, 0.63), record(1, 47, 20, 0.77), record(2, 21, 11, 0.41)].concat();
    let want = ask(&weighing(), 3, &rows);
    for turn in 1..60 {
        rows.rotate_left(turn % 17);
        rows.reverse();
        assert_eq!(ask(&weighing(), 3, &rows), want);
    }
}

#[test]
fn the_order_of_the_models_changes_nothing_but_their_places() {
    let records = [(60, 40, 0.63), (47, 20, 0.77), (21, 11, 0.41)];
    let ask = |order: [u32; 3]| {
        let rows: Vec<Row> = records
            .iter()
            .zip(order)
            .flat_map(|((count, wins, claim), place)| record(place, *count, *wins, *claim))
            .collect();
        let scores = ask(&weighing(), 3, &rows).scores;
        order.map(|place| ModelScore { model: 0, ..scores[place as usize] })
    };
    let want = ask([0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        for (got, want) in ask(order).iter().zip(&want) {
            // Weights come from a sum over all models, in their order.
            assert!((got.weight - want.weight).abs() < 1e-12);
            assert_eq!(ModelScore { weight: want.weight, ..*got }, *want);
        }
    }
}

/// What the host checks, whatever comes.
#[test]
fn every_answer_is_within_the_contract() {
    let wild = [f64::NAN, f64::INFINITY, -1e308, -1_000.0, -0.0, 1e-300, 0.37, 1.0, 999.0, 1e308];
    for seed in 0..200_u32 {
        let rows: Vec<Row> = (0..seed)
            .map(|i| Row {
                model: (i * 31 + seed) % 9,
                day: u64::from((i * 17 + seed) % 130),
                r: wild[((i * 7 + seed) % 10) as usize],
                confidence: if i % 5 == 0 { wild[((i * 3 + seed) % 10) as usize] } else { f64::from(i % 101) / 100.0 },
                side: if (i + seed) % 3 == 0 { Side::Short } else { Side::Long },
            })
            .collect();
        let config = Config { min_samples: 1 + seed % 7, adjust_weights: seed % 2 == 0, ..Config::default() };
        for score in ask(&config, 7, &rows).scores {
            assert!((0.0..=1.0).contains(&score.weight));
            for share in [score.win_rate, score.calibration].into_iter().flatten() {
                assert!((0.0..=1.0).contains(&share), "{score:?}");
            }
            assert!(score.mean_r.is_none_or(|r| r.abs() <= 1_000.0));
        }
    }
}
