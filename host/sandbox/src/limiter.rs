//! Ceilings of one store, and the memory of having refused growth.

use wasmtime::ResourceLimiter;

use crate::Ceilings;

/// Refuses growth over the ceilings. A guest sees `-1`, as at the end of a real machine's memory; if it then dies, the
/// fault is classed `memory` because of [`Limiter::denied`].
#[derive(Debug)]
pub(crate) struct Limiter {
    ceilings: Ceilings,
    memory_bytes: usize,
    denied: bool,
}

impl Limiter {
    pub(crate) const fn new(ceilings: Ceilings) -> Self {
        Self { ceilings, memory_bytes: 0, denied: false }
    }

    /// Growth was refused since the last [`Limiter::forget`].
    pub(crate) const fn denied(&self) -> bool {
        self.denied
    }

    pub(crate) const fn forget(&mut self) {
        self.denied = false;
    }

    /// Linear memory held by the store.
    pub(crate) const fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory_bytes.saturating_sub(current).saturating_add(desired);
        if total > self.ceilings.memory_bytes {
            self.denied = true;
            return Ok(false);
        }
        self.memory_bytes = total;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let allowed = desired <= self.ceilings.table_elements;
        self.denied |= !allowed;
        Ok(allowed)
    }

    fn instances(&self) -> usize {
        self.ceilings.instances
    }

    fn tables(&self) -> usize {
        self.ceilings.tables
    }

    fn memories(&self) -> usize {
        self.ceilings.memories
    }
}
