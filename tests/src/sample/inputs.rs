//! What is asked.

use bulkhead_policy::{
    Account, Candidate, Exposures, Market, Positions, Regime, Returns, Side, SymbolMarks, Volatility,
    hooks::{
        amplification, classification, confidence, coordination, exit_levels, exposure, model_evaluation, order_type,
        retraining, self_healing, signal, sizing, slippage, universe, veto,
    },
    reports::HealthStatus,
    value::{Confidence, SizeUsd},
};

use super::EVENT_TIME_MS;

pub(super) const ACCOUNT: Account = Account {
    equity_usd: 10_000.0,
    free_margin_usd: 9_500.0,
    used_margin_usd: 500.0,
    daily_drawdown_pct: 0.5,
    open_drawdown_pct: 1.0,
    daily_loss_usd: 50.0,
    gross_exposure_usd: 2_500.0,
    net_exposure_usd: 500.0,
    open_risk_usd: 50.0,
    open_positions: 2,
    losing_streak: 1,
};

pub(super) const MARKET: Market =
    Market { regime: Regime::Trending, volatility: Volatility::Normal, volatility_bps: 12.0, trend: 0.4 };

fn candidate() -> Candidate {
    Candidate {
        symbol: 2,
        side: Side::Long,
        confidence: 0.8,
        size_usd: 1_000.0,
        leverage_x: 2.0,
        risk_usd: 20.0,
        price: 150.0,
        price_age_ms: 100,
        marks: SymbolMarks::default(),
    }
}

fn exposures() -> Exposures {
    let mut exposures = Exposures::default();
    exposures.push(0, 1_500.0);
    exposures.push(1, -1_000.0);
    exposures
}

fn positions() -> Positions {
    Positions {
        symbols: vec![0, 1],
        quantity: vec![0.025, -0.4],
        entry_price: vec![59_000.0, 2_450.0],
        mark_price: vec![60_000.0, 2_500.0],
        margin_usd: vec![300.0, 200.0],
        leverage_x: vec![5.0, 5.0],
        risk_usd: vec![30.0, 20.0],
        opened_ms: vec![EVENT_TIME_MS - 7_200_000, EVENT_TIME_MS - 60_000],
        r: vec![0.8, -1.0],
        peak_r: vec![1.1, 0.1],
    }
}

pub(super) fn signal() -> signal::Input {
    signal::Input {
        market: MARKET,
        bars: signal::Bars {
            symbols: vec![0, 1, 2],
            open: vec![60_000.0, 2_500.0, 150.0],
            high: vec![60_100.0, 2_510.0, 151.0],
            low: vec![59_900.0, 2_490.0, 149.0],
            close: vec![60_050.0, 2_505.0, 150.5],
            volume: vec![10.0, 100.0, 1_000.0],
        },
    }
}

pub(super) fn universe() -> universe::Universe {
    universe::Universe {
        symbols: vec![0, 1, 2],
        marks: vec![
            SymbolMarks { whitelisted: true, ..SymbolMarks::default() },
            SymbolMarks::default(),
            SymbolMarks::default(),
        ],
        volume_24h_usd: vec![3e9, 2e9, 1e9],
        range_bps: vec![30.0, 40.0, 50.0],
        spread_bps: vec![0.1, 0.2, 0.5],
    }
}

fn returns() -> Returns {
    Returns { step_ms: 900_000, count: 2, symbols: vec![0, 1], values: vec![0.001, -0.002, 0.003, 0.0] }
}

pub(super) fn portfolio() -> veto::PortfolioInput {
    veto::PortfolioInput { candidate: candidate(), exposures: exposures(), account: ACCOUNT, returns: returns() }
}

pub(super) fn veto() -> veto::Input {
    veto::Input { candidate: candidate(), exposures: exposures(), account: ACCOUNT }
}

pub(super) fn confidence() -> confidence::Input {
    confidence::Input {
        candidate: candidate(),
        base_threshold: Confidence::new(0.6).unwrap(),
        account: ACCOUNT,
        market: MARKET,
    }
}

pub(super) fn sizing() -> sizing::Input {
    sizing::Input {
        candidate: candidate(),
        base_size_usd: SizeUsd::new(1_000.0).unwrap(),
        exposures: exposures(),
        account: ACCOUNT,
        market: MARKET,
    }
}

pub(super) fn order_type() -> order_type::Input {
    order_type::Input {
        candidate: candidate(),
        default_plan: order_type::OrderPlan::MARKET,
        book: order_type::Book { best_bid: 149.99, best_ask: 150.01, spread_bps: 1.3, impact_bps: 2.0 },
    }
}

pub(super) fn slippage() -> slippage::Execution {
    slippage::Execution {
        symbol: 2,
        side: Side::Long,
        phase: slippage::Phase::Estimate,
        expected_price: 150.0,
        actual_price: 150.03,
        spread_bps: 1.3,
        size_usd: 1_000.0,
    }
}

pub(super) fn exit_levels() -> exit_levels::Input {
    exit_levels::Input {
        candidate: candidate(),
        base: exit_levels::Levels {
            stop_loss: 0.02,
            take_profit: 0.04,
            trail: None,
            partial: Some(0.5),
            max_hold_ms: Some(86_400_000),
        },
        market: MARKET,
        aged: Some(exit_levels::PositionAge { age_ms: 3_600_000, profit: 0.01 }),
    }
}

pub(super) fn classification() -> classification::Input {
    classification::Input { positions: positions(), market: MARKET }
}

pub(super) fn amplification() -> amplification::Input {
    let class = |symbol| classification::Classification {
        symbol,
        class: classification::Class::Winner,
        action: classification::Action::Hold,
        confidence: 0.7,
        urgency: classification::Urgency::Normal,
    };
    amplification::Input {
        positions: positions(),
        classes: vec![class(0), class(1)],
        account: ACCOUNT,
        market: MARKET,
        proposed: Vec::new(),
    }
}

pub(super) fn exposure() -> exposure::Input {
    exposure::Input { positions: positions(), account: ACCOUNT, returns: returns() }
}

pub(super) fn self_healing() -> self_healing::Input {
    let part = |part, status| self_healing::PartStatus { part, status, age_ms: 500 };
    self_healing::Input {
        parts: vec![
            part(self_healing::Part::DataFeed, HealthStatus::Healthy),
            part(self_healing::Part::Database, HealthStatus::Degraded),
        ],
        account: ACCOUNT,
        performance: self_healing::Performance { win_rate_7d: Some(0.55), trades_7d: 40, losing_streak: 1 },
    }
}

pub(super) fn coordination() -> coordination::Input {
    let inputs = coordination::Inputs { erratic_symbols: vec![2], ..coordination::Inputs::default() };
    coordination::Input { inputs, account: ACCOUNT, market: MARKET }
}

pub(super) fn model_evaluation() -> model_evaluation::Input {
    model_evaluation::Input {
        models: vec!["momentum".to_owned(), "reversion".to_owned()],
        outcomes: model_evaluation::Outcomes {
            model: vec![0, 1],
            confidence: vec![0.7, 0.6],
            r: vec![1.2, -1.0],
            closed_ms: vec![EVENT_TIME_MS - 2_000, EVENT_TIME_MS - 1_000],
            side: vec![Side::Long, Side::Short],
            regime: vec![Regime::Trending, Regime::Ranging],
        },
    }
}

pub(super) fn retraining() -> retraining::Input {
    let score = model_evaluation::ModelScore {
        model: 0,
        health: model_evaluation::ModelHealth::Degraded,
        trend: model_evaluation::Trend::Degrading,
        win_rate: Some(0.4),
        mean_r: Some(-0.2),
        calibration: None,
        weight: 0.5,
        drift: false,
    };
    retraining::Input {
        models: vec![retraining::ModelHistory {
            score,
            name: "momentum".to_owned(),
            deployed_ms: Some(EVENT_TIME_MS - 86_400_000),
            trained_in: Some(Regime::Ranging),
            candidate: None,
        }],
        current: Some(Regime::Trending),
        manual: false,
    }
}
