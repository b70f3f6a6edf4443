use super::super::tests::{apply, positions};
use crate::book::Book;
use crate::config::Config;
use crate::rebalance::recommend;
use crate::sample::{Noise, correlated, returns};
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::rebalance::Action;
use bulkhead_sdk::testing;

const REDUCE: Directives = Directives { reduce_correlated_positions: true, ..testing::directives() };

fn ask(open: &Positions, returns: &Returns, config: &Config, directives: &Directives) -> Vec<RebalanceAction> {
    let symbols = SymbolTable::new(vec![testing::symbol(0, "BTC"), testing::symbol(1, "ETH")]);
    let account = testing::account();
    let book = Book::of_positions(open, &account, &symbols);
    recommend(book, &config.limits(Some(directives)), config, &account, returns, &symbols)
}

/// Positions of 1x leverage without risk or profit.
fn plain(rows: &[(u32, f64)]) -> Positions {
    positions(&rows.iter().map(|row| (row.0, row.1, 1.0, 0.0, 0.0)).collect::<Vec<_>>())
}

/// Percent closed because of correlation, to a tenth, by symbol.
fn cuts(actions: &[RebalanceAction]) -> Vec<(u32, f64)> {
    let of = |a: &RebalanceAction| Some((a.symbol?, (a.fraction? * 1_000.0).round() / 10.0));
    actions.iter().filter(|a| a.code == ReasonCode::Correlation).filter_map(of).collect()
}

#[test]
fn the_smaller_one_is_cut_to_half_of_the_larger_one() {
    let moves = correlated(&[0.9, 0.95, 0.2]);
    for (rows, want) in [
        (vec![(0, 600.0), (1, 600.0)], vec![(1, 52.5)]),
        (vec![(0, 600.0), (1, 700.0)], vec![(0, 44.6)]),
        (vec![(0, -600.0), (1, -400.0)], vec![(1, 28.8)]),
        (vec![(0, 600.0), (1, 301.0)], vec![(1, 5.3)]),
        (vec![(0, 600.0), (1, 300.0)], vec![]),
        (vec![(0, 600.0), (1, -600.0)], vec![]),
        (vec![(0, 600.0), (3, 600.0)], vec![]),
        (vec![(0, 600.0), (9, 600.0)], vec![]),
        // Both repeat the largest; the one in the middle was cut and asks for nothing more.
        (vec![(0, 600.0), (1, 500.0), (2, 400.0)], vec![(1, 43.0), (2, 28.8)]),
    ] {
        let actions = ask(&plain(&rows), &moves, &Config::default(), &REDUCE);
        assert_eq!(cuts(&actions), want, "{rows:?}");
        assert_eq!(actions.len(), want.len(), "{rows:?}");
        assert_eq!(ask(&plain(&rows), &moves, &Config::default(), &testing::directives()), [], "nobody asks");
    }
}

/// A chain: BTC repeats the largest, the smallest repeats BTC, and the two ends have nothing in common.
#[test]
fn what_a_larger_one_was_cut_to_is_what_counts() {
    let chain = correlated(&[0.88, 0.88]);
    let ask = |rows: &[(u32, f64)]| cuts(&ask(&plain(rows), &chain, &Config::default(), &REDUCE));
    assert_eq!(ask(&[(1, 600.0), (0, 500.0), (2, 400.0)]), [(0, 43.0)]);
    assert_eq!(ask(&[(1, 600.0), (0, 500.0), (2, 200.0)]), [(0, 43.0), (2, 32.3)]);
}

#[test]
fn the_text_says_what_is_repeated() {
    let actions = ask(&plain(&[(0, 600.0), (1, 600.0)]), &correlated(&[0.9]), &Config::default(), &REDUCE);
    assert_eq!(actions[0].text, "ETH: close 52.5 %, it adds up with BTC (0.900)");
}

#[test]
fn the_share_says_how_much_is_left() {
    let with = |correlated_share| {
        let config = Config { correlated_share, ..Config::default() };
        cuts(&ask(&plain(&[(0, 600.0), (1, 500.0)]), &correlated(&[0.9]), &config, &REDUCE))
    };
    assert_eq!([with(0.0), with(0.25), with(1.0)], [vec![(1, 100.0)], vec![(1, 71.5)], vec![]]);
}

/// Both are cut for their own size. The larger cut of the two is the one that is made, from what the other leaves.
#[test]
fn a_position_that_is_cut_anyway_is_cut_once() {
    let actions = ask(&plain(&[(0, 4_000.0), (1, 3_500.0)]), &correlated(&[0.9]), &Config::default(), &REDUCE);
    let brief: Vec<_> = actions.iter().map(|a| (a.action, a.symbol, a.code)).collect();
    let reduce = |symbol, code| (Action::ReducePosition, Some(symbol), code);
    assert_eq!(brief[1..], [reduce(0, ReasonCode::SymbolConcentration), reduce(1, ReasonCode::Correlation)]);
    let kept = 3_500.0 * (1.0 - actions[2].fraction.unwrap());
    assert!((kept - 0.95 * 0.5 * 2_850.0).abs() < 1e-6, "{kept}");
}

#[test]
fn a_position_that_is_closed_or_deleveraged_is_not_cut_as_well() {
    let moves = correlated(&[0.9]);
    let geared = positions(&[(0, 600.0, 1.0, 0.0, 0.0), (1, 500.0, 31.0, 0.0, 0.0)]);
    let actions = ask(&geared, &moves, &Config::default(), &REDUCE);
    assert_eq!((cuts(&actions), actions.iter().filter(|a| a.symbol == Some(1)).count()), (vec![], 1));
    let one = Config { max_positions: 1, ..Config::default() };
    let actions = ask(&plain(&[(0, 600.0), (1, 500.0)]), &moves, &one, &REDUCE);
    assert_eq!((cuts(&actions), actions.iter().filter(|a| a.action == Action::ClosePosition).count()), (vec![], 1));
}

/// Books of any shape: in any order the same advice, one cut for a symbol, none for the largest, and following it once
/// leaves nothing to advise.
#[test]
fn advice_depends_on_no_order_and_followed_once_needs_no_second_time() {
    let mut noise = Noise::new(21);
    let (mut cut, config) = (0, Config { max_positions: 50, ..Config::default() });
    for case in 0..1_000 {
        let count = 1 + noise.below(12) as u32;
        let common = [noise.series(32, 0.01), noise.series(32, 0.01)];
        let series = |noise: &mut Noise| {
            let (share, own) = (noise.next().abs(), 0.005 * noise.next());
            let mixed = common[0].iter().zip(&common[1]).map(|(one, other)| one * share + other * (1.0 - share));
            mixed.map(|value| value + own * noise.next()).collect::<Vec<_>>()
        };
        let moves = returns(&(0..count).map(|id| (id, series(&mut noise))).collect::<Vec<_>>());
        let usd = |noise: &mut Noise| (noise.next() * 5.0).round() * if case % 3 == 0 { 900.0 } else { 90.0 };
        let rows: Vec<_> = (0..count).map(|id| (id, usd(&mut noise))).collect();
        let open = plain(&rows);
        let actions = ask(&open, &moves, &config, &REDUCE);
        assert_eq!(ask(&plain(&noise.shuffled(rows.clone())), &moves, &config, &REDUCE), actions);

        let mut symbols: Vec<_> = actions.iter().filter_map(|a| a.symbol).collect();
        let named = symbols.len();
        symbols.dedup();
        assert_eq!(symbols.len(), named, "twice the same symbol");
        assert!(
            actions.iter().all(|a| a.fraction.is_none_or(|f| (0.05 - 1e-9..=1.0).contains(&f)) && a.text.len() < 120)
        );
        // Where nothing else cuts it, the largest position stays whole.
        let largest = rows.iter().map(|row| row.1.abs()).fold(0.0, f64::max);
        let first = rows.iter().find(|row| row.1.abs() == largest).map(|row| row.0);
        assert!(largest > 3_000.0 || cuts(&actions).iter().all(|cut| Some(cut.0) != first), "{rows:?}");
        cut += cuts(&actions).len();

        let mut after = open;
        apply(&mut after, &actions);
        assert_eq!(ask(&after, &moves, &config, &REDUCE), [], "{rows:?}");
    }
    assert!(cut > 1_000, "{cut}");
}
