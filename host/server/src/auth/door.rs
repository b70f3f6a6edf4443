//! What a request from the network must prove before anything is read or done.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, HOST, ORIGIN, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Tokens;
use crate::{caller::Caller, dashboard, error::Problem, net::Seat};

/// Names under which this machine may be addressed. Any other is a name that somebody else let point here.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
/// The one path beside the page that needs no token.
const OPEN: &str = "/health/live";
/// Wrong tokens in a minute before their answers are held back.
const FREE_GUESSES: u32 = 5;
/// How long such an answer is held back.
const TARPIT: Duration = Duration::from_secs(1);

/// The door.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    tokens: Arc<Tokens>,
    wrong: Arc<Mutex<(u32, Instant)>>,
}

impl Door {
    pub(crate) fn new(tokens: Arc<Tokens>) -> Self {
        Self { tokens, wrong: Arc::new(Mutex::new((0, Instant::now()))) }
    }

    /// Counts a wrong token, and says whether there were too many of late.
    fn guessed(&self) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.1.elapsed() > Duration::from_secs(60) {
            *wrong = (0, Instant::now());
        }
        wrong.0 = wrong.0.saturating_add(1);
        wrong.0 > FREE_GUESSES
    }

    fn caller(&self, headers: &HeaderMap) -> Option<Caller> {
        let given = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = given.split_once(' ')?;
        let known = scheme.eq_ignore_ascii_case("bearer").then(|| self.tokens.find(token.trim()))??;
        Some(Caller::of_token(&known))
    }
}

/// Lets in who comes with a token, and from no other site.
pub(crate) async fn enter(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let (headers, path) = (request.headers(), request.uri().path());
    // A link to the page may stand anywhere: it shows nothing to whom no token was given.
    let page = request.method() == Method::GET && dashboard::has(path);
    if let Err(problem) = this_machine(headers).and_then(|()| if page { Ok(()) } else { same_site(headers) }) {
        return problem.into_response();
    }
    if page || path == OPEN {
        return next.run(request).await;
    }
    let Some(caller) = door.caller(request.headers()) else {
        if door.guessed() {
            tokio::time::sleep(TARPIT).await;
        }
        let text = "a token is needed: send `Authorization: Bearer TOKEN`; nothing has changed";
        let mut response = Problem::new(StatusCode::UNAUTHORIZED, "unknown-caller", text).into_response();
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    };
    if let Some(seat) = request.extensions().get::<Arc<Seat>>() {
        seat.asks();
    }
    request.headers_mut().remove(AUTHORIZATION);
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Another name that leads here is somebody else's.
fn this_machine(headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(HOST).map(lower).unwrap_or_default();
    if NAMES.contains(&without_port(&host)) {
        return Ok(());
    }
    other("this host answers as localhost, 127.0.0.1 and [::1] only")
}

/// A page of another site can make a browser send requests here; it cannot make it lie in these headers.
fn same_site(headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(HOST).map(lower).unwrap_or_default();
    if headers.get(ORIGIN).map(lower).is_some_and(|origin| origin != format!("http://{host}")) {
        return other("the request comes from a page of another site");
    }
    match headers.get("sec-fetch-site").map(lower).as_deref() {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => other("the request was made by another site"),
    }
}

fn other(what: &str) -> Result<(), Problem> {
    Err(Problem::new(StatusCode::FORBIDDEN, "other-site", format!("{what}; nothing has changed")))
}

fn lower(value: &HeaderValue) -> String {
    value.to_str().map(str::to_ascii_lowercase).unwrap_or_default()
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_this_machine_is_addressed_and_only_by_its_own_pages() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]"] {
            assert!(this_machine(&headers(&[("host", host)])).is_ok(), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil", "evil:80@localhost:x", "", "10.0.0.1"]
        {
            assert!(this_machine(&headers(&[("host", host)])).is_err(), "{host}");
        }
        assert!(this_machine(&HeaderMap::new()).is_err());
        let from = |name, value| same_site(&headers(&[("host", "localhost:8080"), (name, value)])).is_ok();
        assert!(from("origin", "http://localhost:8080"));
        for origin in ["http://localhost:9090", "https://localhost:8080", "http://evil.example", "null", ""] {
            assert!(!from("origin", origin), "{origin}");
        }
        assert!(from("sec-fetch-site", "same-origin") && from("sec-fetch-site", "none"));
        assert!(!from("sec-fetch-site", "cross-site") && !from("sec-fetch-site", "same-site"));
    }
}
