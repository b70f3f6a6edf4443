//! A host in this process: a registry with a durable brake, and a server on loopback.

use std::{
    fs::{self, Permissions},
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::Arc,
};

use bulkhead_journal::{Journal, JournalOptions};
use bulkhead_policy::{PolicySet, Stage, activation::Activation};
use bulkhead_runtime::{BrakeFile, Registry, SubsystemSpec};
use bulkhead_server::{
    Options, Server, ServerConfig, TOKENS,
    auth::{Role, line},
};
use bulkhead_tests::{
    components, keeper,
    lab::{options, sandbox},
};

/// The token of these runs.
pub const TOKEN: &str = "soak-control";

/// A running host.
pub struct Host {
    pub registry: Arc<Registry>,
    pub control: SocketAddr,
    pub brake: SocketAddr,
    _server: Server,
}

/// The journal in a folder.
pub fn journal(folder: &Path) -> std::path::PathBuf {
    folder.join("journal")
}

/// Starts one whose state lies in this folder.
pub fn start(folder: &Path, specs: Vec<SubsystemSpec>) -> Host {
    let registry = registry(folder, specs);
    let tokens = folder.join(TOKENS);
    fs::write(&tokens, line("soak", Role::Admin, TOKEN)).unwrap();
    fs::set_permissions(&tokens, Permissions::from_mode(0o600)).unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let network = ServerConfig { listen: Some(any), brake_listen: Some(any), tokens: None };
    let server = Server::start(
        Arc::clone(&registry),
        &Options {
            state: folder.to_owned(),
            network,
            account: None,
            activation: Activation::default(),
            dashboard: None,
        },
    )
    .unwrap();
    let (control, brake) = (server.address().unwrap(), server.brake_address().unwrap());
    Host { registry, control, brake, _server: server }
}

/// A registry that keeps its brake in this folder.
pub fn registry(folder: &Path, specs: Vec<SubsystemSpec>) -> Arc<Registry> {
    let journal = Journal::open(&journal(folder), JournalOptions::default()).unwrap();
    let registry = Registry::new(sandbox(), journal, options(Stage::Autonomy, PolicySet::Live), specs).unwrap();
    Arc::new(registry.with_brake_file(BrakeFile::open(folder).unwrap()))
}

/// One that answers risk checks.
pub fn answering() -> SubsystemSpec {
    keeper::spec(components::guest("keeper"), &[])
}
