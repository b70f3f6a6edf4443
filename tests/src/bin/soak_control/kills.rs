//! A host that is killed at any moment comes back with a brake that is no looser than what it had said.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    sync::Arc,
    thread::{self, sleep},
    time::Duration,
};

use bulkhead_policy::activation::Activation;
use bulkhead_server::{BRAKE_SOCKET, Options, Server, ServerConfig};
use bulkhead_tests::soak::{Connection, Report};
use serde_json::json;

use crate::host;

const NAME: &str = "kills";
const PATH: &str = "/ai/emergency";
/// Longest life of a host.
const LIFE: Duration = Duration::from_millis(40);

/// The host of this run: it serves until it is killed, for a minute at most.
pub fn serve(folder: &Path) -> ExitCode {
    let registry = host::registry(folder, Vec::new());
    let options = Options {
        state: folder.to_owned(),
        network: ServerConfig::default(),
        account: None,
        activation: Activation::default(),
        dashboard: None,
    };
    let server = Server::start(Arc::clone(&registry), &options).unwrap();
    println!("serving");
    sleep(Duration::from_secs(60));
    drop(server);
    ExitCode::SUCCESS
}

/// The last that the host confirmed.
#[derive(Clone, Copy, Default)]
struct Said {
    engaged: bool,
    generation: u64,
    changes: u64,
    /// What was asked when it was killed: engage, release.
    asked: Option<bool>,
}

/// Kills so often.
pub fn run(kills: u32, report: &mut Report) {
    report.say(&format!("\n{NAME}: {kills}"));
    let folder = tempfile::tempdir().unwrap();
    let (mut looser, mut forgotten, mut open, mut changes) = (0, 0, 0, 0);
    let mut said = Said::default();
    for kill in 0..kills {
        let mut child = started(folder.path());
        let found = connect(folder.path()).ask("GET", PATH, "").unwrap().json();
        let engaged = found["brake"] != "released";
        let released_on_purpose = said.asked == Some(false);
        looser += u64::from(said.engaged && !engaged && !released_on_purpose);
        forgotten += u64::from(found["generation"].as_u64().unwrap_or(0) < said.generation);
        open += u64::from(said.asked.is_some());
        let socket = folder.path().to_owned();
        let first = Said { engaged, generation: found["generation"].as_u64().unwrap_or(0), changes: 0, asked: None };
        let toggling = thread::spawn(move || toggle(&socket, first));
        sleep(LIFE * (kill * 7_919 % 100) / 100);
        child.kill().unwrap();
        child.wait().unwrap();
        said = toggling.join().unwrap();
        changes += said.changes;
    }
    report.say(&format!("  {changes} changes were confirmed; {open} kills came while one was on its way"));
    report.none(NAME, "came back released after a confirmed brake", looser);
    report.none(NAME, "confirmed changes forgotten", forgotten);
}

fn started(folder: &Path) -> Child {
    let mut child =
        Command::new(std::env::current_exe().unwrap()).arg("serve").arg(folder).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "serving\n");
    child
}

fn connect(folder: &Path) -> Connection {
    Connection::unix(&folder.join(BRAKE_SOCKET)).unwrap()
}

/// Engages and releases until the host is gone.
fn toggle(folder: &Path, mut said: Said) -> Said {
    let Ok(mut connection) = Connection::unix(&folder.join(BRAKE_SOCKET)) else { return said };
    loop {
        let engage = !said.engaged;
        let body = if engage {
            json!({ "kind": "halt", "reason": "soak" })
        } else {
            json!({ "action": "release", "generation": said.generation, "reason": "soak" })
        };
        said.asked = Some(engage);
        let Ok(answer) = connection.ask("POST", PATH, &body.to_string()) else { return said };
        assert_eq!(answer.status, 200, "{:?}", answer.json());
        let now = answer.json();
        // What the host itself says is not kept yet is no promise.
        if now["recorded"] == true || !engage {
            said = Said { engaged: engage, asked: None, changes: said.changes + 1, ..said };
            said.generation = now["generation"].as_u64().unwrap();
        } else {
            sleep(Duration::from_millis(5));
            let now = connection.ask("GET", PATH, "");
            let Ok(now) = now else { return said };
            said.generation = now.json()["generation"].as_u64().unwrap();
            said.engaged = true;
        }
    }
}
