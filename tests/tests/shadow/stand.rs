//! One subsystem, served by `keeper`, and a candidate for its shadow.

use std::{
    cell::Cell,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use bulkhead_journal::{EventKind, EventRecord, Filter};
use bulkhead_policy::{
    Hook, PolicySet, Stage,
    hooks::{ConfidenceAdjustment, RiskCheck},
    promotion::{Evidence, PromotionRules},
    quarantine::QuarantineRules,
};
use bulkhead_runtime::{
    Decided, Refused, Registry, RegistryOptions, RuntimeError, ShadowStatus, Wish, version::Candidate,
};
use bulkhead_tests::{
    Lab, Sample as _,
    bad::BASE,
    keeper::{self, NAME},
    lab::{self, moment},
};
use serde_json::Value;

/// The candidate's number.
pub(crate) const NEXT: u32 = BASE + 1;

/// Three faults in a minute; a cycle is a second.
pub(crate) const QUARANTINE: QuarantineRules =
    QuarantineRules { strikes: 3, window_ms: 60_000, back_off_ms: 600_000, longest_ms: 600_000, probes: 2 };

/// What is easy to meet in a test. Whether a shadow is quick says more of the machine than of the code.
pub(crate) const RULES: PromotionRules = PromotionRules {
    decisions: 20,
    agreement: 0.9,
    faults: 0,
    fuel_share: 0.8,
    latency_x: 1e12,
    dropped_share: 0.5,
    shadow_first: false,
    automatic: false,
    watch_ms: 60_000,
    watch_faults: 1,
};

pub(crate) fn wish() -> Wish {
    Wish { actor: "ann".to_owned(), reason: "a test".to_owned(), downgrade: false }
}

pub(crate) struct Stand {
    pub(crate) lab: Lab,
    pub(crate) registry: Arc<Registry>,
    pub(crate) file: PathBuf,
    rules: PromotionRules,
    manners: Vec<(u32, Value)>,
    cycle: Cell<u64>,
}

impl Stand {
    /// [`BASE`] serves; versions without manners behave.
    pub(crate) fn new(manners: &[(u32, Value)], rules: PromotionRules) -> Self {
        let lab = Lab::default();
        let folder = lab.folder().join("plugins");
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join("keeper.wasm");
        std::fs::write(&file, keeper::component(BASE)).unwrap();
        Self::start(lab, file, rules, manners.to_vec()).unwrap()
    }

    fn start(lab: Lab, file: PathBuf, rules: PromotionRules, manners: Vec<(u32, Value)>) -> Result<Self, RuntimeError> {
        let options = RegistryOptions { promotion: rules, ..lab::options(Stage::Autonomy, PolicySet::Live) };
        let spec = keeper::spec(file.clone(), &manners);
        let registry = lab.try_versioned_with(options, vec![spec], lab.versions())?.with_quarantine(QUARANTINE);
        Ok(Self { lab, registry: Arc::new(registry), file, rules, manners, cycle: Cell::new(1) })
    }

    /// The host ends, and another one starts on what it left.
    pub(crate) fn restart(self) -> Self {
        let Self { lab, registry, file, rules, manners, .. } = self;
        drop(Arc::into_inner(registry).unwrap());
        Self::start(lab, file, rules, manners).unwrap()
    }

    pub(crate) fn candidate(&self, n: u32) -> Candidate {
        Candidate::of_bytes(&self.file, keeper::component(n))
    }

    pub(crate) fn shadow(&self, n: u32) -> Result<(), Refused> {
        self.registry.shadow(NAME, &self.candidate(n), &wish())
    }

    fn next(&self) -> u64 {
        self.cycle.replace(self.cycle.get() + 1)
    }

    /// Jumps ahead in event time.
    pub(crate) fn skip(&self, cycles: u64) {
        self.cycle.set(self.cycle.get() + cycles);
    }

    pub(crate) fn risk(&self) -> Decided<<RiskCheck as Hook>::Answer> {
        self.registry.call::<RiskCheck>(&moment(self.next(), 7), RiskCheck::input())
    }

    pub(crate) fn threshold(&self) -> Decided<<ConfidenceAdjustment as Hook>::Answer> {
        self.registry.call::<ConfidenceAdjustment>(&moment(self.next(), 0), ConfidenceAdjustment::input())
    }

    /// Asks both hooks so many times, and no faster than the shadow follows.
    pub(crate) fn ask(&self, times: usize) {
        for _ in 0..times {
            self.risk();
            self.threshold();
            self.settled();
        }
    }

    pub(crate) fn shadow_status(&self) -> ShadowStatus {
        self.registry.status().remove(0).shadow.expect("nobody is in the shadow")
    }

    /// What the shadow has shown, once it has answered all that it took.
    pub(crate) fn settled(&self) -> Evidence {
        wait_for(|| {
            let shown = self.registry.status().remove(0).shadow.map(|shadow| shadow.evidence);
            let Some(shown) = shown else { return Some(Evidence::default()) };
            let answered = shown.compared + shown.faults + shown.live_faults;
            (answered + shown.dropped == shown.offered).then_some(shown)
        })
    }

    /// The version that serves, by what it says of itself.
    pub(crate) fn serving(&self) -> String {
        self.registry.status().remove(0).version
    }

    pub(crate) fn events(&self, kind: EventKind) -> Vec<EventRecord> {
        let all = self.lab.reader(&self.registry).events(&Filter::default()).unwrap();
        all.into_iter().map(|event| event.record).filter(|event| event.kind == kind).collect()
    }
}

/// Waits for what another thread does. A test that waits in vain has failed.
pub(crate) fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited in vain");
        std::thread::sleep(Duration::from_millis(1));
    }
}
