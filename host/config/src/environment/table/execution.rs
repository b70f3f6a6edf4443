use super::{Kind, MODES, ON, Variable, sets};

pub(super) const AELM: &[Variable] = &[
    sets(
        "QT_AI_AELM_ENABLED",
        &[("subsystems.aelm.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches the execution layer on.",
    ),
    sets(
        "QT_AI_AELM_MODE",
        &[("subsystems.aelm.mode", Kind::Mode)],
        "ADVISORY",
        MODES,
        "What it may do; OFF wins over enabled.",
    ),
    sets(
        "QT_AI_AELM_SMART_EXEC",
        &[("subsystems.aelm.config.smart_exec", Kind::Bool)],
        "false",
        ON,
        "The order's form follows from its expected cost.",
    ),
    sets(
        "QT_AI_AELM_MAX_SLIPPAGE_BPS",
        &[("subsystems.aelm.config.max_slippage_bps", Kind::Number)],
        "15",
        "bps",
        "What is over it is refused.",
    ),
    sets(
        "QT_AI_AELM_MAX_SPREAD_BPS",
        &[("subsystems.aelm.config.max_spread_bps", Kind::Number)],
        "10",
        "bps",
        "In a wider spread nothing takes.",
    ),
    sets(
        "QT_AI_AELM_ORDER_TYPE_AUTO",
        &[("subsystems.aelm.config.order_type_auto", Kind::Bool)],
        "false",
        ON,
        "The order's type follows from the risk mode.",
    ),
    sets(
        "QT_AI_AELM_ENFORCE_SLIPPAGE_CAPS",
        &[("subsystems.aelm.config.enforce_slippage_caps", Kind::Bool)],
        "true",
        ON,
        "false: what is over a cap is only logged.",
    ),
];

pub(super) const EXIT_LEVELS: &[Variable] = &[
    sets(
        "QT_AI_DYNAMIC_TPSL_ENABLED",
        &[("subsystems.dynamic-tpsl.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches exit levels on. Its mode holds in every stage.",
    ),
    sets(
        "QT_AI_DYNAMIC_TPSL_OVERRIDE",
        &[("subsystems.dynamic-tpsl.config.override", Kind::Bool)],
        "false",
        ON,
        "Its levels replace those of the base instead of only tightening them.",
    ),
];
