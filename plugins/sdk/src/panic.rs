//! A panic ends the instance; its message reaches the host's log first.

/// Sends the message of a panic to the log: without this the host sees no more than a trap.
#[cfg(target_arch = "wasm32")]
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        match panic.location() {
            Some(place) => crate::log::error!("panic at {place}: {text}"),
            None => crate::log::error!("panic: {text}"),
        }
    }));
}

/// Outside of a component the standard hook is the right one.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) const fn install_hook() {}
