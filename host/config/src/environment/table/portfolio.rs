use super::{Kind, MODES, ON, Variable, sets, superseded};

pub(super) const BALANCER: &[Variable] = &[
    sets(
        "QT_AI_PBA_ENABLED",
        &[("subsystems.portfolio-balancer.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches the balancer on.",
    ),
    sets(
        "QT_AI_PBA_MODE",
        &[("subsystems.portfolio-balancer.mode", Kind::Mode)],
        "ADVISORY",
        MODES,
        "What it may do; OFF wins over enabled.",
    ),
    sets(
        "QT_AI_PBA_REBALANCE_INTERVAL",
        &[("loop.portfolio_ms", Kind::SecondsAsMs)],
        "600",
        "s",
        "Period of the exposure report and of rebalancing.",
    ),
    sets(
        "QT_AI_PBA_MAX_PORTFOLIO_LEVERAGE",
        &[("envelope.max_gross_exposure_pct", Kind::FactorAsPct)],
        "2.0",
        "times equity",
        "All positions together, a hard limit of the host. At most envelope.max_leverage_x.",
    )
    .was("20.0"),
    sets(
        "QT_AI_PBA_MAX_SECTOR_EXPOSURE",
        &[("subsystems.portfolio-balancer.config.max_sector_pct", Kind::FractionAsPct)],
        "0.40",
        "fraction of equity",
        "Positions of one sector together.",
    )
    .was("0.30; its guide 0.40"),
    sets(
        "QT_AI_PBA_MAX_CORRELATION",
        &[("subsystems.portfolio-balancer.config.max_correlation", Kind::Fraction)],
        "0.85",
        "fraction",
        "Two positions that are more alike are one concentration.",
    ),
    sets(
        "QT_AI_PBA_MAX_SINGLE_POSITION",
        &[("subsystems.portfolio-balancer.config.max_symbol_pct", Kind::FractionAsPct)],
        "0.30",
        "fraction of equity",
        "Position in one symbol.",
    )
    .was("0.15; its guide 0.30"),
];

pub(super) const RISK_AND_ORCHESTRATOR: &[Variable] = &[
    sets(
        "QT_AI_RISK_OS_ENABLED",
        &[("subsystems.risk-os.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches the risk guard on.",
    )
    .was("true, which nothing read"),
    sets(
        "QT_AI_ORCHESTRATOR_ENABLED",
        &[("subsystems.orchestrator.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches the orchestrator's policy on.",
    )
    .was("true, which nothing read"),
    sets(
        "QT_ORCHESTRATOR_MIN_CONFIDENCE",
        &[
            ("subsystems.orchestrator.config.min_confidence_trending", Kind::Fraction),
            ("subsystems.orchestrator.config.min_confidence_ranging", Kind::Fraction),
            ("subsystems.orchestrator.config.min_confidence_normal", Kind::Fraction),
        ],
        "",
        "fraction",
        "Confidence that a trade needs, in every regime alike. Without it: by regime, see QT_POLICY_MIN_CONF_*.",
    )
    .was("0.45, which nothing read"),
    superseded(
        "QT_ORCHESTRATOR_MAX_DAILY_TRADES",
        "50",
        "trades",
        "Trades per day.",
        "the host limits the rate of orders, with envelope.max_orders_per_minute",
    ),
    sets(
        "QT_ORCHESTRATOR_MAX_CONCURRENT_POSITIONS",
        &[("subsystems.orchestrator.config.max_open_positions", Kind::Count)],
        "8",
        "positions",
        "From so many no new trades.",
    )
    .was("10"),
    sets(
        "QT_ORCHESTRATOR_MAX_DAILY_DD_PCT",
        &[("subsystems.orchestrator.config.daily_drawdown_limit_pct", Kind::Number)],
        "3.0",
        "percent",
        "From this daily drawdown no new trades.",
    )
    .was("5.0"),
    sets(
        "QT_ORCHESTRATOR_PAUSE_ON_LOSS_STREAK",
        &[("subsystems.orchestrator.config.losing_streak_limit", Kind::Count)],
        "5",
        "trades",
        "From so many losing trades in a row: care.",
    ),
];
