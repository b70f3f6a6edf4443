//! `bulkhead journal` and `bulkhead why`, as a person uses them: on a run of two simulated days.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bulkhead_journal::{EventKind, Filter, Reader, Seq};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn components() -> PathBuf {
    std::env::var_os("BULKHEAD_COMPONENTS").map_or_else(|| root().join("target/components"), PathBuf::from)
}

fn bulkhead() -> Command {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// A journal with orders and with trades that did not happen.
struct Run {
    folder: tempfile::TempDir,
    journal: PathBuf,
}

impl Run {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        let mut command = bulkhead();
        // Room for one position: the envelope and the plugins have something to refuse.
        let one = ["--set", "envelope.max_open_positions=1"];
        command.args(["run", "--days", "2", "--profile", "autonomy"]).args(one).arg("--plugins").arg(components());
        command.arg("--journal").arg(&journal).arg("--state").arg(folder.path().join("state"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder, journal }
    }

    fn ask(&self, words: &[&str]) -> Output {
        bulkhead().args(words).arg("--journal").arg(&self.journal).output().unwrap()
    }

    fn told(&self, words: &[&str]) -> String {
        let output = self.ask(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, words: &[&str]) -> String {
        let output = self.ask(words);
        assert!(!output.status.success(), "{words:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        text
    }
}

#[test]
fn a_journal_is_verified_queried_followed_exported_and_explained() {
    let run = Run::new();
    let reader = Reader::open(&run.journal).unwrap();
    let head = reader.head().unwrap();
    let counts = reader.counts().unwrap();

    let told = run.told(&["journal", "verify", "--head", &head.to_string()]);
    assert!(told.contains(&format!("records 1 to {}", head.seq)) && told.contains(&head.to_string()), "{told}");

    let calls = run.told(&["journal", "query", "calls", "--hook", "signal", "--limit", "3", "--oldest", "--json"]);
    let calls: Vec<Value> = calls.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|c| c["hook"] == "signal" && c["input"]["bars"]["symbols"][0].is_string()));
    let decisions = run.told(&["journal", "query", "--subsystem", "risk-os", "--limit", "2"]);
    assert!(decisions.lines().count() == 2 && decisions.contains("risk-os"), "{decisions}");
    assert!(run.refused(&["journal", "query", "--subsystem", "risk-oz"]).contains("did you mean \"risk-os\"?"));
    assert!(run.refused(&["journal", "query", "--hook", "signals"]).contains("did you mean \"signal\"?"));

    let stopped = run.told(&["journal", "query", "events", "--event", "trade-stopped", "--limit", "5", "--json"]);
    let stopped: Vec<Value> = stopped.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(stopped.len() == 5 && stopped.iter().all(|e| e["kind"] == "trade-stopped" && e["data"]["by"].is_string()));
    assert!(run.refused(&["journal", "query", "events", "--event", "trade-stoped"]).contains("\"trade-stopped\"?"));
    assert_eq!(run.told(&["journal", "tail", "-n", "2"]).lines().count(), 2);
    let stats = run.told(&["journal", "stats"]);
    assert!(stats.contains(&format!("{} calls with {} decisions", counts.calls, counts.decisions)), "{stats}");

    let lines = run.told(&["journal", "export", "--jsonl", "-"]);
    let mut records = 0;
    let counted = |_| {
        records += 1;
        ControlFlow::Continue(())
    };
    reader.replay(Seq::NONE, counted).unwrap();
    assert_eq!(lines.lines().count(), records);
    assert!(records as u64 > counts.calls + counts.orders + counts.fills + counts.events);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|v| v["seq"].is_u64())));

    let parquet = run.folder.path().join("parquet");
    run.told(&["journal", "export", "--parquet", parquet.to_str().unwrap()]);
    for name in ["calls", "decisions", "orders", "fills", "events", "instances", "directives"] {
        let bytes = std::fs::read(parquet.join(name).with_extension("parquet")).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{name}");
    }
    // A Python that has DuckDB, where there is one.
    if let Some(python) = std::env::var_os("BULKHEAD_PYTHON") {
        let c = &counts;
        let rows = [c.calls, c.decisions, c.orders, c.fills, c.events].map(|n| n.to_string());
        let script = root().join("tests/parquet/duckdb_reads.py");
        let output = Command::new(python).arg(script).arg(&parquet).args(rows).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(run.ask(&["journal", "export"]).status.code() == Some(2), "one of the two forms must be named");

    let order = reader.orders(&Filter { limit: Some(1), ..Filter::default() }).unwrap().remove(0).record;
    let why = run.told(&["why", &order.order_id.to_string()]);
    let symbol = reader.symbols().unwrap()[&order.symbol].clone();
    for part in [&*symbol, "Signal: ", "pre-trade-risk-check: allow", "risk-os", "Envelope: admitted", "Filled: order"]
    {
        assert!(why.contains(part), "{part} is missing:\n{why}");
    }
    let of_time = run.told(&["why", "--symbol", &symbol, "--time", &order.event_time_ms.to_string()]);
    assert_eq!(of_time, why, "the same story by symbol and time");
    let json: Value = serde_json::from_str(&run.told(&["why", &order.order_id.to_string(), "--json"])).unwrap();
    let told: Vec<&str> = json["text"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(told.join("\n"), why.trim_end(), "and for programs");

    // A trade that did not happen.
    let mut stops = reader.events(&Filter::default()).unwrap().into_iter().map(|e| e.record);
    let stop = stops.rfind(|e| e.kind == EventKind::TradeStopped).expect("nothing was stopped");
    let data: Value = serde_json::from_str(&stop.data).unwrap();
    let symbol = &reader.symbols().unwrap()[&(data["symbol"].as_u64().unwrap() as u32)];
    let why = run.told(&["why", "--symbol", symbol, "--time", &stop.event_time_ms.to_string()]);
    assert!(why.contains(&format!("no trade: stopped by {} ({})", stop.actor, stop.text)), "{why}");
    assert!(why.contains("Signal: "), "{why}");
    assert!(run.refused(&["why", "987654321"]).contains("has no order 987654321"));

    // One byte, behind everybody's back.
    let file = run.journal.join("00000000.seg");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let told = run.refused(&["journal", "verify"]);
    assert!(told.contains("does not hold: record ") && told.contains("00000000.seg at byte "), "{told}");
    drop(run.folder);
}
