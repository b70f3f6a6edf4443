//! An order has its decisions' record behind it; without a journal the policy decides.

use std::collections::BTreeSet;

use bulkhead_journal::{EventKind, Filter, OnFailure};
use bulkhead_policy::Stage;
use bulkhead_tests::Scenario;

#[test]
fn every_order_has_its_calls_and_every_proposal_that_became_none_has_a_reason() {
    let ran = Scenario::base(Stage::Autonomy).run();
    let reader = ran.reader();
    let status = ran.registry.journal().status();
    assert_eq!((status.unrecorded_orders, status.withheld_orders), (0, 0));
    for order in ran.accepted() {
        let fills = reader.fills(&Filter { order: Some(order.order_id), ..Filter::default() }).unwrap();
        assert!(fills.iter().all(|fill| fill.record.correlation == order.correlation));
    }
    let events = reader.events(&Filter::default()).unwrap();
    let stops = events.iter().filter(|e| e.record.kind == EventKind::TradeStopped).count() as u64;
    let proposed: u64 = ran.summary.proposals.values().map(|(all, _)| *all).sum();
    let entered: u64 = ran.summary.proposals.values().map(|(_, entered)| *entered).sum();
    assert!(stops > 0 && entered > 0, "{stops} stopped of {proposed}, {entered} entered");
    assert!(stops + entered <= proposed, "{stops} stopped and {entered} entered of {proposed}");
    let orders: BTreeSet<u64> = ran.orders.iter().map(|o| o.correlation).collect();
    for stop in events.iter().filter(|e| e.record.kind == EventKind::TradeStopped) {
        let data: serde_json::Value = serde_json::from_str(&stop.record.data).unwrap();
        assert_eq!(
            (data["by"].as_str(), data["reason"].as_str()),
            (Some(&*stop.record.actor), Some(&*stop.record.text))
        );
        let refused = matches!(&*stop.record.actor, "envelope" | "venue" | "journal");
        assert_eq!(orders.contains(&data["correlation"].as_u64().unwrap()), refused, "{data}");
    }
}

#[test]
fn without_a_journal_continue_trades_and_counts_and_halt_new_opens_nothing() {
    let base = Scenario::base(Stage::Autonomy).run();
    let on = Scenario::base(Stage::Autonomy).without_journal(OnFailure::Continue).run();
    assert_eq!((on.summary.orders, on.summary.trades), (base.summary.orders, base.summary.trades));
    let status = on.registry.journal().status();
    assert_eq!((status.unrecorded_orders, status.withheld_orders), (on.summary.orders, 0));
    assert!(on.summary.orders >= 10 && status.dropped > 1_000);

    let halted = Scenario::base(Stage::Autonomy).without_journal(OnFailure::HaltNew).run();
    assert_eq!((halted.summary.orders, halted.summary.fills), (0, 0));
    assert!(halted.refused("journal", "journal-failed") > 0);
    assert!(halted.registry.journal().status().withheld_orders > 0);
}
