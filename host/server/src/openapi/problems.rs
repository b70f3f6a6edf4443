//! Answers that are no success, by kind of route.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};

/// What each status says here.
const MEANINGS: [(u16, &str); 12] = [
    (400, "The body is no JSON. Nothing has changed."),
    (401, "No token, or none that is known. Nothing has changed."),
    (403, "The token's role may not do this, or the request comes from another site. Nothing has changed."),
    (404, "There is no such thing; the message names the nearest. Nothing has changed."),
    (409, "Refused: the state does not allow it; the message says why and what holds. Nothing has changed."),
    (413, "The body is too large. Nothing has changed."),
    (415, "The body is not declared as application/json. Nothing has changed."),
    (422, "A value is not allowed, or a field is missing or unknown. Nothing has changed."),
    (429, "Too many changes a second of this caller. Nothing has changed."),
    (500, "The host failed while it worked on this. Look at the status."),
    (503, "Too many requests of this kind at once. Nothing has changed; try again."),
    (504, "No answer in time; a change that was begun goes on."),
];

fn problems(statuses: &[u16]) -> BTreeMap<String, RefOr<Response>> {
    let problem = |(status, meaning): &(u16, &str)| {
        let body = Content::new(Some(RefOr::Ref(Ref::from_schema_name("ErrorBody"))));
        let response = ResponseBuilder::new().description(*meaning).content("application/json", body);
        (status.to_string(), RefOr::T(response.build()))
    };
    MEANINGS.iter().filter(|(status, _)| statuses.contains(status)).map(problem).collect()
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = [$($status:literal),+];)+) => {
        $($(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                problems(&[$($status),+])
            }
        })+
    };
}

kinds! {
    /// What needs no token.
    Open = [403];
    /// A look at the brake, which waits for no room.
    Looking = [401, 403];
    /// A look at the state.
    Reading = [401, 403, 500, 503, 504];
    /// A look at whether it works; what stands in its way is answered otherwise.
    NotReady = [401, 403, 500, 504];
    /// A look at one thing, which may not be there, by conditions, which may be wrong.
    Finding = [401, 403, 404, 422, 500, 503, 504];
    /// A change.
    Changing = [400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503, 504];
    /// The brake, which waits for no room and counts no requests.
    Braking = [400, 401, 403, 409, 413, 415, 422, 500];
    /// A question to a hook.
    Asking = [400, 401, 403, 404, 413, 415, 422, 500, 503, 504];
}
