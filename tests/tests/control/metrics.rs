//! What Prometheus is told by a running host. The scrape is kept for promtool, which `cargo xtask test` asks.

use std::{fs, path::Path};

use crate::{host::until, network::Net};

/// One sample's value.
fn value(page: &str, series: &str) -> Option<f64> {
    page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

#[test]
fn a_scrape_follows_the_host() {
    let net = Net::start();
    let scrape = || {
        let (status, page) = net.ask("read", "GET", "/metrics", None);
        assert_eq!(status, 200, "{page}");
        page
    };
    let page = until("calls that took time", || {
        let page = scrape();
        let timed = value(&page, "bulkhead_hook_duration_seconds_count{hook=\"signal\"}");
        (timed > Some(100.0)).then_some(page)
    });
    assert_eq!(value(&page, "bulkhead_stage{stage=\"COORDINATION\"}"), Some(1.0));
    assert_eq!(value(&page, "bulkhead_brake{state=\"released\"}"), Some(1.0));
    assert_eq!(value(&page, "bulkhead_subsystem_state{subsystem=\"momentum\",state=\"serving\"}"), Some(1.0));
    let all = "bulkhead_hook_duration_seconds_bucket{hook=\"signal\",le=\"+Inf\"}";
    assert_eq!(value(&page, all), value(&page, "bulkhead_hook_duration_seconds_count{hook=\"signal\"}"));

    fs::write(net.host.plugin("momentum"), b"no component").unwrap();
    net.host.refuses(&["plugin", "reload", "momentum", "--reason", "a test"]);
    net.host.says(&["brake", "engage", "halt", "--reason", "a test"]);
    let page = scrape();
    assert_eq!(value(&page, "bulkhead_subsystem_candidate_refused{subsystem=\"momentum\"}"), Some(1.0));
    assert_eq!(value(&page, "bulkhead_subsystem_refused_candidates_total{subsystem=\"momentum\"}"), Some(1.0));
    assert_eq!(value(&page, "bulkhead_brake{state=\"halt\"}"), Some(1.0));
    assert!(value(&page, "bulkhead_brake_age_seconds") >= Some(0.0));
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("metrics.txt"), page).unwrap();
}
