//! One check: from what the host sees to one directive, its reasons, and what would help.

use crate::config::{Config, Level};
use crate::finding::Finding;
use crate::memory::Memory;
use crate::{names, parts, results, trouble};
use bulkhead_sdk::prelude::*;
use bulkhead_sdk::self_healing::{Directive, Issue, Recovery, RecoveryAction, Severity};

pub fn check(
    config: &Config,
    memory: &mut Memory,
    now_ms: u64,
    rows: &[PartStatus],
    account: &Account,
    performance: &Performance,
) -> HealthReport {
    let parts = parts::seen(rows, config);
    let overall = parts::overall(&parts);
    memory.observe(now_ms, &parts, overall);
    let mut findings = trouble::findings(&parts, memory, config);
    findings.extend(results::findings(account, performance, config));
    // The worst first; among equals in the order of the contract, whatever the order of the rows.
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.part.cmp(&b.part)).then(a.text.cmp(&b.text)));
    let actions = actions(&findings, memory, config);
    let demand = findings.iter().map(|finding| finding.demand).max().unwrap_or(Directive::AllowAll);
    HealthReport {
        overall,
        directive: at_most(demand, config.level),
        issues: findings.into_iter().map(issue).collect(),
        actions,
    }
}

/// The level says how far a directive may go.
fn at_most(demand: Directive, level: Level) -> Directive {
    let directive = demand.min(level.most());
    if directive < demand {
        log::warn!("{} is called for, the level allows {}", names::directive(demand), names::directive(directive));
    }
    directive
}

fn issue(finding: Finding) -> Issue {
    let Finding { part, severity, impacts_trading, text, .. } = finding;
    Issue { part, severity, impacts_trading, text }
}

/// Each action once, however many findings ask for it.
fn actions(findings: &[Finding], memory: &mut Memory, config: &Config) -> Vec<RecoveryAction> {
    let mut actions = Vec::<RecoveryAction>::new();
    for Finding { part, severity, cure, .. } in findings {
        if actions.iter().any(|known| (known.action, known.part) == (*cure, *part)) {
            continue;
        }
        actions.push(RecoveryAction {
            action: *cure,
            part: *part,
            automatic: config.level != Level::Observe
                && is_automatic(*cure, || memory.restart(*part) <= config.max_restarts),
            priority: if *severity == Severity::Critical { 1 } else { 2 },
        });
    }
    actions
}

/// A part that comes up and dies again every time is not helped by one restart more: a person looks at it then.
fn is_automatic(cure: Recovery, restart: impl FnOnce() -> bool) -> bool {
    match cure {
        Recovery::RestartSubsystem => restart(),
        Recovery::ReloadConfig => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests;
