//! Frames: one entry each.

use super::{is_zero, u32_at};
use crate::chain::Hash;

/// Bytes before the payload.
pub(crate) const HEAD: usize = 32;
const MAGIC: u32 = 0x4b4c_4e4b;
const ALIGN: usize = 8;
/// First half of the entry's hash.
pub(crate) type Link = [u8; 16];

/// A frame whose checksum holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'b> {
    /// Offset of the frame.
    pub(crate) at: usize,
    /// Offset behind it.
    pub(crate) end: usize,
    /// The segment was durable up to here when it was written.
    pub(crate) base: usize,
    pub(crate) link: Link,
    pub(crate) payload: &'b [u8],
}

/// What stands at an offset.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Here<'b> {
    Frame(Frame<'b>),
    /// Nothing but zeros from here on.
    End,
    /// Neither.
    Bad,
}

/// The half of a hash that a frame keeps.
pub(crate) fn link(hash: &Hash) -> Link {
    let mut link = [0; 16];
    link.iter_mut().zip(hash).for_each(|(to, from)| *to = *from);
    link
}

/// Length of a frame with that payload.
pub(crate) const fn len(payload: usize) -> usize {
    (HEAD + payload).next_multiple_of(ALIGN)
}

/// Appends a frame. `None` when the payload is longer than a frame can say.
pub(crate) fn put(to: &mut Vec<u8>, base: u32, link: &Link, payload: &[u8]) -> Option<()> {
    let length = u32::try_from(payload.len()).ok()?;
    to.extend(MAGIC.to_le_bytes());
    to.extend(length.to_le_bytes());
    to.extend(crc(length, base, link, payload).to_le_bytes());
    to.extend(base.to_le_bytes());
    to.extend(link);
    to.extend(payload);
    to.resize(to.len() + len(payload.len()) - HEAD - payload.len(), 0);
    Some(())
}

fn crc(length: u32, base: u32, link: &Link, payload: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&length.to_le_bytes());
    crc.update(&base.to_le_bytes());
    crc.update(link);
    crc.update(payload);
    crc.finalize()
}

/// The frame at `at`, if one stands there whole.
pub(crate) fn at(bytes: &[u8], at: usize) -> Option<Frame<'_>> {
    let head = bytes.get(at..at.checked_add(HEAD)?)?;
    let (length, base) = (u32_at(head, 4)?, u32_at(head, 12)?);
    if u32_at(head, 0)? != MAGIC || length == 0 {
        return None;
    }
    let payload_at = at + HEAD;
    let payload_end = payload_at.checked_add(usize::try_from(length).ok()?)?;
    let payload = bytes.get(payload_at..payload_end)?;
    let link: Link = head.get(16..)?.try_into().ok()?;
    let end = at + len(payload.len());
    // A file that ends within the padding was cut: the log never makes one.
    let whole = is_zero(bytes.get(payload_end..end)?) && u32_at(head, 8)? == crc(length, base, &link, payload);
    whole.then_some(Frame { at, end, base: usize::try_from(base).ok()?, link, payload })
}

/// What stands at an offset that a frame may begin at.
pub(crate) fn look(bytes: &[u8], offset: usize) -> Here<'_> {
    match at(bytes, offset) {
        Some(frame) => Here::Frame(frame),
        None if is_zero(bytes.get(offset..).unwrap_or_default()) => Here::End,
        None => Here::Bad,
    }
}

/// Whole frames behind a bad place.
pub(crate) fn behind(bytes: &[u8], bad: usize) -> impl Iterator<Item = Frame<'_>> {
    (bad.next_multiple_of(ALIGN)..bytes.len()).step_by(ALIGN).filter_map(|offset| at(bytes, offset))
}

/// Whether what stands from `bad` on can be a write that was cut short. It cannot when a frame behind it says that the
/// place was durable before.
pub(crate) fn is_torn(bytes: &[u8], bad: usize) -> bool {
    behind(bytes, bad).all(|frame| frame.base <= bad)
}

/// The same, for bytes that begin with the bad place, at that offset of their segment.
pub(crate) fn is_torn_at(offset: usize, bytes: &[u8]) -> bool {
    behind(bytes, 0).all(|frame| frame.base <= offset)
}

/// Length of the frame that `bytes` begin with, as its head says, whole or not.
pub(crate) fn said_len(bytes: &[u8]) -> Option<usize> {
    (u32_at(bytes, 0)? == MAGIC).then(|| u32_at(bytes, 4))?.map(|length| len(length as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Vec<u8> {
        let mut bytes = Vec::new();
        put(&mut bytes, 0, &[7; 16], b"first").unwrap();
        put(&mut bytes, 40, &[8; 16], b"second entry").unwrap();
        bytes.resize(200, 0);
        bytes
    }

    #[test]
    fn frames_read_back_and_end_in_zeros() {
        let bytes = two();
        let first = at(&bytes, 0).unwrap();
        assert_eq!((first.payload, first.end, first.base, first.link), (&b"first"[..], 40, 0, [7; 16]));
        let second = at(&bytes, 40).unwrap();
        assert_eq!((second.payload, second.base), (&b"second entry"[..], 40));
        assert!(matches!(look(&bytes, second.end), Here::End));
        assert!(matches!(look(&bytes, 200), Here::End));
        assert!(put(&mut Vec::new(), 0, &[0; 16], b"").is_some());
    }

    #[test]
    fn no_flipped_bit_leaves_a_frame_whole() {
        let bytes = two();
        let end = at(&bytes, 40).unwrap().end;
        for bit in 0..end * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let whole = at(&damaged, 0).is_some() && at(&damaged, 40).is_some();
            assert!(!whole, "bit {bit}");
        }
        for bit in end * 8..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(look(&damaged, end), Here::Bad), "bit {bit}");
        }
    }

    #[test]
    fn what_was_durable_is_never_called_torn() {
        let mut bytes = two();
        // The second frame was written when the first was durable.
        bytes[33] ^= 1;
        assert!(!is_torn(&bytes, 0));
        let mut bytes = two();
        bytes[40 + 33] ^= 1;
        assert!(is_torn(&bytes, 40));
    }
}
