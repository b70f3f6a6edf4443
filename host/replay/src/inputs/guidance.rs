//! The directives that calls speak of, by the number that the calls know them by.

use std::{collections::VecDeque, sync::Arc};

use bulkhead_journal::DirectivesRecord;
use bulkhead_policy::Directives;

/// Directives that are kept. A call speaks of those that were in force when it began.
const KEPT: usize = 64;

/// What was issued lately. Numbers begin anew with every host, so the latest of a number is meant.
#[derive(Debug, Default)]
pub(crate) struct Issued(VecDeque<(u64, Option<Arc<Directives>>)>);

impl Issued {
    /// Takes directives in as they come into force.
    pub(crate) fn take(&mut self, record: &DirectivesRecord) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((record.id, postcard::from_bytes(&record.numbers).ok().map(Arc::new)));
    }

    /// What a call was told, at age 0.
    ///
    /// # Errors
    /// The journal does not hold what it speaks of.
    pub(crate) fn of(&self, named: Option<(u64, u64)>) -> Result<Option<Arc<Directives>>, Unknown> {
        let Some((id, _)) = named else { return Ok(None) };
        let found = self.0.iter().rev().find(|(known, _)| *known == id);
        found.and_then(|(_, directives)| directives.clone()).map(Some).ok_or(Unknown)
    }
}

/// Directives that the journal does not hold any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unknown;

/// Directives at the age at which a call was told of them.
pub(crate) fn aged(directives: Option<&Arc<Directives>>, named: Option<(u64, u64)>) -> Option<Directives> {
    let (directives, (_, age_ms)) = directives.zip(named)?;
    Some(Directives { age_ms, ..**directives })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: u64, numbers: Vec<u8>) -> DirectivesRecord {
        DirectivesRecord { event_time_ms: 0, id, numbers }
    }

    #[test]
    fn a_number_that_nobody_issued_is_unknown_and_no_number_is_no_directives() {
        let mut issued = Issued::default();
        assert_eq!(issued.of(None), Ok(None));
        assert_eq!(issued.of(Some((1, 0))), Err(Unknown));
        // What cannot be read is not known either, and never taken for none.
        issued.take(&record(1, vec![0xff; 3]));
        assert_eq!(issued.of(Some((1, 0))), Err(Unknown));
    }

    #[test]
    fn what_is_kept_does_not_grow() {
        let mut issued = Issued::default();
        for id in 0..1_000 {
            issued.take(&record(id, Vec::new()));
        }
        assert_eq!(issued.0.len(), KEPT);
    }
}
