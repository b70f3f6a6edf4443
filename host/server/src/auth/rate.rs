//! How many changes a caller may make.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{caller::Caller, error::Problem};

/// So many per second and name, with bursts of as many. Names are those of tokens and users: few.
#[derive(Clone, Debug)]
pub(crate) struct Rate {
    per_second: f64,
    left: Arc<Mutex<HashMap<String, (f64, Instant)>>>,
}

impl Rate {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second), left: Arc::default() }
    }

    fn lets(&self, name: &str, now: Instant) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = left.entry(name.to_owned()).or_insert((self.per_second, now));
        let gained = now.saturating_duration_since(*since).as_secs_f64() * self.per_second;
        *tokens = (*tokens + gained).min(self.per_second);
        *since = now;
        let lets = *tokens >= 1.0;
        if lets {
            *tokens -= 1.0;
        }
        lets
    }
}

/// Turns away who asks too often.
pub(crate) async fn paced(State(rate): State<Rate>, caller: Caller, request: Request, next: Next) -> Response {
    if rate.lets(&caller.name, Instant::now()) {
        return next.run(request).await;
    }
    let text = format!("more than {} changes a second; nothing has changed; slow down", rate.per_second);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", text).into_response()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_then_so_many_a_second_and_each_name_for_itself() {
        let (rate, start) = (Rate::new(10), Instant::now());
        assert_eq!((0..20).filter(|_| rate.lets("ann", start)).count(), 10);
        assert!(rate.lets("bob", start));
        let later = start + Duration::from_millis(500);
        assert_eq!((0..20).filter(|_| rate.lets("ann", later)).count(), 5);
        let much_later = start + Duration::from_secs(3_600);
        assert_eq!((0..20).filter(|_| rate.lets("ann", much_later)).count(), 10);
    }
}
