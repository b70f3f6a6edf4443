//! The parts of the system: what the host says of each, made worse where a part has been silent for too long.

use crate::config::Config;
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::self_healing::{Part, PartStatus};
use std::collections::BTreeMap;

/// What is known of a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    pub status: HealthStatus,
    /// Since its last sign of life.
    pub age_ms: u64,
}

/// The parts that were reported, each once: of two rows the worse counts. A part that nobody reports is not here.
pub fn seen(rows: &[PartStatus], config: &Config) -> BTreeMap<Part, Seen> {
    let mut parts = BTreeMap::<Part, Seen>::new();
    for row in rows {
        let status = worse(row.status, of_silence(row.part, row.age_ms, config));
        parts
            .entry(row.part)
            .and_modify(|part| {
                part.status = worse(part.status, status);
                part.age_ms = part.age_ms.max(row.age_ms);
            })
            .or_insert(Seen { status, age_ms: row.age_ms });
    }
    parts
}

/// The original's rule. Without any report nothing is known, which is neither health nor trouble.
pub fn overall(parts: &BTreeMap<Part, Seen>) -> HealthStatus {
    match parts.values().map(|part| part.status).max_by_key(|status| rank(*status)) {
        None => HealthStatus::Unknown,
        Some(HealthStatus::Unknown) => HealthStatus::Degraded,
        Some(worst) => worst,
    }
}

/// Orders depend on it.
pub fn impacts_trading(part: Part) -> bool {
    TRADING.contains(&part)
}

pub const TRADING: [Part; 4] = [Part::DataFeed, Part::ExchangeConnection, Part::EventExecutor, Part::RiskGuard];

/// Only of parts that show life whether anything is traded or not. The others are asked when there is something to
/// decide: if their silence stopped trading, nothing would ever wake them again.
fn of_silence(part: Part, age_ms: u64, config: &Config) -> HealthStatus {
    let (stale_ms, dead_ms) = match part {
        Part::ExchangeConnection => config.silence_ms(),
        Part::DataFeed => (config.silence_ms().0, u64::MAX),
        Part::EventExecutor => config.executor_silence_ms(),
        _ => return HealthStatus::Healthy,
    };
    if age_ms >= dead_ms {
        HealthStatus::Critical
    } else if age_ms > stale_ms {
        HealthStatus::Degraded
    } else {
        HealthStatus::Healthy
    }
}

/// The contract lists unknown last; between two rows it is worse than healthy only.
fn rank(status: HealthStatus) -> u8 {
    match status {
        HealthStatus::Healthy => 0,
        HealthStatus::Unknown => 1,
        HealthStatus::Degraded => 2,
        HealthStatus::Critical => 3,
        HealthStatus::Failed => 4,
    }
}

fn worse(a: HealthStatus, b: HealthStatus) -> HealthStatus {
    if rank(b) > rank(a) { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::PARTS;
    use HealthStatus::{Critical, Degraded, Failed, Healthy, Unknown};

    fn row(part: Part, status: HealthStatus, age_s: u64) -> PartStatus {
        PartStatus { part, status, age_ms: age_s * 1_000 }
    }

    fn status(part: Part, reported: HealthStatus, age_s: u64) -> HealthStatus {
        seen(&[row(part, reported, age_s)], &Config::default())[&part].status
    }

    #[test]
    fn silence_degrades_what_has_a_heartbeat() {
        for (part, age_s, want) in [
            (Part::DataFeed, 300, Healthy),
            (Part::DataFeed, 301, Degraded),
            (Part::DataFeed, 1_000_000, Degraded),
            (Part::ExchangeConnection, 300, Healthy),
            (Part::ExchangeConnection, 301, Degraded),
            (Part::ExchangeConnection, 3_599, Degraded),
            (Part::ExchangeConnection, 3_600, Critical),
            (Part::EventExecutor, 120, Healthy),
            (Part::EventExecutor, 121, Degraded),
            (Part::EventExecutor, 300, Critical),
        ] {
            assert_eq!(status(part, Healthy, age_s), want, "{part:?} {age_s}");
        }
    }

    #[test]
    fn parts_that_wait_for_trades_may_be_silent_for_ever() {
        for part in PARTS.into_iter().filter(|part| !TRADING.contains(part)) {
            assert_eq!(status(part, Healthy, u64::MAX / 1_000), Healthy, "{part:?}");
        }
    }

    #[test]
    fn silence_never_makes_a_part_better() {
        for part in PARTS {
            for reported in [Healthy, Unknown, Degraded, Critical, Failed] {
                let mut before = 0;
                for age_s in [0, 60, 121, 301, 3_600, 100_000] {
                    let now = rank(status(part, reported, age_s));
                    assert!(now >= rank(reported) && now >= before);
                    before = now;
                }
            }
        }
    }

    #[test]
    fn of_two_rows_the_worse_counts_in_any_order() {
        let all = [Healthy, Unknown, Degraded, Critical, Failed];
        for (i, a) in all.into_iter().enumerate() {
            for (j, b) in all.into_iter().enumerate() {
                let rows = [row(Part::Database, a, i as u64), row(Part::Database, b, j as u64)];
                let want = Seen { status: all[i.max(j)], age_ms: i.max(j) as u64 * 1_000 };
                assert_eq!(seen(&rows, &Config::default())[&Part::Database], want);
            }
        }
    }

    #[test]
    fn overall_is_the_worst_and_unknown_parts_degrade() {
        let with = |statuses: &[HealthStatus]| {
            let rows: Vec<PartStatus> = PARTS.into_iter().zip(statuses).map(|(part, s)| row(part, *s, 0)).collect();
            overall(&seen(&rows, &Config::default()))
        };
        assert_eq!(with(&[]), Unknown);
        assert_eq!(with(&[Healthy, Healthy]), Healthy);
        assert_eq!(with(&[Healthy, Unknown]), Degraded);
        assert_eq!(with(&[Unknown, Unknown]), Degraded);
        assert_eq!(with(&[Degraded, Healthy]), Degraded);
        assert_eq!(with(&[Unknown, Critical, Degraded]), Critical);
        assert_eq!(with(&[Critical, Failed, Healthy]), Failed);
    }
}
