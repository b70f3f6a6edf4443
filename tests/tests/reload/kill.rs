//! The host is killed at random moments while its plugin files are replaced by good and bad ones, and starts again.
//!
//! `BULKHEAD_KILLS` says how often; `cargo xtask soak kill` does it 500 times.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use bulkhead_journal::{Filter, Reader};
use bulkhead_runtime::version::{VersionBook, digest_of};
use bulkhead_tests::{components, surgery};
use tempfile::TempDir;

use crate::rehearsal::bulkhead;

const PLUGINS: [&str; 2] = ["momentum", "risk-os"];

/// Often enough to see a file change, quick enough to be killed in the middle of a reload.
const CONFIG: &str = r#"
policy = "live"
[reload]
poll_ms = 20
quiet_ms = 20
per_minute = 6000
recorded_inputs = 20
[subsystems.momentum]
mode = "ENFORCED"
[subsystems.risk-os]
mode = "ENFORCED"
"#;

/// A host's folders.
struct Host {
    folder: TempDir,
    random: u64,
    /// Every good content that was ever in the plugin folder.
    good: BTreeSet<String>,
    runs: usize,
}

impl Host {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["config/profiles", "plugins"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("config/host.toml"), CONFIG).unwrap();
        fs::write(folder.path().join("config/profiles/kill.toml"), "stage = \"AUTONOMY\"\n").unwrap();
        let mut host = Self { folder, random: 0x9e37_79b9_7f4a_7c15, good: BTreeSet::new(), runs: 0 };
        for plugin in PLUGINS {
            let bytes = fs::read(components::plugin(plugin)).unwrap();
            host.good.insert(digest_of(&bytes));
            fs::write(host.file(plugin), bytes).unwrap();
        }
        host
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, plugin: &str) -> PathBuf {
        self.path("plugins").join(format!("{plugin}.wasm"))
    }

    fn journal(&self) -> PathBuf {
        self.path(&format!("journal-{}", self.runs))
    }

    fn random(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % below
    }

    /// Starts it, and returns when it says who serves.
    fn start(&mut self) -> Child {
        self.runs += 1;
        let mut child = Command::new(bulkhead())
            .args(["run", "--profile", "kill", "--days", "30", "--speed", "6000x"])
            .arg("--config")
            .arg(self.path("config/host.toml"))
            .arg("--plugins")
            .arg(self.path("plugins"))
            .arg("--state")
            .arg(self.path("state"))
            .arg("--journal")
            .arg(self.journal())
            .stdout(Stdio::piped())
            .stderr(File::create(self.path("stderr")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("risk-os")));
        let stderr = || fs::read_to_string(self.path("stderr")).unwrap();
        assert!(said.is_some(), "run {} did not start: {}", self.runs, stderr());
        // What it says from now on is read away, or it would wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        child
    }

    /// Puts something into the plugin folder, in one of the ways in which that is done.
    fn change(&mut self) {
        let plugin = PLUGINS[self.random(2) as usize];
        let (file, tag) = (self.file(plugin), self.random.to_string());
        let good = surgery::tagged(&fs::read(components::plugin(plugin)).unwrap(), &tag);
        let pick = self.random(5);
        if pick < 3 {
            self.good.insert(digest_of(&good));
        }
        match pick {
            0 | 1 => rename_over(&file, &good),
            2 => in_pieces(&file, &good),
            3 => rename_over(&file, &good[..good.len() / 2]),
            _ => rename_over(&file, &fs::read(components::guest("chaos-start-trap")).unwrap()),
        }
    }

    /// Whether all that served, by journal, history and store, was good.
    fn assert_good(&self) {
        let reader = Reader::open(&self.journal()).unwrap();
        reader.verify().unwrap();
        for (_, identity) in reader.plugins().unwrap() {
            assert!(self.good.contains(&identity.digest), "run {}: {identity:?} was never good", self.runs);
        }
        let book = VersionBook::open(&self.path("state/versions.json")).unwrap();
        for plugin in PLUGINS {
            let serving = book.slot(plugin).serving().unwrap().digest.clone();
            assert!(self.good.contains(&serving), "run {}: {plugin} {serving}", self.runs);
            let kept = fs::read(self.path("state/components").join(format!("{serving}.wasm"))).unwrap();
            assert_eq!(digest_of(&kept), serving);
        }
    }
}

fn rename_over(file: &Path, bytes: &[u8]) {
    let new = file.with_extension("new");
    fs::write(&new, bytes).unwrap();
    fs::rename(new, file).unwrap();
}

fn in_pieces(file: &Path, bytes: &[u8]) {
    let mut out = File::create(file).unwrap();
    for piece in bytes.chunks(bytes.len() / 4 + 1) {
        out.write_all(piece).unwrap();
        sleep(Duration::from_millis(10));
    }
}

fn kills() -> usize {
    std::env::var("BULKHEAD_KILLS").map_or(10, |kills| kills.parse().expect("BULKHEAD_KILLS is a number"))
}

#[test]
fn a_host_that_is_killed_at_any_moment_comes_back_with_a_good_version() {
    let mut host = Host::new();
    let (mut reloads, mut stood_in, mut decided) = (0, 0, 0);
    let mut killed = 0;
    // On a busy machine a kill may come before anything has happened: then there are more of them.
    while killed < kills() || (reloads == 0 && killed < 10 * kills()) {
        killed += 1;
        let mut child = host.start();
        for _ in 0..host.random(5) {
            host.change();
            sleep(Duration::from_millis(host.random(250)));
        }
        sleep(Duration::from_millis(host.random(400)));
        child.kill().unwrap();
        child.wait().unwrap();
        host.assert_good();
        let reader = Reader::open(&host.journal()).unwrap();
        decided += reader.counts().unwrap().decisions;
        for event in reader.events(&Filter::default()).unwrap() {
            reloads += usize::from(event.record.text.contains("in place of"));
            stood_in += usize::from(event.record.text.contains("serves instead"));
        }
    }
    println!(
        "{} kills, {reloads} reloads, {stood_in} starts with the last good version, {decided} decisions",
        host.runs
    );
    assert!(reloads > 0 && decided > 0, "{reloads} reloads, {decided} decisions: nothing was going on");
    // The last word is a run that nobody kills.
    let mut child = host.start();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(child.wait().unwrap().success());
    host.assert_good();
}
