//! How long calls take: percentiles for people, counts under fixed bounds for whoever watches over time.

use hdrhistogram::Histogram;

/// Longest call that is told apart from longer ones, ns.
const LONGEST_NS: u64 = 60_000_000_000;

/// Bounds of [`Latency::up_to`], ns: from a light plugin's call to the longest that a call is given.
pub const LATENCY_BOUNDS_NS: [u64; 14] = [
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
];

/// Times of the calls of a hook that asked a subsystem, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Such calls.
    pub calls: u64,
    /// Their times together, ns.
    pub sum_ns: u64,
    /// For each of [`LATENCY_BOUNDS_NS`], calls that took no longer, to one part in a hundred.
    pub up_to: [u64; LATENCY_BOUNDS_NS.len()],
    /// Half of them are no slower, ns.
    pub p50_ns: u64,
    /// 99 of 100 are no slower, ns.
    pub p99_ns: u64,
    /// The slowest, ns.
    pub max_ns: u64,
}

/// Times as they are counted.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    /// Bounds that hdrhistogram accepts; without it only counts and sum would be known.
    seen: Option<Histogram<u64>>,
    calls: u64,
    sum_ns: u64,
}

impl Default for Times {
    fn default() -> Self {
        Self { seen: Histogram::new_with_bounds(1, LONGEST_NS, 2).ok(), calls: 0, sum_ns: 0 }
    }
}

impl Times {
    pub(crate) fn record(&mut self, ns: u64) {
        self.calls += 1;
        self.sum_ns = self.sum_ns.saturating_add(ns);
        if let Some(seen) = &mut self.seen {
            seen.saturating_record(ns.max(1));
        }
    }

    pub(crate) fn latency(&self) -> Latency {
        let Some(seen) = &self.seen else {
            return Latency { calls: self.calls, sum_ns: self.sum_ns, ..Latency::default() };
        };
        let mut up_to = [0; LATENCY_BOUNDS_NS.len()];
        let mut steps = seen.iter_recorded().peekable();
        let mut below = 0;
        for (bound, count) in LATENCY_BOUNDS_NS.iter().zip(&mut up_to) {
            while let Some(step) = steps.next_if(|step| seen.lowest_equivalent(step.value_iterated_to()) <= *bound) {
                below += step.count_since_last_iteration();
            }
            *count = below;
        }
        Latency {
            calls: self.calls,
            sum_ns: self.sum_ns,
            up_to,
            p50_ns: seen.value_at_quantile(0.5),
            p99_ns: seen.value_at_quantile(0.99),
            max_ns: seen.value_at_quantile(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times on both sides of every bound, and far from all of them.
    fn times() -> Vec<u64> {
        let near = LATENCY_BOUNDS_NS.iter().flat_map(|b| [b / 2, b - b / 50, *b, b + b / 50, b * 3]);
        near.chain([0, 1, 17, LONGEST_NS, u64::MAX / 1_000]).collect()
    }

    #[test]
    fn counts_under_bounds_are_those_of_the_times_to_one_part_in_a_hundred() {
        let mut counted = Times::default();
        let all = times();
        all.iter().for_each(|ns| counted.record(*ns));
        let latency = counted.latency();
        for (bound, count) in LATENCY_BOUNDS_NS.iter().zip(latency.up_to) {
            let within = |most: u64| all.iter().filter(|ns| **ns <= most).count() as u64;
            assert!((within(bound - bound / 100)..=within(bound + bound / 100)).contains(&count), "{bound}: {count}");
        }
        assert_eq!((latency.calls, latency.sum_ns), (all.len() as u64, all.iter().sum()));
        assert!(latency.up_to.is_sorted() && latency.up_to.iter().all(|count| *count <= latency.calls));
        assert!(latency.p50_ns <= latency.p99_ns && latency.p99_ns <= latency.max_ns);
    }

    #[test]
    fn nothing_was_timed_yet() {
        assert_eq!(Times::default().latency(), Latency::default());
    }
}
