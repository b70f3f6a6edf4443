//! `bulkhead limits`: the envelope of a running host.

use anyhow::Result;
use bulkhead_policy::envelope::LimitKey;
use bulkhead_server::{
    body::LimitsWanted,
    view::{LimitsChanged, LimitsView},
};
use clap::{Args, Subcommand};
use comfy_table::{CellAlignment, Table, presets::NOTHING};

use super::{args::Host, client::Method, control};

const PATH: &str = "/ai/limits";

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum LimitsCommand {
    /// Show the limits in force beside the configured ones.
    Show {
        #[command(flatten)]
        host: Host,
    },
    /// Change limits, all of those named or none. Tighter ones are in force at once; a wider one needs --generation.
    Set(SetLimits),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct SetLimits {
    /// As in max_leverage_x=3.
    #[arg(required = true, value_name = "KEY=VALUE", value_parser = assignment)]
    limits: Vec<(LimitKey, f64)>,
    /// Why. It stands in the journal.
    #[arg(long)]
    reason: String,
    /// On whose behalf. Default: the user who runs this; that name is journaled in any case.
    #[arg(long)]
    actor: Option<String>,
    /// What `limits show` printed. A wider limit needs it, so that nobody widens what he has not seen.
    #[arg(long)]
    generation: Option<u64>,
    #[command(flatten)]
    host: Host,
}

fn assignment(text: &str) -> Result<(LimitKey, f64), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    let names: Vec<&str> = LimitKey::ALL.iter().map(|key| key.name()).collect();
    let unknown = || format!("there is no limit {key}{}", bulkhead_policy::json::did_you_mean(key, &names));
    let key = LimitKey::parse(key).ok_or_else(unknown)?;
    value.parse().map(|value| (key, value)).map_err(|_| format!("{value} is no number"))
}

/// `bulkhead limits …`
pub(crate) fn run(command: &LimitsCommand) -> Result<()> {
    match command {
        LimitsCommand::Show { host } => {
            let limits: LimitsView = control(host).get(PATH)?;
            host.show(&limits, || table(&limits))
        }
        LimitsCommand::Set(set) => {
            let body = LimitsWanted {
                limits: set.limits.iter().copied().collect(),
                reason: set.reason.clone(),
                actor: set.actor.clone(),
                generation: set.generation,
            };
            let changed: LimitsChanged = control(&set.host).send(Method::Put, PATH, &body)?;
            set.host.show(&changed, || format!("{} (generation {})", changed.message, changed.now.generation))
        }
    }
}

fn table(view: &LimitsView) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["limit", "in force", "configured", ""]);
    for key in LimitKey::ALL {
        let (now, configured) = (view.limits.get(*key), view.configured.get(*key));
        let remark = match now.total_cmp(&configured) {
            std::cmp::Ordering::Less => "tighter",
            std::cmp::Ordering::Equal => "",
            std::cmp::Ordering::Greater => "wider, until the next start",
        };
        table.add_row([key.name(), &now.to_string(), &configured.to_string(), remark]);
    }
    for column in [1, 2] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{table}\ngeneration {}", view.generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_names_a_limit_and_a_number() {
        assert_eq!(assignment("max_leverage_x=2.5"), Ok((LimitKey::MaxLeverageX, 2.5)));
        assert!(assignment("max_levrage_x=2").unwrap_err().contains("max_leverage_x"));
        assert!(assignment("max_leverage_x").is_err() && assignment("max_leverage_x=two").is_err());
    }
}
