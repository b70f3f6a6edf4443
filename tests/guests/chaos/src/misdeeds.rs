//! What goes wrong in the same way whatever is asked.

use std::hint::black_box;

use bulkhead_sdk::log;

use crate::Fault;

/// More than the host lifts of one answer.
pub const GIANT: usize = 2 << 20;

/// Commits the faults that need no answer. The others come back, to be made part of one.
pub fn commit(fault: Fault) -> Result<Fault, String> {
    match fault {
        Fault::Panic => die("chaos panics as it was told to"),
        Fault::Abort => std::process::abort(),
        Fault::DivideByZero => Err((1 / black_box(0_u64)).to_string()),
        Fault::EndlessLoop => loop {
            black_box(0);
        },
        Fault::MemoryGrowth => {
            take_everything(false);
            std::process::abort()
        }
        Fault::MemoryTouch => {
            take_everything(true);
            std::process::abort()
        }
        Fault::StackOverflow => Err(deep(u64::MAX).to_string()),
        Fault::ShadowStackOverflow => Err(wide(u64::MAX, &[0; 64]).to_string()),
        Fault::Declared => Err("chaos declares that it cannot answer".to_string()),
        Fault::DeclaredGiant => Err("x".repeat(GIANT)),
        Fault::DeclaredInjection => Err("chaos\n2026-01-01 ERROR brake released\u{1b}[31m\u{202e}".to_string()),
        Fault::LogFlood => loop {
            log::info("flood");
        },
        Fault::LogGiant => {
            log::info(&"x".repeat(GIANT));
            Ok(fault)
        }
        _ => Ok(fault),
    }
}

/// Rounds of arithmetic that the compiler can neither leave out nor shorten.
pub fn work(rounds: u64) {
    for round in 0..rounds {
        black_box(round);
    }
}

/// Allocates until the host says no, and gives it all back. Touching writes to every page.
pub fn take_everything(touch: bool) {
    let mut held = Vec::with_capacity(1_024);
    loop {
        let mut block: Vec<u8> = Vec::new();
        if block.try_reserve_exact(64 << 10).is_err() {
            break;
        }
        if touch {
            for page in block.spare_capacity_mut().chunks_mut(4_096) {
                page.first_mut().map(|byte| byte.write(1));
            }
        }
        held.push(block);
    }
    black_box(held);
}

#[allow(clippy::panic, reason = "the misdeed")]
fn die(text: &str) -> ! {
    panic!("{text}")
}

/// No tail call, and two operations that do not commute, so that no optimiser makes a loop of it.
#[inline(never)]
fn deep(left: u64) -> u64 {
    if left == 0 {
        return 1;
    }
    deep(left - 1).wrapping_mul(31) ^ left
}

/// Every frame has an array in linear memory.
#[inline(never)]
fn wide(left: u64, above: &[u64; 64]) -> u64 {
    if left == 0 {
        return 1;
    }
    let mut here = *above;
    if let Some(cell) = here.get_mut(left as usize % 64) {
        *cell = cell.wrapping_add(left);
    }
    wide(left - 1, black_box(&here)).wrapping_mul(31) ^ black_box(&here).iter().sum::<u64>()
}
