//! From the shadow into service: on evidence, by a person or by itself.

use bulkhead_journal::EventKind;
use bulkhead_policy::promotion::PromotionRules;
use bulkhead_runtime::{PromotionRefused, Reloaded, Upkeep, Watch, WatchOptions};
use bulkhead_tests::{
    bad::BASE,
    keeper::{self, NAME},
};
use serde_json::{Value, json};

use crate::stand::{NEXT, RULES, Stand, wait_for, wish};

fn criteria(refused: &PromotionRefused) -> Vec<&'static str> {
    match refused {
        PromotionRefused::Unmet { unmet, .. } => unmet.iter().map(|u| u.criterion()).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_shadow_that_meets_every_rule_serves_with_the_state_of_the_version_before() {
    let stand = Stand::new(&[], RULES);
    stand.shadow(NEXT).unwrap();
    stand.ask(9);
    let refused = stand.registry.promote(NAME, &wish()).unwrap_err();
    assert_eq!(criteria(&refused), ["decisions"]);
    assert!(refused.to_string().contains("18 compared, 20 needed"), "{refused}");
    assert_eq!(stand.serving(), keeper::number(BASE));
    stand.ask(1);
    let expected = Reloaded::Serving { digest: keeper::digest(NEXT), version: keeper::number(NEXT) };
    assert_eq!(stand.registry.promote(NAME, &wish()), Ok(expected));
    let said = keeper::ask(&stand.registry, 900);
    assert_eq!((said.version, said.count), (keeper::number(NEXT), 21));
    assert!(stand.registry.status()[0].shadow.is_none(), "it has left the shadow");
    let told = stand.events(EventKind::PluginRefused);
    assert!(told.len() == 1 && told[0].actor == "ann" && told[0].text.contains("decisions"), "{told:?}");
}

#[test]
fn each_failing_rule_is_named_and_nothing_changes() {
    let rules = PromotionRules { fuel_share: 0.5, ..RULES };
    // A call costs a fuel or more a round, of ten million.
    let table: [(Value, &[&str]); 5] = [
        (json!({ "allow": true }), &["agreement"]),
        (json!({ "call": "declare" }), &["decisions", "agreement", "faults"]),
        (json!({ "work": 1_200_000 }), &["fuel_share"]),
        (json!({ "threshold": 0.9, "drift": 0.0 }), &["agreement", "constant"]),
        (json!({ "call": "breach" }), &["agreement", "faults", "constant"]),
    ];
    for (manners, expected) in table {
        // The serving version's threshold moves.
        let drifting = json!({ "drift": 0.0001 });
        let mut shadows = manners.clone();
        if shadows.get("drift").is_none() && shadows.get("call").is_none() {
            shadows["drift"] = json!(0.0001);
        }
        let stand = Stand::new(&[(BASE, drifting), (NEXT, shadows)], rules);
        stand.shadow(NEXT).unwrap();
        stand.ask(15);
        let refused = stand.registry.promote(NAME, &wish()).unwrap_err();
        let named = criteria(&refused);
        if expected == ["agreement", "faults", "constant"] {
            // Half of the answers are a breach: what is left of them is too few to judge by.
            assert!(named.contains(&"faults"), "{manners}: {named:?}");
        } else {
            assert_eq!(named, expected, "{manners}");
        }
        for name in named {
            assert!(refused.to_string().contains(name), "{refused}");
        }
        assert_eq!(stand.serving(), keeper::number(BASE));
        assert_eq!(stand.shadow_status().digest, keeper::digest(NEXT), "it runs on");
    }
}

#[test]
fn too_many_drops_and_a_missing_shadow_refuse_too() {
    let rules = PromotionRules { dropped_share: 0.0, decisions: 1, ..RULES };
    let stand = Stand::new(&[(NEXT, json!({ "work": 100_000 }))], rules);
    assert!(matches!(stand.registry.promote(NAME, &wish()), Err(PromotionRefused::NoShadow { .. })));
    stand.shadow(NEXT).unwrap();
    for _ in 0..2_000 {
        stand.risk();
    }
    assert!(stand.settled().dropped > 0);
    assert_eq!(criteria(&stand.registry.promote(NAME, &wish()).unwrap_err()), ["dropped_share"]);
    assert!(matches!(stand.registry.promote("nobody", &wish()), Err(PromotionRefused::Refused(_))));
}

#[test]
fn the_latency_rule_compares_with_the_serving_version() {
    let rules = PromotionRules { latency_x: 1.0, ..RULES };
    let stand = Stand::new(&[(NEXT, json!({ "work": 1_000_000 }))], rules);
    stand.shadow(NEXT).unwrap();
    stand.ask(15);
    assert_eq!(criteria(&stand.registry.promote(NAME, &wish()).unwrap_err()), ["latency_x"]);
}

#[test]
fn by_itself_only_where_the_configuration_says_so() {
    for automatic in [false, true] {
        let stand = Stand::new(&[], PromotionRules { shadow_first: true, automatic, ..RULES });
        let upkeep = Upkeep::start(stand.registry.clone()).unwrap();
        stand.shadow(NEXT).unwrap();
        stand.ask(10);
        if automatic {
            wait_for(|| (stand.serving() == keeper::number(NEXT)).then_some(()));
        }
        drop(upkeep);
        assert_eq!(stand.serving() == keeper::number(NEXT), automatic);
    }
}

#[test]
fn a_changed_file_goes_into_the_shadow_first_and_stays_there_over_a_restart() {
    let rules = PromotionRules { shadow_first: true, ..RULES };
    let options = WatchOptions { quiet: std::time::Duration::from_millis(20), ..WatchOptions::default() };
    let stand = Stand::new(&[], rules);
    let watch = Watch::start(stand.registry.clone(), options).unwrap();
    std::fs::write(&stand.file, keeper::component(NEXT)).unwrap();
    wait_for(|| stand.registry.status()[0].shadow.clone());
    assert_eq!(stand.serving(), keeper::number(BASE));
    drop(watch);

    let stand = stand.restart();
    assert_eq!(stand.serving(), keeper::number(BASE), "what was never in the shadow does not serve");
    let watch = Watch::start(stand.registry.clone(), options).unwrap();
    wait_for(|| stand.registry.status()[0].shadow.clone());
    drop(watch);
    stand.ask(10);
    stand.registry.promote(NAME, &wish()).unwrap();
    let stand = stand.restart();
    assert_eq!(stand.serving(), keeper::number(NEXT));
}
