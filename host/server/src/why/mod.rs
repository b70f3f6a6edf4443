//! Why a trade was made or not: the whole chain of one signal, from what the journal holds.
//!
//! `find` says which signal is meant, `records` takes everything about it out of the journal, `story` makes steps of it,
//! and `say` tells them to people. Only the first two ask the journal; the rest is a function of records. The API and the
//! command line tell the same story.

mod find;
mod records;
mod say;
mod step;
mod story;

pub use find::Question;
pub use say::brief;
pub use story::Story;

use bulkhead_journal::{JournalError, KnownNames, Reader};

/// Answers a question from the journal. `None`: it knows nothing of it.
///
/// # Errors
/// [`JournalError`], when the journal cannot be read.
pub fn answer(reader: &Reader, question: &Question, names: &KnownNames) -> Result<Option<Story>, JournalError> {
    let Some(case) = find::find(reader, question)? else { return Ok(None) };
    let records = records::Records::read(reader, &case)?;
    Ok(Some(Story::of(&case, &records, names)))
}

#[cfg(test)]
mod tests;
