//! Taking a request apart.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header::CONTENT_LENGTH, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::{caller::Caller, error::Problem};

/// A JSON body.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(body) = Json::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// A JSON body, or none.
pub(crate) struct Perhaps<T>(pub(crate) T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for Perhaps<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        use axum::body::HttpBody as _;
        let none = request.body().is_end_stream() || request.headers().get(CONTENT_LENGTH).is_some_and(|l| l == "0");
        if none {
            return Ok(Self(T::default()));
        }
        Asked::from_request(request, state).await.map(|Asked(body)| Self(body))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            let text = "nobody knows who asks; nothing has changed";
            Problem::new(StatusCode::UNAUTHORIZED, "unknown-caller", text)
        })
    }
}
