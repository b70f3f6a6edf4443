//! Lines for the host's log: `log::info!("kept {count}")`, or `log::info("ready")` for a text that is at hand.
//!
//! The host keeps 256 bytes of a line and 32 lines of a call and counts the rest. Each line costs fuel. Outside of a
//! component, in tests, lines go nowhere.

use crate::bindings::shared::bulkhead::hooks::log::Level;

pub use crate::{__log_debug as debug, __log_error as error, __log_info as info, __log_warn as warn};

/// Something went wrong.
pub fn error(message: &str) {
    write(Level::Error, message);
}

/// Something looks wrong.
pub fn warn(message: &str) {
    write(Level::Warn, message);
}

/// Something worth knowing.
pub fn info(message: &str) {
    write(Level::Info, message);
}

/// Something for the author.
pub fn debug(message: &str) {
    write(Level::Debug, message);
}

#[cfg(target_arch = "wasm32")]
fn write(level: Level, message: &str) {
    crate::bindings::shared::bulkhead::hooks::log::log(level, message);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(_: Level, _: &str) {}

/// `log::error!("...")` with the syntax of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_error {
    ($($text:tt)+) => { $crate::log::error(&::std::format!($($text)+)) };
}

/// `log::warn!("...")` with the syntax of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_warn {
    ($($text:tt)+) => { $crate::log::warn(&::std::format!($($text)+)) };
}

/// `log::info!("...")` with the syntax of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_info {
    ($($text:tt)+) => { $crate::log::info(&::std::format!($($text)+)) };
}

/// `log::debug!("...")` with the syntax of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_debug {
    ($($text:tt)+) => { $crate::log::debug(&::std::format!($($text)+)) };
}
