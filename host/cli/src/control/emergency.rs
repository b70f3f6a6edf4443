//! `bulkhead emergency-disable`: brake, stage OBSERVATION, everything off but the base strategies.
//!
//! The brake comes first and has a way that needs no host. Each step is told by itself, and none waits for the success of
//! another.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    time::Duration,
};

use anyhow::{Result, bail};
use bulkhead_policy::{Brake, HookId, Mode, Stage};
use bulkhead_server::{
    BRAKE_SOCKET, CONTROL_SOCKET,
    body::{BrakeAction, Emergency, ModeWanted, StageWanted},
    view::{Braked, Changed, StageChanged, StatusView, SubsystemView},
};
use serde::Serialize;

use super::{
    args::EmergencyDisable,
    client::{Client, Method, segment},
};
use crate::run::BRAKE_FILE;

/// How long the brake's own socket may take before the file is tried.
const BRAKE_PATIENCE: Duration = Duration::from_secs(2);
/// How long another step may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// A host takes so many changes a second; after this it takes as many again.
const PAUSE: Duration = Duration::from_millis(1_100);

/// What became of a step.
#[derive(Debug, Serialize)]
struct Step {
    step: String,
    done: bool,
    said: String,
}

impl Step {
    fn of(step: &str, said: Result<String>) -> Self {
        let done = said.is_ok();
        Self { step: step.to_owned(), done, said: said.unwrap_or_else(|error| format!("{error:#}")) }
    }
}

pub(super) fn run(args: &EmergencyDisable) -> Result<()> {
    let mut steps = vec![brake(args), Step::of("stage", stage(args))];
    steps.extend(modes(args));
    args.host.show(&steps, || steps.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    match steps.iter().filter(|step| !step.done).count() {
        0 => Ok(()),
        left => bail!("{left} of {} steps are not done; the others hold; try again, or end the host", steps.len()),
    }
}

fn line(step: &Step) -> String {
    format!("{:<9} {}: {}", if step.done { "done" } else { "NOT DONE" }, step.step, step.said)
}

fn brake(args: &EmergencyDisable) -> Step {
    let (kind, reason, actor) = (Some(Brake::Halt), Some(args.reason.clone()), args.actor.clone());
    let wanted = Emergency { action: BrakeAction::Engage, kind, reason, actor, generation: None, rebase: false };
    let client = Client::new(args.host.state.join(BRAKE_SOCKET)).within(BRAKE_PATIENCE);
    let said = client.send::<Braked>(Method::Post, "/ai/emergency", &wanted).map(|braked| braked.message);
    let said = said.or_else(|error| {
        let file = args.host.state.join(BRAKE_FILE);
        match leave(&file) {
            Ok(()) => Ok(format!(
                "{error:#}; the file {} brakes a host that runs, and the next one that starts; remove it before a release",
                file.display()
            )),
            Err(failed) => Err(error.context(format!("{} cannot be written either ({failed})", file.display()))),
        }
    });
    Step::of("brake", said)
}

/// Leaves the file that means halt, durably. One that means more stays.
fn leave(file: &Path) -> io::Result<()> {
    let found = fs::read_to_string(file).ok().and_then(|text| Brake::parse(text.trim()));
    if found.is_some_and(|found| found >= Brake::Halt) {
        return Ok(());
    }
    let mut written = File::create(file)?;
    written.write_all(b"halt\n")?;
    written.sync_all()?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn stage(args: &EmergencyDisable) -> Result<String> {
    let body = StageWanted { stage: Stage::Observation, reason: args.reason.clone(), actor: args.actor.clone() };
    Ok(control(args).send::<StageChanged>(Method::Put, "/ai/stage", &body)?.message)
}

/// Everything off that is no base strategy. A base strategy belongs to the existing logic; the brake holds it as well.
fn modes(args: &EmergencyDisable) -> Vec<Step> {
    let status: StatusView = match control(args).get("/ai/status") {
        Ok(status) => status,
        Err(error) => return vec![Step::of("modes", Err(error))],
    };
    let on = status.subsystems.iter().filter(|s| s.mode != Mode::Off && !s.hooks.contains(&HookId::Signal));
    on.map(|subsystem| {
        let said = off(args, subsystem).or_else(|_| {
            std::thread::sleep(PAUSE);
            off(args, subsystem)
        });
        Step::of(&format!("mode of {}", subsystem.name), said)
    })
    .collect()
}

fn off(args: &EmergencyDisable, subsystem: &SubsystemView) -> Result<String> {
    let body = ModeWanted { mode: Mode::Off, reason: args.reason.clone(), actor: args.actor.clone() };
    let path = format!("/ai/subsystems/{}/mode", segment(&subsystem.name));
    Ok(control(args).send::<Changed>(Method::Put, &path, &body)?.message)
}

fn control(args: &EmergencyDisable) -> Client {
    Client::new(args.host.state.join(CONTROL_SOCKET)).within(PATIENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_means_halt_and_never_less_than_before() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("BRAKE");
        for (before, after) in [("bypass\n", "halt\n"), ("", "halt\n"), ("halt-cancel\n", "halt-cancel\n")] {
            fs::write(&file, before).unwrap();
            leave(&file).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), after);
        }
        fs::remove_file(&file).unwrap();
        leave(&file).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "halt\n");
        assert!(leave(&dir.path().join("nowhere/BRAKE")).is_err());
    }
}
