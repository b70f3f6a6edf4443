//! A host that runs a simulated market in a folder of its own, and the commands to it.

use std::{
    cell::RefCell,
    fs,
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use bulkhead_journal::{Filter, Reader};
use bulkhead_tests::components;
use serde_json::Value;
use tempfile::TempDir;

/// Looks before something that must happen is given up: minutes, for a machine that is busy.
const LOOKS: u32 = 3_000;
const PAUSE: Duration = Duration::from_millis(50);

/// Returns what `look` finds, once it finds it.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..LOOKS {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("it never came: {what}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub(crate) fn bulkhead() -> Command {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Commands to a host.
pub(crate) struct Commands {
    state: PathBuf,
}

impl Commands {
    fn run(&self, args: &[&str]) -> Output {
        bulkhead().args(args).arg("--state").arg(&self.state).output().unwrap()
    }

    /// Whether a command succeeds.
    pub(crate) fn succeeds(&self, args: &[&str]) -> bool {
        self.run(args).status.success()
    }
}

/// A folder with plugins, configuration, state and journals, and perhaps a host that uses it.
pub(crate) struct Host {
    folder: TempDir,
    child: RefCell<Option<Child>>,
    runs: RefCell<u32>,
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.borrow_mut().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Host {
    /// Nothing reloads by itself here.
    pub(crate) fn new() -> Self {
        Self::configured("")
    }

    /// The same, with more in its profile.
    pub(crate) fn configured(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, plugins) = (folder.path().join("config"), folder.path().join("plugins"));
        fs::create_dir_all(config.join("profiles")).unwrap();
        fs::create_dir(&plugins).unwrap();
        let text = fs::read_to_string(root().join("config/host.toml")).unwrap();
        let quiet = text.replace("watch = true", "watch = false");
        assert_ne!(quiet, text);
        fs::write(config.join("host.toml"), quiet).unwrap();
        let profile = fs::read_to_string(root().join("config/profiles/coordination.toml")).unwrap();
        fs::write(config.join("profiles/coordination.toml"), format!("{profile}\n{more}")).unwrap();
        for name in components::first_party() {
            fs::copy(components::plugin(&name), plugins.join(format!("{name}.wasm"))).unwrap();
        }
        Self { folder, child: RefCell::new(None), runs: RefCell::new(0) }
    }

    /// Starts it; returns once it answers.
    pub(crate) fn start(&self) {
        self.start_with(&["--speed", "600x", "--days", "30"]);
    }

    /// Starts it on another market, or at another speed.
    pub(crate) fn start_with(&self, args: &[&str]) {
        *self.runs.borrow_mut() += 1;
        let child = bulkhead()
            .args(["run", "--profile", "coordination"])
            .args(args)
            .arg("--config")
            .arg(self.folder.path().join("config/host.toml"))
            .arg("--plugins")
            .arg(self.folder.path().join("plugins"))
            .arg("--journal")
            .arg(self.journal())
            .arg("--state")
            .arg(self.state())
            .stdout(fs::File::create(self.folder.path().join("out")).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        *self.child.borrow_mut() = Some(child);
        until("the host answers", || {
            let ended = self.child.borrow_mut().as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "the host ended: {ended:?}");
            self.command(&["status", "--json"]).status.success().then_some(())
        });
    }

    /// Adds to the configuration.
    pub(crate) fn configure(&self, table: &str, lines: &str) {
        let file = self.folder.path().join("config/host.toml");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(table));
        fs::write(file, text.replace(table, &format!("{table}\n{lines}"))).unwrap();
    }

    /// What it has printed.
    pub(crate) fn printed(&self) -> String {
        fs::read_to_string(self.folder.path().join("out")).unwrap()
    }

    /// A start that is refused, and its one sentence.
    pub(crate) fn refuses_to_start(&self) -> String {
        self.refuses_to_start_with(&[])
    }

    /// The same, with more on the command line.
    pub(crate) fn refuses_to_start_with(&self, more: &[&str]) -> String {
        let config = self.folder.path().join("config/host.toml");
        let plugins = self.folder.path().join("plugins");
        let journal = self.folder.path().join("refused");
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let (config, plugins, journal) = (text(&config), text(&plugins), text(&journal));
        let args = ["run", "--days", "1", "--config", &config, "--plugins", &plugins, "--journal", &journal];
        self.refuses(&[&args, more].concat())
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn plugin(&self, name: &str) -> PathBuf {
        self.folder.path().join("plugins").join(format!("{name}.wasm"))
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.folder.path().join(format!("journal-{}", self.runs.borrow()))
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.journal()).unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.borrow().as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits for its end and says whether it was an orderly one.
    pub(crate) fn ended(&self) -> bool {
        self.child.borrow_mut().take().unwrap().wait().unwrap().success()
    }

    /// Commands to it, for another thread.
    pub(crate) fn commands(&self) -> Commands {
        Commands { state: self.state() }
    }

    pub fn command(&self, args: &[&str]) -> Output {
        self.commands().run(args)
    }

    /// A command that succeeds, and what it prints.
    pub(crate) fn says(&self, args: &[&str]) -> String {
        let output = self.command(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same as JSON.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        serde_json::from_str(&self.says(&all)).unwrap()
    }

    /// A command that is refused, and its one sentence.
    pub(crate) fn refuses(&self, args: &[&str]) -> String {
        let output = self.command(args);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{args:?}: {text}");
        text
    }

    /// A connection to its control API.
    pub(crate) fn connect(&self) -> UnixStream {
        UnixStream::connect(self.state().join("control.sock")).unwrap()
    }

    /// Asks its control API; status and body.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.exchange("GET", path, "")
    }

    /// Sends a document to its control API; status and body.
    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, String) {
        self.exchange("POST", path, &body.to_string())
    }

    fn exchange(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = self.connect();
        let about = format!("Content-Type: application/json\r\nContent-Length: {}", body.len());
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{about}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap_or_else(|| panic!("{path}: {answer:?}")).parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    /// The same, for an answer that is JSON.
    pub(crate) fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Resident memory, KiB.
    pub(crate) fn memory_kib(&self) -> u64 {
        let id = self.child.borrow().as_ref().unwrap().id();
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().strip_suffix("kB").unwrap().trim().parse().unwrap()
    }

    /// A subsystem's part of the status.
    pub(crate) fn subsystem(&self, name: &str) -> Value {
        let status = self.json(&["status"]);
        status["subsystems"].as_array().unwrap().iter().find(|s| s["name"] == name).unwrap().clone()
    }

    /// The latest hook calls, latest first.
    pub(crate) fn calls(&self, limit: usize) -> Vec<bulkhead_journal::Stored<bulkhead_journal::CallRecord>> {
        self.reader().calls(&Filter { newest_first: true, limit: Some(limit), ..Filter::default() }).unwrap()
    }

    /// Every audit record, oldest first: who, and what.
    pub(crate) fn audits(&self) -> Vec<(String, Value)> {
        let events = self.reader().events(&Filter::default()).unwrap();
        let audits = events.into_iter().filter_map(|event| {
            let data: Value = serde_json::from_str(&event.record.data).ok()?;
            data["audit"].is_string().then_some((event.record.actor, data))
        });
        audits.collect()
    }
}
