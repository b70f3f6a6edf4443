use super::*;
use crate::config::Config;
use crate::sample::correlated;
use bulkhead_sdk::testing;

fn symbols() -> SymbolTable {
    let in_sector = |id, name, sector: &str| SymbolInfo { sector: sector.into(), ..testing::symbol(id, name) };
    SymbolTable::new(vec![
        in_sector(0, "BTC", "majors"),
        in_sector(1, "ETH", "majors"),
        in_sector(2, "SOL", "l1"),
        in_sector(3, "DOGE", ""),
    ])
}

fn rows(rows: &[(u32, f64, f64, f64)]) -> Exposures {
    Exposures { symbols: rows.iter().map(|row| row.0).collect(), size_usd: rows.iter().map(|row| row.1).collect() }
}

fn denial(
    config: &Config,
    open: &Exposures,
    candidate: &Candidate,
    account: &Account,
    returns: &Returns,
) -> Option<Denial> {
    let symbols = symbols();
    let book = Book::of_exposures(open, account, &symbols);
    match check(&book, &config.limits(None), candidate, account, returns, &symbols) {
        Verdict::Allow => None,
        Verdict::Deny(denial) => {
            assert!(!denial.text.is_empty() && denial.text.len() < 120, "{}", denial.text);
            Some(denial)
        }
    }
}

fn code(config: &Config, open: &Exposures, candidate: &Candidate, account: &Account) -> Option<ReasonCode> {
    denial(config, open, candidate, account, &testing::returns()).map(|denial| denial.code)
}

fn with(change: impl FnOnce(&mut Candidate, &mut Vec<(u32, f64, f64, f64)>, &mut Account)) -> Option<ReasonCode> {
    let mut candidate = testing::candidate();
    let mut open = Vec::new();
    let mut account = testing::account();
    change(&mut candidate, &mut open, &mut account);
    account.open_risk_usd += open.iter().map(|row| row.3).sum::<f64>();
    code(&Config::default(), &rows(&open), &candidate, &account)
}

/// The original's golden vector: two positions, three candidates, guide limits and the looser ones it ran with.
#[test]
fn golden_vector_of_the_original() {
    let open = rows(&[(0, 4_100.0, 410.0, 100.0), (1, 2_550.0, 255.0, 50.0)]);
    let ask = |config: &Config, symbol| {
        let candidate = Candidate { symbol, ..testing::candidate() };
        code(config, &open, &candidate, &testing::account())
    };
    let guide = Config::default();
    for symbol in [2, 3, 0] {
        assert_eq!(ask(&guide, symbol), Some(ReasonCode::CriticalViolations));
    }
    let loose = Config {
        max_positions: 50,
        max_total_risk_pct: 80.0,
        max_symbol_pct: 50.0,
        max_sector_pct: 80.0,
        max_leverage_x: 25.0,
        max_net_exposure_pct: 500.0,
        ..Config::default()
    };
    assert_eq!([ask(&loose, 2), ask(&loose, 3), ask(&loose, 0)], [None, None, Some(ReasonCode::PositionAlreadyOpen)]);
}

#[test]
fn each_limit_refuses_with_its_own_code_and_not_a_cent_before() {
    assert_eq!(with(|_, _, _| ()), None);
    assert_eq!(
        with(|c, _, _| {
            c.risk_usd = 200.0;
            c.leverage_x = 30.0;
            c.size_usd = 3_000.0;
        }),
        None
    );
    assert_eq!(with(|_, open, _| open.push((0, -1.0, 1.0, 0.0))), Some(ReasonCode::PositionAlreadyOpen));
    assert_eq!(with(|c, _, _| c.risk_usd = 200.1), Some(ReasonCode::MaxRiskPct));
    assert_eq!(with(|c, _, _| c.leverage_x = 30.1), Some(ReasonCode::MaxLeverage));
    assert_eq!(with(|c, _, _| c.size_usd = 3_000.1), Some(ReasonCode::SymbolConcentration));
    let lopsided = |c: &mut Candidate, open: &mut Vec<(u32, f64, f64, f64)>, _: &mut Account| {
        open.extend([(4, 2_900.0, 1.0, 1.0), (5, 2_900.0, 1.0, 1.0)]);
        c.size_usd = 2_201.0;
    };
    assert_eq!(with(lopsided), Some(ReasonCode::NetExposure));
    let balancing = |c: &mut Candidate, open: &mut Vec<(u32, f64, f64, f64)>, account: &mut Account| {
        lopsided(c, open, account);
        c.side = Side::Short;
    };
    assert_eq!(with(balancing), None);
    assert_eq!(with(|_, open, _| open.push((1, 2_999.0, 1.0, 1.0))), None);
    let sector = |c: &mut Candidate, open: &mut Vec<(u32, f64, f64, f64)>, _: &mut Account| {
        open.push((1, -2_999.0, 1.0, 1.0));
        c.size_usd = 1_002.0;
    };
    assert_eq!(with(sector), Some(ReasonCode::SectorConcentration));
}

#[test]
fn trades_allowed_earlier_in_the_cycle_take_slots_risk_and_margin() {
    let many = |n: u32| {
        move |_: &mut Candidate, open: &mut Vec<_>, _: &mut Account| {
            open.extend((10..10 + n).map(|id| (id, if id % 2 == 0 { 10.0 } else { -10.0 }, 1.0, 1.0)));
        }
    };
    assert_eq!(with(many(7)), None);
    assert_eq!(with(many(8)), Some(ReasonCode::MaxPositionsReached));

    let risk = |risk: f64| {
        move |c: &mut Candidate, open: &mut Vec<_>, _: &mut Account| {
            open.push((1, 10.0, 1.0, risk));
            c.risk_usd = 100.0;
        }
    };
    assert_eq!(with(risk(1_400.0)), None);
    assert_eq!(with(risk(1_400.1)), Some(ReasonCode::TotalRiskExceeded));

    let margin = |size: f64| {
        move |c: &mut Candidate, open: &mut Vec<_>, account: &mut Account| {
            open.extend([(1, -10.0, 400.0, 1.0), (2, 10.0, 600.0, 1.0)]);
            // The host counts the margin of entries at work as used.
            account.used_margin_usd = 1_000.0;
            account.free_margin_usd = 900.0;
            c.size_usd = size;
        }
    };
    assert_eq!(with(margin(900.0)), None);
    assert_eq!(with(margin(900.1)), Some(ReasonCode::InsufficientMargin));
}

/// However many candidates come in one cycle, those that pass keep the book inside every limit.
#[test]
fn n_candidates_never_pass_together_what_one_could_not() {
    let (config, symbols) = (Config::default(), SymbolTable::empty());
    let limits = config.limits(None);
    for (size, risk) in [(500.0, 20.0), (2_900.0, 10.0), (1_000.0, 199.0)] {
        let (mut open, mut account) = (testing::exposures(), testing::account());
        for symbol in 0..40 {
            let candidate = Candidate { symbol, size_usd: size, risk_usd: risk, ..testing::candidate() };
            let book = Book::of_exposures(&open, &account, &symbols);
            if check(&book, &limits, &candidate, &account, &testing::returns(), &symbols) == ALLOW {
                open.symbols.push(symbol);
                open.size_usd.push(size);
                account.free_margin_usd -= size;
                account.used_margin_usd += size;
                account.open_risk_usd += risk;
            }
        }
        let book = Book::of_exposures(&open, &account, &symbols);
        assert!(book.positions() >= 2 && book.positions() <= 8);
        assert!(!violations(&book, &limits).iter().any(is_critical));
        assert!(book.net_usd() <= 8_000.0 && account.used_margin_usd <= 10_000.0);
    }
}

#[test]
fn numbers_that_are_none_and_no_equity_are_denied() {
    assert_eq!(with(|c, _, _| c.risk_usd = f64::NAN), Some(ReasonCode::TotalRiskExceeded));
    assert_eq!(with(|c, _, _| c.leverage_x = 0.0), Some(ReasonCode::InsufficientMargin));
    assert_eq!(with(|c, _, _| c.size_usd = f64::INFINITY), Some(ReasonCode::InsufficientMargin));
    for equity in [0.0, -1.0, f64::NAN] {
        assert_eq!(with(|_, _, account| account.equity_usd = equity), Some(ReasonCode::TotalRiskExceeded));
    }
}

#[test]
fn a_trade_that_repeats_what_is_held_is_refused_with_the_name_and_the_figure() {
    let returns = correlated(&[0.86, 0.93, 0.84]);
    let ask = |open: &[(u32, f64)], candidate: &Candidate| {
        let open: Vec<_> = open.iter().map(|row| (row.0, row.1, 1.0, 1.0)).collect();
        denial(&Config::default(), &rows(&open), candidate, &testing::account(), &returns)
    };
    let long = testing::candidate();
    let short = Candidate { side: Side::Short, ..long };
    let worst = ask(&[(1, 900.0), (2, 20.0), (3, 900.0)], &long).unwrap();
    assert_eq!(worst.code, ReasonCode::Correlation);
    assert_eq!(worst.text, "BTC would add up with SOL: correlation 0.930, limit 0.850");
    assert_eq!(ask(&[(1, -900.0)], &short).unwrap().code, ReasonCode::Correlation);
    // Not over the limit, a hedge, and a symbol that nothing is known of.
    assert_eq!(ask(&[(3, 900.0)], &long), None);
    assert_eq!(ask(&[(1, -900.0), (2, -900.0)], &long), None);
    assert_eq!(ask(&[(1, 900.0), (2, 900.0)], &short), None);
    assert_eq!(ask(&[(9, 900.0)], &long), None);
}

#[test]
fn correlation_is_the_last_reason() {
    let returns = correlated(&[0.99]);
    let open = rows(&[(1, 2_500.0, 1.0, 1.0)]);
    let ask = |candidate: &Candidate| {
        denial(&Config::default(), &open, candidate, &testing::account(), &returns).map(|denial| denial.code)
    };
    let trade = testing::candidate();
    assert_eq!(ask(&trade), Some(ReasonCode::Correlation));
    for (worse, code) in [
        (Candidate { risk_usd: 2_000.0, ..trade }, ReasonCode::TotalRiskExceeded),
        (Candidate { size_usd: 20_000.0, ..trade }, ReasonCode::InsufficientMargin),
        (Candidate { risk_usd: 300.0, ..trade }, ReasonCode::MaxRiskPct),
        (Candidate { leverage_x: 40.0, ..trade }, ReasonCode::MaxLeverage),
        (Candidate { size_usd: 3_100.0, ..trade }, ReasonCode::SymbolConcentration),
        (Candidate { size_usd: 2_000.0, ..trade }, ReasonCode::SectorConcentration),
        (Candidate { symbol: 1, ..trade }, ReasonCode::PositionAlreadyOpen),
    ] {
        assert_eq!(ask(&worse), Some(code));
    }
}

#[test]
fn of_trades_that_move_as_one_the_cycle_lets_one_through() {
    let (config, symbols, returns) = (Config::default(), SymbolTable::empty(), correlated(&[0.95, 0.96, 0.97, 0.98]));
    let (mut open, account) = (testing::exposures(), testing::account());
    for symbol in 0..5 {
        let candidate = Candidate { symbol, size_usd: 100.0, ..testing::candidate() };
        let book = Book::of_exposures(&open, &account, &symbols);
        if check(&book, &config.limits(None), &candidate, &account, &returns, &symbols) == ALLOW {
            open.symbols.push(symbol);
            open.size_usd.push(100.0);
        }
    }
    assert_eq!(open.symbols, [0]);
}
