//! What a person can say to `bulkhead call`.

use std::path::PathBuf;

use clap::Args;

const HELP: &str = "\
The document
  It has one field per parameter of the hook's function in wit/v1, and `ctx`. `--example` prints a complete one.
    names     as in the WIT, with underscores: size_usd
    enums     \"UPPER_SNAKE\"; flags are a list of such names
    options   the value, or null, or left out
    variants  \"allow\", or {\"deny\": {\"code\": \"MAX_LEVERAGE\", \"text\": \"...\"}}
    columns   lists of one length
    symbols   by name, or by id: the place in the symbol table
  Without `ctx`: stage OBSERVATION, mode OBSERVE, risk mode NORMAL, event time 0, cycle 1, no directives.
  Nothing else has a default, and an unknown field is an error.

The symbol table
  --symbols gives it. Without it the names get ids in the order of their first appearance, with neutral trading rules (tick
  and step 1e-8, no smallest order, no sector, no tier); an id that has no name gets a row of its own, and stays an id in
  the answer. With --jsonl a new name makes the table longer and the plugin is told before that line.

With --jsonl
  Every line of input is a document and makes one line of output, in order; empty lines are passed over. One instance
  serves them all, so that a plugin's state carries over. A line that cannot be answered makes {\"error\": {...}} with
  `class`, `text`, and for a document `field`. A fault other than `declared` ends the instance: `state_lost` says so, and
  the next line is served by a new one.

Hooks
  signal, pre-trade-universe-filter, pre-trade-risk-check, pre-trade-portfolio-check, pre-trade-confidence-adjustment,
  pre-trade-position-sizing, execution-order-type-selection, execution-slippage-check,
  post-trade-position-classification, post-trade-amplification-check, portfolio-exposure-check,
  portfolio-rebalance-recommendations, periodic-self-healing-check, periodic-ai-hfos-coordination, exit-levels,
  model-evaluation, retraining-plan; and report

Exit codes
  0  an answer (with --jsonl: to every line)
  1  the plugin failed, broke its contract, or cannot be loaded
  2  wrong arguments, a document, a symbol table or a configuration that is refused";

/// Ask one hook of one plugin: JSON in, JSON out.
///
/// Nothing is traded and nothing is journaled. The answer is checked against the hook's contract as in a run, and printed as
/// the plugin gave it.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Call {
    /// A component's file, or the name of one in the plugin folder.
    pub(super) plugin: String,
    /// Name of the hook's interface, or `report` for what the plugin tells the coordinator.
    pub(super) hook: String,
    /// The document, or `-` for the standard input.
    #[arg(long, value_name = "FILE|-", required_unless_present = "example")]
    pub(super) input: Option<PathBuf>,
    /// One document per line in, one answer per line out.
    #[arg(long)]
    pub(super) jsonl: bool,
    /// Configuration of the plugin: JSON, or TOML in a file that ends in .toml. Default: the plugin's own.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The symbol table: a JSON list of objects with name, tick, step, min_notional_usd, sector and tier; the id is the place.
    #[arg(long, value_name = "FILE")]
    pub(super) symbols: Option<PathBuf>,
    /// What the plugin may loosen, as in `[subsystems.NAME.loosen.HOOK]`: size_cap=1.3, threshold_floor=0.3 (or
    /// loosen_threshold for a floor of 0), stop_cap=1.5, add_size_cap=0.5. Default: it may only tighten.
    #[arg(long, value_name = "GRANT,...", value_delimiter = ',')]
    pub(super) grant: Vec<String>,
    /// Print what the call cost, too: {"answer": ..., "fuel": ..., "memory_bytes": ...}.
    #[arg(long)]
    pub(super) usage: bool,
    /// Print a complete document for the hook, to start from. The plugin is not touched.
    #[arg(long, conflicts_with_all = ["input", "jsonl", "config", "symbols", "grant", "usage"])]
    pub(super) example: bool,
    /// Folder of the plugin components.
    #[arg(long, default_value = "target/components")]
    pub(super) plugins: PathBuf,
}
