//! `bulkhead brake`: over the brake's own socket, which answers when nothing else does.

use anyhow::Result;
use bulkhead_server::{
    BRAKE_SOCKET,
    body::{BrakeAction, Emergency},
    view::{BrakeView, Braked},
};

use super::{
    args::{BrakeCommand, Host},
    client::{Client, Method},
};

const PATH: &str = "/ai/emergency";

pub(super) fn run(command: &BrakeCommand) -> Result<()> {
    match command {
        BrakeCommand::Status { host } => {
            let brake: BrakeView = client(host).get(PATH)?;
            host.show(&brake, || {
                let since = brake.since_ms.map(|ms| format!(" since event time {ms}")).unwrap_or_default();
                let who = brake.actor.as_deref().zip(brake.reason.as_deref());
                let who = who.map(|(actor, reason)| format!("\n  {actor}: {reason}")).unwrap_or_default();
                format!("brake {}{since}, generation {}{who}", brake.brake, brake.generation)
            })
        }
        BrakeCommand::Engage { kind, reason, actor, host } => {
            let (kind, reason, actor) = (Some(*kind), reason.clone(), actor.clone());
            change(host, &Emergency { kind, reason, actor, ..Emergency::default() })
        }
        BrakeCommand::Release { reason, generation, rebase, actor, host } => {
            let seen = match generation {
                Some(generation) => *generation,
                None => client(host).get::<BrakeView>(PATH)?.generation,
            };
            let (reason, actor) = (Some(reason.clone()), actor.clone());
            let (action, rebase) = (BrakeAction::Release, *rebase);
            let wanted = Emergency { action, reason, actor, generation: Some(seen), rebase, ..Emergency::default() };
            change(host, &wanted)
        }
    }
}

fn change(host: &Host, wanted: &Emergency) -> Result<()> {
    let braked: Braked = client(host).send(Method::Post, PATH, wanted)?;
    host.show(&braked, || format!("{} (generation {})", braked.message, braked.brake.generation))
}

fn client(host: &Host) -> Client {
    Client::new(host.state.join(BRAKE_SOCKET))
}
