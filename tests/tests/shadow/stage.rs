//! Another plugin in another stage: all of them come into service together, or none.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::{Mode, PolicySet, Stage, Verdict, hooks::RiskCheck};
use bulkhead_runtime::{Registry, StageBinding, StageError, Step, SubsystemSpec, version::Candidate};
use bulkhead_tests::{
    Lab, Sample as _,
    bad::BASE,
    keeper::{self, Said},
    lab::{self, moment},
    surgery,
};
use serde_json::json;

use crate::stand::{NEXT, wish};

const LOW: Stage = Stage::Coordination;
const HIGH: Stage = Stage::Autonomy;

/// Subsystems `a` and `b`; each has a plugin of its own in the high stage.
struct Pair {
    lab: Lab,
    low: PathBuf,
    high: PathBuf,
}

impl Pair {
    fn new(low: &[u8], high: &[u8]) -> Self {
        let lab = Lab::default();
        let (low, high) = (lab.file("low.wasm", low), lab.file("high.wasm", high));
        Self { lab, low, high }
    }

    fn spec(&self, name: &str, high: &Path) -> SubsystemSpec {
        let own = StageBinding { file: high.to_owned(), config: json!({}) };
        let base = keeper::spec(self.low.clone(), &[]);
        SubsystemSpec { name: name.to_owned(), stages: BTreeMap::from([(HIGH, own)]), ..base }
    }

    fn registry(&self, stage: Stage, specs: Vec<SubsystemSpec>) -> Registry {
        let options = lab::options(stage, PolicySet::Live);
        self.lab.try_versioned_with(options, specs, self.lab.versions()).unwrap()
    }

    fn both(&self, stage: Stage) -> Registry {
        self.registry(stage, vec![self.spec("a", &self.high), self.spec("b", &self.high)])
    }
}

/// What both said to one risk check.
fn said(registry: &Registry, cycle: u64) -> Vec<Said> {
    let decided = registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
    let text = |verdict: &Verdict| match verdict {
        Verdict::Deny(denial) => Said::parse(&denial.text).unwrap(),
        Verdict::Allow => panic!("nobody answered"),
    };
    decided.parts.iter().map(|part| text(part.answer.as_ref().unwrap())).collect()
}

fn of(n: u32, count: u64) -> Said {
    Said { version: keeper::number(n), count }
}

fn events(lab: &Lab, registry: &Registry, kind: EventKind) -> Vec<String> {
    let all = lab.reader(registry).events(&Filter::default()).unwrap();
    all.into_iter().map(|e| e.record).filter(|e| e.kind == kind).map(|e| e.text).collect()
}

#[test]
fn the_stage_brings_its_own_plugin_with_the_state_of_the_one_before_and_takes_it_away_again() {
    let pair = Pair::new(&keeper::component(BASE), &keeper::component(NEXT));
    let registry = pair.both(LOW);
    assert_eq!(said(&registry, 1), [of(BASE, 1), of(BASE, 1)]);
    registry.set_stage(HIGH, &wish()).unwrap();
    assert_eq!(registry.dials().stage, HIGH);
    assert_eq!(said(&registry, 2), [of(NEXT, 2), of(NEXT, 2)]);
    registry.set_stage(LOW, &wish()).unwrap();
    assert_eq!(said(&registry, 3), [of(BASE, 3), of(BASE, 3)]);
    let told = events(&pair.lab, &registry, EventKind::StageChanged);
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("COORDINATION -> AUTONOMY: a test") && told[0].contains("serves a"), "{told:?}");
    let calls = pair.lab.reader(&registry).calls(&Filter::default()).unwrap();
    let stages: Vec<Stage> = calls.iter().map(|call| call.record.stage).collect();
    assert_eq!(stages, [LOW, HIGH, LOW]);
}

#[test]
fn if_one_candidate_fails_the_old_stage_stays_with_all_of_its_plugins_and_says_why() {
    let pair = Pair::new(&keeper::component(BASE), &keeper::component(NEXT));
    let broken = pair.lab.file("broken.wasm", b"\0asm\x0d\0\x01\0 and nothing more");
    let registry = pair.registry(LOW, vec![pair.spec("a", &pair.high), pair.spec("b", &broken)]);
    assert_eq!(said(&registry, 1), [of(BASE, 1), of(BASE, 1)]);
    let error = registry.set_stage(HIGH, &wish()).unwrap_err();
    let StageError::Refused { stays, wanted, refused } = &error else { panic!("{error}") };
    assert_eq!((*stays, *wanted, &*refused.subsystem, refused.step), (LOW, HIGH, "b", Step::Load));
    for word in ["the stage stays COORDINATION", "broken.wasm", "brake"] {
        assert!(error.to_string().contains(word), "{word} is missing in {error}");
    }
    assert_eq!(registry.dials().stage, LOW);
    assert_eq!(said(&registry, 2), [of(BASE, 2), of(BASE, 2)], "the good one did not come into service either");
    assert!(pair.lab.history("a@AUTONOMY").entries.is_empty());
    assert_eq!(pair.lab.stored(), [keeper::digest(BASE)].into(), "nothing is left of it");
    let told = events(&pair.lab, &registry, EventKind::StageChanged);
    assert!(told.len() == 1 && told[0].contains("stage stays COORDINATION"), "{told:?}");
    assert_eq!(registry.status()[1].refused.as_ref(), Some(&**refused));
}

#[test]
fn the_way_up_needs_a_person_and_a_reason_and_the_way_down_needs_neither() {
    let pair = Pair::new(&keeper::component(BASE), &keeper::component(NEXT));
    let registry = pair.both(LOW);
    let nobody = bulkhead_runtime::Wish { actor: " ".to_owned(), ..wish() };
    let no_reason = bulkhead_runtime::Wish { reason: String::new(), ..wish() };
    for silent in [&nobody, &no_reason] {
        assert!(matches!(registry.set_stage(HIGH, silent), Err(StageError::Unexplained { .. })));
        assert_eq!(registry.dials().stage, LOW);
    }
    registry.set_stage(Stage::Observation, &no_reason).unwrap();
    assert_eq!(registry.dials().stage, Stage::Observation);
    registry.set_stage(Stage::Observation, &no_reason).unwrap();
}

#[test]
fn each_stage_has_a_history_and_a_file_of_its_own() {
    let pair = Pair::new(&keeper::component(BASE), &keeper::component(NEXT));
    let registry = pair.both(LOW);
    registry.set_stage(HIGH, &wish()).unwrap();
    let refused = registry.rollback("a", &wish()).unwrap_err();
    assert!(refused.reason.contains("no other version"), "the low stage's plugin is no way back: {refused}");
    assert_eq!(registry.plugin_files()[0].1, pair.high);
    std::fs::write(&pair.high, keeper::component(NEXT + 1)).unwrap();
    registry.reload_file("a", &wish()).unwrap();
    assert_eq!(
        said(&registry, 1).iter().map(|s| s.version.clone()).collect::<Vec<_>>(),
        [keeper::number(NEXT + 1), keeper::number(NEXT)]
    );
    registry.rollback("a", &wish()).unwrap();
    assert_eq!(said(&registry, 2)[0].version, keeper::number(NEXT));
    let digests = |history: &str| -> Vec<String> {
        pair.lab.history(history).entries.into_iter().map(|entry| entry.digest).collect()
    };
    assert_eq!(digests("a"), [keeper::digest(BASE)]);
    assert_eq!(digests("a@AUTONOMY"), [NEXT, NEXT + 1, NEXT].map(keeper::digest));
}

#[test]
fn a_restart_comes_back_with_the_stages_own_last_good_version() {
    let pair = Pair::new(&keeper::component(BASE), &keeper::component(NEXT));
    drop(pair.both(HIGH));
    std::fs::write(&pair.high, b"rubbish").unwrap();
    let registry = pair.both(HIGH);
    assert!(said(&registry, 1).iter().all(|s| s.version == keeper::number(NEXT)));
    registry.set_stage(LOW, &wish()).unwrap();
    assert!(said(&registry, 2).iter().all(|s| s.version == keeper::number(BASE)));
    assert!(registry.set_stage(HIGH, &wish()).is_err(), "a change of stage takes nothing bad in");
}

#[test]
fn where_the_stage_says_nothing_else_nothing_is_reloaded() {
    let pair = Pair::new(&keeper::component(BASE), &keeper::component(BASE));
    let plain = keeper::spec(pair.low.clone(), &[]);
    // The same component with the same configuration under another name of the file: it serves on.
    let mut same = pair.spec("b", &pair.high);
    same.config = json!({});
    let registry = pair.registry(LOW, vec![SubsystemSpec { name: "a".to_owned(), ..plain }, same]);
    assert_eq!(said(&registry, 1), [of(BASE, 1), of(BASE, 1)]);
    let loads = events(&pair.lab, &registry, EventKind::PluginLoaded).len();
    registry.set_stage(HIGH, &wish()).unwrap();
    assert_eq!(said(&registry, 2), [of(BASE, 2), of(BASE, 2)]);
    assert_eq!(events(&pair.lab, &registry, EventKind::PluginLoaded).len(), loads);
    assert_eq!(registry.plugin_files()[1].1, pair.high);
}

/// Stage and versions are one world: no call sees half of a change.
#[test]
fn no_call_is_answered_by_the_plugins_of_two_stages() {
    let without_state = |n| surgery::forgetful(&keeper::component(n));
    let pair = Pair::new(&without_state(BASE), &without_state(NEXT));
    let registry = pair.both(LOW);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut seen = BTreeMap::new();
            let mut cycle = 0;
            while !done.load(Ordering::Relaxed) {
                cycle += 1;
                let versions: Vec<String> = said(&registry, cycle).into_iter().map(|s| s.version).collect();
                assert_eq!(versions[0], versions[1]);
                *seen.entry(versions[0].clone()).or_insert(0_u32) += 1;
            }
            seen
        });
        for _ in 0..10 {
            registry.set_stage(HIGH, &wish()).unwrap();
            registry.set_stage(LOW, &wish()).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        let seen = asking.join().unwrap();
        assert!(seen.len() == 2 && seen.values().all(|n| *n > 10), "{seen:?}");
    });
    let reader = pair.lab.reader(&registry);
    let plugins: BTreeMap<_, _> = reader.plugins().unwrap().into_iter().collect();
    for call in reader.calls(&Filter::default()).unwrap() {
        let expected = if call.record.stage == LOW { BASE } else { NEXT };
        for decision in &call.record.decisions {
            assert_eq!(plugins[&decision.plugin].version, keeper::number(expected), "{}", call.record.stage);
        }
    }
}

/// A mode set in one stage holds in the next one, too.
#[test]
fn modes_are_the_operators_and_no_stage_touches_them() {
    let pair = Pair::new(&keeper::component(BASE), &keeper::component(NEXT));
    let registry = pair.both(LOW);
    registry.set_mode("a", Mode::Off, "ann", "a test", 0).unwrap();
    registry.set_stage(HIGH, &wish()).unwrap();
    assert_eq!(said(&registry, 1), [of(NEXT, 1)]);
    let candidate = Candidate::of_bytes(&pair.high, keeper::component(NEXT + 5));
    registry.reload("a", &candidate, &wish()).unwrap();
    assert_eq!(registry.status()[0].mode, Mode::Off);
}
