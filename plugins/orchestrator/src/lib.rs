//! A trading policy from the state of the market and the account
