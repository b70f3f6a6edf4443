//! What each hook is asked.

use bulkhead_policy::{
    Regime, Side, SymbolMarks,
    hooks::{
        AmplificationCheck, ConfidenceAdjustment, Coordination, ExitLevels, ExposureCheck, ModelEvaluation,
        OrderTypeSelection, PortfolioCheck, PositionClassification, PositionSizing, Rebalance, RetrainingPlan,
        RiskCheck, SelfHealing, Signal, SlippageCheck, UniverseFilter,
        amplification::{self, Recommendation},
        classification, confidence, coordination, exit_levels, exposure,
        model_evaluation::{self, ModelHealth, ModelScore, Outcomes, Trend},
        order_type, retraining, self_healing, signal, sizing, slippage, universe, veto,
    },
    reports::{
        AmplificationCandidate, AmplificationReport, DataConfidence, ExecutionReport, ExitMode, HealthStatus,
        ModelReport, OrchestratorReport, PortfolioReport, PositionReport, RiskProfile, RiskReport, SelfHealingReport,
        UniverseReport,
    },
    value::{Confidence, SizeUsd},
};

use super::{
    Typical,
    book::{STOP, account, candidate, classes, exposures, positions},
    scene::{MARKET, Scene, chance, minute, price, returns, time_ms},
};

const DAY_MS: u64 = 86_400_000;

macro_rules! typical {
    ($($hook:ident: $make:expr;)+) => {$(
        impl Typical for $hook {
            fn typical(scene: &Scene, cycle: u64) -> <Self as bulkhead_policy::Hook>::Input {
                $make(scene, cycle)
            }
        }
    )+};
}

typical! {
    Signal: signal;
    UniverseFilter: universe;
    RiskCheck: risk;
    PortfolioCheck: portfolio;
    ConfidenceAdjustment: confidence;
    PositionSizing: sizing;
    OrderTypeSelection: order_type;
    SlippageCheck: slippage;
    PositionClassification: classification;
    AmplificationCheck: amplification;
    ExposureCheck: exposure;
    Rebalance: exposure;
    SelfHealing: self_healing;
    Coordination: coordination;
    ExitLevels: exit_levels;
    ModelEvaluation: model_evaluation;
    RetrainingPlan: retraining;
}

fn signal(scene: &Scene, cycle: u64) -> signal::Input {
    let now = minute(cycle);
    let mut bars = signal::Bars::default();
    for symbol in 0..scene.traded {
        let (open, close) = (price(symbol, now - 1), price(symbol, now));
        let wick = 1.0 + 0.001 * chance(symbol + 1_000, now);
        bars.symbols.push(symbol);
        bars.open.push(open);
        bars.high.push(open.max(close) * wick);
        bars.low.push(open.min(close) / wick);
        bars.close.push(close);
        bars.volume.push(1e6 / close);
    }
    signal::Input { market: MARKET, bars }
}

/// Half of it is too thin to be traded, and the directives have a word about two.
fn universe(scene: &Scene, cycle: u64) -> universe::Universe {
    let mut universe = universe::Universe::default();
    for symbol in 0..scene.symbols {
        let id = f64::from(symbol);
        universe.symbols.push(symbol);
        universe.marks.push(SymbolMarks { paused: symbol == 40, blacklisted: symbol == 80, ..SymbolMarks::default() });
        universe.volume_24h_usd.push(1e9 / (1.0 + id * id / 50.0));
        universe.range_bps.push(20.0 + 60.0 * chance(symbol, minute(cycle)));
        universe.spread_bps.push(0.2 + 0.05 * id);
    }
    universe
}

fn risk(scene: &Scene, cycle: u64) -> veto::Input {
    let held = positions(scene, cycle);
    veto::Input { candidate: candidate(scene, cycle), exposures: exposures(&held), account: account(&held) }
}

fn portfolio(scene: &Scene, cycle: u64) -> veto::PortfolioInput {
    let veto::Input { candidate, exposures, account } = risk(scene, cycle);
    let returns = returns((0..scene.held).chain([candidate.symbol]), minute(cycle));
    veto::PortfolioInput { candidate, exposures, account, returns }
}

fn confidence(scene: &Scene, cycle: u64) -> confidence::Input {
    confidence::Input {
        candidate: candidate(scene, cycle),
        base_threshold: Confidence::new(0.55).unwrap(),
        account: account(&positions(scene, cycle)),
        market: MARKET,
    }
}

fn sizing(scene: &Scene, cycle: u64) -> sizing::Input {
    let veto::Input { candidate, exposures, account } = risk(scene, cycle);
    let base_size_usd = SizeUsd::new(candidate.size_usd).unwrap();
    sizing::Input { candidate, base_size_usd, exposures, account, market: MARKET }
}

fn order_type(scene: &Scene, cycle: u64) -> order_type::Input {
    let candidate = candidate(scene, cycle);
    let spread_bps = 1.0 + 4.0 * chance(candidate.symbol, cycle);
    let half = candidate.price * spread_bps / 20_000.0;
    let book = order_type::Book {
        best_bid: candidate.price - half,
        best_ask: candidate.price + half,
        spread_bps,
        impact_bps: spread_bps,
    };
    order_type::Input { candidate, default_plan: order_type::OrderPlan::MARKET, book }
}

/// An estimate, then the fill.
fn slippage(scene: &Scene, cycle: u64) -> slippage::Execution {
    let candidate = candidate(scene, cycle / 2);
    let phase = if cycle.is_multiple_of(2) { slippage::Phase::Estimate } else { slippage::Phase::Filled };
    slippage::Execution {
        symbol: candidate.symbol,
        side: candidate.side,
        phase,
        expected_price: candidate.price,
        actual_price: candidate.price * (1.0 + candidate.side.sign() * 0.0005 * chance(1, cycle)),
        spread_bps: 2.0,
        size_usd: candidate.size_usd,
    }
}

fn classification(scene: &Scene, cycle: u64) -> classification::Input {
    classification::Input { positions: positions(scene, cycle), market: MARKET }
}

fn amplification(scene: &Scene, cycle: u64) -> amplification::Input {
    let positions = positions(scene, cycle);
    let (classes, account) = (classes(&positions), account(&positions));
    let proposed = (0..scene.proposed.min(scene.held))
        .map(|symbol| Recommendation {
            symbol,
            action: amplification::Action::AddSize,
            priority: 1 + symbol % 3,
            confidence: 55.0 + 5.0 * f64::from(symbol % 8),
            expected_r: 0.8,
            add_size_usd: Some(500.0),
            close_fraction: None,
            extend_ms: None,
            rationale: "a trend that holds, with room in the budget".to_owned(),
        })
        .collect();
    amplification::Input { positions, classes, account, market: MARKET, proposed }
}

fn exposure(scene: &Scene, cycle: u64) -> exposure::Input {
    let positions = positions(scene, cycle);
    let account = account(&positions);
    exposure::Input { positions, account, returns: returns(0..scene.held, minute(cycle)) }
}

/// Every part there is, one of them not well.
fn self_healing(scene: &Scene, cycle: u64) -> self_healing::Input {
    let part = |part: &self_healing::Part| {
        let logging = *part == self_healing::Part::Logging;
        let status = if logging { HealthStatus::Degraded } else { HealthStatus::Healthy };
        self_healing::PartStatus { part: *part, status, age_ms: 500 }
    };
    self_healing::Input {
        parts: self_healing::Part::ALL.iter().map(part).collect(),
        account: account(&positions(scene, cycle)),
        performance: self_healing::Performance { win_rate_7d: Some(0.55), trades_7d: 120, losing_streak: 1 },
    }
}

/// Everybody has something to say, and once an hour a symbol is out of its mind.
fn coordination(scene: &Scene, cycle: u64) -> coordination::Input {
    let account = account(&positions(scene, cycle));
    let amplified = |symbol| AmplificationCandidate {
        symbol,
        priority: 1 + symbol % 3,
        confidence: 75.0,
        expected_r: 0.8,
        toxic: symbol == 2,
    };
    let candidates = (0..scene.held.min(4)).map(amplified).collect();
    let inputs = coordination::Inputs {
        universe: Some(UniverseReport { confidence: DataConfidence::High, symbol_count: 90, blacklisted: 2 }),
        risk: Some(RiskReport {
            brake: false,
            daily_drawdown_pct: account.daily_drawdown_pct,
            open_drawdown_pct: account.open_drawdown_pct,
        }),
        positions: Some(PositionReport { open: account.open_positions, toxic: 1, winners: 3 }),
        execution: Some(ExecutionReport { mean_slippage_bps: 2.5, mean_spread_bps: 2.0, fill_rate: 0.95 }),
        models: Some(ModelReport { accuracy: 0.55, degraded: 1 }),
        self_healing: Some(SelfHealingReport { overall: HealthStatus::Healthy, critical: 0, degraded: 1 }),
        amplification: Some(AmplificationReport { candidates }),
        orchestrator: Some(OrchestratorReport {
            regime: Some(Regime::Trending),
            risk_profile: RiskProfile::Normal,
            exit_mode: ExitMode::TrendFollow,
        }),
        portfolio: Some(PortfolioReport {
            critical_violations: 0,
            warnings: 1,
            gross_exposure_pct: 50.0,
            risk_pct: 1.25,
        }),
        regime_changed: cycle.is_multiple_of(20),
        erratic_symbols: if cycle.is_multiple_of(60) { vec![scene.symbols - 1] } else { Vec::new() },
        brake_age_ms: None,
    };
    coordination::Input { inputs, account, market: MARKET }
}

/// A new trade, then a position that ages.
fn exit_levels(scene: &Scene, cycle: u64) -> exit_levels::Input {
    let aged = exit_levels::PositionAge { age_ms: 3_600_000, profit: 0.01 * (chance(2, cycle) - 0.3) };
    exit_levels::Input {
        candidate: candidate(scene, cycle / 2),
        base: exit_levels::Levels {
            stop_loss: STOP,
            take_profit: 0.06,
            trail: None,
            partial: Some(0.5),
            max_hold_ms: Some(DAY_MS),
        },
        market: MARKET,
        aged: (cycle % 2 == 1).then_some(aged),
    }
}

/// A month of trades of two models that win a little less than half of them.
fn model_evaluation(scene: &Scene, cycle: u64) -> model_evaluation::Input {
    let now = minute(cycle);
    let mut outcomes = Outcomes::default();
    for trade in 0..scene.closed {
        let luck = chance(trade, 1);
        let short = chance(trade, 2) < 0.45;
        outcomes.model.push(trade % 2);
        outcomes.confidence.push(0.55 + 0.4 * chance(trade, 3));
        outcomes.r.push(if luck < 0.45 { 0.5 + 3.0 * luck } else { -1.0 });
        outcomes.closed_ms.push(time_ms(now - 40 * u64::from(scene.closed - trade)));
        outcomes.side.push(if short { Side::Short } else { Side::Long });
        outcomes.regime.push(if trade % 3 == 0 { Regime::Ranging } else { Regime::Trending });
    }
    model_evaluation::Input { models: vec!["momentum".to_owned(), "mean-reversion".to_owned()], outcomes }
}

/// One model does badly and has a successor that waits, the other one is well.
fn retraining(_: &Scene, cycle: u64) -> retraining::Input {
    let now = time_ms(minute(cycle));
    let well = ModelScore {
        model: 1,
        health: ModelHealth::Healthy,
        trend: Trend::Stable,
        win_rate: Some(0.56),
        mean_r: Some(0.2),
        calibration: Some(0.9),
        weight: 0.6,
        drift: false,
    };
    let badly = ModelScore {
        model: 0,
        health: ModelHealth::Degraded,
        trend: Trend::Degrading,
        win_rate: Some(0.41),
        mean_r: Some(-0.1),
        weight: 0.4,
        ..well
    };
    let model = |name: &str, score, candidate| retraining::ModelHistory {
        score,
        name: name.to_owned(),
        deployed_ms: Some(now - 5 * DAY_MS),
        trained_in: Some(Regime::Ranging),
        candidate,
    };
    let successor = ModelScore { model: 0, ..well };
    let models = vec![model("momentum", badly, Some(successor)), model("mean-reversion", well, None)];
    retraining::Input { models, current: Some(Regime::Trending), manual: false }
}
