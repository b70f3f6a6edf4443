//! The host itself: its dials, its brake, its journal.

use bulkhead_policy::{Brake, PolicySet, Stage};

use super::{Page, Scrape};
use crate::view::{BrakeView, JournalView};

pub(super) fn put(page: &mut Page, scrape: &Scrape) {
    let status = &scrape.status;
    page.gauge("bulkhead_build_info", "Always 1. Which host this is.", |samples| {
        samples.put(&[("version", &status.host)], 1.0);
    });
    page.value("bulkhead_uptime_seconds", "Time since the start.", Some(seconds(status.uptime_ms)));
    page.value("bulkhead_ready", "1: the host does what it is there for.", Some(f64::from(u8::from(scrape.ready))));
    let known = (status.event_time_ms > 0).then(|| seconds(status.event_time_ms));
    page.value("bulkhead_event_time_seconds", "Time of the market at the latest hook call, since the epoch.", known);
    page.gauge("bulkhead_stage", "1 at the stage of the rollout.", |samples| {
        samples.one_of(&[], "stage", status.stage.name(), Stage::ALL.iter().map(|stage| stage.name()));
    });
    page.gauge("bulkhead_policy", "1 at what holds after a fault.", |samples| {
        samples.one_of(&[], "policy", status.policy.name(), PolicySet::ALL.iter().map(|policy| policy.name()));
    });
    brake(page, &status.brake, status.event_time_ms);
    journal(page, &status.journal);
}

fn brake(page: &mut Page, brake: &BrakeView, now_ms: u64) {
    page.gauge("bulkhead_brake", "1 at the state that the brake is in.", |samples| {
        samples.one_of(&[], "state", brake.brake.name(), Brake::ALL.iter().map(|state| state.name()));
    });
    let age = brake.since_ms.map(|since| seconds(now_ms.saturating_sub(since)));
    page.value("bulkhead_brake_age_seconds", "Time of the market since the brake was engaged. Absent: it is not.", age);
    page.count(
        "bulkhead_brake_changes_total",
        "Times that the brake was engaged, hardened or released.",
        brake.generation,
    );
}

fn journal(page: &mut Page, journal: &JournalView) {
    page.count("bulkhead_journal_appended_total", "Records that the journal accepted.", journal.appended);
    page.count("bulkhead_journal_written_total", "Records on the disk.", journal.written);
    page.count("bulkhead_journal_dropped_total", "Records that were lost.", journal.dropped);
    page.value("bulkhead_journal_lag_records", "Records that wait for the disk.", Some(journal.lag as f64));
    page.count(
        "bulkhead_journal_unrecorded_orders_total",
        "Orders that went out though their decisions were not on the disk.",
        journal.unrecorded_orders,
    );
    page.count(
        "bulkhead_journal_withheld_orders_total",
        "Orders that did not go out because their decisions were not on the disk.",
        journal.withheld_orders,
    );
    let failed = f64::from(u8::from(journal.failed));
    page.value("bulkhead_journal_failed", "1: the journal has stopped writing.", Some(failed));
}

/// Milliseconds as Prometheus wants them.
pub(super) fn seconds(ms: u64) -> f64 {
    ms as f64 / 1e3
}
