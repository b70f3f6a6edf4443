use super::{Kind, Variable, sets, superseded};

pub(super) const VARIABLES: &[Variable] = &[
    sets(
        "QT_AI_LOG_LEVEL",
        &[("log.level", Kind::LogLevel), ("log.plugins", Kind::LogLevel)],
        "",
        "DEBUG, INFO, WARNING, ERROR",
        "Least level of the lines of host and plugins. Without it: WARNING for the host, ERROR for plugins.",
    )
    .was("INFO, which nothing read"),
    superseded(
        "QT_AI_LOG_PATH",
        "logs/ai_subsystem.log",
        "file",
        "File of the log.",
        "lines go to the standard error, decisions to the journal (--journal)",
    ),
    superseded(
        "QT_AI_TELEMETRY_ENABLED",
        "false",
        "true, false",
        "Telemetry.",
        "every call is counted, timed and journaled, always",
    ),
    superseded(
        "QT_AI_TELEMETRY_INTERVAL",
        "300",
        "s",
        "Period of telemetry.",
        "every call is counted, timed and journaled, always",
    ),
    superseded(
        "QT_AI_HEALTH_ENABLED",
        "true",
        "true, false",
        "Health routes.",
        "health follows from the calls themselves and is always there",
    ),
    superseded(
        "QT_AI_HEALTH_DETAILED",
        "true",
        "true, false",
        "Details in health routes.",
        "health follows from the calls themselves and is always whole",
    ),
    superseded(
        "QT_AI_HEALTH_CHECK_INTERVAL",
        "60",
        "s",
        "Period of health checks.",
        "health follows from the calls themselves, without a period",
    ),
    sets(
        "QT_AI_HEALTH_ERROR_THRESHOLD",
        &[("quarantine.strikes", Kind::Count)],
        "3",
        "faults",
        "Faults within quarantine.window_ms after which a subsystem is taken out.",
    )
    .was("5, which nothing read"),
    superseded("QT_AI_DEBUG", "false", "true, false", "Debugging.", "use QT_AI_LOG_LEVEL=DEBUG"),
    superseded(
        "QT_AI_DRY_RUN",
        "false",
        "true, false",
        "Decide, but change nothing.",
        "use QT_AI_INTEGRATION_STAGE=OBSERVATION",
    ),
    superseded(
        "QT_AI_TEST_MODE",
        "false",
        "true, false",
        "Test mode.",
        "use `bulkhead run` without --data, which simulates a market, or `bulkhead call`",
    ),
    superseded(
        "QT_AI_TEST_SCENARIO",
        "none",
        "none, winner_scenario, loser_scenario",
        "Scenario of the test mode.",
        "use `bulkhead call` with a document of your own",
    ),
];
