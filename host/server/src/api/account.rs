//! The account of the trading loop in this host.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use bulkhead_executor::account::AccountBoard;

use crate::{error::Problem, view::AccountView};

/// Where the loop shows the account. Empty in a host that only answers hooks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account(pub(crate) Option<Arc<AccountBoard>>);

pub(crate) async fn account(State(account): State<Account>) -> Result<Json<AccountView>, Problem> {
    let Some(board) = account.0 else {
        let text = "this host runs no trading loop, so it has no account; its hooks are answered";
        return Err(Problem::new(StatusCode::NOT_FOUND, "no-account", text));
    };
    Ok(Json(AccountView::whole(&board.look())))
}
