//! Asks a shipped plugin through `bulkhead call --jsonl`, and prints a whole table when one of its cells is wrong.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use bulkhead_tests::components;
use serde_json::{Value, json};

pub use table::{Row, check, row};

mod table;

/// One plugin behind one hook with one configuration. Every question is a process of its own.
pub struct Asked {
    plugin: &'static str,
    hook: &'static str,
    config: Value,
    symbols: Value,
    grant: Option<&'static str>,
}

/// What the plugin that ships answers with its own defaults.
pub fn ask(plugin: &'static str, hook: &'static str) -> Asked {
    Asked { plugin, hook, config: Value::Null, symbols: Value::Null, grant: None }
}

impl Asked {
    /// With this configuration instead of the plugin's own.
    pub fn config(self, config: Value) -> Self {
        Self { config, ..self }
    }

    /// With this symbol table: see [`symbol`].
    pub fn symbols(self, symbols: Value) -> Self {
        Self { symbols, ..self }
    }

    /// With what the host would let it loosen, as `call --grant` takes it.
    pub fn grant(self, grant: &'static str) -> Self {
        Self { grant: Some(grant), ..self }
    }

    /// The answers to all documents, in order, of one instance: its state carries over from one to the next.
    pub fn all(&self, documents: &[Value]) -> Vec<Value> {
        self.all_with_log(documents).0
    }

    /// The answers, and the lines that the plugin logged over them.
    pub fn all_with_log(&self, documents: &[Value]) -> (Vec<Value>, Vec<String>) {
        let output = self.run(documents);
        let (said, log) = (lines(&output.stdout), lines(&output.stderr));
        assert!(output.status.success(), "{} on {}: {said:?} {log:?}", self.plugin, self.hook);
        assert_eq!(said.len(), documents.len(), "one answer for each document");
        (said.iter().map(|line| serde_json::from_str(line).unwrap()).collect(), log)
    }

    /// Each document asked of an instance that remembers nothing. For plugins whose answers depend on the ones before.
    pub fn each(&self, documents: &[Value]) -> Vec<Value> {
        documents.iter().flat_map(|document| self.all(std::slice::from_ref(document))).collect()
    }

    /// What is said of the one document, which must be refused: class, field and text.
    pub fn refused(&self, document: &Value) -> Value {
        let output = self.run(std::slice::from_ref(document));
        assert!(!output.status.success(), "it was answered: {:?}", lines(&output.stdout));
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        said["error"].clone()
    }

    fn run(&self, documents: &[Value]) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let mut command = bulkhead();
        command.args(["call", self.plugin, self.hook, "--jsonl", "--input", "-", "--plugins"]);
        command.arg(components::folder());
        for (argument, content) in [("--config", &self.config), ("--symbols", &self.symbols)] {
            if !content.is_null() {
                let file = folder.path().join(format!("{argument}.json"));
                std::fs::write(&file, content.to_string()).unwrap();
                command.arg(argument).arg(file);
            }
        }
        if let Some(grant) = self.grant {
            command.args(["--grant", grant]);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let text: String = documents.iter().map(|document| format!("{document}\n")).collect();
        // A pipe holds little: both ends are served, and who is refused closes it before all is written.
        let writer = std::thread::spawn(move || drop(input.write_all(text.as_bytes())));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }
}

/// The host binary beside this test's own program. `cargo test --workspace` builds it.
fn bulkhead() -> Command {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8(bytes.to_vec()).unwrap().lines().map(str::to_owned).collect()
}

/// A complete document for the hook, to start from.
pub fn example(hook: &str) -> Value {
    let output = bulkhead().args(["call", "nobody", hook, "--example"]).output().unwrap();
    assert!(output.status.success(), "{hook}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A row of the symbol table. Its rules round nothing.
pub fn symbol(name: &str, sector: &str, tier: Option<&str>) -> Value {
    json!({"name": name, "tick": 1e-8, "step": 1e-8, "min_notional_usd": 0, "sector": sector, "tier": tier})
}

/// The document with other values at some places. A place that is not there is a mistake of the table.
pub fn changed(base: &Value, changes: &[(&str, Value)]) -> Value {
    let mut document = base.clone();
    for (pointer, value) in changes {
        *document.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}")) = value.clone();
    }
    document
}

#[test]
#[should_panic(expected = "there is no /a/c")]
fn a_change_of_nothing_is_a_mistake() {
    changed(&json!({"a": {"b": 1}}), &[("/a/c", Value::Null)]);
}
