//! A limit on how often candidates are tried.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Tokens per subsystem: a third of a minute's may be used at once.
#[derive(Debug)]
pub(super) struct Storm {
    per_minute: u32,
    left: BTreeMap<String, (f64, Instant)>,
}

impl Storm {
    pub(super) fn new(per_minute: u32) -> Self {
        Self { per_minute: per_minute.max(1), left: BTreeMap::new() }
    }

    /// Whether one more may be tried now; takes a token if so.
    pub(super) fn lets(&mut self, subsystem: &str, now: Instant) -> bool {
        let burst = f64::from(self.per_minute.div_ceil(3));
        let (tokens, since) = self.left.entry(subsystem.to_owned()).or_insert((burst, now));
        let earned = now.duration_since(*since).as_secs_f64() * f64::from(self.per_minute) / MINUTE.as_secs_f64();
        *tokens = (*tokens + earned).min(burst);
        *since = now;
        let lets = *tokens >= 1.0;
        if lets {
            *tokens -= 1.0;
        }
        lets
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_gets_its_share_a_minute_and_no_other_subsystem_pays_for_it() {
        let mut storm = Storm::new(6);
        let start = Instant::now();
        let at = |s: u64| start + Duration::from_secs(s);
        let let_in = (0..60).filter(|s| storm.lets("a", at(*s))).count();
        assert_eq!(let_in, 2 + 5, "a burst of two, then one every ten seconds");
        assert!(storm.lets("b", at(59)));
    }
}
