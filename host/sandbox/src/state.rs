//! What a store carries for the host: ceilings, deadline, log lines.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use wasmtime::UpdateDeadline;

use crate::{Budget, Ceilings, host_log::LogBuffer, limiter::Limiter, ticker::TICK};

/// Store data.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) limiter: Limiter,
    pub(crate) log: LogBuffer,
    deadline: Deadline,
}

impl State {
    pub(crate) fn new(ceilings: Ceilings) -> Self {
        Self { limiter: Limiter::new(ceilings), log: LogBuffer::default(), deadline: Deadline::default() }
    }

    /// Makes ready for one entry.
    pub(crate) fn arm(&mut self, budget: &Budget) {
        self.limiter.forget();
        self.log.begin_call();
        self.deadline = Deadline { cpu: budget.cpu, wall: budget.wall, ticks: 0, cpu_mark: None };
    }

    /// Called by the engine when a tick has passed inside the guest.
    pub(crate) fn on_tick(&mut self) -> UpdateDeadline {
        if self.deadline.expired(thread_cpu_time()) { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(1) }
    }
}

/// Time used by one entry.
///
/// A wall-clock deadline cannot tell a slow guest from a thread that the operating system parked. So the first tick notes
/// the thread's CPU time, at no cost to calls that end within a tick, and later ticks compare; wall time is the cap beside it.
#[derive(Debug, Default)]
struct Deadline {
    cpu: Duration,
    wall: Duration,
    ticks: u32,
    cpu_mark: Option<Duration>,
}

impl Deadline {
    fn expired(&mut self, cpu_now: Duration) -> bool {
        self.ticks = self.ticks.saturating_add(1);
        if TICK * self.ticks >= self.wall {
            return true;
        }
        let mark = *self.cpu_mark.get_or_insert(cpu_now);
        // The time before the first tick is not known; it counts as one whole tick.
        cpu_now.saturating_sub(mark) + TICK > self.cpu
    }
}

fn thread_cpu_time() -> Duration {
    let t = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(t.tv_sec).unwrap_or(0), u32::try_from(t.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn a_spinning_guest_is_stopped_by_cpu_time() {
        let mut d = Deadline { cpu: ms(5), wall: ms(100), ticks: 0, cpu_mark: None };
        let stopped = (1..=100).find(|t| d.expired(ms(1000 + t)));
        assert_eq!(stopped, Some(6));
    }

    #[test]
    fn a_parked_thread_is_not_blamed_until_the_wall_cap() {
        let mut d = Deadline { cpu: ms(5), wall: ms(100), ticks: 0, cpu_mark: None };
        let stopped = (1..=200).find(|_| d.expired(ms(1000)));
        assert_eq!(stopped, Some(100));
    }
}
