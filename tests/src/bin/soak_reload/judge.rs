//! What the journal says of all calls: who answered, and that it was who is on record.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use bulkhead_journal::{Filter, Reader};
use bulkhead_policy::Verdict;
use bulkhead_tests::keeper::{self, Said};

/// What is wrong with the calls on record.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// Not on record, or twice.
    pub lost: u64,
    /// Answered by another version than is on record.
    pub mixed: u64,
    /// Answered by a version that was refused or never offered.
    pub refused: u64,
    /// Counts of the keeper that are missing or stand twice: a decision whose state was lost.
    pub forgotten: u64,
    pub versions: usize,
}

/// Rows that are read at once.
const BATCH: usize = 20_000;

/// Reads the whole journal. `served` has what each version that was admitted says, by digest.
pub fn judge(journal: &Path, served: &HashMap<String, String>, calls: u64) -> Verdicts {
    let reader = Reader::open(journal).unwrap();
    let mut verdicts = Verdicts::default();
    let (mut seen, mut versions) = (Bits::new(calls), HashSet::new());
    let (mut counts, mut keepers) = (Bits::new(calls + 1), 0);
    let mut after = None;
    loop {
        let filter = Filter { after, limit: Some(BATCH), ..Filter::default() };
        let rows = reader.decisions(&filter).unwrap();
        let Some(last) = rows.last() else { break };
        after = Some(last.seq);
        for row in &rows {
            verdicts.lost += u64::from(!seen.set(row.cycle));
            let Some(expected) = served.get(&row.identity.digest) else {
                verdicts.refused += 1;
                continue;
            };
            versions.insert(row.identity.digest.clone());
            let text = row.decision.proposed.as_deref().and_then(|raw| match postcard::from_bytes(raw) {
                Ok(Verdict::Deny(denial)) => Some(denial.text),
                _ => None,
            });
            let said = text.as_deref().and_then(Said::parse);
            let who = said.as_ref().map(|said| said.version.clone()).or(text);
            verdicts.mixed += u64::from(who.as_ref() != Some(expected));
            if row.identity.subsystem == keeper::NAME {
                keepers += 1;
                verdicts.forgotten += u64::from(!said.is_some_and(|said| counts.set(said.count)));
            }
        }
    }
    verdicts.lost += seen.missing(0, calls);
    verdicts.forgotten += counts.missing(1, keepers + 1);
    verdicts.versions = versions.len();
    verdicts
}

/// A set of numbers.
struct Bits(Vec<u64>);

impl Bits {
    fn new(end: u64) -> Self {
        Self(vec![0; usize::try_from(end / 64 + 1).unwrap()])
    }

    /// Takes a number in. `false`: it was there, or it is out of range.
    fn set(&mut self, number: u64) -> bool {
        let Some(word) = self.0.get_mut(usize::try_from(number / 64).unwrap()) else { return false };
        let bit = 1 << (number % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    fn missing(&self, from: u64, to: u64) -> u64 {
        let there = |number: u64| self.0[usize::try_from(number / 64).unwrap()] & (1 << (number % 64)) != 0;
        (from..to).filter(|number| !there(*number)).count() as u64
    }
}
