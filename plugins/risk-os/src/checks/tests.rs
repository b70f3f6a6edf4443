use super::*;
use crate::config::Band;
use bulkhead_sdk::testing;

mod book;

struct Case {
    config: Config,
    directives: Option<Directives>,
    candidate: Candidate,
    exposures: Exposures,
    account: Account,
}

fn case() -> Case {
    Case {
        config: Config::default(),
        directives: None,
        candidate: testing::candidate(),
        exposures: testing::exposures(),
        account: testing::account(),
    }
}

impl Case {
    fn answer(&self) -> Verdict {
        Question {
            config: &self.config,
            directives: self.directives.as_ref(),
            name: (self.candidate.symbol == 0).then_some("BTCUSDT"),
            candidate: &self.candidate,
            exposures: &self.exposures,
            account: &self.account,
        }
        .answer()
    }

    fn code(&self) -> Option<ReasonCode> {
        match self.answer() {
            Verdict::Allow => None,
            Verdict::Deny(denial) => {
                assert!(!denial.text.is_empty() && denial.text.len() < 120, "{}", denial.text);
                Some(denial.code)
            }
        }
    }

    fn hold(&mut self, symbol: u32, size_usd: f64) {
        self.exposures.symbols.push(symbol);
        self.exposures.size_usd.push(size_usd);
    }
}

fn with(change: impl FnOnce(&mut Case)) -> Option<ReasonCode> {
    let mut case = case();
    change(&mut case);
    case.code()
}

type Change = fn(&mut Case);

/// Every check in its order: what breaks it, and its code.
const BREAKS: [(Change, ReasonCode); 15] = [
    (|c| c.candidate.leverage_x = 30.1, ReasonCode::MaxLeverage),
    (|c| c.candidate.risk_usd = 200.1, ReasonCode::MaxRiskPct),
    (|c| c.config.position_cap_usd = Some(999.0), ReasonCode::PositionCap),
    (|c| c.config.allow_new_positions = false, ReasonCode::NewPositionsDisabled),
    (|c| c.account.open_positions = 15, ReasonCode::MaxPositions),
    (|c| c.config.kill_switch = true, ReasonCode::KillSwitch),
    (|c| c.config.allowed_symbols = vec!["ETHUSDT".into()], ReasonCode::SymbolNotAllowed),
    (|c| c.candidate.size_usd = 5_000.1, ReasonCode::NotionalLimit),
    (|c| c.candidate.price = f64::NAN, ReasonCode::PriceInvalid),
    (|c| c.config.price_floor = Some(100.1), ReasonCode::PriceFloor),
    (|c| c.config.price_ceiling = Some(99.9), ReasonCode::PriceCeiling),
    (|c| c.candidate.price_age_ms = 120_001, ReasonCode::PriceStale),
    (|c| c.account.daily_loss_usd = 800.0, ReasonCode::DailyLossLimit),
    (|c| c.config.max_position_pct = Some(9.9), ReasonCode::PositionLimit),
    (|c| c.config.max_gross_exposure_usd = Some(999.0), ReasonCode::GrossExposureLimit),
];

#[test]
fn each_check_refuses_with_its_own_code() {
    assert_eq!(case().code(), None);
    for (change, code) in BREAKS {
        assert_eq!(with(change), Some(code));
    }
}

#[test]
fn the_first_check_in_order_gives_the_reason() {
    for (first, (break_first, code)) in BREAKS.into_iter().enumerate() {
        for (second, (break_second, _)) in BREAKS.into_iter().enumerate().skip(first + 1) {
            // A price that is none cannot also be low or high.
            if code == ReasonCode::PriceInvalid && second <= first + 2 {
                continue;
            }
            let mut case = case();
            break_second(&mut case);
            break_first(&mut case);
            assert_eq!(case.code(), Some(code), "{first} before {second}");
        }
    }
}

#[test]
fn at_every_limit_a_trade_still_passes() {
    assert_eq!(
        with(|c| {
            c.candidate.leverage_x = 30.0;
            c.candidate.risk_usd = 200.0;
            c.candidate.size_usd = 5_000.0;
            c.candidate.price_age_ms = 120_000;
            c.account.daily_loss_usd = 799.99;
            c.account.open_positions = 14;
            c.config.position_cap_usd = Some(5_000.0);
            c.config.max_position_pct = Some(50.0);
            c.config.max_gross_exposure_pct = Some(50.0);
            c.config.price_floor = Some(100.0);
            c.config.price_ceiling = Some(100.0);
        }),
        None
    );
}

#[test]
fn an_empty_list_allows_all_and_a_list_denies_the_rest() {
    assert_eq!(with(|c| c.config.allowed_symbols.clear()), None);
    assert_eq!(with(|c| c.config.allowed_symbols = vec!["ETHUSDT".into(), "BTCUSDT".into()]), None);
    assert_eq!(with(|c| c.config.allowed_symbols = vec!["BTC".into()]), Some(ReasonCode::SymbolNotAllowed));
    let nameless = |c: &mut Case| {
        c.candidate.symbol = 9;
        c.config.allowed_symbols = vec!["BTCUSDT".into()];
    };
    assert_eq!(with(nameless), Some(ReasonCode::SymbolNotAllowed));
}

#[test]
fn directives_tighten_and_never_loosen() {
    let directed = |leverage, count, positions| {
        Some(Directives {
            max_leverage_x: leverage,
            max_position_count: count,
            allow_new_positions: positions,
            ..testing::directives()
        })
    };
    for (leverage, count, positions, own, want) in [
        (Some(5.0), None, true, 30.0, Some(ReasonCode::MaxLeverage)),
        (Some(50.0), None, true, 5.0, Some(ReasonCode::MaxLeverage)),
        (Some(50.0), None, true, 30.0, None),
        (None, Some(3), true, 30.0, Some(ReasonCode::MaxPositions)),
        (None, Some(99), true, 30.0, None),
        (None, None, false, 30.0, Some(ReasonCode::NewPositionsDisabled)),
    ] {
        let got = with(|c| {
            c.config.max_leverage_x = Some(own);
            c.directives = directed(leverage, count, positions);
            c.candidate.leverage_x = 10.0;
            c.account.open_positions = 3;
        });
        assert_eq!(got, want, "{leverage:?} {count:?} {positions} {own}");
    }
}

#[test]
fn a_band_of_its_own_narrows_a_symbol() {
    let band = |floor, ceiling| {
        with(|c| {
            c.config.price_bands.insert("BTCUSDT".into(), Band { floor, ceiling });
            c.config.price_bands.insert("ETHUSDT".into(), Band { floor: Some(1e9), ceiling: Some(0.0) });
        })
    };
    assert_eq!(band(None, None), None);
    assert_eq!(band(Some(101.0), None), Some(ReasonCode::PriceFloor));
    assert_eq!(band(None, Some(99.0)), Some(ReasonCode::PriceCeiling));
}

#[test]
fn what_is_no_number_is_denied_wherever_it_stands() {
    let fields: [(Change, ReasonCode); 6] = [
        (|c| c.candidate.leverage_x = f64::NAN, ReasonCode::MaxLeverage),
        (|c| c.candidate.risk_usd = f64::NAN, ReasonCode::MaxRiskPct),
        (|c| c.candidate.size_usd = f64::NAN, ReasonCode::NotionalLimit),
        (|c| c.candidate.size_usd = -1.0, ReasonCode::NotionalLimit),
        (|c| c.candidate.price = f64::INFINITY, ReasonCode::PriceInvalid),
        (|c| c.account.daily_loss_usd = f64::NAN, ReasonCode::DailyLossLimit),
    ];
    for (change, code) in fields {
        assert_eq!(with(change), Some(code));
    }
    for equity in [0.0, -1.0, f64::NAN] {
        assert_eq!(with(|c| c.account.equity_usd = equity), Some(ReasonCode::MaxRiskPct), "{equity}");
    }
    // Even with every limit off, a size that is no number does not pass.
    let off = |c: &mut Case| {
        c.config.max_notional_usd = None;
        c.candidate.size_usd = f64::INFINITY;
    };
    assert_eq!(with(off), Some(ReasonCode::NotionalLimit));
}

#[test]
fn raising_any_single_number_never_turns_a_denial_into_a_permission() {
    let bigger: [Change; 5] = [
        |c| c.candidate.leverage_x *= 1.7,
        |c| c.candidate.risk_usd *= 1.7,
        |c| c.candidate.size_usd *= 1.7,
        |c| c.candidate.price_age_ms *= 2,
        |c| c.account.daily_loss_usd *= 1.7,
    ];
    for bigger in bigger {
        let mut case = case();
        case.candidate.price_age_ms = 1;
        case.account.daily_loss_usd = 1.0;
        let mut denied = false;
        for _ in 0..40 {
            let now = case.code().is_some();
            assert!(now || !denied, "a denial went away");
            denied = now;
            bigger(&mut case);
        }
        assert!(denied);
    }
}
