//! An interrupted replay goes on where it was.

use bulkhead_journal::Seq;
use bulkhead_policy::Stage;
use bulkhead_replay::{ReplayError, run::Kept};

use crate::stand::{Stand, ran};

#[test]
fn what_was_judged_is_not_judged_again_and_the_result_is_the_same() {
    let ran = ran(Stage::Autonomy);
    let stand = Stand::of(&ran.journal);
    let whole = stand.prove(2).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kept");
    let mut after = Seq::NONE;
    // Interrupted twice, then to the end.
    for calls in [stand.survey.calls / 3, stand.survey.calls / 2] {
        let ended = stand.prove_until(2, Some(&file), calls).unwrap();
        assert!(!ended.whole && ended.proof.identical(), "{:?}", ended.proof.first);
        assert_eq!(ended.resumed_after, after);
        let kept = Kept::read(&file, &stand.survey).unwrap().unwrap();
        assert_eq!(kept.proof, ended.proof);
        assert!(kept.after > after);
        after = kept.after;
    }
    let ended = stand.prove_until(3, Some(&file), u64::MAX).unwrap();
    assert!(ended.whole);
    assert_eq!(ended.resumed_after, after);
    assert!(ended.calls_now <= stand.survey.calls / 2, "{} of {}", ended.calls_now, stand.survey.calls);
    assert_eq!(ended.proof, whole.proof);
    assert!(!file.exists(), "there is nothing left to go on from");
}

#[test]
fn a_file_of_something_else_is_refused_and_one_of_another_journal_is_not_used() {
    let ran = ran(Stage::Observation);
    let stand = Stand::of(&ran.journal);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kept");
    std::fs::write(&file, "{}").unwrap();
    let error = stand.prove_until(1, Some(&file), u64::MAX).unwrap_err();
    assert!(matches!(error, ReplayError::Resume { .. }) && error.to_string().contains("--restart"), "{error}");

    std::fs::remove_file(&file).unwrap();
    stand.prove_until(1, Some(&file), 1_000).unwrap();
    let mut other = stand.survey.clone();
    other.head.as_mut().unwrap().seq += 1;
    assert_eq!(Kept::read(&file, &other).unwrap(), None);
    assert!(Kept::read(&file, &stand.survey).unwrap().is_some());
}
