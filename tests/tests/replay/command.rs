//! `bulkhead replay` as a person uses it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bulkhead_tests::components;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The host binary beside this test's own program. `cargo test --workspace` builds it.
fn bulkhead(args: &[&str]) -> Output {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    Command::new(program).current_dir(root()).args(args).output().unwrap()
}

/// A run of the binary, and what it left.
struct Recorded {
    folder: tempfile::TempDir,
}

impl Recorded {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let recorded = Self { folder };
        let (journal, state) = (recorded.at("journal"), recorded.at("state"));
        let plugins = components::folder();
        let output = bulkhead(&[
            "run",
            "--profile",
            "observation",
            "--days",
            "1",
            "--plugins",
            plugins.to_str().unwrap(),
            "--journal",
            &journal,
            "--state",
            &state,
        ]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        recorded
    }

    fn at(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    fn replay(&self, args: &[&str]) -> Output {
        let (journal, state, nowhere) = (self.at("journal"), self.at("state"), self.at("nowhere"));
        let mut all = vec!["replay", &journal, "--state", &state, "--plugins", &nowhere];
        all.extend(args);
        bulkhead(&all)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_run_is_replayed_from_the_store_and_asked_what_a_stage_would_have_done() {
    let recorded = Recorded::new();
    let output = recorded.replay(&[]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.starts_with("identical: ") && said.contains(" 0 differ"), "{said}");
    assert!(text(&output.stderr).is_empty(), "no bar where there is no terminal: {}", text(&output.stderr));
    assert!(!Path::new(&recorded.at("journal.replay")).exists());

    let output = recorded.replay(&["--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["identical"], &json["proof"]["differences"]), (&true.into(), &0.into()));

    let output = recorded.replay(&["--stage", "AUTONOMY", "--mode", "all=ENFORCED", "--show", "1"]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(said.starts_with("with stage AUTONOMY, all ENFORCED: ") && said.contains("in force"), "{said}");

    for (args, word) in [
        (vec!["--swap", "risk-os"], "ai-hfos=new.wasm"),
        (vec!["--swap", "risk-os=missing.wasm"], "missing.wasm"),
        (vec!["--mode", "risk-os=LOUD"], "there is no mode"),
        (vec!["--mode", "risk-oss=ENFORCED"], "did you mean \"risk-os\"?"),
        (vec!["--stage", "AUTONOMI"], "AUTONOMY"),
    ] {
        let output = recorded.replay(&args);
        let told = text(&output.stderr);
        assert!(!output.status.success() && told.contains(word), "{args:?}: {told}");
    }

    std::fs::remove_dir_all(recorded.at("state")).unwrap();
    let output = recorded.replay(&[]);
    let told = text(&output.stderr);
    assert!(!output.status.success() && told.contains("its component is not in"), "{told}");
    assert_eq!(told.lines().filter(|line| !line.trim().is_empty()).count(), 1, "{told}");
}

#[test]
fn what_only_a_replay_needs_is_shown_to_who_asks_for_it() {
    let recorded = Recorded::new();
    let journal = recorded.at("journal");
    let tail = |more: &[&str]| {
        let mut args = vec!["journal", "tail", "--journal", &journal, "-n", "300"];
        args.extend(more);
        text(&bulkhead(&args).stdout)
    };
    let (meant, all) = (tail(&[]), tail(&["--all"]));
    assert_eq!((meant.lines().count(), all.lines().count()), (300, 300));
    assert!(all.contains("an instance of ") && !meant.contains("an instance of "), "{meant}");
    // The latest ones, and in order: the last line of both is the end of the run.
    assert_eq!(meant.lines().last(), all.lines().last());
}
