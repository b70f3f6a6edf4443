use super::*;
use bulkhead_sdk::testing;

pub(super) fn symbols() -> SymbolTable {
    let with = |id, name, sector: &str, tier| SymbolInfo { sector: sector.into(), tier, ..testing::symbol(id, name) };
    SymbolTable::new(vec![
        with(0, "BTC", "majors", Some(Tier::Core)),
        with(1, "ETH", "majors", Some(Tier::Core)),
        with(2, "SOL", "l1", Some(Tier::Expansion)),
        with(3, "DOGE", "", None),
    ])
}

/// Rows of symbol, size, leverage, risk and r.
pub(super) fn positions(rows: &[(u32, f64, f64, f64, f64)]) -> Positions {
    Positions {
        symbols: rows.iter().map(|row| row.0).collect(),
        quantity: rows.iter().map(|row| row.1 / 10.0).collect(),
        entry_price: vec![10.0; rows.len()],
        mark_price: vec![10.0; rows.len()],
        margin_usd: rows.iter().map(|row| row.1.abs() / row.2).collect(),
        leverage_x: rows.iter().map(|row| row.2).collect(),
        risk_usd: rows.iter().map(|row| row.3).collect(),
        opened_ms: vec![0; rows.len()],
        r: rows.iter().map(|row| row.4).collect(),
        peak_r: rows.iter().map(|row| row.4).collect(),
    }
}

fn ask(positions: &Positions, account: &Account, config: &Config) -> Vec<RebalanceAction> {
    let (symbols, returns) = (symbols(), testing::returns());
    let book = Book::of_positions(positions, account, &symbols);
    recommend(book, &config.limits(None), config, account, &returns, &symbols)
}

fn brief(actions: &[RebalanceAction]) -> Vec<(Action, Option<u32>, ReasonCode)> {
    actions.iter().map(|a| (a.action, a.symbol, a.code)).collect()
}

/// Does what was recommended.
pub(super) fn apply(positions: &mut Positions, actions: &[RebalanceAction]) {
    let keep: BTreeMap<u32, f64> = actions
        .iter()
        .filter_map(|a| match a.action {
            Action::ClosePosition => Some((a.symbol?, 0.0)),
            Action::ReducePosition => Some((a.symbol?, 1.0 - a.fraction?)),
            _ => None,
        })
        .collect();
    for (row, symbol) in positions.symbols.iter().enumerate() {
        let factor = keep.get(symbol).copied().unwrap_or(1.0);
        positions.quantity[row] *= factor;
        positions.risk_usd[row] *= factor;
    }
}

const BLOCK: (Action, Option<u32>, ReasonCode) = (Action::BlockNewTrades, None, ReasonCode::CriticalViolations);

#[test]
fn a_book_inside_its_limits_is_left_alone() {
    let quiet = positions(&[(0, 2_000.0, 5.0, 50.0, 1.0), (2, -2_000.0, 30.0, 50.0, -1.0)]);
    assert_eq!(ask(&quiet, &testing::account(), &Config::default()), []);
    assert_eq!(ask(&positions(&[]), &testing::account(), &Config::default()), []);
}

#[test]
fn too_much_of_one_symbol_is_cut_to_just_under_the_limit() {
    let actions = ask(&positions(&[(2, -4_000.0, 2.0, 50.0, 0.0)]), &testing::account(), &Config::default());
    assert_eq!(brief(&actions), [BLOCK, (Action::ReducePosition, Some(2), ReasonCode::SymbolConcentration)]);
    assert!((actions[1].fraction.unwrap() - (1.0 - 0.95 * 30.0 / 40.0)).abs() < 1e-9);
}

#[test]
fn the_surplus_is_closed_worst_first() {
    let rows =
        [(0, 100.0, 1.0, 1.0, -2.0), (1, 100.0, 1.0, 1.0, 0.5), (2, 100.0, 1.0, 1.0, 3.0), (3, 100.0, 1.0, 1.0, 0.2)];
    let config = Config { max_positions: 2, ..Config::default() };
    let actions = ask(&positions(&rows), &testing::account(), &config);
    // BTC: 20 - 20, DOGE: 2, ETH: 25, SOL: 40.
    let close = |symbol| (Action::ClosePosition, Some(symbol), ReasonCode::MaxPositionsReached);
    assert_eq!(brief(&actions), [BLOCK, close(0), close(3)]);
}

#[test]
fn leverage_and_a_losing_account_have_their_own_steps() {
    let losing = Account { daily_drawdown_pct: 3.5, ..testing::account() };
    let actions = ask(&positions(&[(3, 100.0, 31.0, 1.0, 0.0)]), &losing, &Config::default());
    let want = [
        BLOCK,
        (Action::DefensiveMode, None, ReasonCode::DrawdownLimit),
        (Action::ReduceLeverage, Some(3), ReasonCode::MaxLeverage),
    ];
    assert_eq!(brief(&actions), want);
}

/// Whatever is broken, one round of the advice mends it, and the second round has nothing to add.
#[test]
fn following_the_advice_once_brings_the_book_inside() {
    let books = [
        vec![(0, 9_000.0, 5.0, 100.0, 0.0), (1, 8_000.0, 5.0, 0.0, 0.0)],
        vec![(0, 3_500.0, 5.0, 900.0, 0.0), (1, -3_500.0, 5.0, 900.0, 0.0), (3, 10.0, 1.0, 1.0, 0.0)],
        vec![(2, 2_000.0, 5.0, 5_000.0, 0.0), (3, -2_000.0, 5.0, 10.0, 2.0)],
        vec![
            (0, 1.0, 1.0, 1.0, 1.0),
            (1, 1.0, 1.0, 1.0, 1.0),
            (2, 6_000.0, 1.0, 1.0, 1.0),
            (3, 5_000.0, 1.0, 1.0, -1.0),
        ],
    ];
    let config = Config { max_positions: 3, ..Config::default() };
    for rows in books {
        let mut book = positions(&rows);
        let actions = ask(&book, &testing::account(), &config);
        assert!(actions.len() >= 2);
        assert!(actions.iter().all(|a| a.fraction.is_none_or(|f| (1e-6..=1.0).contains(&f)) && a.text.len() < 120));
        apply(&mut book, &actions);
        assert_eq!(ask(&book, &testing::account(), &config), [], "{rows:?}");
    }
}

#[test]
fn without_equity_the_advice_is_still_made_of_numbers() {
    let broke = Account { equity_usd: 0.0, ..testing::account() };
    let actions = ask(&positions(&[(0, 500.0, 5.0, 10.0, 0.0)]), &broke, &Config::default());
    let cut = actions.iter().find(|a| a.action == Action::ReducePosition).unwrap();
    assert!(cut.fraction.is_some_and(|fraction| fraction > 0.99 && fraction <= 1.0));
}
