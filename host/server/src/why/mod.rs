//! Why a trade was made or not: the whole chain of one signal, from what the journal holds.
//!
//! [`find`] says which signal is meant, [`records`] takes everything about it out of the journal, [`story`] makes steps
//! of it, and [`say`] tells them to people. Only the first two ask the journal; the rest is a function of records.

mod find;
mod records;
mod say;
mod step;
mod story;

pub(crate) use find::{Question, find};
pub(crate) use story::Story;

use bulkhead_journal::{JournalError, Reader};

use crate::decision_view::Names;

/// Answers a question from the journal. `None`: it knows nothing of it.
///
/// # Errors
/// [`JournalError`], when the journal cannot be read.
pub(crate) fn answer(reader: &Reader, question: &Question, symbols: &Names) -> Result<Option<Story>, JournalError> {
    let Some(case) = find(reader, question)? else { return Ok(None) };
    let records = records::Records::read(reader, &case)?;
    let plugins = reader.plugins()?.into_iter().collect();
    Ok(Some(Story::of(&case, &records, &step::Names { symbols, plugins: &plugins })))
}

#[cfg(test)]
mod tests;
