//! The page of a host in which everything there is to show is there.

mod bounds;
mod read;
mod used;

use bulkhead_policy::{HookId, Likeness, Mode, ReasonCode, alarm::AlarmKind, promotion::Evidence};
use serde_json::json;

use super::{Scrape, page};
use crate::view::{AccountView, AlarmView, HookView, ShadowView, Standing, StatusView, SubsystemView};
use read::{Sample, samples};

/// Every cause and every reason on every hook, for every subsystem; each subsystem has a shadow and all alarms.
fn everything(subsystems: &[&str]) -> Scrape {
    let subsystem = |name: &&str| SubsystemView {
        state: Standing::Serving,
        hooks: HookId::ALL.to_vec(),
        calls: 12,
        faults: 2,
        last_answer_ms: Some(1_700_000_000_000),
        peak_fuel: 2_500_000,
        fuel_budget: 10_000_000,
        cpu_budget_us: 5_000,
        shadow: Some(shadow()),
        alarms: AlarmKind::ALL.iter().map(|kind| AlarmView { hook: HookId::RiskCheck, kind: *kind }).collect(),
        ..SubsystemView::sample(name)
    };
    let status = json!({
        "host": "0.1.0", "uptime_ms": 1_500, "event_time_ms": 1_700_000_060_000_u64,
        "stage": "COORDINATION", "policy": "live",
        "brake": { "brake": "halt", "generation": 3, "since_ms": 1_700_000_030_000_u64 },
        "journal": { "appended": 5, "written": 4, "dropped": 0, "lag": 1, "failed": false },
        "subsystems": [],
    });
    let status: StatusView = serde_json::from_value(status).unwrap();
    let status = StatusView { subsystems: subsystems.iter().map(subsystem).collect(), ..status };
    let hooks = HookId::ALL.iter().map(|hook| counted(*hook, subsystems)).collect();
    Scrape { hooks, status, account: Some(account()), ready: true }
}

fn account() -> AccountView {
    let account = json!({
        "known": true, "event_time_ms": 1_700_000_060_000_u64, "equity_usd": 9_700.0, "balance_usd": 9_800.0,
        "day_start_usd": 10_000.0, "peak_usd": 10_000.0, "daily_drawdown_pct": 3.0, "open_drawdown_pct": 3.0,
        "gross_exposure_pct": 150.0, "net_exposure_pct": 50.0, "open_positions": 3, "working_orders": 1,
        "trades_closed": 2, "progress": { "bars_done": 1, "bars_total": 2, "ended": false },
        "limits": { "daily_drawdown_halt_pct": 5.0, "open_drawdown_close_pct": 10.0, "max_gross_exposure_pct": 300.0,
                    "max_open_positions": 5 },
    });
    serde_json::from_value(account).unwrap()
}

fn counted(hook: HookId, subsystems: &[&str]) -> HookView {
    use bulkhead_policy::{Cause, FaultClass};
    let faults = FaultClass::ALL.iter().map(|class| Cause::Fault(*class));
    let causes = [Cause::Unbound, Cause::Off, Cause::Brake].into_iter().chain(faults);
    let mut latency =
        bulkhead_runtime::Latency { calls: 10, sum_ns: 1_000_000, ..bulkhead_runtime::Latency::default() };
    latency.up_to.iter_mut().zip(0..).for_each(|(count, at)| *count = at.min(10));
    let refused =
        |name: &&str| ReasonCode::ALL.iter().map(|reason| (((*name).to_owned(), *reason), 1)).collect::<Vec<_>>();
    HookView::from(bulkhead_runtime::HookSnapshot {
        hook,
        calls: 20,
        asked: 10,
        applied: 1,
        advised: 2,
        observed: 3,
        defaulted: causes.map(|cause| (cause, 1)).collect(),
        reasons: subsystems.iter().flat_map(refused).collect(),
        latency,
    })
}

fn shadow() -> ShadowView {
    let evidence = Evidence { compared: 4, same: 3, tighter: 1, ..Evidence::default() };
    let agreement = evidence.agreement();
    assert!(Likeness::ALL.len() == 4);
    ShadowView {
        plugin: String::new(),
        version: String::new(),
        digest: String::new(),
        since_ms: 0,
        evidence,
        agreement,
        disagreement: Some(1.0 - agreement),
        unmet: Vec::new(),
        by_hook: Vec::new(),
        faults: Vec::new(),
        differences: Vec::new(),
    }
}

fn read(scrape: &Scrape) -> Vec<Sample> {
    samples(&page(scrape).unwrap())
}

fn value(samples: &[Sample], name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let fits = |sample: &&Sample| {
        sample.name == name && labels.iter().all(|(label, value)| sample.labels.get(*label).is_some_and(|v| v == value))
    };
    let mut found = samples.iter().filter(fits);
    let value = found.next().map(|sample| sample.value);
    assert!(found.next().is_none(), "{name} {labels:?} is not one sample");
    value
}

#[test]
fn figures_are_in_base_units() {
    let all = read(&everything(&["risk-os"]));
    let hook = ("hook", "pre-trade-risk-check");
    for (name, labels, expected) in [
        ("bulkhead_uptime_seconds", vec![], 1.5),
        ("bulkhead_event_time_seconds", vec![], 1_700_000_060.0),
        ("bulkhead_brake_age_seconds", vec![], 30.0),
        ("bulkhead_brake", vec![("state", "halt")], 1.0),
        ("bulkhead_brake", vec![("state", "released")], 0.0),
        ("bulkhead_hook_duration_seconds_sum", vec![hook], 0.001),
        ("bulkhead_hook_duration_seconds_count", vec![hook], 10.0),
        ("bulkhead_hook_duration_seconds_bucket", vec![hook, ("le", "0.001")], 7.0),
        ("bulkhead_hook_duration_seconds_bucket", vec![hook, ("le", "+Inf")], 10.0),
        ("bulkhead_hook_cpu_budget_seconds", vec![hook], 0.005),
        ("bulkhead_decisions_total", vec![hook, ("outcome", "advised")], 2.0),
        ("bulkhead_decisions_total", vec![hook, ("cause", "deadline")], 1.0),
        ("bulkhead_subsystem_fuel_headroom_ratio", vec![], 0.75),
        ("bulkhead_subsystem_last_answer_age_seconds", vec![], 60.0),
        ("bulkhead_subsystem_state", vec![("state", "serving")], 1.0),
        ("bulkhead_shadow_disagreement_ratio", vec![], 0.25),
        ("bulkhead_equity_usd", vec![], 9_700.0),
        ("bulkhead_daily_drawdown_ratio", vec![], 0.03),
        ("bulkhead_drawdown_limit_ratio", vec![("kind", "open")], 0.1),
        ("bulkhead_gross_exposure_ratio", vec![], 1.5),
    ] {
        assert_eq!(value(&all, name, &labels), Some(expected), "{name} {labels:?}");
    }
}

#[test]
fn what_is_unknown_is_absent() {
    let mut scrape = everything(&["risk-os"]);
    scrape.status.event_time_ms = 0;
    scrape.status.brake.since_ms = None;
    scrape.account = None;
    scrape.status.subsystems =
        vec![SubsystemView { mode: Mode::Off, state: Standing::Off, ..SubsystemView::sample("risk-os") }];
    let all = read(&scrape);
    for name in [
        "bulkhead_event_time_seconds",
        "bulkhead_brake_age_seconds",
        "bulkhead_subsystem_last_answer_age_seconds",
        "bulkhead_subsystem_fuel_headroom_ratio",
        "bulkhead_shadow_disagreement_ratio",
        "bulkhead_hook_cpu_budget_seconds",
        "bulkhead_equity_usd",
        "bulkhead_drawdown_limit_ratio",
    ] {
        assert_eq!(value(&all, name, &[]), None, "{name}");
    }
    assert_eq!(value(&all, "bulkhead_subsystem_state", &[("state", "off")]), Some(1.0));
}
