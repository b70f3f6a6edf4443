//! How a question goes through the segments: maps first, then the blocks that may hold an answer.

use core::ops::ControlFlow;

use crate::{Counts, Filter, JournalError, Record, Seq, entry::Entry, filter::About, query::Names};

use super::{
    Readable, Reader,
    maps::Moment,
    piece::{PIECE, Piece, Visit},
};

impl Reader {
    pub(super) fn plugins_of(&self, filter: &Filter) -> Result<Option<Vec<u32>>, JournalError> {
        let Some(subsystem) = &filter.subsystem else { return Ok(None) };
        Ok(Some(Names::new(&self.check(self.maps.now())?.tables).of_subsystem(subsystem)))
    }

    pub(super) fn count(&self) -> Readable<Counts> {
        let (mut counts, _, finished) = self.maps.counted()?;
        for index in finished {
            if let Some(answers) = self.maps.finished(index)?.as_ref().and_then(|zone| zone.answers.as_ref()) {
                counts.add(&answers.counts);
            }
        }
        Ok(counts)
    }

    /// Shows the entries that match as far as their keys tell, in the filter's order, until `visit` breaks.
    pub(super) fn scan(
        &self,
        filter: &Filter,
        about: About,
        plugins: Option<&[u32]>,
        visit: &mut Visit<'_>,
    ) -> Result<(), JournalError> {
        self.check(self.try_scan(filter, about, plugins, visit))
    }

    fn try_scan(&self, filter: &Filter, about: About, plugins: Option<&[u32]>, visit: &mut Visit<'_>) -> Readable<()> {
        let Moment { finished, last, .. } = self.maps.now()?;
        let last_index = last.as_ref().map(|(index, _)| *index);
        let mut order: Vec<u64> = finished.into_iter().chain(last_index).collect();
        if filter.newest_first {
            order.reverse();
        }
        for index in order {
            let zone = match &last {
                Some((last, zone)) if *last == index => Some(zone.clone()),
                _ => self.maps.finished(index)?,
            };
            let Some(zone) = zone.filter(|zone| filter.may_be_in(zone, about, plugins)) else { continue };
            let mut places = zone.pieces(|block| filter.may_be_in_block(block, about), PIECE);
            if filter.newest_first {
                places.reverse();
            }
            for place in places {
                let Some(piece) = Piece::read(&self.folder, index, &zone, &place)? else { break };
                if piece.scan(filter, about, visit)?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Gathers what a filter asks for, in its order and up to its limit.
    pub(super) fn collect<T>(
        &self,
        filter: &Filter,
        about: About,
        plugins: Option<&[u32]>,
        take: impl Fn(Seq, Record, &mut Vec<T>),
    ) -> Result<Vec<T>, JournalError> {
        let limit = filter.limit.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        self.scan(filter, about, plugins, &mut |seq, entry| {
            if let Entry::Record(record) = entry {
                take(seq, record, &mut found);
            }
            if found.len() >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        found.truncate(limit);
        Ok(found)
    }
}
