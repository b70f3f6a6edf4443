//! `bulkhead call` as a plugin's author uses it: JSON in, JSON out, and one sentence when something is wrong.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use bulkhead_policy::HookId;
use bulkhead_tests::components;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The host binary beside this test's own program. `cargo test --workspace` builds it.
fn bulkhead() -> Command {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    let mut command = Command::new(program);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    command
}

/// A call whose document comes through the standard input.
fn call(plugin: &str, hook: &str, more: &[&str], input: &str) -> Output {
    let mut child = bulkhead()
        .args(["call", plugin, hook, "--input", "-", "--plugins"])
        .arg(components::folder())
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A call that is refused before it reads leaves a closed pipe behind.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The answer of a call that must succeed.
fn answer(plugin: &str, hook: &str, more: &[&str], document: &Value) -> Value {
    let output = call(plugin, hook, more, &document.to_string());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The sentence and the exit code of a call that must not.
fn refusal(plugin: &str, hook: &str, more: &[&str], input: &str) -> (String, i32) {
    let output = call(plugin, hook, more, input);
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{}", stdout(&output));
    // What the plugin logged stands in brackets before it.
    let said: Vec<&str> = text.lines().filter(|line| !line.starts_with('[')).collect();
    assert!(said.len() == 1 && said[0].starts_with("bulkhead: "), "not one sentence: {text}");
    (said[0].to_owned(), output.status.code().unwrap())
}

/// What comes out of these lines, and the exit code.
fn lines(plugin: &str, hook: &str, more: &[&str], documents: &[String]) -> (Vec<Value>, i32) {
    let mut all = vec!["--jsonl"];
    all.extend(more);
    let output = call(plugin, hook, &all, &documents.join("\n"));
    let said = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (said, output.status.code().unwrap())
}

fn example(hook: &str) -> Value {
    let output = bulkhead().args(["call", "nobody", hook, "--example"]).output().unwrap();
    assert!(output.status.success(), "{hook}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// An example with something else at this place.
fn example_with(hook: &str, pointer: &str, value: Value) -> Value {
    let mut document = example(hook);
    *document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    document
}

fn chaos() -> String {
    components::guest("chaos").to_str().unwrap().to_owned()
}

/// A file for one test.
fn file(folder: &TempDir, name: &str, content: &str) -> String {
    let path: PathBuf = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

const RISK: &str = "pre-trade-risk-check";
const CONFIDENCE: &str = "pre-trade-confidence-adjustment";
const SIZING: &str = "pre-trade-position-sizing";

#[test]
fn every_example_is_answered_as_the_plugin_meant_it() {
    let dir = folder();
    let different = file(&dir, "different.json", r#"{"answer": "different"}"#);
    for hook in HookId::ALL {
        let document = example(hook.name());
        assert!(document["ctx"]["directives"].is_object(), "{hook}");
        answer(&chaos(), hook.name(), &[], &document);
        answer(&chaos(), hook.name(), &["--config", &different], &document);
    }
    let said = answer(&chaos(), "signal", &["--config", &different], &example("signal"));
    let proposal =
        json!({"symbol": "BTCUSDT", "action": "LONG", "confidence": 0.75, "stop_loss": 0.02, "take_profit": 0.04});
    assert_eq!(said, json!([proposal]));
    let said = answer(&chaos(), RISK, &["--config", &different], &example(RISK));
    assert_eq!(said, json!({"deny": {"code": "NOTIONAL_LIMIT", "text": "chaos says no"}}));
}

#[test]
fn a_plugin_that_ships_answers_by_name_and_by_path_the_same() {
    let risky = example_with(RISK, "/candidate/leverage_x", json!(40));
    let denied = answer("risk-os", RISK, &[], &risky);
    assert_eq!(denied["deny"]["code"], "MAX_LEVERAGE");
    let path = components::plugin("risk-os");
    assert_eq!(answer(path.to_str().unwrap(), RISK, &[], &risky), denied);
    assert_eq!(answer("risk-os", RISK, &[], &example(RISK)), "allow");
}

#[test]
fn a_document_without_ctx_is_asked_in_the_neutral_context() {
    let mut document = example(RISK);
    document.as_object_mut().unwrap().shift_remove("ctx").unwrap();
    assert_eq!(answer("risk-os", RISK, &[], &document), "allow");
}

#[test]
fn one_answer_is_pretty_and_costs_are_told_on_request() {
    let output = call("risk-os", RISK, &[], &example_with(RISK, "/candidate/leverage_x", json!(40)).to_string());
    assert!(stdout(&output).starts_with("{\n  \"deny\": {\n"), "{}", stdout(&output));
    let told = answer("risk-os", RISK, &["--usage"], &example(RISK));
    assert_eq!(told["answer"], "allow");
    assert!(told["fuel"].as_u64().unwrap() > 100 && told["memory_bytes"].as_u64().unwrap() >= 65_536, "{told}");
    let report = answer(&chaos(), "report", &["--usage"], &json!({}));
    assert!(report["fuel"].as_u64().unwrap() > 100, "{report}");
}

#[test]
fn a_wrong_document_names_the_field_and_the_nearest_name() {
    for (document, part) in [
        (
            example_with(RISK, "/candidate/confidence", json!("0.8")),
            "input.candidate.confidence: expected a number, got a string",
        ),
        (
            example_with(RISK, "/candidate", json!({"symbl": "A"})),
            "input.candidate.symbl: there is no such field; did you mean \"symbol\"?",
        ),
        (example_with(RISK, "/candidate/side", json!("LONGG")), "input.candidate.side: \"LONGG\""),
        (json!({}), "input.candidate: it is missing"),
        (json!([]), "input: expected an object, got a list"),
    ] {
        let (sentence, code) = refusal("risk-os", RISK, &[], &document.to_string());
        assert!(sentence.contains(part) && code == 2, "{sentence} ({code})");
    }
    let (sentence, code) = refusal("risk-os", RISK, &[], "{\"candidate\": ");
    assert!(sentence.contains("input: it is not JSON") && sentence.contains("line 1") && code == 2, "{sentence}");
}

#[test]
fn an_unknown_hook_plugin_or_file_is_a_wrong_argument() {
    let document = example(RISK).to_string();
    for (plugin, hook, part) in [
        (
            "risk-os",
            "pre-trade-riskcheck",
            "there is no hook \"pre-trade-riskcheck\"; did you mean \"pre-trade-risk-check\"?",
        ),
        ("risk-so", RISK, "did you mean \"risk-os\"?"),
        ("nowhere/risk-os.wasm", RISK, "nowhere/risk-os.wasm cannot be read"),
        ("risk-os", "signal", "does not answer signal; it answers pre-trade-risk-check"),
    ] {
        let (sentence, code) = refusal(plugin, hook, &[], &document);
        assert!(sentence.contains(part) && sentence.contains(plugin) && code == 2, "{sentence} ({code})");
    }
    let dir = folder();
    let (sentence, code) = refusal(&file(&dir, "x.wasm", "hello"), RISK, &[], &document);
    assert!(sentence.contains("not WebAssembly") && code == 1, "{sentence} ({code})");
}

/// The orchestrator keeps a policy that hardly differs from the new one.
#[test]
fn state_carries_over_from_line_to_line_and_not_from_call_to_call() {
    let market = |volatility: &str| {
        let mut document = example_with(CONFIDENCE, "/market/volatility", json!(volatility));
        document["market"]["regime"] = json!("RANGING");
        document["account"]["gross_exposure_usd"] = json!(0.0);
        document["base_threshold"] = json!(0.0);
        document
    };
    let (normal, low) = (market("NORMAL"), market("LOW"));
    let grant = ["--grant", "loosen_threshold"];
    let alone = answer("orchestrator", CONFIDENCE, &grant, &low);
    let (said, code) = lines("orchestrator", CONFIDENCE, &grant, &[normal.to_string(), low.to_string()]);
    assert_eq!((said.len(), code), (2, 0));
    assert_eq!(said[1], said[0], "the second line forgot the first");
    assert_ne!(said[1], alone, "the test does not see the state");
}

#[test]
fn a_report_is_null_until_there_is_something_to_say() {
    assert_eq!(answer("orchestrator", "report", &[], &json!({})), Value::Null);
    let report = answer(&chaos(), "report", &[], &example("report"));
    assert_eq!(report, json!({"positions": {"open": 0, "toxic": 0, "winners": 0}}));
    let (sentence, code) = refusal("orchestrator", "report", &[], "{\"market\": {}}");
    assert!(sentence.contains("input.market: there is no such field") && code == 2, "{sentence}");
}

#[test]
fn an_erroneous_line_is_one_line_and_the_next_is_answered() {
    let good = example(RISK).to_string();
    let documents = [
        good.clone(),
        "{".to_owned(),
        String::new(),
        example_with(RISK, "/candidate/price", json!(null)).to_string(),
        good,
    ];
    let (said, code) = lines("risk-os", RISK, &[], &documents);
    assert_eq!((said.len(), code), (4, 2));
    assert_eq!((&said[0], &said[3]), (&json!("allow"), &json!("allow")));
    assert_eq!(said[1]["error"]["class"], "document");
    let price = json!({"class": "document", "field": "input.candidate.price", "text": "expected a number, got null"});
    assert_eq!(said[2], json!({ "error": price }));
}

/// An answer that names symbols proves in which table they stand.
#[test]
fn names_survive_the_way_there_and_back_and_the_table_grows() {
    let universe = |symbols: Value| {
        let rows = symbols.as_array().unwrap().len();
        json!({"universe": {
            "symbols": symbols, "marks": vec![json!([]); rows], "volume_24h_usd": vec![1e9; rows],
            "range_bps": vec![30.0; rows], "spread_bps": vec![0.1; rows],
        }})
        .to_string()
    };
    let documents = [
        universe(json!(["SOLUSDT", "BTCUSDT"])),
        universe(json!(["UNKNOWN", true])),
        universe(json!(["ETHUSDT", "BTCUSDT", 0])),
        universe(json!([5, "BTCUSDT"])),
    ];
    let (said, code) = lines(&chaos(), "pre-trade-universe-filter", &[], &documents);
    assert_eq!(said[0]["kept"], json!(["SOLUSDT", "BTCUSDT"]));
    assert_eq!(said[1]["error"]["field"], "input.universe.symbols[1]");
    // Id 0 is the first name, and the name of the refused line took no id.
    assert_eq!(said[2]["kept"], json!(["ETHUSDT", "BTCUSDT", "SOLUSDT"]));
    assert_eq!(said[3]["kept"], json!([5, "BTCUSDT"]));
    assert_eq!(code, 2);
}

/// risk-os knows names only: its allow-list is read with the table that it was sent.
#[test]
fn the_plugin_is_told_of_a_new_name_before_the_line_that_has_it() {
    let dir = folder();
    let config = file(&dir, "risk.toml", "allowed_symbols = [\"ETHUSDT\"]\n");
    let of = |symbol: Value| {
        let mut document = example_with(RISK, "/candidate/symbol", symbol);
        document["exposures"] = json!({"symbols": [], "size_usd": []});
        document.to_string()
    };
    let documents = [of(json!("SOLUSDT")), of(json!("ETHUSDT")), of(json!(1)), of(json!(0))];
    let (said, code) = lines("risk-os", RISK, &["--config", &config], &documents);
    let codes: Vec<&Value> = said.iter().map(|verdict| verdict.pointer("/deny/code").unwrap_or(verdict)).collect();
    assert_eq!(codes, ["SYMBOL_NOT_ALLOWED", "allow", "allow", "SYMBOL_NOT_ALLOWED"]);
    assert_eq!(code, 0);
}

#[test]
fn a_given_symbol_table_is_the_only_one() {
    let dir = folder();
    let row =
        |name| json!({"name": name, "tick": 0.1, "step": 0.001, "min_notional_usd": 5, "sector": "L1", "tier": null});
    let table = json!([row("ETHUSDT"), row("SOLUSDT"), row("BTCUSDT")]);
    let symbols = file(&dir, "symbols.json", &table.to_string());
    let mut document = example("signal");
    document["bars"]["symbols"] = json!([2, "ETHUSDT", 1]);
    let config = file(&dir, "config.json", r#"{"answer": "different"}"#);
    let said = answer(&chaos(), "signal", &["--symbols", &symbols, "--config", &config], &document);
    assert_eq!(said[0]["symbol"], "BTCUSDT");

    document["bars"]["symbols"] = json!(["BTCUSD", 0, 1]);
    let (sentence, code) = refusal(&chaos(), "signal", &["--symbols", &symbols], &document.to_string());
    let part = "input.bars.symbols[0]: the symbol table has no \"BTCUSD\"; did you mean \"BTCUSDT\"?";
    assert!(sentence.contains(part) && code == 2, "{sentence}");

    let wrong = file(&dir, "wrong.json", r#"[{"name": "A", "tik": 1}]"#);
    let (sentence, code) = refusal(&chaos(), "signal", &["--symbols", &wrong], "{}");
    assert!(
        sentence.contains("wrong.json: symbols[0].tik") && sentence.contains("\"tick\"") && code == 2,
        "{sentence}"
    );
}

#[test]
fn a_configuration_that_the_plugin_refuses_is_its_sentence() {
    let dir = folder();
    let document = example(RISK).to_string();
    for (name, content) in [("c.json", r#"{"max_levrage_x": 3}"#), ("c.toml", "max_levrage_x = 3\n")] {
        let config = file(&dir, name, content);
        let (sentence, code) = refusal("risk-os", RISK, &["--config", &config], &document);
        assert!(sentence.contains("max_levrage_x") && sentence.contains("max_leverage_x"), "{sentence}");
        assert_eq!(code, 2);
    }
    let strict = file(&dir, "strict.toml", "max_leverage_x = 1.5\n");
    assert_eq!(answer("risk-os", RISK, &["--config", &strict], &example(RISK))["deny"]["code"], "MAX_LEVERAGE");
    for (name, content, part) in
        [("list.json", "[]", "it is no object"), ("bad.toml", "a =\n", "bad.toml"), ("bad.json", "{", "bad.json")]
    {
        let (sentence, code) = refusal("risk-os", RISK, &["--config", &file(&dir, name, content)], &document);
        assert!(sentence.contains(part) && code == 2, "{sentence}");
    }
}

#[test]
fn a_plugin_that_fails_is_named_with_class_and_text() {
    let dir = folder();
    let document = example(RISK).to_string();
    for (fault, class) in [
        ("panic", "trap"),
        ("abort", "trap"),
        ("endless-loop", "out-of-fuel"),
        ("stack-overflow", "stack"),
        ("memory-touch", "memory"),
        ("declared", "declared"),
        ("huge-result", "invalid-output"),
    ] {
        let config = file(&dir, "config.json", &json!({ "fault": fault }).to_string());
        let (sentence, code) = refusal(&chaos(), RISK, &["--config", &config], &document);
        assert!(sentence.contains(&format!("{class} during call: ")) && code == 1, "{fault}: {sentence} ({code})");
    }
    let config = file(&dir, "config.json", r#"{"fault": "panic", "fault_on": "configure"}"#);
    let (sentence, code) = refusal(&chaos(), RISK, &["--config", &config], &document);
    assert!(sentence.contains("trap during configure: ") && code == 1, "{sentence}");
}

#[test]
fn after_a_fault_the_next_line_is_served_by_a_new_instance() {
    let dir = folder();
    let config = file(&dir, "config.json", r#"{"script": {"2": "panic", "4": "declared"}}"#);
    let document = |cycle: u64| example_with("signal", "/ctx/cycle", json!(cycle)).to_string();
    let (said, code) = lines(&chaos(), "signal", &["--config", &config], &[1, 2, 3, 4, 5].map(document));
    let error = |line: usize| (&said[line]["error"]["class"], &said[line]["error"]["state_lost"]);
    assert_eq!(code, 1);
    assert_eq!(error(1), (&json!("trap"), &json!(true)));
    assert_eq!(error(3), (&json!("declared"), &json!(false)));
    for line in [0, 2, 4] {
        assert_eq!(said[line], json!([]));
    }
}

#[test]
fn a_breach_names_the_field_and_a_grant_allows_what_it_says() {
    let dir = folder();
    let config = file(&dir, "config.json", r#"{"fault": "loosened"}"#);
    let config = ["--config", config.as_str()];
    let sizing = example(SIZING);
    let (sentence, code) = refusal(&chaos(), SIZING, &config, &sizing.to_string());
    assert!(sentence.contains("contract-breach: size-usd is ") && code == 1, "{sentence} ({code})");
    let granted = [&config[..], &["--grant", "size_cap=10,stop_cap=2"]].concat();
    assert!(answer(&chaos(), SIZING, &granted, &sizing).as_f64() > sizing["base_size_usd"].as_f64());

    let foreign = file(&dir, "foreign.json", r#"{"fault": "foreign-symbol"}"#);
    let (said, code) = lines(&chaos(), "signal", &["--config", &foreign], &[example("signal").to_string()]);
    assert_eq!((&said[0]["error"]["class"], code), (&json!("contract-breach"), 1));
    assert!(said[0]["error"]["text"].as_str().unwrap().contains("proposal.symbol"), "{}", said[0]);

    for (grant, part) in [("size_cpa=2", "did you mean \"size_cap\"?"), ("size_cap=99", "use a number from 1 to 10")] {
        let (sentence, code) = refusal(&chaos(), SIZING, &["--grant", grant], &sizing.to_string());
        assert!(sentence.contains(part) && code == 2, "{sentence}");
    }
}

#[test]
fn what_the_plugin_logs_is_shown_beside_its_answer() {
    let dir = folder();
    let config = file(&dir, "config.json", r#"{"log": ["thinking"], "log_again": 40}"#);
    let output = call(&chaos(), RISK, &["--config", &config], &example(RISK).to_string());
    let shown = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(stdout(&output), "\"allow\"\n");
    assert_eq!(shown.matches("[info] thinking").count(), 32);
    assert!(shown.contains("9 more lines were dropped"), "{shown}");
}

#[test]
fn help_tells_the_form_the_hooks_and_the_exit_codes() {
    let output = bulkhead().args(["call", "--help"]).output().unwrap();
    let help = stdout(&output);
    for hook in HookId::ALL {
        assert!(help.contains(hook.name()), "{hook} is not in the help");
    }
    for needed in ["Exit codes", "UPPER_SNAKE", "--symbols", "--grant", "loosen_threshold", "state_lost", "OBSERVATION"]
    {
        assert!(help.contains(needed), "{needed} is not in the help");
    }
}
