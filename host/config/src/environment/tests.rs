use std::{collections::BTreeSet, ffi::OsString};

use super::*;
use crate::document::Node;

fn overlay(set: &[(&str, &str)]) -> super::overlay::Overlay {
    let pairs: Vec<(OsString, OsString)> = set.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    read(&pairs, false)
}

fn problem(set: &[(&str, &str)]) -> String {
    let overlay = overlay(set);
    assert_eq!(overlay.problems.len(), 1, "{set:?}: {:?}", overlay.problems);
    overlay.problems[0].to_string()
}

/// The original's example file: 87 names of one family and 5 of the other.
#[test]
fn the_table_is_complete_and_says_everything_once() {
    let names: BTreeSet<&str> = variables().map(|v| v.name).collect();
    assert_eq!(names.len(), variables().count(), "a name stands twice");
    let beyond = ["QT_AI_DYNAMIC_TPSL_ENABLED", "QT_AI_DYNAMIC_TPSL_OVERRIDE", "QT_AI_AELM_ENFORCE_SLIPPAGE_CAPS"];
    let documented = |prefix: &str| names.iter().filter(|n| n.starts_with(prefix) && !beyond.contains(n)).count();
    assert_eq!(documented("QT_AI_"), 87);
    assert_eq!(documented("QT_ORCHESTRATOR_"), 5);
    for v in variables() {
        assert!(!v.doc.is_empty() && !v.doc.contains('\n'), "{}", v.name);
        match v.meaning {
            Meaning::Sets(targets) => assert!(!targets.is_empty() && !v.unit.is_empty(), "{}", v.name),
            Meaning::Alias(real) => {
                assert!(find(real).is_some_and(|r| matches!(r.meaning, Meaning::Sets(_))), "{real}")
            }
            Meaning::Always(kind) => assert!(kind.parse(v.default, false).is_ok(), "{}", v.name),
            Meaning::Superseded(instead) => assert!(!instead.is_empty() && !v.default.is_empty(), "{}", v.name),
        }
    }
}

#[test]
fn a_default_is_a_value_of_its_variable() {
    for v in variables().filter(|v| !v.default.is_empty()) {
        let said = overlay(&[(v.name, v.default)]);
        assert!(said.problems.is_empty(), "{}: {:?}", v.name, said.problems);
    }
}

#[test]
fn values_are_read_as_people_write_them() {
    for text in ["true", " TRUE ", "true   # engage at once", "\"yes\" # c", "on", "1\t# c"] {
        let said = overlay(&[("QT_AI_EMERGENCY_BRAKE", text)]);
        assert!(said.problems.is_empty());
        assert!(matches!(said.layer.find(["brake"]), Some(Node::Leaf(v, _)) if v.as_str() == Some("halt")), "{text:?}");
    }
    assert!(problem(&[("QT_AI_EMERGENCY_BRAKE", "true# c")]).starts_with("QT_AI_EMERGENCY_BRAKE: is \"true# c\""));
    assert!(problem(&[("QT_AI_EMERGENCY_BRAKE", "'true")]).contains("quote is not closed"));
    assert!(problem(&[("QT_AI_EMERGENCY_BRAKE", "# nothing")]).contains("is empty"));
}

#[test]
fn unknown_names_of_the_families_are_errors_and_other_peoples_are_not() {
    assert!(problem(&[("QT_AI_PAL_MINR", "1")]).contains("did you mean QT_AI_PAL_MIN_R?"));
    assert!(problem(&[("qt_ai_hfos_mode", "OFF")]).contains("did you mean QT_AI_HFOS_MODE?"));
    assert!(overlay(&[("PATH", "x"), ("QT_QPA_PLATFORM", "wayland"), ("ORCH_FOO", "1")]).problems.is_empty());
}

#[cfg(unix)]
#[test]
fn a_value_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStringExt as _;
    let said = read(&[("QT_AI_HFOS_MODE".into(), OsString::from_vec(vec![0xff, 0xfe]))], false);
    assert!(said.problems[0].to_string().contains("QT_AI_HFOS_MODE: is not readable"));
}

#[test]
fn two_variables_that_disagree_are_named_and_two_that_agree_are_fine() {
    let text = problem(&[("QT_ORCHESTRATOR_MIN_CONFIDENCE", "0.45"), ("QT_POLICY_MIN_CONF_NORMAL", "0.3")]);
    assert!(text.contains("QT_POLICY_MIN_CONF_NORMAL") && text.contains("QT_ORCHESTRATOR_MIN_CONFIDENCE"), "{text}");
    assert!(
        overlay(&[("QT_ORCHESTRATOR_MIN_CONFIDENCE", "0.45"), ("QT_POLICY_MIN_CONF_NORMAL", "0.450")])
            .problems
            .is_empty()
    );
    // A brake that is released takes nothing back.
    let said = overlay(&[("QT_AI_EMERGENCY_BRAKE", "false"), ("QT_KILL_SWITCH", "true")]);
    assert!(said.problems.is_empty() && said.layer.find(["brake"]).is_some());
}

#[test]
fn an_alias_sets_the_same_key_and_is_noted() {
    for v in variables() {
        let Meaning::Alias(real) = v.meaning else { continue };
        let text = match real {
            "QT_AI_MODEL_SUPERVISOR_MODE" => "ENFORCED",
            "QT_AI_EMERGENCY_BRAKE" => "true",
            "QT_ORCHESTRATOR_MIN_CONFIDENCE" => "0.44",
            _ => "7",
        };
        let (one, other) = (overlay(&[(v.name, text)]), overlay(&[(real, text)]));
        assert_eq!(one.layer.value(), other.layer.value(), "{}", v.name);
        assert!(one.notes.iter().any(|n| n.contains(v.name) && n.contains(real)), "{:?}", one.notes);
    }
}

#[test]
fn what_has_no_counterpart_is_refused_with_what_to_use_unless_it_says_the_default() {
    let mut seen = 0;
    for v in variables() {
        let (instead, kept) = match v.meaning {
            Meaning::Superseded(instead) => (instead, true),
            Meaning::Always(_) => (v.doc, false),
            _ => continue,
        };
        seen += 1;
        let other = match v.default {
            "true" => "false",
            "false" => "true",
            _ => "77",
        };
        let text = problem(&[(v.name, other)]);
        assert!(text.starts_with(v.name) && text.contains(instead), "{text}");
        let same = overlay(&[(v.name, v.default)]);
        assert!(same.problems.is_empty() && same.layer.leaves().is_empty(), "{}", v.name);
        assert_eq!(same.notes.len(), usize::from(kept), "{}", v.name);
    }
    assert!(seen > 20);
}

#[test]
fn the_example_lists_exactly_the_table() {
    let text = example();
    let listed: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.starts_with("# "))
        .filter_map(|line| line.strip_prefix('#')?.split_once('='))
        .collect();
    let table: Vec<(&str, &str)> = variables().map(|v| (v.name, v.default)).collect();
    assert_eq!(listed, table);
}
