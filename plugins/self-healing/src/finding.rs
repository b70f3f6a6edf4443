//! What is wrong, how bad that is, what it asks for, and what would mend it.

use bulkhead_sdk::self_healing::{Directive, Part, Recovery, Severity};

#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub part: Part,
    pub severity: Severity,
    pub impacts_trading: bool,
    /// The least severe directive that answers it. The level of the configuration may not go so far.
    pub demand: Directive,
    pub cure: Recovery,
    pub text: String,
}
