//! One segment file.
//!
//! ```text
//! header   magic 8 | schema u32 | body length u32 | crc32 u32 | 0 u32 | body (postcard) | zeros to a multiple of 4096
//! frame    magic u32 | payload length u32 | crc32 u32 | base u32 | link 16 | payload | zeros to a multiple of 8
//! rest     zeros
//! ```
//!
//! Numbers are little endian. A frame's crc covers length, base, link and payload. `base` is the offset up to which the
//! segment was durable when the frame was written: a frame whose base lies behind a damaged place proves that the place
//! was once durable, so that damage is never taken for a torn write. `link` is the first half of the entry's hash.
//! Every byte of the file is covered: by a checksum, or by having to be zero.

pub(crate) mod answers;
pub(crate) mod frame;
pub(crate) mod header;
pub(crate) mod keys;
pub(crate) mod marks;
mod runs;
pub(crate) mod zone;

/// The file name of segment `index`.
pub(crate) fn file_name(index: u64) -> String {
    format!("{index:08}.seg")
}

/// The file name of its zone map.
pub(crate) fn zone_name(index: u64) -> String {
    format!("{index:08}.zone")
}

/// The segments among file names, in order.
pub(crate) fn indexes(names: &[String]) -> Vec<u64> {
    let of = |name: &String| name.strip_suffix(".seg").filter(|n| n.len() >= 8).and_then(|n| n.parse().ok());
    let mut all: Vec<u64> = names.iter().filter_map(of).collect();
    all.sort_unstable();
    all
}

/// Four bytes as a number; `None` behind the end.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Whether everything is zero.
pub(crate) fn is_zero(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<16>();
    words.iter().all(|w| *w == [0; 16]) && rest.iter().all(|b| *b == 0)
}
