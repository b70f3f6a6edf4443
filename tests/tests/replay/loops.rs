//! Runs of the binary that are worth running again, recorded once for all tests of this program.

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use bulkhead_replay::{
    course::Pace,
    full::{Full, FullError, MarketPlaces, Places, Wish},
    report::Report,
};
use bulkhead_sandbox::{CodeCache, Sandbox};
use bulkhead_tests::{components, lab};
use tempfile::TempDir;

/// Two strategies, a sizing and a gate that change nothing unless they are told to.
pub(crate) const CONFIG: &str = r#"
stage = "COORDINATION"
[loop]
position_pct = 5.0
[subsystems.momentum]
mode = "ENFORCED"
[subsystems.mean-reversion]
mode = "ENFORCED"
[subsystems.sizing]
mode = "ENFORCED"
hooks = ["pre-trade-position-sizing"]
[subsystems.sizing.config]
answer = "neutral"
[subsystems.gate]
mode = "ENFORCED"
hooks = ["pre-trade-risk-check"]
[subsystems.gate.config]
answer = "neutral"
"#;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The host binary beside this test's own program. `cargo test --workspace` builds it.
pub(crate) fn bulkhead(args: &[&str]) -> Output {
    let here = std::env::current_exe().unwrap();
    let program = here.parent().unwrap().parent().unwrap().join("bulkhead");
    assert!(program.is_file(), "{} is missing: run `cargo build --release -p bulkhead-cli`", program.display());
    Command::new(program).current_dir(root()).env_remove("BULKHEAD_DATA").args(args).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One engine, and code that is compiled once.
pub(crate) fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<(Sandbox, TempDir)> = OnceLock::new();
    let (sandbox, _) = SANDBOX.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let cache = CodeCache::open(&folder.path().join("code")).unwrap();
        (lab::sandbox().clone().with_cache(cache), folder)
    });
    sandbox
}

/// A run, and what it left.
pub(crate) struct Looped {
    folder: TempDir,
}

impl Looped {
    /// Runs the binary with this configuration; `market` are its arguments.
    pub(crate) fn new(config: &str, market: &[&str]) -> Self {
        Self::prepared(config, market, |_| {})
    }

    /// The same in a state folder that somebody has prepared.
    pub(crate) fn prepared(config: &str, market: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let looped = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(looped.path("state")).unwrap();
        prepare(&looped.path("state"));
        fs::create_dir(looped.path("plugins")).unwrap();
        for (name, from) in [
            ("momentum", components::folder().join("momentum.wasm")),
            ("mean-reversion", components::folder().join("mean-reversion.wasm")),
            ("sizing", components::guest("chaos")),
            ("gate", components::guest("chaos")),
        ] {
            fs::copy(from, looped.path("plugins").join(format!("{name}.wasm"))).unwrap();
        }
        fs::write(looped.path("host.toml"), config).unwrap();
        let output = looped.run(market);
        assert!(output.status.success(), "{}", text(&output.stderr));
        looped
    }

    fn run(&self, market: &[&str]) -> Output {
        let (config, plugins) = (self.at("host.toml"), self.at("plugins"));
        let (journal, state) = (self.at("journal"), self.at("state"));
        let mut args =
            vec!["run", "--config", &config, "--plugins", &plugins, "--journal", &journal, "--state", &state];
        args.extend(market);
        bulkhead(&args)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn at(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn places(&self) -> Places {
        Places { state: self.path("state"), plugins: self.path("plugins") }
    }

    /// What would have followed.
    pub(crate) fn full(&self, wish: &Wish) -> Report {
        let full = self.prepare(wish, &MarketPlaces::default()).unwrap();
        full.run(sandbox(), NonZeroUsize::new(2).unwrap(), &Pace::default()).unwrap()
    }

    pub(crate) fn prepare(&self, wish: &Wish, market: &MarketPlaces) -> Result<Full, FullError> {
        Full::prepare(&self.path("journal"), wish, market, &self.places())
    }
}

/// Three simulated days, recorded once.
pub(crate) fn simulated() -> &'static Looped {
    static LOOPED: OnceLock<Looped> = OnceLock::new();
    LOOPED.get_or_init(|| Looped::new(CONFIG, &["--days", "3", "--seed", "7"]))
}

/// A wish for these keys.
pub(crate) fn set(keys: &[&str]) -> Wish {
    Wish { set: keys.iter().map(|key| (*key).to_owned()).collect(), ..Wish::default() }
}
