//! Making a candidate ready takes its time, and must not take the time of a decision.

use std::io;

/// How much the thread yields to others.
const NICE: i32 = 10;
/// Stack of the thread: a compiler may recurse deeper than a guest may.
const STACK: usize = 8 << 20;

/// Does some work on a thread of low priority, and waits for it.
///
/// # Errors
/// When no thread can be started; then nothing was done.
pub(crate) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("candidate".to_owned()).stack_size(STACK);
        let thread = thread.spawn_scoped(scope, || {
            // Where the system does not allow it, the work is merely less polite.
            let _ = rustix::process::nice(NICE);
            work()
        })?;
        Ok(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
