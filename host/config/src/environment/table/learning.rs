use super::{Kind, MODES, ON, Variable, alias, always, sets, superseded};

pub(super) const SUPERVISOR: &[Variable] = &[
    sets(
        "QT_AI_MODEL_SUPERVISOR_ENABLED",
        &[("subsystems.model-supervisor.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches the supervisor on.",
    )
    .was("false in its documents, true in its code"),
    sets(
        "QT_AI_MODEL_SUPERVISOR_MODE",
        &[("subsystems.model-supervisor.mode", Kind::Mode)],
        "ADVISORY",
        MODES,
        "What it may do; OFF wins over enabled.",
    ),
    alias("QT_MODEL_SUPERVISOR_MODE", "QT_AI_MODEL_SUPERVISOR_MODE", "The name that the original's code read first."),
    alias("MODEL_SUPERVISOR_MODE", "QT_AI_MODEL_SUPERVISOR_MODE", "The name that the original's code read second."),
    sets(
        "QT_AI_MODEL_SUPERVISOR_EVAL_INTERVAL",
        &[("loop.model_evaluation_ms", Kind::SecondsAsMs)],
        "3600",
        "s",
        "Period of the evaluation.",
    ),
    sets(
        "QT_AI_MODEL_SUPERVISOR_MIN_SHARPE",
        &[("subsystems.model-supervisor.config.min_sharpe", Kind::Number)],
        "0.5",
        "per year",
        "Least Sharpe ratio of a healthy model.",
    ),
    sets(
        "QT_AI_MODEL_SUPERVISOR_MIN_WIN_RATE",
        &[("subsystems.model-supervisor.config.min_win_rate", Kind::Fraction)],
        "0.25",
        "fraction",
        "Least win rate of a healthy model.",
    )
    .was("0.48"),
    sets(
        "QT_AI_MODEL_SUPERVISOR_MAX_DD",
        &[("subsystems.model-supervisor.config.max_dd", Kind::Number)],
        "8.0",
        "percent",
        "Largest drawdown of a healthy model.",
    ),
    sets(
        "QT_AI_MODEL_SUPERVISOR_ADJUST_WEIGHTS",
        &[("subsystems.model-supervisor.config.adjust_weights", Kind::Bool)],
        "false",
        ON,
        "Whether weights follow the scores.",
    ),
    sets(
        "QT_AI_MODEL_SUPERVISOR_MIN_WEIGHT",
        &[("subsystems.model-supervisor.config.min_weight", Kind::Fraction)],
        "0.10",
        "fraction",
        "Least weight of a model.",
    ),
    sets(
        "QT_AI_MODEL_SUPERVISOR_MAX_WEIGHT",
        &[("subsystems.model-supervisor.config.max_weight", Kind::Fraction)],
        "0.90",
        "fraction",
        "Largest weight of a model.",
    )
    .was("0.50"),
    sets(
        "QT_MODEL_SUPERVISOR_MIN_SAMPLES",
        &[("subsystems.model-supervisor.config.min_samples", Kind::Count)],
        "20",
        "trades",
        "Fewer say nothing of a model, nor of a bias.",
    ),
    sets(
        "QT_MODEL_SUPERVISOR_BIAS_THRESHOLD",
        &[("subsystems.model-supervisor.config.bias_threshold", Kind::Fraction)],
        "0.70",
        "fraction",
        "Share of trades to one side from which that side is blocked.",
    ),
];

pub(super) const RETRAINING: &[Variable] = &[
    sets(
        "QT_AI_RETRAINING_ENABLED",
        &[("subsystems.retraining-orchestrator.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches retraining plans on.",
    ),
    sets(
        "QT_AI_RETRAINING_MODE",
        &[("subsystems.retraining-orchestrator.mode", Kind::Mode)],
        "ADVISORY",
        MODES,
        "What it may do; no stage lends more than advice.",
    ),
    always(
        "QT_AI_RETRAINING_AUTO_DEPLOY",
        "false",
        "a plan is advice to people, and a version is promoted by a person",
    ),
    superseded(
        "QT_AI_RETRAINING_MIN_SHARPE",
        "0.4",
        "per year",
        "Least Sharpe ratio of a candidate.",
        "the supervisor judges it, with subsystems.model-supervisor.config.min_sharpe, and its verdict is a trigger",
    ),
    superseded(
        "QT_AI_RETRAINING_MAX_DD",
        "10.0",
        "percent",
        "Largest drawdown of a candidate.",
        "the supervisor judges it, with subsystems.model-supervisor.config.max_dd, and its verdict is a trigger",
    ),
    sets(
        "QT_AI_RETRAINING_MIN_WIN_RATE",
        &[("subsystems.retraining-orchestrator.config.min_win_rate", Kind::Fraction)],
        "0.40",
        "fraction",
        "A model under it is to be trained again.",
    ),
    sets(
        "QT_AI_RETRAINING_MIN_DAYS_SINCE",
        &[("subsystems.retraining-orchestrator.config.min_days_since", Kind::Count)],
        "7",
        "days",
        "So long after its deployment a model is to be trained again.",
    ),
    sets(
        "QT_AI_RETRAINING_CHECK_INTERVAL",
        &[("loop.retraining_ms", Kind::SecondsAsMs)],
        "86400",
        "s",
        "Period of the plan.",
    ),
    superseded(
        "QT_AI_RETRAINING_DATASET_SIZE",
        "10000",
        "rows",
        "Data of a job.",
        "the data of a job is counted in days, with subsystems.retraining-orchestrator.config.window_days",
    ),
];
