//! A plugin whose code comes from the cache is the same plugin, and what is refused stays refused.

use std::{fs, path::Path, process::Command};

use bulkhead_policy::{
    Context, Mode, RiskMode, Stage,
    hooks::{PositionSizing, RiskCheck},
};
use bulkhead_sandbox::{CacheCounts, Ceilings, CodeCache, Grants, Instance, LoadError, Plugin, Sandbox};
use bulkhead_tests::{
    Lab, Sample, components,
    lab::{BUDGET, moment, setup},
};
use serde_json::json;

/// As after a restart: a new engine, the same folder.
fn sandbox(folder: &Path) -> Sandbox {
    Sandbox::new(Ceilings::default()).unwrap().with_cache(CodeCache::open(folder).unwrap())
}

fn counts(sandbox: &Sandbox) -> CacheCounts {
    sandbox.cache().unwrap().counts()
}

fn guest(name: &str) -> Vec<u8> {
    fs::read(components::guest(name)).unwrap()
}

/// What a guest says to the same questions, with the fuel that each took.
fn answers(plugin: &Plugin) -> String {
    let mut instance = Instance::new(plugin).unwrap();
    instance.configure(&json!({ "answer": "different", "script": { "14": "panic" } }).to_string()).unwrap();
    instance.set_symbols(&setup(&json!({})).symbols).unwrap();
    let context = |cycle| Context {
        event_time_ms: moment(cycle, 0).event_time_ms,
        cycle,
        stage: Stage::Autonomy,
        mode: Mode::Enforced,
        risk_mode: RiskMode::Normal,
        directives: None,
    };
    let sizing = instance.ask::<PositionSizing>(&context(12), &PositionSizing::input(), &BUDGET);
    let check = instance.ask::<RiskCheck>(&context(13), &RiskCheck::input(), &BUDGET);
    let trap = instance.ask::<RiskCheck>(&context(14), &RiskCheck::input(), &BUDGET);
    assert!(sizing.0.is_ok() && check.0.is_ok() && trap.0.is_err());
    format!("{sizing:?} {check:?} {trap:?}")
}

#[test]
fn code_from_the_cache_says_the_same_for_the_same_fuel() {
    let lab = Lab::default();
    let folder = lab.folder().join("code");
    let chaos = guest("chaos");
    let compiled = Sandbox::new(Ceilings::default()).unwrap().load(&chaos, Grants::default()).unwrap();
    let kept = sandbox(&folder);
    let first = kept.load(&chaos, Grants::default()).unwrap();
    assert_eq!(counts(&kept), CacheCounts { misses: 1, ..CacheCounts::default() });
    let restarted = sandbox(&folder);
    let second = restarted.load(&chaos, Grants::default()).unwrap();
    assert_eq!(counts(&restarted), CacheCounts { hits: 1, ..CacheCounts::default() });
    let expected = answers(&compiled);
    for plugin in [&first, &second] {
        assert_eq!(answers(plugin), expected);
        assert_eq!(
            (plugin.digest(), plugin.description(), plugin.wit_version()),
            (compiled.digest(), compiled.description(), compiled.wit_version())
        );
    }
}

#[test]
fn a_changed_entry_is_compiled_anew_and_still_answers() {
    let lab = Lab::default();
    let folder = lab.folder().join("code");
    let wasm = guest("bench-columns");
    let whole = sandbox(&folder).load(&wasm, Grants::default()).unwrap();
    let entry = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).find(|f| f.extension().is_some()).unwrap();
    let good = fs::read(&entry).unwrap();
    for step in 1..=8 {
        let mut bad = good.clone();
        let at = good.len() * step / 8 - 1;
        bad[at] ^= 0x10;
        fs::write(&entry, bad).unwrap();
        let restarted = sandbox(&folder);
        let plugin = restarted.load(&wasm, Grants::default()).unwrap();
        assert_eq!(counts(&restarted), CacheCounts { hits: 0, misses: 1, rejected: 1 }, "byte {at}");
        assert_eq!(plugin.description(), whole.description());
    }
}

#[test]
fn what_is_refused_is_refused_from_the_cache_too() {
    let lab = Lab::default();
    let folder = lab.folder().join("code");
    let refused = |name: &str, grants| sandbox(&folder).load(&guest(name), grants).unwrap_err();
    for _ in 0..2 {
        assert!(matches!(refused("wants-import", Grants::default()), LoadError::NotGranted { .. }));
        assert!(matches!(refused("old-contract", Grants::default()), LoadError::OtherVersion { .. }));
        assert!(matches!(refused("chaos-start-trap", Grants::default()), LoadError::Fault(_)));
    }
    // The code is kept, the grant is not.
    sandbox(&folder).load(&guest("chaos"), Grants::default()).unwrap();
    assert!(matches!(refused("chaos", Grants { log: false }), LoadError::NotGranted { .. }));
    // Native code is no component, whoever made it.
    let entry = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).find(|f| f.extension().is_some()).unwrap();
    let code = fs::read(entry).unwrap();
    for bytes in [code.as_slice(), &code[104..]] {
        assert!(matches!(sandbox(&folder).load(bytes, Grants::default()), Err(LoadError::NotAComponent(_))));
    }
}

/// Runs the host for a day, with this state folder and configuration, and returns what it says on standard error.
fn run(lab: &Lab, state: &str, sandbox: &str, level: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let program = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    let config = format!("[sandbox]\n{sandbox}\n[subsystems.risk-os]\nmode = \"ENFORCED\"\n[subsystems.momentum]\n");
    let output = Command::new(program)
        .current_dir(root)
        .env("RUST_LOG", level)
        .args(["run", "--days", "1", "--plugins"])
        .arg(components::folder())
        .arg("--config")
        .arg(lab.file("host.toml", config.as_bytes()))
        .arg("--state")
        .arg(lab.folder().join(state))
        .arg("--journal")
        .arg(lab.folder().join(format!("{state}-journal")))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// Files of compiled code in a folder.
fn kept(folder: &Path) -> usize {
    let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|e| e == "code")).count()
}

#[test]
fn the_host_keeps_code_in_its_state_folder_and_says_so_only_when_asked() {
    let lab = Lab::default();
    assert_eq!(run(&lab, "state", "", "warn"), "");
    assert_eq!(kept(&lab.folder().join("state/code")), 2);
    let said = run(&lab, "state", "", "info");
    assert!(said.contains("hits: 2, misses: 0, rejected: 0"), "{said}");

    let named = lab.folder().join("named");
    assert_eq!(run(&lab, "other", &format!("code_cache = {named:?}"), "warn"), "");
    assert_eq!((kept(&named), lab.folder().join("other/code").exists()), (2, false));
    assert_eq!(run(&lab, "none", "code_cache = \"\"", "warn"), "");
    assert!(!lab.folder().join("none/code").exists());
}

#[test]
fn a_folder_that_cannot_be_trusted_is_one_warning_and_no_error() {
    use std::os::unix::fs::PermissionsExt;
    let lab = Lab::default();
    let code = lab.folder().join("state/code");
    fs::create_dir_all(&code).unwrap();
    fs::set_permissions(&code, fs::Permissions::from_mode(0o777)).unwrap();
    let said = run(&lab, "state", "", "warn");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert!(said.contains("WARN") && said.contains("others may write into it") && said.contains("chmod 700"), "{said}");
    assert_eq!(kept(&code), 0);
}
