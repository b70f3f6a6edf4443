//! What the API is, as a document for programs: made from the handlers that answer, so that it is never another one.
//!
//! Invariants:
//! - **A route cannot be registered without being described**: routes come from `utoipa_axum::routes!` alone.
//! - **Closed sets are those of the types that are answered**, value by value (`schema`).

mod problems;
pub(crate) mod schema;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{extract::State, http::header::CONTENT_TYPE, response::IntoResponse};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

pub(crate) use problems::{Asking, Braking, Changing, Finding, Looking, NotReady, Open, Reading};

use crate::{control::Operation, view::ErrorBody};

/// What stands over the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bulkhead",
        description = "The control API of a decision firewall: state, changes, the brake, and hooks for any trading loop. \
                       Times are epoch ms; event time is that of the market. Every error is one sentence with a code.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(ErrorBody, Operation)),
    security(("token" = [])),
    tags(
        (name = "health", description = "Whether it lives, works, and how its subsystems do. No plugin is called."),
        (name = "state", description = "What stands, and what was counted."),
        (name = "decisions", description = "What was decided, from the journal."),
        (name = "changes", description = "Who may do what, and which version serves. Each needs a reason and is journaled."),
        (name = "brake", description = "The lever above all plugins. It has a listener of its own as well."),
        (name = "hooks", description = "Decisions for a trading loop in any language.")
    ),
    modifiers(&Token)
)]
pub(crate) struct Head;

/// How a caller over the network proves who asks.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let text = "A token of `bulkhead token NAME read|operate|brake|admin`. Sockets of the state folder need none.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(text)).build();
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The document as it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Document(Arc<str>);

impl Document {
    /// Of these routes.
    pub(crate) fn of(api: &utoipa::openapi::OpenApi) -> Self {
        // Strings, numbers and maps of them: nothing here can fail to be JSON.
        Self(api.to_pretty_json().unwrap_or_default().into())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "state",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value), Reading)
)]
pub(crate) async fn openapi(State(document): State<Document>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], document.text().to_owned())
}
