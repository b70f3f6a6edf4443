//! What went wrong, for people and machines.

use std::{io, net::SocketAddr, path::PathBuf};

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bulkhead_runtime::{PromotionRefused, ReleaseRefused};

use crate::{
    auth::TokenError,
    view::{ErrorBody, ErrorView},
};

/// The server does not start. The host can go on without it.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A socket's place is taken.
    #[error("{} {why}; nobody can be answered there; end the other host, or use another folder with --state", path.display())]
    Taken {
        /// Where.
        path: PathBuf,
        /// By whom.
        why: &'static str,
    },
    /// A socket cannot be made.
    #[error("the socket {} cannot be made ({error}); check the folder's rights and that its path has less than 80 letters", path.display())]
    Socket {
        /// Where.
        path: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// An address cannot be listened on.
    #[error("{address} cannot be listened on ({error}); free the port, or name another one under [server]")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// The system's words.
        error: io::Error,
    },
    /// An address is not allowed.
    #[error("{0}")]
    Address(String),
    /// Nobody could be told apart over the network.
    #[error(transparent)]
    Tokens(#[from] TokenError),
    /// A thread or its runtime does not start.
    #[error("the thread {name} does not start ({error}); nobody can be answered")]
    Thread {
        /// Which.
        name: &'static str,
        /// The system's words.
        error: io::Error,
    },
}

/// An answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// Of HTTP.
    pub status: StatusCode,
    /// For machines.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
    }

    pub(crate) fn no_subsystem(name: &str, known: &[String]) -> Self {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let nearest = bulkhead_policy::json::did_you_mean(name, &known);
        let name = bulkhead_policy::value::tame_text(name);
        Self::new(
            StatusCode::NOT_FOUND,
            "unknown-subsystem",
            format!("there is no subsystem {name:?}{nearest}; nothing has changed"),
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = ErrorView { code: self.code.to_owned(), message: self.message };
        (self.status, Json(ErrorBody { error })).into_response()
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "no-json",
            _ => "invalid",
        };
        Self::new(rejection.status(), code, format!("{}; nothing has changed", rejection.body_text()))
    }
}

impl From<PromotionRefused> for Problem {
    fn from(error: PromotionRefused) -> Self {
        let code = if matches!(error, PromotionRefused::Refused(_)) { "refused" } else { "not-promoted" };
        Self::new(StatusCode::CONFLICT, code, error.to_string())
    }
}

impl From<ReleaseRefused> for Problem {
    fn from(error: ReleaseRefused) -> Self {
        match error {
            ReleaseRefused::Changed { .. } => Self::new(StatusCode::CONFLICT, "brake-changed", error.to_string()),
            ReleaseRefused::NothingToRelease => Self::new(StatusCode::CONFLICT, "not-engaged", error.to_string()),
            // The file's name is in the log.
            ReleaseRefused::NotKept(error) => {
                tracing::error!("{error}");
                let text = "the brake is not released: its state cannot be written, the host's log says why";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "not-kept", text)
            }
        }
    }
}
