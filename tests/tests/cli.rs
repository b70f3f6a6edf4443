//! The binary as a person uses it: a run to its end, bad input answered by one sentence, Ctrl-C.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn components() -> PathBuf {
    std::env::var_os("BULKHEAD_COMPONENTS").map_or_else(|| root().join("target/components"), PathBuf::from)
}

/// The host binary beside this test's own program. `cargo test --workspace` builds it.
fn bulkhead() -> Command {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    let mut command = Command::new(program);
    command.current_dir(root()).arg("run").arg("--plugins").arg(components());
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = bulkhead();
    command.arg("--journal").arg(folder.join("journal")).arg("--state").arg(folder.join("state"));
    if !args.contains(&"--profile") {
        command.args(["--profile", "coordination"]);
    }
    command.args(args).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A folder of candles written by `write`, and the sentence that `run` ends with.
fn refusal(name: &str, content: &str, args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join(name), content).unwrap();
    let mut all = vec!["--data", data.to_str().unwrap()];
    all.extend(args);
    let output = run(folder.path(), &all);
    assert!(!output.status.success());
    one_sentence(&stderr(&output))
}

fn one_sentence(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    assert_eq!(lines.len(), 1, "more than one line: {text}");
    assert!(!text.contains("panicked") && lines[0].starts_with("bulkhead: "), "{text}");
    lines[0].to_owned()
}

const HEAD: &str = "ts_ms,open,high,low,close,volume\n";

#[test]
fn a_simulated_run_prints_what_it_is_and_what_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("summary.json");
    let output = run(folder.path(), &["--days", "3", "--summary-json", json.to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    for needed in [
        "stage COORDINATION  policy live",
        "risk-os              ENFORCED",
        "Summary (simulated market, ended)",
        "USD net of fees and funding (simulated)",
        "max drawdown",
        "pre-trade-risk-check",
        "Strongest refusals",
        "p99 µs",
        "journal",
    ] {
        assert!(text.contains(needed), "{needed:?} is missing in\n{text}");
    }
    let summary: serde_json::Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    assert_eq!(summary["simulated"], true);
    assert_eq!(summary["faults"], 0);
    assert!(summary["bars"].as_u64().unwrap() == 3 * 1440 * 8 && summary["trades"].as_u64().unwrap() > 0);
    let reader = bulkhead_journal::Reader::open(&folder.path().join("journal")).unwrap();
    reader.verify().unwrap();
    assert!(reader.counts().unwrap().calls > 3 * 1440);
}

#[test]
fn equal_seeds_give_equal_runs_and_profiles_differ() {
    let summary = |args: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let json = folder.path().join("s.json");
        let mut all = vec!["--days", "3", "--summary-json", json.to_str().unwrap()];
        all.extend(args);
        assert!(run(folder.path(), &all).status.success());
        let value: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
        value
    };
    let (a, b) = (summary(&[]), summary(&[]));
    assert_eq!(a["end_equity_usd"], b["end_equity_usd"]);
    let observation = summary(&["--profile", "observation"]);
    assert_eq!(observation["stage"], "OBSERVATION");
    assert_eq!(observation["hooks"]["pre-trade-risk-check"]["applied"], 0);
    assert!(observation["hooks"]["pre-trade-risk-check"]["observed"].as_u64().unwrap() > 0);
    assert!(a["hooks"]["pre-trade-risk-check"]["applied"].as_u64().unwrap() > 0);
}

#[test]
fn bad_candles_are_answered_with_file_and_line() {
    let table = [
        ("1746403200000,1,2,0.5,1.5,10\n1746403200000,1,2,0.5,1.5,10\n", ":3"),
        ("1746403260000,1,2,0.5,1.5,10\n1746403200000,1,2,0.5,1.5,10\n", ":3"),
        ("1746403200000,1,2,0.5,abc,10\n", ":2"),
        ("1746403200000,1,2,0.5,NaN,10\n", ":2"),
        ("1746403200000,1,0.5,2,1.5,10\n", ":2"),
    ];
    for (rows, place) in table {
        let text = refusal("BTCUSDT.csv", &format!("{HEAD}{rows}"), &[]);
        assert!(text.contains(&format!("BTCUSDT.csv{place}")), "{rows:?}: {text}");
    }
}

#[test]
fn a_missing_an_empty_folder_and_an_unknown_symbol_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere");
    let output = run(folder.path(), &["--data", missing.to_str().unwrap()]);
    assert!(one_sentence(&stderr(&output)).contains("nowhere"));
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let output = run(folder.path(), &["--data", empty.to_str().unwrap()]);
    assert!(one_sentence(&stderr(&output)).contains("empty"));
    let rows = format!("{HEAD}1746403200000,1,2,0.5,1.5,10\n1746403260000,1,2,0.5,1.5,10\n");
    let text = refusal("BTCUSDT.csv", &rows, &["--symbols", "BTCUSTD"]);
    assert!(text.contains("BTCUSTD") && text.contains("BTCUSDT"), "{text}");
}

#[test]
fn a_gap_is_counted_and_with_strict_it_is_an_error() {
    let rows = format!(
        "{HEAD}1746403200000,1,2,0.5,1.5,10\n1746403260000,1,2,0.5,1.5,10\n1746403440000,1,2,0.5,1.5,10\n1746403500000,1,2,0.5,1.5,10\n"
    );
    let text = refusal("BTCUSDT.csv", &rows, &["--strict"]);
    assert!(text.contains("BTCUSDT.csv:4"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("BTCUSDT.csv"), rows).unwrap();
    let output = run(folder.path(), &["--data", data.to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("1 gaps inside symbols (2 bars missing)"), "{}", stdout(&output));
}

#[test]
fn a_plugin_that_cannot_serve_is_named_and_nothing_starts() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(components()).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|e| e == "wasm") {
            std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let risk = folder.path().join("risk-os.wasm");
    let whole = std::fs::read(&risk).unwrap();
    let start = || {
        let output = Command::new(bulkhead().get_program())
            .current_dir(root())
            .args(["run", "--days", "1", "--profile", "coordination", "--plugins"])
            .arg(folder.path())
            .arg("--journal")
            .arg(folder.path().join("j"))
            .arg("--state")
            .arg(tempfile::tempdir().unwrap().path())
            .output()
            .unwrap();
        assert!(!output.status.success());
        let text = one_sentence(&stderr(&output));
        assert!(text.contains("risk-os") && text.contains("nothing was started"), "{text}");
        text
    };
    std::fs::write(&risk, &whole[..whole.len() / 2]).unwrap();
    assert!(start().contains("truncated or damaged"));
    std::fs::write(&risk, b"").unwrap();
    assert!(start().contains("is empty"));
    std::fs::write(&risk, b"hello").unwrap();
    assert!(start().contains("not WebAssembly"));
    std::fs::remove_file(&risk).unwrap();
    assert!(start().contains("cannot be read"));
}

#[test]
fn an_unknown_key_names_the_nearest_and_an_unwritable_journal_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("host.toml");
    std::fs::create_dir(folder.path().join("profiles")).unwrap();
    std::fs::write(folder.path().join("profiles/coordination.toml"), "").unwrap();
    std::fs::write(&config, "[envelope]\nmax_open_postions = 3\n").unwrap();
    let output = run(folder.path(), &["--config", config.to_str().unwrap()]);
    let text = one_sentence(&stderr(&output));
    assert!(text.contains("host.toml, line 2") && text.contains("max_open_positions"), "{text}");

    std::fs::write(&config, "[subsystems.risk-os]\nmode = \"ENFORCED\"\nconfig = { max_levrage_x = 3 }\n").unwrap();
    let output = run(folder.path(), &["--config", config.to_str().unwrap()]);
    let text = one_sentence(&stderr(&output));
    assert!(text.contains("max_levrage_x") && text.contains("max_leverage_x"), "{text}");

    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let output = bulkhead()
        .arg("--journal")
        .arg(blocked.join("j"))
        .arg("--state")
        .arg(folder.path().join("state"))
        .output()
        .unwrap();
    let text = one_sentence(&stderr(&output));
    assert!(text.contains("file/j"), "{text}");
}

#[test]
fn ctrl_c_ends_cleanly_with_the_summary_so_far() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = bulkhead()
        .arg("--journal")
        .arg(folder.path().join("journal"))
        // A bar a second: it would take three days.
        .args(["--profile", "coordination", "--speed", "60x"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let limits = lines.by_ref().find(|line| line.starts_with("limits"));
    assert!(limits.is_some(), "it never said that it runs");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let rest: Vec<String> = lines.collect();
    assert!(child.wait().unwrap().success());
    assert!(rest.iter().any(|l| l.contains("Summary (simulated market, interrupted)")), "{rest:?}");
    bulkhead_journal::Reader::open(&folder.path().join("journal")).unwrap().verify().unwrap();
}
