//! A set of numbers in few bytes.
//!
//! Numbers that follow each other are one run. Where there would be too many runs, the two that lie nearest to each other
//! become one: what was put in is always found, and what lies between two joined runs is found as well.

use serde::{Deserialize, Serialize};

/// First and last number of each run, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Runs(Vec<(u64, u64)>);

impl Runs {
    /// Takes a number in; afterwards there are at most `most` runs.
    pub(crate) fn add(&mut self, value: u64, most: usize) {
        let place = self.0.partition_point(|(_, last)| *last < value);
        let begins = self.0.get(place).map(|(first, _)| *first);
        if begins.is_some_and(|first| first <= value) {
            return;
        }
        let before =
            place.checked_sub(1).filter(|before| self.0.get(*before).is_some_and(|(_, last)| last + 1 == value));
        let touches = begins.is_some_and(|first| first - 1 == value);
        match before {
            Some(before) => self.extend(before, value),
            None if touches => self.0.iter_mut().skip(place).take(1).for_each(|run| run.0 = value),
            None => self.0.insert(place, (value, value)),
        }
        if before.is_some() && touches {
            self.join(place);
        }
        if self.0.len() > most
            && let Some(nearest) = self.nearest()
        {
            self.join(nearest);
        }
    }

    /// Whether a number may be in it; `false` is certain.
    pub(crate) fn may_hold(&self, value: u64) -> bool {
        let place = self.0.partition_point(|(_, last)| *last < value);
        self.0.get(place).is_some_and(|(first, _)| *first <= value)
    }

    fn extend(&mut self, run: usize, to: u64) {
        self.0.iter_mut().skip(run).take(1).for_each(|run| run.1 = to);
    }

    /// Makes a run part of the one before it.
    fn join(&mut self, run: usize) {
        if run > 0 && run < self.0.len() {
            let (_, last) = self.0.remove(run);
            self.extend(run - 1, last);
        }
    }

    /// The run that lies nearest to the one before it.
    fn nearest(&self) -> Option<usize> {
        let gap = |pair: &[(u64, u64)]| match pair {
            [(_, last), (first, _)] => first - last,
            _ => u64::MAX,
        };
        (1..).zip(self.0.windows(2)).min_by_key(|(_, pair)| gap(pair)).map(|(place, _)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[u64], most: usize) -> Runs {
        let mut runs = Runs::default();
        values.iter().for_each(|value| runs.add(*value, most));
        runs
    }

    #[test]
    fn numbers_that_follow_each_other_are_one_run() {
        assert_eq!(of(&[5, 3, 4, 9, 0, 1, 10, 4], 8).0, [(0, 1), (3, 5), (9, 10)]);
        assert_eq!(of(&[u64::MAX, 0, u64::MAX - 1], 8).0, [(0, 0), (u64::MAX - 1, u64::MAX)]);
    }

    #[test]
    fn what_was_put_in_is_always_found_and_the_widest_gaps_stay() {
        let mut state = 7u64;
        let values: Vec<u64> = (0..2_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state >> 50
            })
            .collect();
        let (exact, few) = (of(&values, usize::MAX), of(&values, 16));
        assert!(few.0.len() <= 16 && exact.0.len() > 500);
        for value in 0..1 << 14 {
            assert_eq!(exact.may_hold(value), values.contains(&value), "{value}");
            assert!(few.may_hold(value) || !exact.may_hold(value), "{value}");
        }
        let far = of(&[1, 2, 1_000_000, 1_000_002, 1_000_004], 2);
        assert_eq!(far.0, [(1, 2), (1_000_000, 1_000_004)]);
    }
}
