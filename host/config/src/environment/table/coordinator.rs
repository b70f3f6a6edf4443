use super::{Kind, MODES, ON, Variable, sets};

pub(super) const HFOS: &[Variable] = &[
    sets(
        "QT_AI_HFOS_ENABLED",
        &[("subsystems.ai-hfos.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches the coordinator on.",
    ),
    sets(
        "QT_AI_HFOS_MODE",
        &[("subsystems.ai-hfos.mode", Kind::Mode)],
        "OBSERVE",
        MODES,
        "What it may do; OFF wins over enabled.",
    ),
    sets(
        "QT_AI_HFOS_UPDATE_INTERVAL",
        &[("loop.coordination_ms", Kind::SecondsAsMs)],
        "60",
        "s",
        "Period of coordination. At most loop.directive_max_age_ms, or directives expire before they are renewed.",
    ),
];

pub(super) const SELF_HEALING: &[Variable] = &[
    sets(
        "QT_AI_SELF_HEALING_ENABLED",
        &[("subsystems.self-healing.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches self-healing on.",
    ),
    sets(
        "QT_AI_SELF_HEALING_MODE",
        &[
            ("subsystems.self-healing.mode", Kind::HealingMode),
            ("subsystems.self-healing.config.level", Kind::HealingLevel),
        ],
        "OBSERVE",
        "OFF, OBSERVE, PROTECTIVE, AGGRESSIVE; also ADVISORY, ENFORCED",
        "PROTECTIVE and AGGRESSIVE are ENFORCED with that level.",
    ),
    sets(
        "QT_AI_SELF_HEALING_CHECK_INTERVAL",
        &[("loop.self_healing_ms", Kind::SecondsAsMs)],
        "120",
        "s",
        "Period of the check.",
    ),
    sets(
        "QT_AI_SELF_HEALING_DD_WARNING",
        &[("subsystems.self-healing.config.dd_warning", Kind::Number)],
        "2.0",
        "percent",
        "Daily drawdown from which trades get smaller.",
    ),
    sets(
        "QT_AI_SELF_HEALING_DD_CRITICAL",
        &[("subsystems.self-healing.config.dd_critical", Kind::Number)],
        "3.5",
        "percent",
        "Daily drawdown from which there are no new trades.",
    ),
    sets(
        "QT_AI_SELF_HEALING_WIN_RATE_MIN",
        &[("subsystems.self-healing.config.win_rate_min", Kind::Fraction)],
        "0.25",
        "fraction",
        "Win rate of the last 7 days under which trades get smaller.",
    )
    .was("0.45"),
    sets(
        "QT_AI_SELF_HEALING_LOSS_STREAK_MAX",
        &[("subsystems.self-healing.config.loss_streak_max", Kind::Count)],
        "5",
        "trades",
        "Losing trades in a row from which trades get smaller.",
    ),
];
