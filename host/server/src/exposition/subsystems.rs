//! Subsystems: what they may do, how they do, what they use up.

use bulkhead_policy::{Mode, alarm::AlarmKind};

use super::{Page, host::seconds};
use crate::view::{Standing, StatusView, SubsystemView};

pub(super) fn put(page: &mut Page, status: &StatusView) {
    let all = &status.subsystems;
    let now_ms = status.event_time_ms;
    page.gauge("bulkhead_subsystem_mode", "1 at what the subsystem may do.", |samples| {
        for s in all {
            let modes = Mode::ALL.iter().map(|mode| mode.name());
            samples.one_of(&[("subsystem", &s.name)], "mode", s.mode.name(), modes);
        }
    });
    page.gauge("bulkhead_subsystem_state", "1 at what real calls have shown of the subsystem.", |samples| {
        for s in all {
            let states = Standing::ALL.iter().map(|state| state.name());
            samples.one_of(&[("subsystem", &s.name)], "state", s.state.name(), states);
        }
    });
    page.gauge("bulkhead_subsystem_hook", "Always 1. A hook that the subsystem is asked.", |samples| {
        for s in all {
            s.hooks.iter().for_each(|hook| samples.put(&[("subsystem", &s.name), ("hook", hook.name())], 1.0));
        }
    });
    counts(page, all);
    gauges(page, all, now_ms);
    page.gauge("bulkhead_subsystem_alarms", "Hooks on which the answers are strange.", |samples| {
        for s in all {
            for kind in AlarmKind::ALL {
                let hooks = s.alarms.iter().filter(|alarm| alarm.kind == *kind).count();
                samples.put(&[("subsystem", &s.name), ("kind", kind.name())], hooks as f64);
            }
        }
    });
}

fn counts(page: &mut Page, all: &[SubsystemView]) {
    type Count = fn(&SubsystemView) -> u64;
    let counters: [(&str, &str, Count); 4] = [
        ("bulkhead_subsystem_calls_total", "Calls that reached the subsystem.", |s| s.calls),
        ("bulkhead_subsystem_faults_total", "Of these, faults.", |s| s.faults),
        ("bulkhead_subsystem_versions_total", "Versions that came into service after the first.", |s| s.versions),
        ("bulkhead_subsystem_refused_candidates_total", "New versions that were refused.", |s| s.refusals),
    ];
    for (name, help, value) in counters {
        page.counter(name, help, |samples| {
            all.iter().for_each(|s| samples.count(&[("subsystem", &s.name)], value(s)));
        });
    }
}

fn gauges(page: &mut Page, all: &[SubsystemView], now_ms: u64) {
    let mut each = |name: &str, help: &str, value: &dyn Fn(&SubsystemView) -> Option<f64>| {
        page.gauge(name, help, |samples| {
            for s in all {
                if let Some(value) = value(s) {
                    samples.put(&[("subsystem", &s.name)], value);
                }
            }
        });
    };
    each("bulkhead_subsystem_faults_in_a_row", "Faults since the last good answer.", &|s| {
        Some(f64::from(s.faults_in_a_row))
    });
    let help = "Time of the market since the last good answer. Absent: it never answered.";
    each("bulkhead_subsystem_last_answer_age_seconds", help, &|s| {
        s.last_answer_ms.map(|last| seconds(now_ms.saturating_sub(last)))
    });
    let help = "Share of its fuel that the largest call left. Absent: it never answered.";
    each("bulkhead_subsystem_fuel_headroom_ratio", help, &|s| {
        let known = s.last_answer_ms.is_some() && s.fuel_budget > 0;
        known.then(|| s.fuel_budget.saturating_sub(s.peak_fuel) as f64 / s.fuel_budget as f64)
    });
    let help = "1: the latest new version was refused, and none has come into service since.";
    each("bulkhead_subsystem_candidate_refused", help, &|s| Some(f64::from(u8::from(s.refused.is_some()))));
}
