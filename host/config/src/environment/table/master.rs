use super::{Kind, ON, Variable, alias, always, sets};

pub(super) const VARIABLES: &[Variable] = &[
    sets(
        "QT_AI_INTEGRATION_STAGE",
        &[("stage", Kind::Stage)],
        "OBSERVATION",
        "OBSERVATION, PARTIAL, COORDINATION, AUTONOMY",
        "Stage of the rollout. ENFORCED, FULL and ACTIVE meant AUTONOMY and need rollout.autonomy_by_alias; MAINNET is a profile.",
    ),
    sets(
        "QT_AI_EMERGENCY_BRAKE",
        &[("brake", Kind::Brake)],
        "false",
        ON,
        "Starts with the brake at halt: no plugin is called, nothing increases exposure. false releases nothing.",
    ),
    always("QT_AI_FAIL_SAFE", "true", "whatever a plugin does, the host goes on with a safe default"),
    sets(
        "QT_AI_MAX_DAILY_DD",
        &[("envelope.daily_drawdown_halt_pct", Kind::Number)],
        "5.0",
        "percent",
        "Drawdown of the day that halts.",
    ),
    sets(
        "QT_AI_MAX_OPEN_DD",
        &[("envelope.open_drawdown_close_pct", Kind::Number)],
        "10.0",
        "percent",
        "Drawdown from the peak that halts and closes.",
    ),
    alias("QT_EMERGENCY_BRAKE", "QT_AI_EMERGENCY_BRAKE", "The panic switch of the later documents."),
];
