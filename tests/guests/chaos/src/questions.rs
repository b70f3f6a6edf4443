//! One type per hook.

mod execution;
mod models;
mod periodic;
mod portfolio;
mod post_trade;
mod pre_trade;
mod verdicts;
