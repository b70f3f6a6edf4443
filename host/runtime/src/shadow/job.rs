//! A question that was answered, as it is left for the shadow.

use bulkhead_policy::{Context, FaultClass, HookId, SymbolId};
use bulkhead_sandbox::{Fault, WireHook};

use crate::{Moment, fold::encode};

/// The question and what the serving version said to it.
#[derive(Debug)]
pub(crate) struct Job {
    pub(super) hook: HookId,
    pub(super) symbol: Option<SymbolId>,
    pub(super) moment: Moment,
    pub(super) context: Context,
    /// Canonical bytes.
    pub(super) input: Vec<u8>,
    /// Canonical bytes of the answer that passed the contract, or how it failed.
    pub(super) live: Result<Vec<u8>, FaultClass>,
    pub(super) live_ns: u64,
}

/// What the serving version said.
pub(crate) struct Live<'a, H: WireHook> {
    /// To what.
    pub(crate) input: &'a H::Input,
    /// What passed the contract, or the fault.
    pub(crate) said: Result<&'a H::Answer, &'a Fault>,
    /// How long it took, ns.
    pub(crate) took_ns: u64,
}

impl Job {
    pub(crate) fn of<H: WireHook>(moment: &Moment, context: &Context, live: &Live<'_, H>) -> Self {
        Self {
            hook: H::ID,
            symbol: H::symbol(live.input),
            moment: *moment,
            context: *context,
            input: encode(live.input),
            live: live.said.map(encode).map_err(|fault| fault.class),
            live_ns: live.took_ns,
        }
    }
}
