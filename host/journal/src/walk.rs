//! The files of a folder, one by one.

use std::io;

use crate::{
    disk::Disk,
    segment::{file_name, indexes, zone::Zone, zone_name},
};

/// The segments of a folder, in order.
pub(crate) fn segments<D: Disk>(disk: &D) -> io::Result<Vec<u64>> {
    Ok(indexes(&disk.list()?))
}

/// The map of a segment, where there is a good one.
pub(crate) fn zone<D: Disk>(disk: &D, index: u64) -> Option<Zone> {
    Zone::read(&disk.read(&zone_name(index)).ok()?)
}

/// A segment whole. `None` when it was let go.
pub(crate) fn bytes<D: Disk>(disk: &D, index: u64) -> io::Result<Option<Vec<u8>>> {
    match disk.read(&file_name(index)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
