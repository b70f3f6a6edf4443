//! A plugin that cannot serve is refused in one sentence that says whose it is, which file, what is wrong and what to do;
//! and nothing is started.

use std::path::{Path, PathBuf};

use bulkhead_journal::{EventKind, Filter, Reader};
use bulkhead_policy::{FaultClass, HookId, Mode, PolicySet, Stage};
use bulkhead_runtime::SubsystemSpec;
use bulkhead_sandbox::{Grants, Instancing, Phase, Pool};
use bulkhead_tests::{
    Lab, components,
    lab::{chaos, loaded as loaded_guest, sandbox, setup, subsystem},
};
use serde_json::{Value, json};

/// Starts a registry of these subsystems, which must be refused, and returns the sentence.
fn refused(lab: &Lab, specs: Vec<SubsystemSpec>) -> String {
    let Err(error) = lab.try_registry(Stage::Autonomy, PolicySet::Live, specs) else { panic!("it was accepted") };
    let sentence = error.to_string();
    assert!(!sentence.chars().any(char::is_control), "more than one line, or control characters: {sentence:?}");
    assert!(sentence.len() < 1_000, "{} bytes", sentence.len());
    assert!(sentence.contains("nothing was started"), "{sentence}");
    sentence
}

/// What the journal says went into service, though the registry was refused and its writer is gone.
fn loaded(lab: &Lab) -> Vec<String> {
    let reader = Reader::open(&lab.journal()).unwrap();
    assert_eq!(reader.counts().unwrap().calls, 0);
    let events = reader.events(&Filter::default()).unwrap().into_iter().map(|event| event.record);
    events.filter(|event| event.kind == EventKind::PluginLoaded).map(|event| event.text).collect()
}

/// The sentence for one file, which must name it, its subsystem, and all these words.
fn refused_file(file: PathBuf, words: &[&str]) -> String {
    refused_config(file, json!({}), words)
}

fn refused_config(file: PathBuf, config: Value, words: &[&str]) -> String {
    let lab = Lab::default();
    let sentence = refused(&lab, vec![subsystem("risk-os", file.clone(), config)]);
    assert!(sentence.contains("subsystem risk-os") && sentence.contains(&file.display().to_string()), "{sentence}");
    assert!(loaded(&lab).is_empty(), "{:?}", loaded(&lab));
    for word in words {
        assert!(sentence.contains(word), "`{word}` is missing in: {sentence}");
    }
    sentence
}

fn refused_bytes(bytes: &[u8], words: &[&str]) {
    let files = Lab::default();
    refused_file(files.file("plugin.wasm", bytes), words);
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_read() {
    let files = Lab::default();
    refused_file(files.folder().join("missing.wasm"), &["cannot be read", "build the plugins"]);
    refused_file(files.folder().to_owned(), &["a folder", "no regular file"]);
}

#[test]
fn a_file_that_is_something_else() {
    refused_bytes(b"", &["empty", "copy it again"]);
    refused_bytes(b"(component)", &["not WebAssembly", "begins with"]);
    refused_bytes(b"PK\x03\x04 an archive", &["not WebAssembly"]);
    refused_bytes(&[b"\0asm\x0d\0\x01\0".as_slice(), &vec![0; 4 << 20]].concat(), &["over 4194304 bytes", "strip"]);
    refused_bytes(b"\0asm\x0e\0\x01\0 of another age", &["truncated or damaged at byte"]);
    refused_file(components::core_module("chaos"), &["core WebAssembly module", "cargo xtask plugins"]);
}

#[test]
fn native_code_however_it_is_named() {
    let engine = wasmtime::Engine::default();
    let code = engine.precompile_component(&read(&components::guest("other-world"))).unwrap();
    assert!(code.starts_with(b"\x7fELF"));
    refused_bytes(&code, &["native code", ".cwasm", "never accepted", "give the .wasm"]);
    // Cut off, it is no longer recognised as what it was, and still not run.
    refused_bytes(&code[..40], &["is refused"]);
    let ours = read(Path::new("/proc/self/exe"));
    refused_bytes(&ours[..ours.len().min(1 << 20)], &["not WebAssembly"]);
}

#[test]
fn noise() {
    // A small generator, so that what fails can be repeated.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = |len: usize| -> Vec<u8> {
        let byte = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..len).map(byte).collect()
    };
    for len in [1, 7, 8, 9, 100, 4_096, 100_000] {
        refused_bytes(&noise(len), &["not WebAssembly"]);
        refused_bytes(&[b"\0asm\x0d\0\x01\0".as_slice(), &noise(len)].concat(), &["is refused"]);
    }
    let good = read(&components::guest("bench-columns"));
    let rounds = 12;
    for round in 0..rounds {
        let mut bad = good.clone();
        let from = 8 + round * (bad.len() - 24) / (rounds - 1);
        bad[from..from + 16].copy_from_slice(&noise(16));
        // Sixteen wrong bytes in a text of the guest change that text and nothing else. What may not happen is a panic.
        if let Err(error) = sandbox().load(&bad, Grants::default()) {
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn a_file_that_was_cut_off() {
    let whole = read(&components::guest("chaos"));
    let steps = 300;
    let even = (0..steps).map(|step| step * whole.len() / steps);
    for len in even.chain([1, 4, 7, 8, whole.len() - 1]) {
        refused_bytes(&whole[..len], &["is refused"]);
    }
}

/// Ends of the sections of a component, with the id of each.
fn sections(component: &[u8]) -> Vec<(usize, u8)> {
    let mut ends = Vec::new();
    let mut at = 8;
    while at < component.len() {
        // Id, then the length as LEB128.
        let (id, mut len, mut shift) = (component[at], 0, 0);
        loop {
            at += 1;
            len |= usize::from(component[at] & 0x7f) << shift;
            shift += 7;
            if component[at] & 0x80 == 0 {
                break;
            }
        }
        at += 1 + len;
        ends.push((at, id));
    }
    ends
}

#[test]
fn a_file_that_was_cut_off_between_two_exports() {
    const EXPORT: u8 = 11;
    let whole = read(&components::plugin("portfolio-balancer"));
    let sections = sections(&whole);
    assert_eq!(sections.last().map(|(end, _)| *end), Some(whole.len()));
    let hooks = sandbox().load(&whole, Grants::default()).unwrap().hooks().count();
    let exports = sections.iter().filter(|(_, id)| *id == EXPORT).map(|(end, _)| *end);
    for end in exports {
        // What is left is a component, with fewer exports or without the sections for people behind them.
        match sandbox().load(&whole[..end], Grants::default()) {
            Ok(plugin) => assert_eq!(plugin.hooks().count(), hooks, "{end} of {} bytes: hooks are lost", whole.len()),
            Err(error) => assert!(error.to_string().contains("truncated or damaged"), "{end}: {error}"),
        }
    }
}

#[test]
fn a_component_of_another_world_or_another_contract() {
    let guest = components::guest;
    refused_file(guest("other-world"), &["another world", "evil:net/socket", "Bulkhead SDK"]);
    refused_file(guest("bench-records"), &["another world", "bulkhead:bench/risk@1.0.0"]);
    refused_file(guest("no-hook"), &["answers no hook", "export!"]);
    refused_file(guest("wrong-type"), &["pre-trade-risk-check", "is not that of bulkhead:hooks 1.0.0", "rebuild"]);
    refused_file(guest("missing-function"), &["plugin", "set-symbols is missing", "rebuild"]);
}

#[test]
fn a_plugin_for_another_version_of_the_contract_is_told_so_and_nothing_else() {
    let sentence = refused_file(
        components::guest("old-contract"),
        &["built for bulkhead:hooks 2.0.0", "this host speaks 1.0.0", "rebuild the plugin", "update the host"],
    );
    assert!(!sentence.contains("grant"), "{sentence}");
}

#[test]
fn an_import_that_is_not_granted() {
    refused_file(components::guest("wants-import"), &["imports evil:net/socket", "not granted", "granted: log"]);
    refused_file(components::guest("wants-clock"), &["imports bulkhead:hooks/clock@1.0.0", "not granted"]);
    let lab = Lab::default();
    let mut spec = chaos("risk-os", json!({}));
    spec.grants.log = false;
    let sentence = refused(&lab, vec![spec]);
    assert!(
        sentence.contains("imports bulkhead:hooks/log@1.0.0") && sentence.contains("granted: nothing"),
        "{sentence}"
    );
}

#[test]
fn a_plugin_that_dies_before_it_serves() {
    let guest = components::guest;
    refused_file(guest("chaos-start-trap"), &["failed when loaded", "trap during instantiate"]);
    // Whichever bound is reached first.
    let sentence = refused_file(guest("chaos-start-loop"), &["failed when loaded", "during instantiate"]);
    assert!(sentence.contains("out-of-fuel") || sentence.contains("deadline"), "{sentence}");
    refused_file(guest("chaos-huge-memory"), &["failed when loaded", "memory during instantiate"]);
}

#[test]
fn a_plugin_that_fails_while_it_is_made_ready() {
    let words = ["does not start", "trap during self-test", "[subsystems.risk-os.config]"];
    refused_config(components::guest("chaos"), json!({ "fault": "panic", "fault_on": "self-test" }), &words);

    let pool = |fault: &str, place: &str| {
        let config = json!({ "fault": fault, "fault_on": place });
        Pool::new(loaded_guest("chaos"), setup(&config), Instancing::RESIDENT).unwrap_err()
    };
    let places = [("configure", Phase::Configure), ("symbols", Phase::Symbols), ("self-test", Phase::SelfTest)];
    let faults = [
        ("panic", FaultClass::Trap),
        ("memory-touch", FaultClass::Memory),
        ("stack-overflow", FaultClass::Stack),
        ("declared", FaultClass::Declared),
        ("declared-giant", FaultClass::InvalidOutput),
    ];
    for (place, phase) in places {
        for (fault, class) in faults {
            // The SDK does not let a plugin refuse its symbols.
            if phase == Phase::Symbols && fault.starts_with("declared") {
                continue;
            }
            let found = pool(fault, place);
            assert_eq!((found.class, found.phase), (class, phase), "{found}");
        }
        // Whichever bound is reached first.
        let found = pool("endless-loop", place);
        assert!(matches!(found.class, FaultClass::OutOfFuel | FaultClass::Deadline) && found.phase == phase, "{found}");
    }
    let found = pool("declared-injection", "configure").to_string();
    assert!(
        found.contains("chaos\u{fffd}2026-01-01") && !found.chars().any(|c| c.is_control() || c == '\u{202e}'),
        "{found:?}"
    );
}

#[test]
fn a_configuration_that_the_plugin_does_not_know() {
    let risk_os = || components::plugin("risk-os");
    refused_config(risk_os(), json!({ "max_leverage": 3.0 }), &["max_leverage", "did you mean `max_leverage_x`?"]);
    refused_config(components::guest("chaos"), json!({ "scrypt": {} }), &["scrypt", "did you mean `script`?"]);
    refused_config(components::guest("chaos"), json!({ "fault": "pannic" }), &["configuration key `fault`", "pannic"]);
    refused_config(components::guest("chaos"), json!({ "work": -1 }), &["configuration key `work`", "-1"]);
    refused_config(components::guest("chaos"), json!([]), &["not a JSON object"]);
}

#[test]
fn subsystems_that_contradict_each_other() {
    let hooks = |name: &str, hooks: &[HookId]| SubsystemSpec { hooks: hooks.to_vec(), ..chaos(name, json!({})) };

    let sentence =
        refused(&Lab::default(), vec![hooks("same", &[HookId::Signal]), hooks("same", &[HookId::RiskCheck])]);
    assert!(sentence.contains("subsystem same is configured twice"), "{sentence}");

    let sentence = refused(
        &Lab::default(),
        vec![hooks("one", &[HookId::Coordination]), hooks("two", &[HookId::Coordination, HookId::Signal])],
    );
    assert!(sentence.contains("one and two both answer periodic-ai-hfos-coordination"), "{sentence}");

    let mut spec = subsystem("risk-os", components::plugin("risk-os"), json!({}));
    spec.hooks = vec![HookId::Signal];
    let sentence = refused(&Lab::default(), vec![spec]);
    assert!(sentence.contains("does not answer signal") && sentence.contains("pre-trade-risk-check"), "{sentence}");
}

#[test]
fn one_bad_plugin_starts_none() {
    let bad = || subsystem("risk-os", components::guest("wants-import"), json!({}));
    let lab = Lab::default();
    let sentence = refused(&lab, vec![chaos("first", json!({})), bad()]);
    assert!(sentence.contains("subsystem risk-os"), "{sentence}");
    assert!(loaded(&lab).is_empty(), "nothing was started, but the journal says {:?}", loaded(&lab));
    // A subsystem that is off is checked as well: its mode may change while the host runs.
    refused(&Lab::default(), vec![SubsystemSpec { mode: Mode::Off, ..bad() }]);
}
