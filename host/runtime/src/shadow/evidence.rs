//! What a shadow has shown so far.

use std::collections::{BTreeMap, VecDeque};

use bulkhead_policy::{FaultClass, HookId, Likeness, promotion::Evidence};
use hdrhistogram::Histogram;

use super::ShadowDifference;

/// Differences at hand. The journal has more.
const AT_HAND: usize = 50;
/// Differences of one shadow that the journal is given. More are only counted.
const JOURNALED: u64 = 1_000;

/// How one decision compares with the serving version's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// Both answered.
    Both(Likeness),
    /// The shadow failed.
    Failed(FaultClass),
    /// Only the shadow answered.
    Alone,
}

/// What both took and said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured<'a> {
    pub(super) fuel: u64,
    pub(super) took_ns: u64,
    pub(super) live_ns: u64,
    /// Canonical bytes of both answers, where there are two.
    pub(super) answers: Option<(&'a [u8], &'a [u8])>,
}

/// Counters of one pair of versions.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: Evidence,
    pub(super) by_hook: BTreeMap<(HookId, Likeness), u64>,
    pub(super) faults: BTreeMap<FaultClass, u64>,
    pub(super) differences: VecDeque<ShadowDifference>,
    /// Differences that the journal was given.
    journaled: u64,
    variety: BTreeMap<HookId, [Variety; 2]>,
    latency: Option<[Histogram<u64>; 2]>,
}

/// Whether somebody says more than one thing.
#[derive(Clone, Debug, Default)]
struct Variety {
    first: Option<Vec<u8>>,
    several: bool,
}

impl Variety {
    fn hear(&mut self, answer: &[u8], same: fn(&[u8], &[u8]) -> bool) {
        self.several = self.several || !same(self.first.get_or_insert_with(|| answer.to_vec()), answer);
    }
}

impl Tally {
    /// Takes in one decision. `same` says whether two answers of the hook are the same decision.
    pub(super) fn note(
        &mut self,
        hook: HookId,
        compared: Compared,
        measured: Measured<'_>,
        same: fn(&[u8], &[u8]) -> bool,
    ) {
        let counts = &mut self.counts;
        counts.peak_fuel = counts.peak_fuel.max(measured.fuel);
        match compared {
            Compared::Failed(class) => {
                counts.faults += 1;
                *self.faults.entry(class).or_insert(0) += 1;
            }
            Compared::Alone => counts.live_faults += 1,
            Compared::Both(likeness) => {
                counts.compared += 1;
                *match likeness {
                    Likeness::Same => &mut counts.same,
                    Likeness::Tighter => &mut counts.tighter,
                    Likeness::Looser => &mut counts.looser,
                    Likeness::Other => &mut counts.other,
                } += 1;
                *self.by_hook.entry((hook, likeness)).or_insert(0) += 1;
            }
        }
        if let Some((live, own)) = measured.answers {
            let [of_live, of_own] = self.variety.entry(hook).or_default();
            of_live.hear(live, same);
            of_own.hear(own, same);
        }
        if let Some([own, live]) = self.histograms() {
            own.saturating_record(measured.took_ns.max(1));
            live.saturating_record(measured.live_ns.max(1));
        }
    }

    /// Whether one more difference goes to the journal; counts it if so.
    pub(super) const fn tells(&mut self) -> bool {
        let tells = self.journaled < JOURNALED;
        if tells {
            self.journaled += 1;
        }
        tells
    }

    /// Keeps a difference with both answers. The oldest one makes way.
    pub(super) fn keep(&mut self, difference: ShadowDifference) {
        self.differences.push_front(difference);
        self.differences.truncate(AT_HAND);
    }

    /// What was shown, of so many decisions that were offered and dropped.
    pub(super) fn evidence(&self, offered: u64, dropped: u64) -> Evidence {
        let p99 = |of: usize| {
            let histogram = self.latency.as_ref().and_then(|both| both.get(of));
            histogram.map_or(0, |h| h.value_at_quantile(0.99))
        };
        let constant = self.variety.values().any(|[live, own]| live.several && !own.several);
        Evidence { offered, dropped, p99_ns: p99(0), live_p99_ns: p99(1), constant, ..self.counts }
    }

    pub(super) fn begin_anew(&mut self) {
        *self = Self { journaled: self.journaled, ..Self::default() };
    }

    fn histograms(&mut self) -> Option<&mut [Histogram<u64>; 2]> {
        if self.latency.is_none() {
            // Bounds that hdrhistogram accepts; without histograms only the percentiles would be missing.
            let one = || Histogram::new_with_bounds(1, 60_000_000_000, 2).ok();
            self.latency = one().zip(one()).map(|(own, live)| [own, live]);
        }
        self.latency.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &[u8], other: &[u8]) -> bool {
        one == other
    }

    fn measured<'a>(live: &'a [u8], own: &'a [u8]) -> Measured<'a> {
        Measured { fuel: 10, took_ns: 2_000, live_ns: 1_000, answers: Some((live, own)) }
    }

    #[test]
    fn every_decision_is_counted_once_and_by_what_it_is() {
        let mut tally = Tally::default();
        for likeness in Likeness::ALL {
            tally.note(HookId::RiskCheck, Compared::Both(*likeness), measured(b"a", b"b"), same);
        }
        let nothing = Measured { answers: None, fuel: 99, ..measured(b"", b"") };
        tally.note(HookId::RiskCheck, Compared::Failed(FaultClass::Trap), nothing, same);
        tally.note(HookId::RiskCheck, Compared::Alone, nothing, same);
        let shown = tally.evidence(10, 4);
        assert_eq!((shown.compared, shown.same, shown.tighter, shown.looser, shown.other), (4, 1, 1, 1, 1));
        assert_eq!((shown.faults, shown.live_faults, shown.offered, shown.dropped), (1, 1, 10, 4));
        assert_eq!((shown.peak_fuel, shown.constant), (99, false));
        assert!(shown.p99_ns > shown.live_p99_ns && shown.live_p99_ns >= 1_000);
    }

    #[test]
    fn saying_one_thing_only_counts_where_the_serving_version_says_several() {
        let mut tally = Tally::default();
        for _ in 0..3 {
            tally.note(HookId::RiskCheck, Compared::Both(Likeness::Same), measured(b"no", b"no"), same);
        }
        assert!(!tally.evidence(3, 0).constant, "the serving version does the same");
        tally.note(HookId::PositionSizing, Compared::Both(Likeness::Other), measured(b"1", b"5"), same);
        tally.note(HookId::PositionSizing, Compared::Both(Likeness::Other), measured(b"2", b"5"), same);
        assert!(tally.evidence(5, 0).constant);
        tally.note(HookId::PositionSizing, Compared::Both(Likeness::Same), measured(b"6", b"6"), same);
        assert!(!tally.evidence(6, 0).constant);
    }

    #[test]
    fn another_serving_version_begins_a_new_count() {
        let mut tally = Tally::default();
        tally.note(HookId::RiskCheck, Compared::Both(Likeness::Same), measured(b"a", b"a"), same);
        tally.journaled = 7;
        tally.begin_anew();
        assert_eq!((tally.evidence(0, 0), tally.journaled), (Evidence::default(), 7));
    }
}
