use super::{Kind, MODES, ON, Variable, sets};

pub(super) const VARIABLES: &[Variable] = &[
    sets(
        "QT_AI_UNIVERSE_OS_ENABLED",
        &[("subsystems.universe-os.enabled", Kind::Bool)],
        "false",
        ON,
        "Switches the symbol universe on.",
    ),
    sets(
        "QT_AI_UNIVERSE_OS_MODE",
        &[("subsystems.universe-os.mode", Kind::Mode)],
        "OBSERVE",
        MODES,
        "What it may do; OFF wins over enabled.",
    ),
    sets(
        "QT_AI_UNIVERSE_DYNAMIC",
        &[("subsystems.universe-os.config.dynamic", Kind::Bool)],
        "false",
        ON,
        "Whether directives may also widen the selection.",
    ),
    sets(
        "QT_AI_UNIVERSE_L1_SIZE",
        &[("subsystems.universe-os.config.l1_size", Kind::Count)],
        "10",
        "symbols",
        "Size of the first tier.",
    ),
    sets(
        "QT_AI_UNIVERSE_L2_SIZE",
        &[("subsystems.universe-os.config.l2_size", Kind::Count)],
        "20",
        "symbols",
        "Size of the second tier.",
    ),
    sets(
        "QT_AI_UNIVERSE_BLACKLIST_ENABLED",
        &[("subsystems.universe-os.config.blacklist_enabled", Kind::Bool)],
        "true",
        ON,
        "Whether the configured blacklist shuts symbols out.",
    ),
    sets(
        "QT_AI_UNIVERSE_MIN_VOLUME_24H",
        &[("subsystems.universe-os.config.min_volume_24h", Kind::Number)],
        "5000000",
        "USD",
        "Least volume of 24 h.",
    ),
    sets(
        "QT_AI_UNIVERSE_MIN_LIQUIDITY",
        &[("subsystems.universe-os.config.min_liquidity", Kind::Number)],
        "1000000",
        "USD",
        "Least USD traded in an hour for each percent of price.",
    ),
    sets(
        "QT_AI_UNIVERSE_MAX_SPREAD_BPS",
        &[("subsystems.universe-os.config.max_spread_bps", Kind::Number)],
        "10",
        "bps",
        "Widest spread.",
    ),
];
