use super::*;
use crate::book::Holding;
use crate::config::Config;
use crate::sample::{Noise, correlated, returns};
use bulkhead_sdk::testing;

fn limits(correlation: f64) -> Limits {
    Limits { correlation, ..Config::default().limits(None) }
}

fn book(rows: &[(u32, f64)]) -> Book<'static> {
    let holding = |(id, size_usd): &(u32, f64)| (*id, Holding { size_usd: *size_usd, ..Holding::default() });
    Book { equity_usd: 10_000.0, holdings: rows.iter().map(holding).collect(), ..Book::default() }
}

fn brief(pairs: &[Pair]) -> Vec<(u32, u32)> {
    pairs.iter().map(|pair| (pair.larger, pair.smaller)).collect()
}

/// Symbols that share more or less of one common move, either way, and positions of any size and side in them.
fn market(noise: &mut Noise) -> (Vec<(u32, f64)>, Returns) {
    let common = noise.series(48, 0.01);
    let count = 2 + noise.below(7) as u32;
    let series = (0..count).map(|id| {
        let (share, own) = (noise.next(), 0.008 * noise.next());
        (id, common.iter().map(|value| value * share + own * noise.next()).collect())
    });
    let returns = returns(&series.collect::<Vec<_>>());
    let sizes = (0..count).map(|id| (id, (noise.next() * 4.0).round() * 100.0)).filter(|row| row.1 != 0.0);
    (sizes.collect(), returns)
}

fn trade(symbol: u32, side: Side) -> Candidate {
    Candidate { symbol, side, ..testing::candidate() }
}

#[test]
fn only_what_adds_up_over_the_limit_is_a_pair() {
    let moves = correlated(&[0.9, -0.9, 0.8]);
    for (rows, want) in [
        (vec![(0, 300.0), (1, 200.0)], vec![(0, 1)]),
        (vec![(0, 200.0), (1, 300.0)], vec![(1, 0)]),
        (vec![(0, 200.0), (1, 200.0)], vec![(0, 1)]),
        (vec![(0, -300.0), (1, -200.0)], vec![(0, 1)]),
        (vec![(0, 300.0), (1, -200.0)], vec![]),
        (vec![(0, 300.0), (2, 200.0)], vec![]),
        (vec![(0, 300.0), (2, -200.0)], vec![(0, 2)]),
        (vec![(0, 300.0), (3, 200.0)], vec![]),
        (vec![(0, -300.0), (1, 0.0)], vec![]),
        (vec![(0, -300.0), (1, f64::NAN)], vec![]),
        (vec![(0, 300.0), (1, f64::INFINITY)], vec![]),
        (vec![(0, 300.0), (9, 200.0)], vec![]),
    ] {
        let found = pairs(&book(&rows), &limits(0.85), &moves);
        assert_eq!(brief(&found), want, "{rows:?}");
        assert!(found.iter().all(|pair| (pair.rho - 0.9).abs() < 1e-9), "the figure is that of the gains");
    }
}

#[test]
fn a_correlation_at_the_limit_is_not_over_it_and_the_limit_of_one_is_none() {
    let moves = correlated(&[0.9]);
    let both = book(&[(0, 300.0), (1, 200.0)]);
    let rho = pairs(&both, &limits(0.85), &moves)[0].rho;
    assert_eq!(pairs(&both, &limits(rho), &moves), []);
    assert_eq!(pairs(&both, &limits(rho - 1e-12), &moves).len(), 1);
    let mut noise = Noise::new(1);
    for _ in 0..300 {
        let same = noise.series(96, 0.01);
        let twins = returns(&[(0, same.clone()), (1, same)]);
        assert_eq!(pairs(&both, &limits(1.0), &twins), []);
        assert_eq!(partner(&book(&[(1, 300.0)]), &limits(1.0), &trade(0, Side::Long), &twins), None);
        assert_eq!(pairs(&both, &limits(0.999), &twins).len(), 1);
    }
}

#[test]
fn of_equals_the_lower_id_is_named() {
    let same = Noise::new(1).series(96, 0.01);
    let triplets = returns(&[(2, same.clone()), (1, same.clone()), (0, same)]);
    let (other, _) = partner(&book(&[(1, 20.0), (2, 300.0)]), &limits(0.85), &trade(0, Side::Long), &triplets).unwrap();
    assert_eq!(other, 1);
    let found = pairs(&book(&[(0, 20.0), (1, -20.0), (2, 20.0)]), &limits(0.85), &triplets);
    assert_eq!(brief(&found), [(0, 2)]);
}

#[test]
fn too_few_returns_are_not_believed() {
    let few = Limits { min_returns: 97, ..limits(0.85) };
    let (both, moves) = (book(&[(0, 300.0), (1, 200.0)]), correlated(&[0.99]));
    assert_eq!((pairs(&both, &few, &moves), pairs(&both, &limits(0.85), &moves).len()), (vec![], 1));
}

#[test]
fn a_larger_limit_refuses_less() {
    let mut noise = Noise::new(11);
    let mut refused = [0; 3];
    for _ in 0..500 {
        let (rows, moves) = market(&mut noise);
        let (low, high) = (limits(0.4 + 0.3 * noise.next()), limits(0.8 + 0.1 * noise.next()));
        let (most, least) = (pairs(&book(&rows), &low, &moves), pairs(&book(&rows), &high, &moves));
        assert!(least.iter().all(|pair| most.contains(pair)));
        refused[0] += least.len();
        refused[1] += most.len();
        let others = book(rows.get(1..).unwrap_or_default());
        let found = |limits| partner(&others, limits, &trade(0, Side::Long), &moves);
        assert!(found(&high).is_none() || found(&high) == found(&low), "the worst one is the worst at any limit");
        refused[2] += usize::from(found(&high).is_some());
    }
    assert!(refused[0] > 100 && refused[1] > 2 * refused[0] && refused[2] > 20, "{refused:?}");
}

/// Against one position a trade adds up or hedges, and a hedge is never refused.
#[test]
fn of_both_sides_at_most_one_is_refused_and_never_the_hedge() {
    let mut noise = Noise::new(12);
    let mut refused = 0;
    for _ in 0..2_000 {
        let (rows, moves) = market(&mut noise);
        let Some(held) = rows.iter().find(|row| row.0 != 0) else { continue };
        let limits = limits(0.3 + 0.2 * noise.next());
        let alone = book(&[*held]);
        let moves_as = |id| Moves::of(&moves, id, 24).unwrap();
        let rho = moves_as(0).correlation(&moves_as(held.0));
        for side in [Side::Long, Side::Short] {
            let gains_together = rho * signed(side, 1.0) * held.1.signum();
            let found = partner(&alone, &limits, &trade(0, side), &moves);
            assert_eq!(found, (gains_together > limits.correlation).then_some((held.0, gains_together)));
            refused += u32::from(found.is_some());
        }
    }
    assert!(refused > 300, "{refused}");
}

#[test]
fn order_and_scale_of_the_returns_change_nothing() {
    let mut noise = Noise::new(13);
    let mut seen = 0;
    for _ in 0..500 {
        let (rows, moves) = market(&mut noise);
        let want = pairs(&book(&rows), &limits(0.6), &moves);
        let windows: Vec<_> = moves.symbols.iter().map(|id| (*id, moves.of(*id).unwrap().to_vec())).collect();
        let mixed = returns(&noise.shuffled(windows));
        assert_eq!(pairs(&book(&rows), &limits(0.6), &mixed), want);
        let doubled = Returns { values: moves.values.iter().map(|value| value * 2.0).collect(), ..moves };
        assert_eq!(pairs(&book(&rows), &limits(0.6), &doubled), want, "a power of two loses no digit");
        seen += want.len();
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn the_worst_pairs_are_named_and_not_more_than_so_many() {
    let same = Noise::new(5).series(96, 0.01);
    let crowd: Vec<_> = (0..40).map(|id| (id, same.clone())).collect();
    let rows: Vec<_> = (0..40).map(|id| (id, 1_000.0 - f64::from(id))).collect();
    let found = pairs(&book(&rows), &limits(0.85), &returns(&crowd));
    assert_eq!(found.len(), 32 * 31 / 2);
    assert!(found.iter().all(|pair| pair.larger < pair.smaller && pair.smaller < 32), "the largest are compared");
    assert_eq!(warnings(found, &limits(0.85)).count(), 16);

    let three = pairs(&book(&[(0, 300.0), (1, 200.0), (2, 100.0)]), &limits(0.6), &correlated(&[0.8, 0.95]));
    let named: Vec<_> = warnings(three, &limits(0.6)).collect();
    let values: Vec<_> = named.iter().map(|warning| (warning.symbol, (warning.value * 100.0).round())).collect();
    assert_eq!(values[..2], [(Some(2), 95.0), (Some(1), 80.0)]);
    assert_eq!((values.len(), values[2].0), (3, Some(2)));
    assert!(named.windows(2).all(|two| two[0].value > two[1].value));
    assert!(named.iter().all(|v| v.code == ReasonCode::Correlation && v.severity == Severity::Warning));
    assert!(named.iter().all(|v| v.limit == 0.6));
}
