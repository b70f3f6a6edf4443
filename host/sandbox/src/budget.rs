//! What one entry into a guest may cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Fuel and time of one call.
///
/// Fuel is the deterministic bound; time is the bound for what fuel does not see (one fuel unit is 0.5 ns of arithmetic
/// or 1 µs of host call).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Units of fuel.
    pub fuel: u64,
    /// CPU time of the calling thread.
    pub cpu: Duration,
    /// Wall time, however little CPU the thread got.
    pub wall: Duration,
}

impl Budget {
    /// For hook calls: 10 M fuel, 5 ms of CPU, 100 ms of wall time.
    pub const CALL: Self = Self { fuel: 10_000_000, cpu: Duration::from_millis(5), wall: Duration::from_millis(100) };

    /// For what happens once per instance (instantiate, describe, configure, symbols, self-test, restore).
    pub const SETUP: Self = Self { fuel: 100_000_000, cpu: Duration::from_millis(100), wall: Duration::from_secs(2) };
}

/// What one store may hold. Fixed for its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceilings {
    /// Linear memory, bytes, all memories together.
    pub memory_bytes: usize,
    /// Elements of any table.
    pub table_elements: usize,
    /// Core instances.
    pub instances: usize,
    /// Tables.
    pub tables: usize,
    /// Memories.
    pub memories: usize,
    /// Bytes that one call may make the host lift.
    pub lifted_bytes: usize,
    /// Component resource handles.
    pub handles: usize,
}

impl Default for Ceilings {
    fn default() -> Self {
        Self {
            memory_bytes: 16 << 20,
            table_elements: 10_000,
            instances: 16,
            tables: 8,
            memories: 4,
            lifted_bytes: 1 << 20,
            handles: 64,
        }
    }
}
