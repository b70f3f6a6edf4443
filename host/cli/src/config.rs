//! `bulkhead config`: whether a configuration is sound, what is in force, and why.

use anyhow::{Result, anyhow};
use bulkhead_config::{Effective, environment, load};
use bulkhead_policy::Mode;

use crate::args::{Config, ConfigArgs};

/// Prints what was asked for.
pub(crate) fn run(command: &Config) -> Result<()> {
    match command {
        Config::Check(from) => check(from),
        Config::Show { from, origin } => {
            let effective = loaded(from)?;
            print!("{}", effective.show(*origin).map_err(anyhow::Error::msg)?);
            Ok(())
        }
        Config::Environment => {
            print!("{}", environment::example());
            Ok(())
        }
    }
}

/// Loads, and says on the standard error what needs saying.
pub(crate) fn loaded(from: &ConfigArgs) -> Result<Effective> {
    let effective = load(&from.sources())?;
    for note in effective.notes() {
        eprintln!("bulkhead: note: {note}");
    }
    Ok(effective)
}

fn check(from: &ConfigArgs) -> Result<()> {
    let effective = match load(&from.sources()) {
        Ok(effective) => effective,
        Err(problems) => {
            for problem in problems.iter() {
                println!("wrong: {problem}");
            }
            let them = if problems.count() == 1 { "it" } else { "them" };
            return Err(anyhow!(
                "the configuration is not sound: {} to repair; a run would refuse {them}",
                count(problems.count())
            ));
        }
    };
    for note in effective.notes() {
        println!("note: {note}");
    }
    let config = &effective.config;
    let on = config.subsystems.values().filter(|s| s.effective_mode() != Mode::Off).count();
    println!(
        "sound: profile {}, stage {}, policy {}, brake {}, {on} of {} subsystems on",
        effective.profile().unwrap_or("none"),
        config.stage,
        config.policy,
        config.brake,
        config.subsystems.len()
    );
    Ok(())
}

fn count(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}
