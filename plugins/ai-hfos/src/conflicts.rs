//! Subsystems that disagree. Safety beats opportunity: the resolution is what the directives already say.

use crate::config::Preference;
use crate::health::Health;
use crate::picture::Picture;
use bulkhead_sdk::coordination::{Conflict, ConflictKind, ConflictSeverity, ExecutionDirectives, Subsystem};

/// Over this score the universe looks fine.
const FINE_UNIVERSE: f64 = 80.0;

pub fn conflicts(picture: &Picture<'_>, health: &Health, execution: &ExecutionDirectives) -> Vec<Conflict> {
    let mut found = Vec::new();
    if picture.brake && health.score(Subsystem::UniverseOs).is_some_and(|score| score > FINE_UNIVERSE) {
        found.push(Conflict {
            kind: ConflictKind::RiskUniverseMismatch,
            severity: ConflictSeverity::Warning,
            resolution: "the universe looks fine but the brake is engaged: risk is followed".into(),
        });
    }
    let candidates = picture.inputs.amplification.iter().flat_map(|report| &report.candidates);
    let toxic = candidates.filter(|candidate| candidate.toxic).count();
    if toxic > 0 {
        found.push(Conflict {
            kind: ConflictKind::AmplifyToxic,
            severity: ConflictSeverity::Error,
            resolution: format!("{toxic} toxic positions were to be amplified: they are not"),
        });
    }
    if execution.enforce_limit_orders && picture.config.order_preference == Preference::Market {
        found.push(Conflict {
            kind: ConflictKind::MarketAgainstLimit,
            severity: ConflictSeverity::Error,
            resolution: "execution prefers MARKET but risk requires LIMIT: orders are LIMIT".into(),
        });
    }
    found
}
