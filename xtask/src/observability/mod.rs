//! Prometheus' own tool judges what ships for it, and what a host serves to it.

mod promtool;

use std::fs::{self, File};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::process;
use crate::repo::Repo;
pub(crate) use promtool::find;

/// Where the end-to-end tests leave what a running host answered at `/metrics`.
const SCRAPE: &str = "target/tmp/metrics.txt";

/// Checks configuration, alert rules with their tests, the dashboard's questions, and the scrape of a running host.
pub(crate) fn check(repo: &Repo, promtool: &str) -> Result<()> {
    let tool = |args: &[&str]| -> Command {
        let mut command = Command::new(promtool);
        command.current_dir(repo.path("config/prometheus")).args(args);
        command
    };
    // The token is the operator's and not here; the rules are checked by themselves.
    process::run(&mut tool(&["check", "config", "--syntax-only", "prometheus.yml"]))?;
    process::run(&mut tool(&["check", "rules", "--lint-fatal", "alerts.yml"]))?;
    process::run(&mut tool(&["test", "rules", "alerts_test.yml"]))?;
    let questions = dashboard(repo)?;
    process::run(tool(&["check", "rules", "--lint=none"]).arg(&questions))?;
    let scrape = repo.path(SCRAPE);
    let scraped = File::open(&scrape)
        .with_context(|| format!("{} is not there: the end-to-end tests of the host make it", repo.shown(&scrape)))?;
    process::run(tool(&["check", "metrics"]).stdin(Stdio::from(scraped)))
}

/// Writes what the dashboard asks as recording rules, which promtool can read, and returns where.
fn dashboard(repo: &Repo) -> Result<std::path::PathBuf> {
    let file = repo.path("config/grafana/bulkhead.json");
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", repo.shown(&file)))?;
    let dashboard: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", repo.shown(&file)))?;
    let questions = questions(&dashboard);
    ensure!(!questions.is_empty(), "{} asks nothing", repo.shown(&file));
    let rule = |(at, question): (usize, &String)| json!({ "record": format!("dashboard:{at}"), "expr": question });
    let rules: Vec<Value> = questions.iter().enumerate().map(rule).collect();
    let file = repo.path("target/tmp/dashboard.yml");
    fs::create_dir_all(repo.path("target/tmp"))?;
    // JSON is YAML.
    fs::write(&file, json!({ "groups": [{ "name": "dashboard", "rules": rules }] }).to_string())?;
    Ok(file)
}

/// Every `expr` in a document, with Grafana's own variables filled in.
fn questions(document: &Value) -> Vec<String> {
    match document {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if name == "expr" => vec![filled(text)],
                other => questions(other),
            })
            .collect(),
        Value::Array(all) => all.iter().flat_map(questions).collect(),
        _ => Vec::new(),
    }
}

fn filled(question: &str) -> String {
    ["$__rate_interval", "$__interval", "$__range"].iter().fold(question.to_owned(), |q, name| q.replace(name, "5m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_found_however_deep_and_filled_in() {
        let document = json!({
            "panels": [{ "targets": [{ "expr": "rate(a[$__rate_interval])" }] }, { "panels": [{ "expr": "b[$__range]" }] }],
            "annotations": { "list": [{ "expr": "c[$__interval]", "name": "expr" }] },
        });
        assert_eq!(questions(&document), ["rate(a[5m])", "b[5m]", "c[5m]"]);
    }
}
