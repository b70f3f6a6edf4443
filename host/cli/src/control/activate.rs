//! `bulkhead activate`: may this stage be activated, and if so, activate it.

use anyhow::{Result, bail};
use bulkhead_policy::{Stage, activation::Judged};
use bulkhead_server::{
    body::StageWanted,
    view::{ActivationView, CheckView, StageChanged},
};
use clap::Args;
use comfy_table::{Table, presets::NOTHING};
use serde::Serialize;

use super::{args::Host, client::Method, control};

/// A step to a stage, with checks first.
#[derive(Clone, Debug, Args)]
pub(crate) struct Activate {
    /// observation, partial, coordination or autonomy.
    #[arg(value_parser = stage)]
    stage: Stage,
    /// Why. It stands in the journal.
    #[arg(long, required_unless_present = "check")]
    reason: Option<String>,
    /// On whose behalf. Default: the user who runs this; that name is journaled in any case.
    #[arg(long)]
    actor: Option<String>,
    /// What no journal can tell and you have checked: performance, trade-count, cascades. May be repeated.
    #[arg(long, value_name = "WHAT", value_parser = checked)]
    i_have_checked: Vec<Judged>,
    /// Only say yes or no; change nothing.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    host: Host,
}

fn stage(text: &str) -> Result<Stage, String> {
    Stage::parse(text).ok_or_else(|| "use observation, partial, coordination or autonomy".to_owned())
}

fn checked(text: &str) -> Result<Judged, String> {
    Judged::parse(text).ok_or_else(|| "use performance, trade-count or cascades".to_owned())
}

/// What became of it.
#[derive(Serialize)]
struct Outcome {
    #[serde(flatten)]
    found: ActivationView,
    /// What the host said of the change, if there was one.
    changed: Option<String>,
}

pub(super) fn run(args: &Activate) -> Result<()> {
    let names: Vec<&str> = args.i_have_checked.iter().map(|judged| judged.name()).collect();
    let path = format!("/ai/activation/{}?checked={}", args.stage, names.join(","));
    let found: ActivationView = control(&args.host).get(&path)?;
    let yes = found.yes;
    let changed = (yes && !args.check).then(|| change(args, &names)).transpose()?;
    let failed = found.checks.iter().filter(|check| !check.passed).count();
    let outcome = Outcome { found, changed };
    args.host.show(&outcome, || shown(&outcome))?;
    if !yes {
        bail!(
            "{} is not activated: {failed} of {} checks failed; nothing has changed",
            args.stage,
            outcome.found.checks.len()
        );
    }
    Ok(())
}

fn change(args: &Activate, checked: &[&str]) -> Result<String> {
    let why = args.reason.clone().unwrap_or_default();
    // In front: a long reason is cut.
    let reason = if checked.is_empty() { why } else { format!("checked {}: {why}", checked.join(", ")) };
    let body = StageWanted { stage: args.stage, reason, actor: args.actor.clone() };
    Ok(control(&args.host).send::<StageChanged>(Method::Put, "/ai/stage", &body)?.message)
}

fn shown(outcome: &Outcome) -> String {
    let found = &outcome.found;
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["", "CHECK", "IN", "WANTED", "FOUND"]);
    for check in &found.checks {
        let stage = check.shown_in.map_or_else(|| "now".to_owned(), |stage| stage.to_string());
        table.add_row([if check.passed { "yes" } else { "NO" }, &check.name, &stage, &check.wanted, &check.found]);
    }
    let records: u64 = found.journals.iter().map(|journal| journal.records).sum();
    let mut text = String::new();
    if !found.checks.is_empty() {
        text = format!("{table}\n\n{records} records of {} journals\n", found.journals.len());
    }
    let no: Vec<&CheckView> = found.checks.iter().filter(|check| !check.passed).collect();
    let verdict = match (&outcome.changed, no.is_empty()) {
        (Some(changed), _) => format!("YES: {changed}"),
        (None, true) => format!("YES: {} -> {} may be activated", found.stage, found.target),
        (None, false) => {
            let reasons =
                no.iter().map(|check| format!("\n  {}: {}, wanted {}", check.name, check.found, check.wanted));
            format!("NO: {} -> {}{}", found.stage, found.target, reasons.collect::<String>())
        }
    };
    text + &verdict
}
