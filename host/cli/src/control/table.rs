//! Tables for people.

use bulkhead_executor::market::time::format_ms;
use bulkhead_runtime::version::short;
use bulkhead_server::view::{StatusView, SubsystemView};
use comfy_table::{CellAlignment, Table, presets::NOTHING};

/// The host as it stands.
pub(super) fn status(status: &StatusView) -> String {
    let time = |ms: u64| i64::try_from(ms).map_or_else(|_| ms.to_string(), format_ms);
    let brake = &status.brake;
    let since = brake.since_ms.map(|ms| format!(" since {}", time(ms))).unwrap_or_default();
    let journal = &status.journal;
    let mut failed = if journal.failed { ", it has stopped writing" } else { "" }.to_owned();
    if journal.unrecorded_orders + journal.withheld_orders > 0 {
        let (out, back) = (journal.unrecorded_orders, journal.withheld_orders);
        failed.push_str(&format!(", {out} orders went out unrecorded, {back} were held back"));
    }
    failed.extend(journal.warning.iter().flat_map(|warning| [", ", warning.as_str()]));
    let notes: String = status.notes.iter().map(|note| format!("\nnote    {note}")).collect();
    format!(
        "Bulkhead {}  up {} s  market time {}\nstage {}  policy {}  brake {} (generation {}){since}\n\
         journal {} of {} records written, {} lost{failed}\n{}{notes}",
        status.host,
        status.uptime_ms / 1_000,
        time(status.event_time_ms),
        status.stage,
        status.policy,
        brake.brake,
        brake.generation,
        journal.written,
        journal.appended,
        journal.dropped,
        subsystems(&status.subsystems)
    )
}

fn subsystems(all: &[SubsystemView]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["subsystem", "mode", "version", "digest", "calls", "faults", "remarks"]);
    for s in all {
        table.add_row([
            s.name.clone(),
            s.mode.to_string(),
            s.version.clone(),
            short(&s.digest).to_owned(),
            s.calls.to_string(),
            s.faults.to_string(),
            remarks(s),
        ]);
    }
    for column in [4, 5] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// What a person should look at.
fn remarks(s: &SubsystemView) -> String {
    let mut remarks = Vec::new();
    if s.quarantined {
        remarks.push("quarantined".to_owned());
    }
    if s.pinned.is_some() {
        remarks.push("pinned".to_owned());
    }
    if let Some(shadow) = &s.shadow {
        let shown = &shadow.evidence;
        let rules = if shadow.unmet.is_empty() { "may be promoted".to_owned() } else { shadow.unmet.join(", ") };
        remarks.push(format!(
            "{} in the shadow: {} compared, {:.2} % the same, {} faults ({rules})",
            short(&shadow.digest),
            shown.compared,
            shadow.agreement * 100.0,
            shown.faults
        ));
    }
    remarks.extend(s.alarms.iter().map(|alarm| format!("alarm: {} on {}", alarm.kind, alarm.hook)));
    if let Some(refused) = &s.refused {
        remarks.push(format!("candidate refused at {}", refused.step));
    }
    if let (1.., Some(fault)) = (s.faults_in_a_row, &s.last_fault) {
        remarks.push(format!("{} faults in a row: {}", s.faults_in_a_row, fault.text));
    }
    remarks.join("; ")
}
