//! The watch period after a version came into service: faults bring the one before it back.

use bulkhead_journal::EventKind;
use bulkhead_policy::promotion::PromotionRules;
use bulkhead_runtime::Upkeep;
use bulkhead_tests::{bad::BASE, keeper, keeper::NAME};
use serde_json::json;

use crate::stand::{NEXT, RULES, Stand, wait_for, wish};

#[test]
fn one_fault_in_the_watch_period_brings_the_version_before_back() {
    let stand = Stand::new(&[(NEXT, json!({ "call": "trap" }))], RULES);
    stand.ask(2);
    stand.registry.reload(NAME, &stand.candidate(NEXT), &wish()).unwrap();
    assert!(stand.registry.status()[0].trial_until_ms.is_some());
    let upkeep = Upkeep::start(stand.registry.clone()).unwrap();
    let decided = stand.risk();
    assert!(!decided.answer.allows(), "the veto fails closed meanwhile");
    wait_for(|| (stand.serving() == keeper::number(BASE)).then_some(()));
    drop(upkeep);
    let status = stand.registry.status().remove(0);
    assert!(!status.quarantined && status.trial_until_ms.is_none());
    assert_eq!(keeper::ask(&stand.registry, 900).version, keeper::number(BASE));
    let told = stand.events(EventKind::Quarantined);
    assert!(told.len() == 1 && told[0].text.contains("watch period"), "{told:?}");
    assert!(stand.lab.history(NAME).bad.contains(&keeper::digest(NEXT)), "and it does not come back by itself");
}

#[test]
fn after_the_period_a_single_fault_is_a_strike_like_any_other() {
    let stand = Stand::new(&[(NEXT, json!({ "call": "declare" }))], PromotionRules { watch_ms: 10_000, ..RULES });
    stand.ask(1);
    stand.registry.reload(NAME, &stand.candidate(NEXT), &wish()).unwrap();
    stand.skip(10);
    for strikes in 1..=3 {
        stand.risk();
        stand.registry.mend();
        assert_eq!(stand.serving() == keeper::number(BASE), strikes == 3, "{strikes}");
    }
}

#[test]
fn a_period_of_no_length_watches_nothing() {
    let stand = Stand::new(&[(NEXT, json!({ "call": "declare" }))], PromotionRules { watch_ms: 0, ..RULES });
    stand.ask(1);
    stand.registry.reload(NAME, &stand.candidate(NEXT), &wish()).unwrap();
    stand.risk();
    stand.registry.mend();
    assert_eq!(stand.serving(), keeper::number(NEXT));
}
