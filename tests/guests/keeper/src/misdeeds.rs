//! What goes wrong.

use std::hint::black_box;

use crate::Misdeed;

/// Commits the misdeed, if there is one. A breach is the answer's own matter.
pub fn commit(misdeed: Option<Misdeed>) -> Result<(), String> {
    match misdeed {
        None | Some(Misdeed::Breach) => Ok(()),
        Some(Misdeed::Declare) => Err("keeper declares that it cannot".to_string()),
        Some(Misdeed::Trap) => std::process::abort(),
        Some(Misdeed::Loop) => loop {
            black_box(0);
        },
        Some(Misdeed::Grow) => grow(),
        Some(Misdeed::Recurse) => Err(deep(u64::MAX).to_string()),
    }
}

/// Rounds of arithmetic that the compiler can neither leave out nor shorten.
pub fn work(rounds: u64) {
    for round in 0..rounds {
        black_box(round);
    }
}

fn grow() -> ! {
    let mut held: Vec<Vec<u8>> = Vec::with_capacity(1_024);
    loop {
        let mut block: Vec<u8> = Vec::new();
        if block.try_reserve_exact(64 << 10).is_err() {
            black_box(held);
            std::process::abort();
        }
        held.push(block);
    }
}

/// No tail call, and two operations that do not commute, so that no optimiser makes a loop of it.
#[inline(never)]
fn deep(left: u64) -> u64 {
    if left == 0 {
        return 1;
    }
    deep(left - 1).wrapping_mul(31) ^ left
}
