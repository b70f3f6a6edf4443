//! A record that is not what happened is found, and the first one is named.

use bulkhead_journal::{GuestStep, Record, Seq};
use bulkhead_policy::{FaultClass, HookId, Stage};
use bulkhead_replay::run::{Proof, Untold, What};
use bulkhead_tests::{Ran, rewritten::rewritten};

use crate::stand::{Stand, ran};

/// A journal that was changed, and what a replay finds in it. The folder goes with it.
struct Found {
    stand: Stand,
    proof: Proof,
    _folder: tempfile::TempDir,
}

/// What a replay finds in a journal that was changed.
fn found(ran: &Ran, change: impl FnMut(Seq, &mut Record) -> bool) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("rewritten");
    rewritten(&ran.journal, &journal, change);
    // The chain says nothing of it: whoever writes a journal anew writes its hashes anew.
    bulkhead_journal::Reader::open(&journal).unwrap().verify().unwrap();
    let stand = Stand::of(&journal);
    let proof = stand.prove(2).unwrap().proof;
    Found { stand, proof, _folder: folder }
}

/// Changes the `n`-th call of a hook that somebody answered.
fn nth(
    hook: HookId,
    n: u32,
    mut change: impl FnMut(&mut bulkhead_journal::CallRecord),
) -> impl FnMut(Seq, &mut Record) -> bool {
    let mut left = n;
    move |_, record| {
        if let Record::Call(call) = record
            && call.hook == hook
            && call.decisions.iter().any(|decision| decision.proposed.is_some())
        {
            if left == 1 {
                change(call);
            }
            left = left.saturating_sub(1);
        }
        true
    }
}

/// A size with one byte changed, such that it still passes its contract.
fn smaller(size: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| postcard::from_bytes::<f64>(bytes).unwrap();
    let changes = (0..size.len()).flat_map(|at| (1..=u8::MAX).map(move |flip| (at, flip)));
    let mut changed = changes.map(|(at, flip)| {
        let mut bytes = size.to_vec();
        bytes[at] ^= flip;
        bytes
    });
    changed.find(|bytes| number(bytes) > 0.0 && number(bytes) < number(size)).unwrap()
}

#[test]
fn one_changed_byte_of_an_answer_is_named_with_both_answers() {
    let ran = ran(Stage::Observation);
    let untouched = found(&ran, |_, _| true).proof;
    assert!(untouched.identical() && untouched.made_again > 10_000, "{:?}", untouched.first);

    let mut was = Vec::new();
    let mut symbol = None;
    let Found { stand, proof, _folder } = found(
        &ran,
        nth(HookId::PositionSizing, 20, |call| {
            let bytes = call.decisions[0].proposed.as_mut().unwrap();
            was = bytes.clone();
            *bytes = smaller(bytes);
            symbol = call.symbol;
        }),
    );
    let first = proof.first.unwrap();
    assert_eq!((first.what, first.hook, first.position), (What::Answer, Some(HookId::PositionSizing), Some(0)));
    assert_eq!(first.symbol, symbol);
    let replayed: f64 = postcard::from_bytes(&was).unwrap();
    assert_eq!(first.replayed.as_f64().map(f64::to_bits), Some(replayed.to_bits()));
    assert_ne!(first.recorded, first.replayed);
    // Nothing after it is blamed on it: everybody is asked what was recorded.
    assert_eq!(proof.differences, 1);
    let record = stand.source.reader.call(Seq(first.seq)).unwrap().unwrap().record;
    assert_eq!((record.event_time_ms, record.hook), (first.event_time_ms, HookId::PositionSizing));
    let who = stand.source.identity(record.decisions[0].plugin);
    assert_eq!((first.subsystem, first.version, first.digest), (who.subsystem, who.version, who.digest));
}

#[test]
fn the_first_of_several_is_named() {
    let ran = ran(Stage::Observation);
    let mut changed = Vec::new();
    let mut n = 0;
    let Found { proof, .. } = found(&ran, |_, record| {
        if let Record::Call(call) = record
            && let Some(decision) = call.decisions.first_mut()
            && let Some(byte) = decision.proposed.as_mut().and_then(|bytes| bytes.last_mut())
        {
            n += 1;
            if n % 1_000 == 0 {
                *byte ^= 0x10;
                changed.push(call.event_time_ms);
            }
        }
        true
    });
    assert!(
        changed.len() > 5 && proof.differences >= changed.len() as u64,
        "{} of {}",
        proof.differences,
        changed.len()
    );
    assert_eq!(proof.first.unwrap().event_time_ms, changed[0]);
}

#[test]
fn what_became_of_an_answer_is_held_against_the_rules() {
    let ran = ran(Stage::Autonomy);
    let found = |change: fn(&mut bulkhead_journal::CallRecord)| {
        found(&ran, nth(HookId::RiskCheck, 10, change)).proof.first.unwrap()
    };
    let effect = found(|call| {
        let allowed = postcard::to_stdvec(&bulkhead_policy::Verdict::Allow).unwrap();
        let denied = bulkhead_policy::Denial { code: bulkhead_policy::ReasonCode::NotionalLimit, text: "x".to_owned() };
        let denied = postcard::to_stdvec(&bulkhead_policy::Verdict::Deny(denied)).unwrap();
        let last = call.decisions.last_mut().unwrap();
        last.effective = if last.effective == allowed { denied } else { allowed };
        call.effective.clone_from(&last.effective);
    });
    assert_eq!(effect.what, What::Effect);
    let outcome = found(|call| call.decisions[0].outcome = bulkhead_policy::Outcome::Advised);
    assert_eq!(outcome.what, What::Outcome);
    let allowed = found(|call| call.decisions[0].authority = bulkhead_policy::Authority::Observe);
    assert_eq!(allowed.what, What::Authority);
    let whole = found(|call| call.outcome = bulkhead_policy::Outcome::Observed);
    assert_eq!((whole.what, whole.position), (What::Call, None));
    let cost = found(|call| call.decisions[0].fuel += 1);
    assert_eq!(cost.what, What::Cost);
}

#[test]
fn lost_records_are_no_difference_and_no_proof() {
    let ran = ran(Stage::Observation);
    let mut calls = 0;
    // A queue that was full for a moment: some calls are missing, and whoever was asked in them has another past.
    let Found { stand, proof, _folder } = found(&ran, |_, record| {
        calls += u32::from(matches!(record, Record::Call(_)));
        !(matches!(record, Record::Call(_)) && (2_000..2_010).contains(&calls))
    });
    assert!(proof.identical(), "{:?}", proof.first);
    let gap = proof.untold.get(&Untold::Gap).copied().unwrap_or(0);
    assert!(gap > 0 && proof.made_again > 1_000);
    assert_eq!(gap + proof.made_again, stand.survey.decisions);

    let Found { proof, .. } =
        found(&ran, |_, record| !matches!(record, Record::Guest(guest) if guest.step == GuestStep::Born));
    assert!(proof.identical() && proof.made_again == 0);
    assert!(proof.untold[&Untold::Beginning] > 10_000);
    assert!(!proof.believed.contains_key(&FaultClass::Deadline));
}
