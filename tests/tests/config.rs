//! The configuration as an operator meets it: through the binary, with the files that ship.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bulkhead_tests::components;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The host binary beside this test's own program, in an environment of nothing but these variables.
fn bulkhead(args: &[&str], environment: &[(&str, &str)]) -> Output {
    let program = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    let mut command = Command::new(program);
    command.current_dir(root()).args(args).env_clear().envs(environment.iter().copied()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn sound(args: &[&str], environment: &[(&str, &str)]) -> String {
    let output = bulkhead(args, environment);
    assert!(output.status.success(), "{args:?}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// A folder with a configuration and a profile `p`.
fn files(host: &str, profile: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("profiles")).unwrap();
    std::fs::write(dir.path().join("profiles/p.toml"), profile).unwrap();
    let file = dir.path().join("host.toml");
    std::fs::write(&file, host).unwrap();
    (dir, file)
}

#[test]
fn what_ships_is_sound_and_starts_with_nothing_on() {
    let said = sound(&["config", "check"], &[]);
    // The two that are on are the base strategies, which belong to the existing logic.
    assert!(said.starts_with("sound: profile none, stage OBSERVATION, policy live, brake released, 2 of"), "{said}");
    let shown: toml::Table = sound(&["config", "show"], &[]).parse().unwrap();
    let on = shown["subsystems"].as_table().unwrap().iter().filter(|(_, s)| s["enabled"].as_bool() == Some(true));
    assert_eq!(on.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["mean-reversion", "momentum"]);
    for (profile, stage) in [
        ("observation", "OBSERVATION"),
        ("partial", "PARTIAL"),
        ("coordination", "COORDINATION"),
        ("autonomy", "AUTONOMY"),
        ("mainnet", "COORDINATION"),
    ] {
        let said = sound(&["config", "check", "--profile", profile], &[]);
        assert!(said.starts_with(&format!("sound: profile {profile}, stage {stage}, ")), "{said}");
    }
}

#[test]
fn every_value_is_shown_with_where_it_comes_from() {
    let args = ["config", "show", "--origin", "--profile", "partial", "--set", "loop.max_candidates=7"];
    let said = sound(&args, &[("QT_AI_PAL_MIN_R", "1.25 # bolder")]);
    for (start, origin) in [
        ("stage = \"PARTIAL\"", "config/profiles/partial.toml, line 2"),
        ("policy = \"live\"", "config/host.toml, line "),
        ("max_candidates = 7", "--set loop.max_candidates"),
        ("min_r = 1.25", "QT_AI_PAL_MIN_R"),
        ("max_hold_ms = 172800000", "default"),
    ] {
        let line =
            said.lines().find(|l| l.starts_with(start)).unwrap_or_else(|| panic!("{start} is missing in\n{said}"));
        assert!(line.contains(&format!("# {origin}")), "{line}");
    }
    let line = said.lines().find(|l| l.starts_with("policy")).unwrap();
    let number: usize = line.rsplit(' ').next().unwrap().parse().unwrap();
    let text = std::fs::read_to_string(root().join("config/host.toml")).unwrap();
    assert!(text.lines().nth(number - 1).unwrap().starts_with("policy = "), "{line}");
    // What is shown is a configuration, and the same one.
    let (_dir, file) = files(&said, "");
    let again = sound(&["config", "show", "--config", file.to_str().unwrap()], &[]);
    let plain = sound(
        &["config", "show", "--profile", "partial", "--set", "loop.max_candidates=7"],
        &[("QT_AI_PAL_MIN_R", "1.25")],
    );
    assert_eq!(again, plain);
}

#[test]
fn everything_that_is_wrong_is_named_with_its_place() {
    let (_dir, file) =
        files("stage = \"PARTAIL\"\n\n[envelope]\nmax_levrage_x = 3\n", "[loop]\n\nleverage_x = \"x\"\n");
    let config = ["--config", file.to_str().unwrap(), "--profile", "p", "--set", "reload.pol_ms=5"];
    let environment = [("QT_AI_HFOS_MOD", "OFF"), ("QT_AI_PAL_ENABLED", "ture"), ("QT_AI_DRY_RUN", "true")];
    let output = bulkhead(&[&["config", "check"], &config[..]].concat(), &environment);
    assert_eq!(output.status.code(), Some(1));
    let said = stdout(&output);
    for part in [
        "host.toml, line 1: stage is \"PARTAIL\"; did you mean \"PARTIAL\"?",
        "host.toml, line 4: unknown key envelope.max_levrage_x; did you mean \"max_leverage_x\"?",
        "p.toml, line 3: loop.leverage_x: invalid type",
        "QT_AI_HFOS_MOD: unknown variable, which nobody reads; did you mean QT_AI_HFOS_MODE?",
        "QT_AI_PAL_ENABLED: is \"ture\"",
        "QT_AI_DRY_RUN: has no counterpart here: use QT_AI_INTEGRATION_STAGE=OBSERVATION",
        "--set reload.pol_ms: unknown key reload.pol_ms; did you mean \"poll_ms\"?",
    ] {
        assert_eq!(said.matches(part).count(), 1, "{part:?} in\n{said}");
    }
    assert_eq!(said.lines().count(), 7, "{said}");
    assert!(stderr(&output).contains("7 problems to repair"), "{}", stderr(&output));

    // A run refuses the same, before it touches anything.
    let state = file.parent().unwrap().join("state");
    let journal = file.parent().unwrap().join("j");
    let run = ["run", "--state", state.to_str().unwrap(), "--journal", journal.to_str().unwrap()];
    let output = bulkhead(&[&run[..], &config[..]].concat(), &environment);
    assert!(
        !output.status.success() && stderr(&output).contains("7 problems in the configuration; nothing was started")
    );
    assert!(!state.exists() && !journal.exists());
}

#[test]
fn a_contradiction_names_both_sides() {
    let output = bulkhead(&["config", "check"], &[("QT_AI_MAX_DAILY_DD", "10")]);
    let said = stdout(&output);
    assert!(!output.status.success());
    assert!(said.contains("wrong: QT_AI_MAX_DAILY_DD: ") && said.contains("config/host.toml, line "), "{said}");
    let output = bulkhead(&["config", "check", "--profile", "mainnet", "--set", "stage=AUTONOMY"], &[]);
    assert!(stdout(&output).contains("rollout.autonomy_on_mainnet"), "{}", stdout(&output));
    let output = bulkhead(&["config", "check"], &[("QT_AI_INTEGRATION_STAGE", "full")]);
    assert!(stdout(&output).contains("rollout.autonomy_by_alias"), "{}", stdout(&output));
}

#[test]
fn the_example_that_ships_is_the_table() {
    let file = std::fs::read_to_string(root().join("config/environment.example")).unwrap();
    let made = sound(&["config", "environment"], &[]);
    assert!(file == made, "write it anew: bulkhead config environment > config/environment.example");
}

/// A day of the simulated market; its totals.
fn day(args: &[&str], environment: &[(&str, &str)]) -> (String, serde_json::Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (journal, state, json) = (path("j"), path("state"), path("s.json"));
    let plugins = components::folder();
    let fixed = ["run", "--days", "1", "--journal", &journal, "--state", &state, "--summary-json", &json, "--plugins"];
    let said = sound(&[&fixed[..], &[plugins.to_str().unwrap()], args].concat(), environment);
    (said, serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap())
}

#[test]
fn a_run_follows_file_profile_variables_and_arguments() {
    let (said, summary) = day(&[], &[]);
    assert!(said.contains("profile none") && said.contains("stage OBSERVATION  policy live  brake released"), "{said}");
    assert!(said.contains("risk-os              OFF"), "{said}");
    assert_eq!(summary["stage"], "OBSERVATION");

    // The brake of the environment holds from the first bar: strategies are plugins, so nothing is traded.
    let (said, summary) = day(&["--profile", "coordination"], &[("QT_AI_EMERGENCY_BRAKE", "true   # now")]);
    assert!(said.contains("brake halt"), "{said}");
    assert_eq!((summary["brake"].as_str(), summary["orders"].as_u64()), (Some("halt"), Some(0)));

    let variables = [("QT_AI_INTEGRATION_STAGE", "partial"), ("QT_AI_RISK_OS_ENABLED", "yes")];
    let (said, summary) = day(&["--set", "envelope.max_open_positions=3"], &variables);
    assert_eq!(summary["stage"], "PARTIAL");
    assert!(said.contains("risk-os              ENFORCED") && said.contains(", 3 positions,"), "{said}");
    assert!(summary["hooks"]["pre-trade-risk-check"]["calls"].as_u64().is_some());
}
