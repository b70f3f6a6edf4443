//! Whether a stage may be activated: the host as it stands, and what its journals show.

use std::collections::BTreeSet;

use bulkhead_journal::Reader;
use bulkhead_policy::{
    Stage,
    activation::{Activation, Check, Health, Judged, SubsystemHealth, Verdict, verdict},
};
use bulkhead_runtime::{
    Registry, SubsystemStatus,
    evidence::{Evidence, journals_beside},
};

use crate::{control::Control, view::ActivationView};

impl Control {
    /// Judges a step to this stage. Reads every journal beside the host's own: that takes seconds.
    pub(crate) fn activation(&self, target: Stage, rules: &Activation, judged: &BTreeSet<Judged>) -> ActivationView {
        let health = health(self.registry());
        // A step down needs nothing, and must not wait.
        if target <= health.stage {
            return ActivationView::of(verdict(target, rules, &Evidence::new(0).all(rules), &health, judged), &[]);
        }
        let mut evidence = Evidence::new(rules.coordination_late_ms);
        let mut unread = Vec::new();
        for journal in journals_beside(self.registry().journal().path()) {
            if let Err(error) = Reader::open(&journal).and_then(|reader| evidence.add(&reader)) {
                tracing::warn!("{error}");
                unread.push(journal.file_name().unwrap_or_default().to_string_lossy().into_owned());
            }
        }
        let found = verdict(target, rules, &evidence.all(rules), &health, judged);
        ActivationView::of(with_unread(found, &unread), evidence.journals())
    }
}

/// What cannot be read has shown nothing, and may hide something.
fn with_unread(mut verdict: Verdict, unread: &[String]) -> Verdict {
    if !unread.is_empty() {
        verdict.yes = false;
        verdict.checks.push(Check {
            shown_in: None,
            name: "journals".to_owned(),
            wanted: "all in the journal's folder can be read to their end".to_owned(),
            found: format!("not {}", unread.join(", ")),
            passed: false,
        });
    }
    verdict
}

fn health(registry: &Registry) -> Health {
    let (dials, journal) = (registry.dials(), registry.journal().status());
    let event_time_ms = registry.last_event_ms();
    Health {
        stage: dials.stage,
        brake: dials.brake,
        event_time_ms: (event_time_ms > 0).then_some(event_time_ms),
        journal_failed: journal.error.is_some(),
        journal_lost: journal.dropped,
        limits: Some(registry.limits()),
        autonomy_forbidden: registry.highest_stage() < Stage::Autonomy,
        subsystems: registry.status().into_iter().map(subsystem).collect(),
    }
}

fn subsystem(status: SubsystemStatus) -> SubsystemHealth {
    SubsystemHealth {
        name: status.name,
        mode: status.mode,
        digest: status.digest,
        hooks: status.hooks,
        faults_in_a_row: status.faults_in_a_row,
        quarantined: status.quarantined,
        refused: status.refused.map(|refused| refused.step.name().to_owned()),
        alarms: status.alarms.into_iter().map(|(hook, kind)| format!("{kind} on {hook}")).collect(),
    }
}
