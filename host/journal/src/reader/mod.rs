//! Reading a ledger, also while it is written.

mod growing;
mod maps;
mod piece;
mod scan;

use core::ops::ControlFlow;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    Broken, CallRecord, Counts, EventRecord, FillRecord, Filter, Head, JournalError, OrderRecord, PluginIdentity,
    PluginRef, Record, Seq, Stored, Verified,
    disk::Folder,
    entry::Entry,
    filter::About,
    lock,
    query::{self, DecisionRow, Names},
    verify,
};

use growing::NoHeader;
use maps::Maps;

/// A value, or what cannot be read.
type Readable<T> = Result<T, String>;

/// What symbols and plugins are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNames {
    /// The symbol table as it is at the end.
    pub symbols: BTreeMap<u32, String>,
    /// Every plugin that ever decided.
    pub plugins: BTreeMap<PluginRef, PluginIdentity>,
}

/// A ledger being read. It never writes, takes no lock and never holds up the writer; a query sees what was written when
/// it began. What it knows of the segments is kept for the next query, and so is what it has seen of the last one; memory
/// does not grow with the ledger.
pub struct Reader {
    folder: Folder,
    path: PathBuf,
    maps: Maps,
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
        let folder = Folder::at(path);
        let maps = Maps::of(folder.clone());
        let path = path.to_owned();
        match maps.begin() {
            Ok(None) => Err(JournalError::NotAJournal { path }),
            Err(NoHeader::Version(why)) => Err(JournalError::Version { path, why }),
            // What is damaged is for `verify` to name, and for the queries that need it to report.
            Ok(Some(())) | Err(NoHeader::Gone | NoHeader::Unreadable(_)) => Ok(Self { folder, path, maps }),
        }
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
        Ok(self.check(self.maps.counted())?.1)
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
        let names = Names::new(&self.check(self.maps.now())?.tables);
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

    /// The first event, in the filter's order, that matches and that `wanted` takes.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn find_event(
        &self,
        filter: &Filter,
        mut wanted: impl FnMut(&EventRecord) -> bool,
    ) -> Result<Option<Stored<EventRecord>>, JournalError> {
        let mut found = None;
        self.scan(filter, About::Events, None, &mut |seq, entry| match entry {
            Entry::Record(Record::Event(record)) if wanted(&record) => {
                found = Some(Stored { seq, record });
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        })?;
        Ok(found)
    }

    /// Every plugin that ever decided, in order of appearance.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn plugins(&self) -> Result<Vec<(PluginRef, PluginIdentity)>, JournalError> {
        Ok(self.names()?.plugins.into_iter().collect())
    }

    /// The symbol table as it is at the end.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn symbols(&self) -> Result<BTreeMap<u32, String>, JournalError> {
        Ok(self.names()?.symbols)
    }

    /// Symbols and plugins in one look.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn names(&self) -> Result<KnownNames, JournalError> {
        let tables = self.check(self.maps.now())?.tables;
        Ok(KnownNames { symbols: tables.symbols.clone(), plugins: tables.plugins.clone() })
    }

    /// Every document, by its digest.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn documents(&self) -> Result<BTreeMap<String, Vec<u8>>, JournalError> {
        Ok(self.check(self.maps.now())?.tables.documents.clone())
    }

    /// Metadata of every run, in order.
    ///
    /// # Errors
    /// [`JournalError::Unreadable`].
    pub fn meta(&self) -> Result<Vec<Stored<(String, String)>>, JournalError> {
        let mut all = Vec::new();
        self.scan(&Filter::default(), About::Tables, None, &mut |seq, entry| {
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
        let filter = Filter { after: Some(after), ..Filter::default() };
        self.scan(&filter, About::Records, None, &mut |seq, entry| match entry {
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
}

impl core::fmt::Debug for Reader {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Reader").field("path", &self.path).finish_non_exhaustive()
    }
}
