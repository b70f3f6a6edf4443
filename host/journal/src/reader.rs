//! Reading a ledger, also while it is written.

use core::ops::ControlFlow;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    Broken, CallRecord, Counts, EventRecord, FillRecord, Filter, Head, JournalError, OrderRecord, PluginIdentity,
    PluginRef, Record, Seq, Stored, Verified,
    chain::Chain,
    disk::Folder,
    entry::Entry,
    filter::About,
    lock,
    log::learn,
    query::{self, DecisionRow, Names},
    segment::header::Tables,
    verify,
    walk::{self, Segment},
};

/// A value, or what cannot be read.
type Readable<T> = Result<T, String>;

/// A ledger being read. It never writes, takes no lock and never holds up the writer; a query sees what was written when
/// it began. It holds one segment in memory at a time.
#[derive(Debug)]
pub struct Reader {
    folder: Folder,
    path: PathBuf,
}

impl Reader {
    /// Opens a ledger for reading.
    ///
    /// # Errors
    /// [`JournalError::Missing`], [`JournalError::NotAJournal`], [`JournalError::Version`] or
    /// [`JournalError::Unreadable`].
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        if !path.exists() {
            return Err(JournalError::Missing { path: path.to_owned() });
        }
        lock::look(path)?;
        let reader = Self { folder: Folder::at(path), path: path.to_owned() };
        let all = reader.check(reader.segments())?;
        let Some(last) = all.last() else { return Err(JournalError::NotAJournal { path: path.to_owned() }) };
        reader.check(Segment::load(&reader.folder, *last, true)).map_err(|error| match error {
            JournalError::Unreadable { path, why } if why.starts_with("its ") => JournalError::Version { path, why },
            error => error,
        })?;
        Ok(reader)
    }

    /// How many rows there are of each kind.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`], as for every query.
    pub fn counts(&self) -> Result<Counts, JournalError> {
        self.check(self.count())
    }

    /// End of the chain.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn head(&self) -> Result<Head, JournalError> {
        let head = self.last_segment().and_then(|last| {
            let Some(last) = last else { return Ok(Chain::empty().head()) };
            let mut chain = Chain::at(last.read.header.first.saturating_sub(1), last.read.header.prev);
            chain.begin_segment(last.bytes.get(..last.read.end).unwrap_or_default());
            for frame in last.frames() {
                chain.link(frame?.1.payload);
            }
            Ok(chain.head())
        });
        self.check(head)
    }

    /// Calls with all their decisions.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn calls(&self, filter: &Filter) -> Result<Vec<Stored<CallRecord>>, JournalError> {
        let plugins = self.plugins_of(filter)?;
        self.collect(filter, About::Calls, plugins.as_deref(), |seq, record, to| match record {
            Record::Call(call) if query::takes_call(filter, &call, plugins.as_deref()) => {
                to.push(Stored { seq, record: call });
            }
            _ => {}
        })
    }

    /// One call with all its decisions.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn call(&self, seq: Seq) -> Result<Option<Stored<CallRecord>>, JournalError> {
        let Some(after) = seq.0.checked_sub(1) else { return Ok(None) };
        let mut found = None;
        self.replay(Seq(after), |stored| {
            if let Record::Call(record) = stored.record
                && stored.seq == seq
            {
                found = Some(Stored { seq, record });
            }
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    /// Decisions, each with the circumstances of its call.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn decisions(&self, filter: &Filter) -> Result<Vec<DecisionRow>, JournalError> {
        let names = Names::new(&self.check(self.tables())?);
        let plugins = filter.subsystem.as_deref().map(|subsystem| names.of_subsystem(subsystem));
        self.collect(filter, About::Decisions, plugins.as_deref(), |seq, record, to| {
            if let Record::Call(call) = record {
                let mut rows = query::decisions_of(filter, seq, call, plugins.as_deref(), &names);
                if filter.newest_first {
                    rows.reverse();
                }
                to.extend(rows);
            }
        })
    }

    /// Orders, sent and refused.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn orders(&self, filter: &Filter) -> Result<Vec<Stored<OrderRecord>>, JournalError> {
        self.collect(filter, About::Orders, None, |seq, record, to| {
            if let Record::Order(record) = record {
                to.push(Stored { seq, record });
            }
        })
    }

    /// Fills.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn fills(&self, filter: &Filter) -> Result<Vec<Stored<FillRecord>>, JournalError> {
        self.collect(filter, About::Fills, None, |seq, record, to| {
            if let Record::Fill(record) = record {
                to.push(Stored { seq, record });
            }
        })
    }

    /// Events.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn events(&self, filter: &Filter) -> Result<Vec<Stored<EventRecord>>, JournalError> {
        self.collect(filter, About::Events, None, |seq, record, to| {
            if let Record::Event(record) = record {
                to.push(Stored { seq, record });
            }
        })
    }

    /// Every plugin that ever decided, in order of appearance.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn plugins(&self) -> Result<Vec<(PluginRef, PluginIdentity)>, JournalError> {
        Ok(self.check(self.tables())?.plugins.into_iter().collect())
    }

    /// The symbol table as it is at the end.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn symbols(&self) -> Result<BTreeMap<u32, String>, JournalError> {
        Ok(self.check(self.tables())?.symbols)
    }

    /// Every document, by its digest.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn documents(&self) -> Result<BTreeMap<String, Vec<u8>>, JournalError> {
        Ok(self.check(self.tables())?.documents)
    }

    /// Metadata of every run, in order.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn meta(&self) -> Result<Vec<Stored<(String, String)>>, JournalError> {
        let mut all = Vec::new();
        self.walk(Seq::NONE, |seq, entry| {
            if let Entry::Meta(key, value) = entry {
                all.push(Stored { seq, record: (key, value) });
            }
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// Streams the records after `after`, in the order of the chain, until `visit` breaks.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`], which says where.
    pub fn replay(
        &self,
        after: Seq,
        mut visit: impl FnMut(Stored<Record>) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        self.walk(after, |seq, entry| match entry {
            Entry::Record(record) => visit(Stored { seq, record }),
            _ => ControlFlow::Continue(()),
        })
    }

    /// Recomputes the hash chain from every byte of the folder.
    ///
    /// # Errors
    /// [`Broken`] names the first record that was changed, removed, added or moved, and the place.
    pub fn verify(&self) -> Result<Verified, Broken> {
        verify::verify(&self.folder, None)
    }

    /// [`Reader::verify`], and that the chain contains a head which was kept elsewhere: this detects a ledger that was
    /// cut off or rewritten as a whole.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn verify_against(&self, kept: &Head) -> Result<Verified, Broken> {
        verify::verify(&self.folder, Some(kept))
    }

    /// The ledger's folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn check<T>(&self, readable: Readable<T>) -> Result<T, JournalError> {
        readable.map_err(|why| JournalError::Unreadable { path: self.path.clone(), why })
    }

    fn segments(&self) -> Readable<Vec<u64>> {
        walk::segments(&self.folder).map_err(|error| error.to_string())
    }

    fn last_segment(&self) -> Readable<Option<Segment>> {
        match self.segments()?.last() {
            Some(last) => Segment::load(&self.folder, *last, true),
            None => Ok(None),
        }
    }

    /// Plugins and symbols as they are at the end.
    fn tables(&self) -> Readable<Tables> {
        let Some(last) = self.last_segment()? else { return Ok(Tables::default()) };
        let mut tables = last.read.header.tables.clone();
        for frame in last.frames() {
            let (keys, frame) = frame?;
            if keys.is_table() {
                learn(&mut tables, &last.entry(&frame)?.1);
            }
        }
        Ok(tables)
    }

    fn plugins_of(&self, filter: &Filter) -> Result<Option<Vec<u32>>, JournalError> {
        let Some(subsystem) = &filter.subsystem else { return Ok(None) };
        Ok(Some(Names::new(&self.check(self.tables())?).of_subsystem(subsystem)))
    }

    fn count(&self) -> Readable<Counts> {
        let mut counts = Counts::default();
        let all = self.segments()?;
        for index in &all {
            let last = all.last() == Some(index);
            match walk::zone(&self.folder, *index).filter(|_| !last) {
                Some(zone) => counts.add(&zone.counts),
                None => {
                    let Some(segment) = Segment::load(&self.folder, *index, last)? else { continue };
                    for frame in segment.frames() {
                        counts.count(&segment.entry(&frame?.1)?.1);
                    }
                }
            }
        }
        Ok(counts)
    }

    fn walk(&self, after: Seq, mut visit: impl FnMut(Seq, Entry) -> ControlFlow<()>) -> Result<(), JournalError> {
        let all = self.check(self.segments())?;
        for index in &all {
            let last = all.last() == Some(index);
            if walk::zone(&self.folder, *index).is_some_and(|zone| zone.seqs.last().is_some_and(|seq| seq <= after.0)) {
                continue;
            }
            let Some(segment) = self.check(Segment::load(&self.folder, *index, last))? else { continue };
            for frame in segment.frames() {
                let (keys, frame) = self.check(frame)?;
                if keys.seq <= after {
                    continue;
                }
                let (seq, entry) = self.check(segment.entry(&frame))?;
                if visit(seq, entry).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Gathers what a filter asks for, in its order and up to its limit.
    fn collect<T>(
        &self,
        filter: &Filter,
        about: About,
        plugins: Option<&[u32]>,
        take: impl Fn(Seq, Record, &mut Vec<T>),
    ) -> Result<Vec<T>, JournalError> {
        let limit = filter.limit.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let mut order = self.check(self.segments())?;
        let last = order.last().copied();
        if filter.newest_first {
            order.reverse();
        }
        for index in order {
            if found.len() >= limit {
                break;
            }
            if walk::zone(&self.folder, index).is_some_and(|zone| !filter.may_be_in(&zone, about, plugins)) {
                continue;
            }
            let loaded = self.check(Segment::load(&self.folder, index, Some(index) == last))?;
            let Some(segment) = loaded else { continue };
            self.check(within(&segment, filter, about, limit, &mut found, &take))?;
        }
        found.truncate(limit);
        Ok(found)
    }
}

/// Gathers from one segment.
fn within<T>(
    segment: &Segment,
    filter: &Filter,
    about: About,
    limit: usize,
    found: &mut Vec<T>,
    take: &impl Fn(Seq, Record, &mut Vec<T>),
) -> Readable<()> {
    let mut read = |frame| -> Readable<bool> {
        if let (seq, Entry::Record(record)) = segment.entry(&frame)? {
            take(seq, record, found);
        }
        Ok(found.len() >= limit)
    };
    let mut later = Vec::new();
    for frame in segment.frames() {
        let (keys, frame) = frame?;
        if !filter.takes(&keys, about) {
            continue;
        }
        if filter.newest_first {
            later.push(frame);
        } else if read(frame)? {
            return Ok(());
        }
    }
    for frame in later.into_iter().rev() {
        if read(frame)? {
            break;
        }
    }
    Ok(())
}
