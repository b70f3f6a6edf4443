//! Commands to a running host, over the sockets in its state folder.

mod activate;
mod args;
mod brake;
mod client;
mod emergency;
mod limits;
mod table;
mod token;

pub(crate) use activate::Activate;
pub(crate) use args::{BrakeCommand, EmergencyDisable, ModeChange, NewToken, PluginCommand, StageChange, Status};
pub(crate) use limits::LimitsCommand;
pub(crate) use token::random as random_token;

use std::path::PathBuf;

use anyhow::{Context, Result};
use bulkhead_server::{
    CONTROL_SOCKET,
    body::{BindingWanted, ModeWanted, StageWanted, Wanted},
    view::{Changed, StageChanged, StatusView},
};
use serde::Serialize;

use args::{Change, Host};
use client::{Client, Method};

/// `bulkhead status`
pub(crate) fn status(args: &Status) -> Result<()> {
    let status: StatusView = control(&args.host).get("/ai/status")?;
    args.host.show(&status, || table::status(&status))
}

/// `bulkhead plugin …`
pub(crate) fn plugin(command: &PluginCommand) -> Result<()> {
    let mut candidate = None;
    let (operation, change, downgrade) = match command {
        PluginCommand::Reload { change, downgrade } => ("reload", change, *downgrade),
        PluginCommand::Rollback { change } => ("rollback", change, false),
        PluginCommand::Pin { change } => ("pin", change, false),
        PluginCommand::Unpin { change } => ("unpin", change, false),
        PluginCommand::Release { change } => ("release", change, false),
        PluginCommand::Shadow { change, file } => {
            // The host has a working folder of its own.
            let absolute = |file: &PathBuf| std::path::absolute(file);
            candidate = file.as_ref().map(absolute).transpose().context("the candidate's path")?;
            ("shadow", change, false)
        }
        PluginCommand::Unshadow { change } => ("unshadow", change, false),
        PluginCommand::Bind { change, plugin, downgrade } => {
            let (plugin, reason, actor) = (plugin.clone(), change.reason.clone(), change.actor.clone());
            let body = BindingWanted { plugin, reason, actor, downgrade: *downgrade };
            return ask_change(change, Method::Put, "plugin", &body);
        }
        PluginCommand::Promote { change, downgrade } => ("promote", change, *downgrade),
    };
    let body = Wanted { reason: change.reason.clone(), actor: change.actor.clone(), downgrade, file: candidate };
    ask_change(change, Method::Post, operation, &body)
}

/// `bulkhead mode NAME MODE`
pub(crate) fn mode(args: &ModeChange) -> Result<()> {
    let change = &args.change;
    let body = ModeWanted { mode: args.mode, reason: change.reason.clone(), actor: change.actor.clone() };
    ask_change(change, Method::Put, "mode", &body)
}

/// `bulkhead stage STAGE`
pub(crate) fn stage(args: &StageChange) -> Result<()> {
    let body = StageWanted { stage: args.stage, reason: args.reason.clone(), actor: args.actor.clone() };
    let changed: StageChanged = control(&args.host).send(Method::Put, "/ai/stage", &body)?;
    args.host.show(&changed, || changed.message.clone())
}

/// `bulkhead limits …`
pub(crate) fn limits(command: &LimitsCommand) -> Result<()> {
    limits::run(command)
}

/// `bulkhead brake …`
pub(crate) fn brake(command: &BrakeCommand) -> Result<()> {
    brake::run(command)
}

/// `bulkhead token NAME ROLE`
pub(crate) fn token(args: &NewToken) -> Result<()> {
    token::make(args)
}

/// `bulkhead activate STAGE`
pub(crate) fn activate(args: &Activate) -> Result<()> {
    activate::run(args)
}

/// `bulkhead emergency-disable`
pub(crate) fn emergency_disable(args: &EmergencyDisable) -> Result<()> {
    emergency::run(args)
}

fn ask_change(change: &Change, method: Method, what: &str, body: &impl Serialize) -> Result<()> {
    let path = format!("/ai/subsystems/{}/{what}", client::segment(&change.name));
    let changed: Changed = control(&change.host).send(method, &path, body)?;
    change.host.show(&changed, || changed.message.clone())
}

fn control(host: &Host) -> Client {
    Client::new(host.state.join(CONTROL_SOCKET))
}

impl Host {
    /// Prints an answer for people, or as JSON.
    fn show(&self, answer: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(answer)?);
        } else {
            println!("{}", text());
        }
        Ok(())
    }
}
