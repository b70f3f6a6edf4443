//! The account of the trading loop in this host.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use bulkhead_executor::account::AccountBoard;

use crate::{error::Problem, openapi::Finding, view::AccountView};

/// Where the loop shows the account. Empty in a host that only answers hooks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account(pub(crate) Option<Arc<AccountBoard>>);

impl Account {
    /// As it stands, without its history.
    pub(crate) fn now(&self) -> Option<AccountView> {
        self.0.as_ref().map(|board| AccountView::of(&board.look()))
    }
}

/// The account of the trading loop, at the close of the latest bar.
#[utoipa::path(
    get,
    path = "/ai/account",
    operation_id = "account",
    tag = "state",
    responses((status = 200, description = "Equity, drawdowns, exposure, limits, and the history", body = AccountView), Finding)
)]
pub(crate) async fn account(State(account): State<Account>) -> Result<Json<AccountView>, Problem> {
    let Some(board) = account.0 else {
        let text = "this host runs no trading loop, so it has no account; its hooks are answered";
        return Err(Problem::new(StatusCode::NOT_FOUND, "no-account", text));
    };
    Ok(Json(AccountView::whole(&board.look())))
}
