//! A run of the loop is replayed, and nothing is otherwise.

use bulkhead_journal::{Filter, Reader};
use bulkhead_policy::Stage;
use bulkhead_replay::ReplayError;
use bulkhead_tests::components;

use crate::stand::{CAST, Stand, ran};

/// Answers of guests that a journal holds.
fn entered(journal: &std::path::Path) -> u64 {
    let calls = Reader::open(journal).unwrap().calls(&Filter::default()).unwrap();
    calls.iter().flat_map(|call| &call.record.decisions).filter(|decision| decision.turn > 0).count() as u64
}

#[test]
fn every_decision_of_a_run_comes_out_bit_by_bit() {
    for stage in [Stage::Observation, Stage::Autonomy] {
        let ran = ran(stage);
        let stand = Stand::of(&ran.journal);
        let proof = stand.assert_identical();
        let entered = entered(&ran.journal);
        assert!(entered > 10_000, "{stage}: {entered} decisions prove little");
        assert_eq!(proof.made_again, entered);
        assert!(proof.reports > 100, "{stage}: {} reports", proof.reports);
        assert!(proof.believed.is_empty(), "{stage}: {:?}", proof.believed);
        for name in CAST {
            assert!(
                stand.survey.asked.iter().any(|p| stand.source.identity(*p).subsystem == name),
                "{name} was never asked"
            );
        }
        // However many there are to judge, they find the same.
        for threads in [1, 5] {
            assert_eq!(stand.prove(threads).unwrap().proof, proof, "{threads} threads");
        }
    }
}

#[test]
fn directives_and_chains_are_in_what_is_replayed() {
    let ran = ran(Stage::Autonomy);
    let calls = Reader::open(&ran.journal).unwrap().calls(&Filter::default()).unwrap();
    assert!(calls.iter().any(|call| call.record.directive.is_some_and(|(_, age_ms)| age_ms > 0)));
    assert!(calls.iter().any(|call| call.record.decisions.len() > 1));
}

#[test]
fn a_component_that_is_not_to_be_had_is_named_before_anything_is_replayed() {
    let ran = ran(Stage::Observation);
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(components::folder()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_file() && name != "risk-os.wasm" {
            std::fs::copy(&path, folder.path().join(name)).unwrap();
        }
    }
    let nowhere = folder.path().join("state/components");
    let stand = Stand::with(&ran.journal, Some(&nowhere), &[folder.path().to_owned()]);
    let error = stand.prove(1).unwrap_err();
    let ReplayError::Missing { subsystem, digest, .. } = &error else { panic!("{error}") };
    let known = stand.source.plugins().find(|(_, identity)| identity.subsystem == "risk-os").unwrap().1;
    assert!(subsystem == "risk-os" && known.digest.starts_with(digest.as_str()), "{error}");
    let text = error.to_string();
    for word in [&*nowhere.display().to_string(), &*folder.path().display().to_string(), &*known.version, "--state"] {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
    assert!(!nowhere.exists(), "looking for a store makes none");
}
