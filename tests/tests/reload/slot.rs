//! One subsystem, served by `keeper` version [`BASE`], and what must not change when a candidate is refused.

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    sync::Arc,
};

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::hooks::ConfidenceAdjustment;
use bulkhead_runtime::{
    Refused, Registry, Reloaded, RuntimeError, Step, SubsystemStatus, Versions, Wish,
    version::{Candidate, SlotHistory, short},
};
use bulkhead_tests::{
    Lab, Sample as _,
    bad::BASE,
    keeper::{self, NAME, Said},
    lab::moment,
};
use serde_json::Value;

/// A registry with one subsystem.
pub(crate) struct Slot {
    pub(crate) lab: Lab,
    pub(crate) registry: Arc<Registry>,
    /// The file that the subsystem is bound to.
    pub(crate) file: PathBuf,
    cycle: Cell<u64>,
    manners: Vec<(u32, Value)>,
}

/// Somebody wants a candidate.
pub(crate) fn wish() -> Wish {
    Wish { actor: "ann".to_owned(), reason: "a test".to_owned(), downgrade: false }
}

/// The same, and a lower version is meant.
pub(crate) fn downgrade() -> Wish {
    Wish { downgrade: true, ..wish() }
}

impl Slot {
    /// Versions without manners behave.
    pub(crate) fn new(manners: &[(u32, Value)]) -> Self {
        Self::with(manners, |versions| versions)
    }

    /// The same, with other settings of the reload.
    pub(crate) fn with(manners: &[(u32, Value)], change: impl FnOnce(Versions) -> Versions) -> Self {
        let lab = Lab::default();
        let folder = lab.folder().join("plugins");
        std::fs::create_dir(&folder).unwrap();
        let file = folder.join("keeper.wasm");
        std::fs::write(&file, keeper::component(BASE)).unwrap();
        let versions = change(lab.versions());
        let registry = Arc::new(lab.versioned(vec![keeper::spec(file.clone(), manners)], versions));
        Self { lab, registry, file, cycle: Cell::new(1), manners: manners.to_vec() }
    }

    /// The host ends, and another one starts on what it left.
    pub(crate) fn restart(self) -> Result<Self, RuntimeError> {
        self.restart_with(|versions| versions)
    }

    /// The same, with other settings of the reload.
    pub(crate) fn restart_with(self, change: impl FnOnce(Versions) -> Versions) -> Result<Self, RuntimeError> {
        let Self { lab, registry, file, cycle, manners } = self;
        drop(Arc::into_inner(registry).unwrap());
        let versions = change(lab.versions());
        let registry = Arc::new(lab.try_versioned(vec![keeper::spec(file.clone(), &manners)], versions)?);
        Ok(Self { lab, registry, file, cycle, manners })
    }

    /// Asks both hooks once: the count goes up by two.
    pub(crate) fn ask(&self) -> Said {
        let cycle = self.cycle.replace(self.cycle.get() + 1);
        let input = ConfidenceAdjustment::input();
        let decided = self.registry.call::<ConfidenceAdjustment>(&moment(cycle, 0), input.clone());
        assert_eq!(decided.answer, input.base_threshold);
        keeper::ask(&self.registry, cycle)
    }

    /// Reloads from bytes.
    pub(crate) fn reload(&self, bytes: &[u8]) -> Result<Reloaded, Refused> {
        self.registry.reload(NAME, &Candidate::of_bytes(&self.file, bytes.to_vec()), &wish())
    }

    /// Puts a version into service.
    pub(crate) fn serve(&self, n: u32) {
        let expected = Reloaded::Serving { digest: keeper::digest(n), version: keeper::number(n) };
        assert_eq!(self.reload(&keeper::component(n)), Ok(expected));
    }

    pub(crate) fn status(&self) -> SubsystemStatus {
        self.registry.status().remove(0)
    }

    pub(crate) fn history(&self) -> SlotHistory {
        self.lab.history(NAME)
    }

    /// Texts of the events of a kind, oldest first.
    pub(crate) fn events(&self, kind: EventKind) -> Vec<String> {
        let events = self.lab.reader(&self.registry).events(&Filter::default()).unwrap();
        events
            .into_iter()
            .map(|event| event.record)
            .filter(|event| event.kind == kind)
            .map(|event| event.text)
            .collect()
    }

    /// Asserts that this version serves: in status, history and store, and by what it says.
    pub(crate) fn assert_serves(&self, n: u32) -> Said {
        let (status, history) = (self.status(), self.history());
        assert_eq!((status.digest, status.version), (keeper::digest(n), keeper::number(n)));
        let entry = history.serving().unwrap();
        assert_eq!((&entry.digest, &entry.version), (&keeper::digest(n), &keeper::number(n)));
        assert!(self.lab.stored().contains(&keeper::digest(n)));
        let said = self.ask();
        assert_eq!(said.version, keeper::number(n));
        said
    }

    /// What is there before a candidate that is to be refused.
    pub(crate) fn before(&self) -> Before {
        let said = self.ask();
        Before {
            said,
            digest: self.status().digest,
            history: self.history(),
            refusals: self.events(EventKind::PluginRefused).len(),
            loads: self.events(EventKind::PluginLoaded).len(),
        }
    }
}

/// What must be there after it, too.
pub(crate) struct Before {
    said: Said,
    digest: String,
    history: SlotHistory,
    refusals: usize,
    loads: usize,
}

/// What people must be told.
pub(crate) struct Told<'a> {
    pub(crate) file: &'a Path,
    pub(crate) digest: Option<&'a str>,
    pub(crate) step: Step,
    pub(crate) word: &'a str,
}

impl Before {
    /// Asserts that the version before serves as if nothing had been.
    pub(crate) fn assert_unharmed(&self, slot: &Slot, what: &str) {
        let status = slot.status();
        assert_eq!(status.digest, self.digest, "{what}");
        assert_eq!((status.faults, slot.history()), (0, self.history.clone()), "{what}");
        assert!(slot.lab.stored().contains(&self.digest), "{what}");
        let said = slot.ask();
        let expected = Said { version: self.said.version.clone(), count: self.said.count + 2 };
        assert_eq!(said, expected, "{what}: the state was touched");
    }

    /// Asserts that nothing has changed, and that people know whose candidate was refused, and why.
    pub(crate) fn assert_refused(&self, slot: &Slot, what: &str, refused: &Refused, told: &Told<'_>) {
        assert_eq!((&*refused.subsystem, refused.step), (NAME, told.step), "{what}: {refused}");
        assert_eq!((&*refused.file, refused.digest.as_deref()), (told.file, told.digest), "{what}");
        assert!(refused.reason.contains(told.word), "{what}: {:?} is missing in {refused}", told.word);
        let serving = format!("{} ({}) still serves", self.said.version, short(&self.digest));
        assert_eq!(&*refused.serving, serving, "{what}");

        let sentence = refused.to_string();
        let file = told.file.display().to_string();
        let step = format!("at the step {}: ", told.step.name());
        for word in [NAME, &file, &step, &refused.reason, &serving, told.digest.map_or("", short)] {
            assert!(sentence.contains(word), "{what}: {word:?} is missing in {sentence}");
        }
        let remedy = sentence.split_once(&format!("{serving}; ")).unwrap().1;
        assert!(remedy.split(' ').count() >= 3, "{what}: no remedy in {sentence}");
        assert!(sentence.len() < 1_000 && !sentence.chars().any(char::is_control), "{what}: {sentence:?}");

        let events = slot.events(EventKind::PluginRefused);
        assert_eq!((events.len(), events.last()), (self.refusals + 1, Some(&sentence)), "{what}");
        assert_eq!(slot.events(EventKind::PluginLoaded).len(), self.loads, "{what}");
        assert_eq!(slot.status().refused.as_ref(), Some(refused), "{what}");
        if let Some(digest) = told.digest.filter(|digest| *digest != self.digest) {
            assert!(slot.history().entries.iter().all(|entry| entry.digest != digest), "{what}");
            assert!(!slot.lab.stored().contains(digest), "{what}: it is in the store");
        }
        self.assert_unharmed(slot, what);
    }
}
