//! Counters: as JSON for people's tools, as text for Prometheus. Label values come from closed sets and the configuration.

use std::fmt::Write as _;

use axum::{
    Json,
    extract::State,
    http::{HeaderName, header::CONTENT_TYPE},
};
use bulkhead_policy::Brake;
use serde::Serialize;
use std::collections::BTreeMap;

use crate::{
    control::Control,
    view::{StatusView, SubsystemView},
};

/// Counters of one hook.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HookView {
    pub(crate) hook: &'static str,
    pub(crate) calls: u64,
    pub(crate) asked: u64,
    pub(crate) applied: u64,
    pub(crate) advised: u64,
    pub(crate) observed: u64,
    /// By cause.
    pub(crate) defaulted: BTreeMap<&'static str, u64>,
    pub(crate) refusals: Vec<RefusalView>,
    pub(crate) p50_ns: u64,
    pub(crate) p99_ns: u64,
    pub(crate) max_ns: u64,
}

/// Refusals of one subsystem for one reason.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RefusalView {
    pub(crate) subsystem: String,
    pub(crate) reason: String,
    pub(crate) count: u64,
}

/// Everything that is counted.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MetricsView {
    hooks: Vec<HookView>,
    status: StatusView,
}

pub(crate) async fn json(State(control): State<Control>) -> Json<MetricsView> {
    Json(MetricsView { hooks: control.hooks(), status: control.status() })
}

pub(crate) async fn text(State(control): State<Control>) -> ([(HeaderName, &'static str); 1], String) {
    let mut page = Page::default();
    page.hooks(&control.hooks());
    let status = control.status();
    page.subsystems(&status.subsystems);
    page.host(&status);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page.0)
}

/// Name, kind, help, and value of a subsystem.
type Family = (&'static str, &'static str, &'static str, fn(&SubsystemView) -> u64);

/// A page in Prometheus' text format.
#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn hooks(&mut self, hooks: &[HookView]) {
        self.family("bulkhead_hook_calls_total", "counter", "Calls of a hook.");
        for hook in hooks {
            self.line("bulkhead_hook_calls_total", &[("hook", hook.hook)], hook.calls);
        }
        self.family("bulkhead_decisions_total", "counter", "Decisions of subsystems by what became of them.");
        for hook in hooks {
            for (outcome, count) in [("applied", hook.applied), ("advised", hook.advised), ("observed", hook.observed)]
            {
                let labels = [("hook", hook.hook), ("outcome", outcome), ("cause", "")];
                self.line("bulkhead_decisions_total", &labels, count);
            }
            for (cause, count) in &hook.defaulted {
                let labels = [("hook", hook.hook), ("outcome", "defaulted"), ("cause", cause)];
                self.line("bulkhead_decisions_total", &labels, count);
            }
        }
        self.family("bulkhead_refusals_total", "counter", "Refusals by subsystem and reason, applied or not.");
        for hook in hooks {
            for refusal in &hook.refusals {
                let labels = [("hook", hook.hook), ("subsystem", &*refusal.subsystem), ("reason", &*refusal.reason)];
                self.line("bulkhead_refusals_total", &labels, refusal.count);
            }
        }
        self.family("bulkhead_hook_seconds", "gauge", "Time of a call since the start, by quantile.");
        for hook in hooks.iter().filter(|hook| hook.asked > 0) {
            for (quantile, ns) in [("0.5", hook.p50_ns), ("0.99", hook.p99_ns), ("1", hook.max_ns)] {
                let labels = [("hook", hook.hook), ("quantile", quantile)];
                self.line("bulkhead_hook_seconds", &labels, ns as f64 / 1e9);
            }
        }
    }

    fn subsystems(&mut self, all: &[SubsystemView]) {
        let counters: [Family; 5] = [
            ("bulkhead_subsystem_calls_total", "counter", "Calls that reached a subsystem.", |s| s.calls),
            ("bulkhead_subsystem_faults_total", "counter", "Faults of a subsystem.", |s| s.faults),
            ("bulkhead_subsystem_quarantined", "gauge", "1: taken out, or on probation.", |s| s.quarantined.into()),
            ("bulkhead_subsystem_peak_fuel", "gauge", "Most fuel of one call.", |s| s.peak_fuel),
            ("bulkhead_subsystem_mode", "gauge", "0 off, 1 observe, 2 advisory, 3 enforced.", |s| s.mode as u64),
        ];
        for (name, kind, help, value) in counters {
            self.family(name, kind, help);
            for s in all {
                self.line(name, &[("subsystem", &s.name)], value(s));
            }
        }
    }

    fn host(&mut self, status: &StatusView) {
        self.family("bulkhead_brake", "gauge", "1 at the state the brake is in.");
        for brake in Brake::ALL {
            let on = u8::from(status.brake.brake == *brake);
            self.line("bulkhead_brake", &[("state", brake.name())], on);
        }
        let journal = &status.journal;
        for (name, kind, help, value) in [
            ("bulkhead_journal_written_total", "counter", "Records on the disk.", journal.written),
            ("bulkhead_journal_dropped_total", "counter", "Records lost.", journal.dropped),
            ("bulkhead_journal_lag", "gauge", "Records that wait.", journal.lag),
            ("bulkhead_journal_failed", "gauge", "1: the journal has stopped writing.", journal.failed.into()),
            ("bulkhead_event_time_ms", "gauge", "Market time of the latest call, epoch ms.", status.event_time_ms),
        ] {
            self.family(name, kind, help);
            self.line(name, &[], value);
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
