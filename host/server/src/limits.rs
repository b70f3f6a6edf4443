//! What one kind of request may take from the others.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::sync::Semaphore;

use crate::error::Problem;

/// Limits of a group of routes.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    room: Arc<Semaphore>,
    time: Duration,
}

impl Limits {
    /// So many requests at once, each for so long. More are turned away, not queued.
    pub(crate) fn new(at_once: usize, time: Duration) -> Self {
        Self { room: Arc::new(Semaphore::new(at_once)), time }
    }
}

/// Turns requests away that find no room, and ends those that take too long.
pub(crate) async fn bound(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let Ok(_room) = limits.room.try_acquire() else {
        let text = "too many requests of this kind at once; nothing has changed; try again in a second";
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", text).into_response();
    };
    match tokio::time::timeout(limits.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let text = format!(
                "no answer within {} s; a change that was begun goes on: look at the status",
                limits.time.as_secs()
            );
            Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", text).into_response()
        }
    }
}
