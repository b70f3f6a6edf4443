//! Minutes in which something was recorded.

/// Minutes of a day.
pub(super) const OF_A_DAY: u64 = 1_440;
const WORD: u64 = 64;

/// The minutes of one UTC day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Minutes([u64; 23]);

impl Minutes {
    /// Marks a minute of the day, 0 to 1439.
    pub(super) fn mark(&mut self, minute: u64) {
        if let Some(word) = usize::try_from(minute / WORD).ok().and_then(|word| self.0.get_mut(word)) {
            *word |= 1 << (minute % WORD);
        }
    }

    /// The marked minutes, in order.
    pub(super) fn marked(&self) -> impl Iterator<Item = u64> {
        (0..OF_A_DAY).filter(|minute| {
            let word = usize::try_from(minute / WORD).ok().and_then(|word| self.0.get(word));
            word.is_some_and(|word| word & (1 << (minute % WORD)) != 0)
        })
    }
}

/// How much of a time was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Covered {
    /// Minutes recorded, those of gaps that are short enough among them.
    pub(super) minutes: u64,
    /// The longest time from one record to the next, minutes; 0 where every minute has one.
    pub(super) longest_gap: u64,
}

/// Adds up marked minutes that come in order. A gap up to `bridged` minutes counts as recorded.
pub(super) fn covered(marked: impl Iterator<Item = u64>, bridged: u64) -> Covered {
    let (mut covered, mut last) = (Covered::default(), None);
    for minute in marked {
        let step = last.map_or(1, |last| minute.saturating_sub(last));
        covered.minutes += if step <= bridged { step } else { 1 };
        if step > 1 {
            covered.longest_gap = covered.longest_gap.max(step);
        }
        last = Some(minute);
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_again_and_a_minute_counts_once() {
        let mut minutes = Minutes::default();
        for minute in [0, 63, 64, 64, 1_439, 1_440, 99_999] {
            minutes.mark(minute);
        }
        assert_eq!(minutes.marked().collect::<Vec<_>>(), [0, 63, 64, 1_439]);
    }

    #[test]
    fn short_gaps_are_bridged_and_long_ones_are_not() {
        for (marked, bridged, want) in [
            (&[][..], 60, (0, 0)),
            (&[5], 60, (1, 0)),
            (&[5, 6, 7], 60, (3, 0)),
            (&[0, 60], 60, (61, 60)),
            (&[0, 61], 60, (2, 61)),
            (&[0, 2, 100, 101], 2, (5, 98)),
            (&[0, 1], 0, (2, 0)),
        ] {
            let found = covered(marked.iter().copied(), bridged);
            assert_eq!((found.minutes, found.longest_gap), want, "{marked:?}");
        }
    }
}
