//! Room for connections. When it runs out, those that have not yet asked anything they may ask make room, the oldest
//! first: whoever only holds on to connections keeps nobody out.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long one that was told to leave may take.
const LEAVING: Duration = Duration::from_millis(100);

/// All seats of a way in.
#[derive(Debug)]
pub(crate) struct Seats {
    most: usize,
    free: Arc<Semaphore>,
    silent: VecDeque<Weak<Seat>>,
}

/// A connection's seat. It is free again once this is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    asked: AtomicBool,
    leave: Notify,
    _place: OwnedSemaphorePermit,
}

impl Seat {
    /// It is known who asks: from now on it keeps its seat.
    pub(crate) fn asks(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Returns when somebody else needs the seat more.
    pub(crate) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }
}

impl Seats {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, free: Arc::new(Semaphore::new(most)), silent: VecDeque::new() }
    }

    /// A seat; none when all are taken by connections that have asked something.
    pub(crate) async fn take(&mut self) -> Option<Arc<Seat>> {
        let place = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                self.oldest_silent()?.leave.notify_one();
                timeout(LEAVING, Arc::clone(&self.free).acquire_owned()).await.ok()?.ok()?
            }
        };
        let seat = Arc::new(Seat { asked: AtomicBool::new(false), leave: Notify::new(), _place: place });
        if self.silent.len() >= self.most.saturating_mul(2) {
            self.silent.retain(|seat| is_silent(seat).is_some());
        }
        self.silent.push_back(Arc::downgrade(&seat));
        Some(seat)
    }

    /// Returns once everybody has gone.
    pub(crate) async fn all_free(&self) {
        let all = u32::try_from(self.most).unwrap_or(u32::MAX);
        let _ = self.free.acquire_many(all).await;
    }

    fn oldest_silent(&mut self) -> Option<Arc<Seat>> {
        while let Some(seat) = self.silent.pop_front() {
            if let Some(seat) = is_silent(&seat) {
                return Some(seat);
            }
        }
        None
    }
}

fn is_silent(seat: &Weak<Seat>) -> Option<Arc<Seat>> {
    seat.upgrade().filter(|seat| !seat.asked.load(Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection that leaves when it is told to.
    fn sits(seat: Arc<Seat>) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move { seat.told_to_leave().await })
    }

    #[tokio::test]
    async fn the_oldest_that_asked_nothing_makes_room() {
        let mut seats = Seats::new(2);
        let (first, second) = (seats.take().await.unwrap(), seats.take().await.unwrap());
        first.asks();
        let (first, second) = (sits(first), sits(second));
        let third = seats.take().await.unwrap();
        second.await.unwrap();
        assert!(!first.is_finished());
        third.asks();
        assert!(seats.take().await.is_none(), "nobody who asks is sent away");
        drop(third);
        assert!(seats.take().await.is_some());
    }

    #[tokio::test]
    async fn ten_thousand_come_and_go_and_nothing_is_kept_of_them() {
        let mut seats = Seats::new(4);
        for _ in 0..10_000 {
            drop(sits(seats.take().await.unwrap()));
        }
        assert!(seats.silent.len() <= 8);
    }
}
