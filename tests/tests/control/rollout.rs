//! A candidate into the shadow and from there into service, and another stage, from the command line of a running host.

use std::fs;

use bulkhead_journal::EventKind;
use bulkhead_runtime::version::digest_of;
use bulkhead_tests::surgery;
use serde_json::Value;

use crate::host::{Host, until};

/// A strategy: it is asked for every bar, in every stage.
const NAME: &str = "momentum";

fn compared(host: &Host) -> u64 {
    let shadow: Value = host.subsystem(NAME)["shadow"].clone();
    shadow["evidence"]["compared"].as_u64().unwrap_or(0)
}

#[test]
fn a_candidate_shows_itself_in_the_shadow_and_is_promoted_on_what_it_has_shown() {
    let host = Host::configured("[promotion]\ndecisions = 20\nlatency_x = 1000.0\ndropped_share = 0.5\n");
    host.start();
    let serving = host.subsystem(NAME)["digest"].clone();
    let sentence = host.refuses(&["plugin", "promote", NAME, "--reason", "too early"]);
    assert!(sentence.contains("no candidate in its shadow"), "{sentence}");

    let candidate = surgery::tagged(&fs::read(host.plugin(NAME)).unwrap(), "next");
    let file = host.state().join("next.wasm");
    fs::write(&file, &candidate).unwrap();
    let path = file.to_str().unwrap();
    let said = host.says(&["plugin", "shadow", NAME, "--file", path, "--reason", "look at it"]);
    assert!(said.contains(&digest_of(&candidate)[..12]) && said.contains("in the shadow"), "{said}");
    let early = host.refuses(&["plugin", "promote", NAME, "--reason", "still too early"]);
    assert!(early.contains("decisions") || compared(&host) >= 20, "{early}");
    until("twenty decisions are compared", || (compared(&host) >= 20).then_some(()));
    assert_eq!(host.subsystem(NAME)["digest"], serving, "it has no effect");
    let shadow = host.subsystem(NAME)["shadow"].clone();
    assert_eq!(
        (shadow["evidence"]["same"].clone(), shadow["unmet"].clone()),
        (shadow["evidence"]["compared"].clone(), Value::Array(vec![]))
    );
    assert!(host.says(&["status"]).contains("may be promoted"));

    let said = host.says(&["plugin", "promote", NAME, "--reason", "it agrees"]);
    assert!(said.contains(&digest_of(&candidate)[..12]), "{said}");
    let now = host.subsystem(NAME);
    assert_eq!((now["digest"].as_str().unwrap(), &now["shadow"]), (&*digest_of(&candidate), &Value::Null));
    assert!(now["trial_until_ms"].is_u64(), "it is watched for a while");
    host.says(&["plugin", "rollback", NAME, "--reason", "for the test"]);
    assert_eq!(host.subsystem(NAME)["digest"], serving);
    host.signal("-TERM");
    assert!(host.ended());
    let audits: Vec<String> = host.audits().iter().map(|(_, a)| format!("{} {}", a["audit"], a["result"])).collect();
    let expected =
        ["promote\" \"refused", "shadow\" \"done", "promote\" \"refused", "promote\" \"done", "rollback\" \"done"];
    assert_eq!(audits, expected.map(|text| format!("\"{text}\"")));
}

#[test]
fn another_stage_brings_its_own_plugin_or_stays_away() {
    let host = Host::configured(&format!("[subsystems.{NAME}.stages.AUTONOMY]\nplugin = \"bolder.wasm\"\n"));
    let bolder = surgery::tagged(&fs::read(host.plugin(NAME)).unwrap(), "bolder");
    fs::write(host.plugin("bolder"), b"rubbish").unwrap();
    host.start();
    let first = host.subsystem(NAME)["digest"].clone();
    let sentence = host.refuses(&["stage", "AUTONOMY", "--reason", "go on"]);
    assert!(sentence.contains("the stage stays COORDINATION") && sentence.contains("bolder.wasm"), "{sentence}");
    assert_eq!((&host.json(&["status"])["stage"], &host.subsystem(NAME)["digest"]), (&"COORDINATION".into(), &first));

    fs::write(host.plugin("bolder"), &bolder).unwrap();
    assert!(host.says(&["stage", "autonomy", "--reason", "go on"]).contains("COORDINATION -> AUTONOMY"));
    assert_eq!(host.json(&["status"])["stage"], "AUTONOMY");
    assert_eq!(host.subsystem(NAME)["digest"], digest_of(&bolder).as_str());
    host.says(&["stage", "OBSERVATION", "--reason", "enough"]);
    assert_eq!(host.subsystem(NAME)["digest"], first);
    assert!(host.refuses(&["stage", "AUTONOMY", "--reason", " "]).contains("reason"));
    host.signal("-TERM");
    assert!(host.ended());
    let events = host.reader().events(&bulkhead_journal::Filter::default()).unwrap();
    let told = events.iter().filter(|event| event.record.kind == EventKind::StageChanged).count();
    assert_eq!(told, 3, "two changes and one that was refused");
}
