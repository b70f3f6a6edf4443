//! Calls while versions are swapped: each is answered by one version, is on record as that version's, and none is lost.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use bulkhead_journal::{Filter, Reader};
use bulkhead_policy::{Outcome, Verdict, hooks::RiskCheck};
use bulkhead_runtime::{
    Registry, SubsystemSpec,
    version::{Candidate, digest_of},
};
use bulkhead_sandbox::Budget;
use bulkhead_tests::{
    Lab, Sample as _,
    bad::{self, BASE},
    components,
    keeper::{self, Said},
    lab::{BUDGET, chaos, moment},
    surgery,
};
use serde_json::json;

use crate::slot::{Slot, wish};

const THREADS: u64 = 4;
/// Between two calls of a thread: the journal is read as a whole later.
const PACE: Duration = Duration::from_micros(200);

/// Calls from some threads while `meanwhile` runs, and what each was answered, by cycle.
fn calls<T>(registry: &Registry, meanwhile: impl FnOnce(&AtomicU64) -> T) -> (BTreeMap<u64, Option<String>>, T) {
    let (stop, cycle) = (AtomicBool::new(false), AtomicU64::new(1));
    thread::scope(|scope| {
        let work = || {
            let mut answers = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let cycle = cycle.fetch_add(1, Ordering::Relaxed);
                let decided = registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
                let denial = match decided.parts[0].answer.clone() {
                    Some(Verdict::Deny(denial)) => Some(denial.text),
                    _ => None,
                };
                answers.push((cycle, denial));
                thread::sleep(PACE);
            }
            answers
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        let made = meanwhile(&cycle);
        stop.store(true, Ordering::Relaxed);
        (threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect(), made)
    })
}

/// Lets some calls pass.
fn await_calls(cycle: &AtomicU64) {
    let until = cycle.load(Ordering::Relaxed) + 50;
    while cycle.load(Ordering::Relaxed) < until {
        thread::yield_now();
    }
}

/// Who is on record for each call, and with which text.
fn recorded(reader: &Reader) -> BTreeMap<u64, (String, String, Option<String>)> {
    let rows = reader.decisions(&Filter::default()).unwrap();
    let count = rows.len();
    let recorded: BTreeMap<_, _> = rows
        .into_iter()
        .map(|row| {
            let said = row.decision.proposed.as_deref().map(|raw| postcard::from_bytes::<Verdict>(raw).unwrap());
            let text = match said {
                Some(Verdict::Deny(denial)) => Some(denial.text),
                _ => None,
            };
            (row.cycle, (row.identity.digest.clone(), row.identity.version.clone(), text))
        })
        .collect();
    assert_eq!(recorded.len(), count, "a call is on record twice");
    recorded
}

/// The counts of all calls are one unbroken row: no decision fell between a snapshot and a swap, none was lost.
#[test]
fn a_stateful_plugin_loses_no_call_in_twelve_hand_overs_and_as_many_refusals() {
    let refusals: Vec<_> = bad::kinds().into_iter().filter(|bad| bad.word.ends_with("during state")).collect();
    let slot = Slot::new(&bad::manners());
    let (answers, ()) = calls(&slot.registry, |cycle| {
        for n in 1..=12 {
            await_calls(cycle);
            slot.serve(BASE + n);
            await_calls(cycle);
            // Those that only spend the time of the set-up budget would measure this machine.
            let bad = &refusals[n as usize % 2];
            assert!(slot.reload(&bad.bytes).is_err());
        }
    });
    let recorded = recorded(&slot.lab.reader(&slot.registry));
    assert_eq!(recorded.len(), answers.len());
    let digests: BTreeMap<String, String> =
        (0..=12).map(|n| (keeper::number(BASE + n), keeper::digest(BASE + n))).collect();
    let (mut counts, mut served) = (BTreeSet::new(), BTreeSet::new());
    for (cycle, answer) in &answers {
        let (digest, version, text) = &recorded[cycle];
        assert_eq!(answer, text);
        let said = Said::parse(answer.as_deref().unwrap_or_else(|| panic!("cycle {cycle}: nobody answered")));
        let said = said.unwrap();
        assert_eq!((&said.version, &digests[&said.version]), (version, digest), "cycle {cycle} is mixed");
        counts.insert(said.count);
        served.insert(said.version);
    }
    assert_eq!(served.len(), 13, "{served:?}");
    assert_eq!(counts, (1..=answers.len() as u64).collect());
    assert_eq!(slot.status().faults, 0);
}

/// The text of `chaos` tells its version: `chaos says no` with another letter.
fn says(letter: char) -> Vec<u8> {
    let built = std::fs::read(components::guest("chaos")).unwrap();
    surgery::patched(&built, "chaos says no", &format!("chaos says n{letter}"))
}

fn stateless(lab: &Lab, spec: SubsystemSpec) -> Arc<Registry> {
    let file = lab.file("chaos.wasm", &says('a'));
    Arc::new(lab.versioned(vec![SubsystemSpec { file, ..spec }], lab.versions()))
}

#[test]
fn a_stateless_plugin_answers_every_call_and_each_is_on_record_as_who_answered() {
    let lab = Lab::default();
    let registry = stateless(&lab, chaos("experiment", json!({ "answer": "different" })));
    let letters = ['a', 'b', 'c', 'd', 'e', 'f'];
    let (answers, ()) = calls(&registry, |cycle| {
        for letter in &letters[1..] {
            await_calls(cycle);
            let candidate = Candidate::of_bytes("chaos.wasm".as_ref(), says(*letter));
            registry.reload("experiment", &candidate, &wish()).unwrap();
        }
        await_calls(cycle);
    });
    let recorded = recorded(&lab.reader(&registry));
    let digests = letters.map(|letter| (letter, digest_of(&says(letter))));
    let (digests, mut served) = (BTreeMap::from(digests), BTreeSet::new());
    assert_eq!(recorded.len(), answers.len());
    for (cycle, answer) in &answers {
        let letter = answer.as_ref().unwrap().chars().last().unwrap();
        let (digest, _, text) = &recorded[cycle];
        assert_eq!((answer, digest), (text, &digests[&letter]), "cycle {cycle} is mixed");
        served.insert(letter);
    }
    assert_eq!(served, letters.into());
    assert_eq!(registry.status()[0].faults, 0);
}

/// A call that began before the swap ends on the version it began on, though another one serves by then.
#[test]
fn a_slow_call_ends_on_its_version_and_the_next_one_is_the_new_ones() {
    // Work until one reload fits into it, however slow the machine.
    for work in [2_000_000_000_u64, 8_000_000_000, 32_000_000_000] {
        if overlaps(work) {
            return;
        }
    }
    panic!("no call was slow enough to be overtaken by a reload");
}

fn overlaps(work: u64) -> bool {
    let lab = Lab::default();
    let budget = Budget { fuel: u64::MAX / 2, ..BUDGET };
    let config = json!({ "answer": "different", "work": work });
    let registry = stateless(&lab, SubsystemSpec { budget, ..chaos("experiment", config) });
    let (begun, ended) = (Barrier::new(2), AtomicBool::new(false));
    let ask = |cycle| {
        let decided = registry.call::<RiskCheck>(&moment(cycle, 0), RiskCheck::input());
        assert_eq!(decided.outcome, Outcome::Applied);
        match decided.answer {
            Verdict::Deny(denial) => denial.text,
            Verdict::Allow => panic!("nobody answered"),
        }
    };
    let (slow, overtaken) = thread::scope(|scope| {
        let slow = scope.spawn(|| {
            begun.wait();
            let text = ask(1);
            ended.store(true, Ordering::SeqCst);
            text
        });
        begun.wait();
        let candidate = Candidate::of_bytes("chaos.wasm".as_ref(), says('b'));
        registry.reload("experiment", &candidate, &wish()).unwrap();
        let overtaken = !ended.load(Ordering::SeqCst);
        (slow.join().unwrap(), overtaken)
    });
    let next = ask(2);
    let recorded = recorded(&lab.reader(&registry));
    assert_eq!((next.as_str(), &recorded[&2].0), ("chaos says nb", &digest_of(&says('b'))));
    let mine = if slow == "chaos says na" { 'a' } else { 'b' };
    assert_eq!(recorded[&1].0, digest_of(&says(mine)));
    overtaken && mine == 'a'
}
