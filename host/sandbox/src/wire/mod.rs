//! How policy's types cross the boundary: the Rust shape of the WIT contract.
//!
//! wasmtime checks these shapes against the component's own types once, when a plugin is loaded; a plugin built for another
//! contract is refused there. Columns are lowered from borrowed slices, one copy each.

mod bind;
mod convert;

mod lifecycle;
mod periodic;
mod records;
mod views;

use bulkhead_policy::{Context, Hook, HookId, for_hook};
use wasmtime::{
    AsContext,
    component::{ComponentNamedList, Func, Lift, Lower},
};

pub(crate) use convert::Twin;
pub(crate) use lifecycle::{WireBlob, WireDescription, WireReport, WireSymbolInfo};
pub(crate) use views::WireContext;

/// A hook as it crosses the boundary. Implemented for every marker type of policy's `hooks`.
pub trait WireHook: Hook {
    /// Name of the interface without package and version.
    const INTERFACE: &'static str;
    /// Name of its function.
    const FUNCTION: &'static str;
    /// Arguments, borrowing from the input.
    type Params<'a>: ComponentNamedList + Lower + Send + Sync;
    /// What is lifted from the ok arm.
    type Lifted: Lift + Send + Sync + 'static;

    /// Borrows the arguments.
    fn lower<'a>(context: &'a Context, input: &'a Self::Input) -> Self::Params<'a>;
    /// From the boundary's type to policy's.
    fn lift(lifted: Self::Lifted) -> Self::Raw;
}

/// What every hook function returns: the answer, or the plugin's own fault text.
pub(crate) type Returned<T> = (Result<T, String>,);

/// Name of a hook's function.
pub(crate) const fn function(hook: HookId) -> &'static str {
    for_hook!(hook, H => <H as WireHook>::FUNCTION)
}

/// Compares a function's type with the contract.
pub(crate) fn check_type(hook: HookId, func: Func, store: impl AsContext) -> wasmtime::Result<()> {
    for_hook!(hook, H => func.typed::<<H as WireHook>::Params<'static>, Returned<<H as WireHook>::Lifted>>(store).map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hooks_name_is_its_interface() {
        for hook in HookId::ALL {
            let interface = for_hook!(*hook, H => <H as WireHook>::INTERFACE);
            assert_eq!(interface, hook.name());
        }
    }
}
