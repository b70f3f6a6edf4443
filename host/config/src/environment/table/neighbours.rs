use super::{Kind, ON, Variable, alias, always, sets, superseded};

pub(super) const LOOP: &[Variable] = &[
    sets(
        "QT_CONFIDENCE_THRESHOLD",
        &[("loop.base_threshold", Kind::Fraction)],
        "0.55",
        "fraction",
        "Confidence a candidate needs before any plugin is asked.",
    )
    .was("0.65; 0.55 in production"),
    superseded("QT_CHECK_INTERVAL", "30", "s", "Period of the loop.", "the loop decides on every bar of the market"),
    sets(
        "QT_COOLDOWN_SECONDS",
        &[("loop.cooldown_ms", Kind::SecondsAsMs)],
        "300",
        "s",
        "Time after an entry in a symbol before the next one.",
    ),
    always("QT_EVENT_DIRECT_EXECUTE", "true", "a signal becomes an order directly, after every check"),
    superseded(
        "QT_SIGNAL_QUEUE_MAX",
        "20",
        "signals",
        "Length of the queue of signals.",
        "there is no queue: of one bar's signals the best are taken, loop.max_candidates of them",
    ),
    sets(
        "QT_MAX_SIGNALS_PER_CYCLE",
        &[("loop.max_candidates", Kind::Count)],
        "10",
        "signals",
        "Signals that are taken per bar, best confidence first.",
    ),
    sets(
        "QT_MAX_POSITIONS",
        &[("envelope.max_open_positions", Kind::Count)],
        "10",
        "positions",
        "Positions and working entries together, a hard limit of the host.",
    )
    .was("20 and 4, two defaults of one name"),
    superseded(
        "QT_MAX_POSITIONS_PER_SYMBOL",
        "2",
        "positions",
        "Positions in one symbol.",
        "a symbol has one position, whose size envelope.max_symbol_share_pct limits",
    ),
    sets(
        "QT_DEFAULT_LEVERAGE",
        &[("loop.leverage_x", Kind::Number)],
        "5.0",
        "factor",
        "Leverage of a new position. At most envelope.max_leverage_x.",
    )
    .was("30"),
    superseded(
        "QT_POSITION_MONITOR_INTERVAL",
        "10",
        "s",
        "Period of the position monitor.",
        "positions are looked at on every bar of the market",
    ),
];

pub(super) const RULES: &[Variable] = &[
    sets(
        "QT_POLICY_MIN_CONF_TRENDING",
        &[("subsystems.orchestrator.config.min_confidence_trending", Kind::Fraction)],
        "0.32",
        "fraction, 0.20 to 0.50",
        "Confidence that a trade needs in a trend.",
    ),
    sets(
        "QT_POLICY_MIN_CONF_RANGING",
        &[("subsystems.orchestrator.config.min_confidence_ranging", Kind::Fraction)],
        "0.40",
        "fraction, 0.25 to 0.55",
        "Confidence that a trade needs in a range.",
    ),
    sets(
        "QT_POLICY_MIN_CONF_NORMAL",
        &[("subsystems.orchestrator.config.min_confidence_normal", Kind::Fraction)],
        "0.38",
        "fraction, 0.22 to 0.52",
        "Confidence that a trade needs otherwise.",
    ),
    superseded(
        "ORCH_PROFILE",
        "SAFE",
        "SAFE, AGGRESSIVE",
        "A bundle of the orchestrator's limits.",
        "the limits are set one by one, in subsystems.orchestrator.config",
    ),
    alias("ORCH_BASE_CONFIDENCE", "QT_ORCHESTRATOR_MIN_CONFIDENCE", "The name that the original's code read."),
    sets(
        "ORCH_BASE_RISK_PCT",
        &[("subsystems.orchestrator.config.base_risk_pct", Kind::Number)],
        "1.0",
        "percent",
        "Risk of one trade, before it is cut.",
    ),
    alias("ORCH_DAILY_DD_LIMIT", "QT_ORCHESTRATOR_MAX_DAILY_DD_PCT", "The name that the original's code read."),
    alias(
        "ORCH_LOSING_STREAK_LIMIT",
        "QT_ORCHESTRATOR_PAUSE_ON_LOSS_STREAK",
        "The name that the original's code read.",
    ),
    alias(
        "ORCH_MAX_OPEN_POSITIONS",
        "QT_ORCHESTRATOR_MAX_CONCURRENT_POSITIONS",
        "The name that the original's code read.",
    ),
    superseded(
        "ORCH_TOTAL_EXPOSURE_LIMIT",
        "15.0",
        "percent at risk",
        "Limit of all exposure.",
        "exposure is notional over equity here: use subsystems.orchestrator.config.total_exposure_limit_pct",
    ),
    always("QT_SAFETY_GOVERNOR_ENABLED", "true", "the envelope is the last word before every order"),
    superseded(
        "QT_SAFETY_GOVERNOR_UPDATE_INTERVAL",
        "60",
        "s",
        "Period of the governor.",
        "the envelope is asked before every order",
    ),
    superseded(
        "QT_SAFETY_GOVERNOR_REPORT_INTERVAL",
        "300",
        "s",
        "Period of its report.",
        "every refusal is in the journal and in the summary",
    ),
    sets(
        "QT_KILL_SWITCH",
        &[("brake", Kind::Brake)],
        "false",
        ON,
        "Starts with the brake at halt. false releases nothing.",
    ),
    sets(
        "QT_MAX_NOTIONAL_PER_TRADE",
        &[("subsystems.risk-os.config.max_notional_usd", Kind::Number)],
        "10000",
        "USD",
        "Size of one trade. envelope.max_order_notional_usd holds above it.",
    )
    .was("5000"),
    sets(
        "QT_MAX_DAILY_LOSS",
        &[("subsystems.risk-os.config.max_daily_loss_usd", Kind::Number)],
        "2000",
        "USD",
        "Sum of the losses closed within 24 h.",
    )
    .was("800"),
    sets(
        "QT_ALLOWED_SYMBOLS",
        &[("subsystems.risk-os.config.allowed_symbols", Kind::Names)],
        "",
        "names with commas",
        "Only these symbols may be traded. Empty: all of them.",
    )
    .was("empty, which denied everything"),
    superseded(
        "QT_FAILSAFE_RESET_MINUTES",
        "60",
        "minutes",
        "Time after which the kill switch lifted itself.",
        "a brake never lifts itself; a person releases it",
    ),
];
