//! Days that really happened. Needs BULKHEAD_DATA; without it these say so and pass.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use bulkhead_journal::{Filter, Reader};
use bulkhead_policy::{Mode, Stage};
use bulkhead_tests::{Days, Scenario, components, scenario::layer_folder};
use serde_json::{Value, json};

/// LAYERUSDT falls by 74 % in these days.
#[test]
fn the_fall_of_a_symbol_stays_inside_the_limits() {
    if !Days::Recorded.are_there() {
        return;
    }
    let names = ["risk-os", "portfolio-balancer", "orchestrator", "ai-hfos"];
    let scenario = Scenario::base(Stage::Coordination).on(Days::Recorded);
    let scenario = names.iter().fold(scenario, |s, name| s.with(name, Mode::Enforced, json!({})));
    let ran = scenario.run();
    assert_eq!(ran.summary.bars, 15 * 4320);
    assert_eq!(ran.summary.faults, 0);
    assert_eq!(ran.summary.liquidations, 0);
    assert!(ran.summary.max_drawdown_pct < 5.0, "{:.2} %", ran.summary.max_drawdown_pct);
    for order in ran.accepted() {
        assert!(order.notional_usd <= 25_000.0);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
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

/// The shipped configuration in a folder of its own, with one profile more: COORDINATION with everybody off but the
/// strategies, which no profile names.
fn without_plugins(folder: &Path) -> PathBuf {
    let config = folder.join("host.toml");
    std::fs::copy(root().join("config/host.toml"), &config).unwrap();
    let profile = std::fs::read_to_string(root().join("config/profiles/coordination.toml")).unwrap();
    let off = |line: &str| if line.starts_with("mode = ") { "mode = \"OFF\"".to_owned() } else { line.to_owned() };
    let off: Vec<String> = profile.lines().map(off).collect();
    assert!(off.iter().filter(|line| *line == "mode = \"OFF\"").count() >= 13);
    std::fs::create_dir(folder.join("profiles")).unwrap();
    std::fs::write(folder.join("profiles/without.toml"), off.join("\n")).unwrap();
    config
}

/// What came of a run of the binary.
struct Figures {
    summary: Value,
    /// Profit and loss of what was closed in LAYERUSDT, after fees, before funding, USD.
    layer_usd: f64,
    layer_fills: usize,
}

impl Figures {
    fn of(config: &Path, profile: &str, data: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (summary, journal) = (folder.path().join("summary.json"), folder.path().join("journal"));
        let mut command = bulkhead();
        command.arg("run").args(["--profile", profile, "--config"]).arg(config);
        command.arg("--plugins").arg(components::folder()).arg("--data").arg(data);
        command.arg("--state").arg(folder.path().join("state"));
        let output = command.arg("--journal").arg(&journal).arg("--summary-json").arg(&summary).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let reader = Reader::open(&journal).unwrap();
        reader.verify().unwrap();
        let symbol = reader.symbols().unwrap().into_iter().find(|(_, name)| name == "LAYERUSDT").unwrap().0;
        let fills = reader.fills(&Filter { symbol: Some(symbol), ..Filter::default() }).unwrap();
        Self {
            summary: serde_json::from_slice(&std::fs::read(summary).unwrap()).unwrap(),
            layer_usd: fills.iter().map(|fill| fill.record.realized_pnl_usd - fill.record.fee_usd).sum(),
            layer_fills: fills.len(),
        }
    }

    fn number(&self, key: &str) -> f64 {
        self.summary[key].as_f64().unwrap_or_else(|| panic!("{key} is no number in {}", self.summary))
    }

    fn say(&self, who: &str) {
        let n = |key| self.number(key);
        println!(
            "{who}: max drawdown {:.2} %, max gross exposure {:.1} %, {} trades ({} won), net {:+.2} USD, equity {:.2} USD, \
             LAYERUSDT {:+.2} USD in {} fills, {} orders, {} liquidations, {} faults",
            n("max_drawdown_pct"),
            n("max_gross_exposure_pct"),
            n("trades"),
            n("winners"),
            n("net_pnl_usd"),
            n("end_equity_usd"),
            self.layer_usd,
            self.layer_fills,
            n("orders"),
            n("liquidations"),
            n("faults"),
        );
    }
}

/// LAYERUSDT falls by 74 % in these days.
#[test]
fn the_shipped_coordination_draws_down_no_deeper_than_nobody_and_stays_inside_its_limits() {
    let Some(data) = layer_folder() else {
        eprintln!("skipped: BULKHEAD_DATA is not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let shipped = Figures::of(&root().join("config/host.toml"), "coordination", &data);
    let without = Figures::of(&without_plugins(folder.path()), "without", &data);
    shipped.say("with the shipped plugins");
    without.say("without");

    for figures in [&shipped, &without] {
        assert_eq!(figures.number("bars"), 15.0 * 4320.0);
        assert_eq!(figures.summary["stage"], "COORDINATION");
        assert_eq!((figures.number("faults"), figures.number("liquidations")), (0.0, 0.0));
    }
    let applied = |figures: &Figures| figures.summary["hooks"]["pre-trade-risk-check"]["applied"].as_u64().unwrap_or(0);
    assert!(applied(&shipped) > 0 && applied(&without) == 0);
    assert!(shipped.number("trades") >= 5.0, "it hardly traded");
    assert!(shipped.number("max_drawdown_pct") <= without.number("max_drawdown_pct"));
    // The limits of the shipped risk-os: 150 % of equity, and a move of the price on top.
    assert!(shipped.number("max_gross_exposure_pct") <= 155.0);
    // One symbol may lose it all: it costs less than a fifth of one position of 5 % of 100,000 USD.
    assert!(shipped.layer_usd > -1_000.0, "{:.2} USD", shipped.layer_usd);
}
