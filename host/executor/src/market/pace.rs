//! Replay speed: as fast as possible, or a multiple of real time.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// No sleep is longer: a stop is noticed within this time.
pub const SLICE: Duration = Duration::from_millis(100);

/// A replay that fell this far behind goes on from where it is. Without this, a pause (a breakpoint, a suspended
/// laptop) would be followed by a burst of bars at full speed.
const MAX_LAG: Duration = Duration::from_secs(1);

/// How fast event time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// Never wait.
    Max,
    /// Seconds of event time per second of real time, above zero.
    Times(f64),
}

/// A speed that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a speed: write max, or a multiple of real time such as 60x or 60")]
pub struct SpeedError {
    /// What was written.
    pub text: String,
}

impl FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, SpeedError> {
        if text.eq_ignore_ascii_case("max") {
            return Ok(Self::Max);
        }
        let times = text.strip_suffix(['x', 'X']).unwrap_or(text).parse::<f64>();
        match times {
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            _ => Err(SpeedError { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Max => f.write_str("max"),
            Self::Times(times) => write!(f, "{times}x"),
        }
    }
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paced {
    /// The event's time has come.
    Due,
    /// The stop closure said so first.
    Stopped,
}

/// Holds events back until their time.
#[derive(Debug)]
pub struct Pacer {
    speed: Speed,
    /// A moment of real time and the event time that belongs to it.
    anchor: Option<(Instant, i64)>,
}

impl Pacer {
    /// A pacer whose first event is due at once.
    #[must_use]
    pub fn new(speed: Speed) -> Self {
        Self { speed, anchor: None }
    }

    /// Changes the speed from the last event on.
    pub fn set_speed(&mut self, speed: Speed) {
        *self = Self::new(speed);
    }

    /// Sleeps until the event at `event_ms` (epoch ms) is due or `stop` returns true. `stop` is asked at once and
    /// then at least every 100 ms.
    pub fn wait(&mut self, event_ms: i64, mut stop: impl FnMut() -> bool) -> Paced {
        loop {
            if stop() {
                return Paced::Stopped;
            }
            let left = self.left(event_ms, Instant::now());
            if left.is_zero() {
                return Paced::Due;
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    /// How long after `now` the event is due.
    fn left(&mut self, event_ms: i64, now: Instant) -> Duration {
        let Speed::Times(times) = self.speed else { return Duration::ZERO };
        let Some((start, start_ms)) = self.anchor else {
            self.anchor = Some((now, event_ms));
            return Duration::ZERO;
        };
        let offset_ms = event_ms.saturating_sub(start_ms).max(0) as f64 / times;
        // Far more than any replay takes; keeps the conversion from overflowing for absurdly slow speeds.
        let offset = Duration::from_secs_f64((offset_ms / 1000.0).min(1e9));
        let passed = now.saturating_duration_since(start);
        if passed > offset + MAX_LAG {
            self.anchor = Some((now, event_ms));
        }
        offset.saturating_sub(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn speeds_are_read_and_written() {
        for (text, want) in
            [("max", Speed::Max), ("60x", Speed::Times(60.0)), ("60", Speed::Times(60.0)), ("0.5X", Speed::Times(0.5))]
        {
            assert_eq!(text.parse(), Ok(want), "{text}");
        }
        assert_eq!((Speed::Max.to_string(), Speed::Times(60.0).to_string()), ("max".to_owned(), "60x".to_owned()));
        for text in ["", "x", "60xx", "60 x", "fast", "0x", "0", "-1", "-1x", "inf", "infx", "NaNx"] {
            let said = text.parse::<Speed>().unwrap_err().to_string();
            assert_eq!(
                said,
                format!("\"{text}\" is not a speed: write max, or a multiple of real time such as 60x or 60")
            );
        }
    }

    #[test]
    fn real_time_follows_event_time() {
        let mut pacer = Pacer::new(Speed::Times(60.0));
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(pacer.left(600_000, at(0)), Duration::ZERO);
        assert_eq!(pacer.left(660_000, at(0)), Duration::from_secs(1));
        assert_eq!(pacer.left(660_000, at(400)), Duration::from_millis(600));
        assert_eq!(pacer.left(660_000, at(1000)), Duration::ZERO);
        assert_eq!(pacer.left(720_000, at(1100)), Duration::from_millis(900), "a little lag is caught up");
    }

    /// A minute of the market takes a second at 60x, however many bars there were before: small waits do not add up.
    #[test]
    fn an_hour_at_sixty_times_takes_a_minute() {
        let mut pacer = Pacer::new("60x".parse().unwrap());
        let start = Instant::now();
        let mut now = start;
        for minute in 0..=60 {
            let left = pacer.left(minute * 60_000, now);
            assert_eq!(now + left, start + Duration::from_secs(u64::try_from(minute).unwrap()), "minute {minute}");
            // Each bar is worked on for 7 ms, and each sleep is 3 ms too long.
            now += left + Duration::from_millis(10);
        }
    }

    #[test]
    fn a_long_pause_is_not_followed_by_a_burst() {
        let mut pacer = Pacer::new(Speed::Times(1.0));
        let start = Instant::now();
        pacer.left(0, start);
        assert_eq!(pacer.left(1000, start + Duration::from_secs(60)), Duration::ZERO);
        assert_eq!(pacer.left(2000, start + Duration::from_secs(60)), Duration::from_secs(1));
    }

    #[test]
    fn a_wait_ends_on_time_or_on_stop() {
        let mut pacer = Pacer::new(Speed::Times(10.0));
        assert_eq!(pacer.wait(0, || false), Paced::Due);
        let start = Instant::now();
        assert_eq!(pacer.wait(500, || false), Paced::Due);
        assert!(start.elapsed() >= Duration::from_millis(45), "{:?}", start.elapsed());
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        let start = Instant::now();
        assert_eq!(pacer.wait(3_600_000, stop), Paced::Stopped);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }

    #[test]
    fn full_speed_never_sleeps_but_still_stops() {
        let mut pacer = Pacer::new(Speed::Max);
        assert_eq!(pacer.wait(0, || false), Paced::Due);
        assert_eq!(pacer.wait(i64::MAX, || false), Paced::Due);
        assert_eq!(pacer.wait(i64::MAX, || true), Paced::Stopped);
        pacer.set_speed(Speed::Times(1e-300));
        assert_eq!(pacer.wait(0, || false), Paced::Due);
        assert!(pacer.left(i64::MAX, Instant::now()) > Duration::from_secs(1_000_000));
    }
}
