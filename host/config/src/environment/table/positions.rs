use super::{Kind, MODES, ON, Variable, sets};

pub(super) const INTELLIGENCE: &[Variable] = &[
    sets(
        "QT_AI_PIL_ENABLED",
        &[("subsystems.position-intelligence.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches classification on.",
    ),
    sets(
        "QT_AI_PIL_MODE",
        &[("subsystems.position-intelligence.mode", Kind::Mode)],
        "ADVISORY",
        MODES,
        "What it may do; OFF wins over enabled.",
    ),
    sets(
        "QT_AI_PIL_CLASSIFICATION_INTERVAL",
        &[
            ("loop.classification_ms", Kind::SecondsAsMs),
            ("subsystems.position-intelligence.config.classification_interval", Kind::Count),
        ],
        "300",
        "s",
        "Period of classification; the plugin is told.",
    ),
    sets(
        "QT_AI_PIL_WINNER_THRESHOLD_R",
        &[("subsystems.position-intelligence.config.winner_threshold_r", Kind::Number)],
        "1.5",
        "R",
        "Least R of a WINNER.",
    ),
    sets(
        "QT_AI_PIL_WINNER_MAX_DD_PCT",
        &[("subsystems.position-intelligence.config.winner_max_dd_pct", Kind::Number)],
        "10.0",
        "percent",
        "Most that a WINNER has given back of its peak.",
    ),
    sets(
        "QT_AI_PIL_TOXIC_MAX_DD_PCT",
        &[("subsystems.position-intelligence.config.toxic_max_dd_pct", Kind::Number)],
        "40.0",
        "percent",
        "Least depth of a TOXIC position, whatever the name says.",
    ),
    sets(
        "QT_AI_PIL_TOXIC_DURATION_MIN",
        &[("subsystems.position-intelligence.config.toxic_duration_min", Kind::Number)],
        "120",
        "minutes",
        "For how long it has been so deep.",
    ),
];

pub(super) const AMPLIFICATION: &[Variable] = &[
    sets(
        "QT_AI_PAL_ENABLED",
        &[("subsystems.profit-amplification.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches amplification on.",
    ),
    sets(
        "QT_AI_PAL_MODE",
        &[("subsystems.profit-amplification.mode", Kind::Mode)],
        "ADVISORY",
        MODES,
        "What it may do; OFF wins over enabled.",
    ),
    sets(
        "QT_AI_PAL_ANALYSIS_INTERVAL",
        &[
            ("loop.amplification_ms", Kind::SecondsAsMs),
            ("subsystems.profit-amplification.config.analysis_interval", Kind::Count),
        ],
        "900",
        "s",
        "Period of the check; the plugin is told.",
    ),
    sets(
        "QT_AI_PAL_MIN_R",
        &[("subsystems.profit-amplification.config.min_r", Kind::Number)],
        "1.0",
        "R",
        "Under it a position is no candidate.",
    ),
    sets(
        "QT_AI_PAL_MIN_R_SCALE_IN",
        &[("subsystems.profit-amplification.config.min_r_scale_in", Kind::Number)],
        "1.5",
        "R",
        "Least R to add to a position.",
    ),
    sets(
        "QT_AI_PAL_MIN_R_EXTEND_TP",
        &[("subsystems.profit-amplification.config.min_r_extend_tp", Kind::Number)],
        "2.0",
        "R",
        "Least R for a farther target.",
    ),
    sets(
        "QT_AI_PAL_MIN_R_EXTEND_HOLD",
        &[("subsystems.profit-amplification.config.min_r_extend_hold", Kind::Number)],
        "2.5",
        "R",
        "Least R for more time.",
    ),
    sets(
        "QT_AI_PAL_MAX_DD_FOR_AMPLIFY",
        &[("subsystems.profit-amplification.config.max_dd_for_amplify", Kind::Number)],
        "5.0",
        "percent",
        "Most that a candidate has given back of its peak.",
    ),
    sets(
        "QT_AI_PAL_SCALE_IN_MULTIPLIER",
        &[("subsystems.profit-amplification.config.scale_in_multiplier", Kind::Number)],
        "1.5",
        "factor",
        "A position grows to at most so many times its first size.",
    ),
    sets(
        "QT_AI_PAL_TP_EXTENSION_FACTOR",
        &[("subsystems.profit-amplification.config.tp_extension_factor", Kind::Number)],
        "1.25",
        "factor",
        "How much farther a target is set.",
    ),
    sets(
        "QT_AI_PAL_HOLD_EXTENSION_HOURS",
        &[("subsystems.profit-amplification.config.hold_extension_hours", Kind::Count)],
        "12",
        "hours",
        "How much more time is given.",
    ),
];
