//! What the directives in force say about a symbol. It holds in every scheme.

use crate::pick::Verdict;
use bulkhead_sdk::prelude::{ReasonCode, SymbolMarks};

/// `None`: nothing is said, the scheme decides. Out comes before in: a symbol that is both black- and whitelisted stays
/// out.
pub fn verdict(marks: SymbolMarks) -> Option<Verdict> {
    if marks.contains(SymbolMarks::BLACKLISTED) {
        Some(Verdict::Out(ReasonCode::Blacklisted))
    } else if marks.intersects(SymbolMarks::PAUSED | SymbolMarks::FORCE_EXIT) {
        Some(Verdict::Out(ReasonCode::SymbolPaused))
    } else if marks.contains(SymbolMarks::WHITELISTED) {
        Some(Verdict::In)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_comes_before_in_in_every_combination() {
        let flags = [SymbolMarks::PAUSED, SymbolMarks::FORCE_EXIT, SymbolMarks::BLACKLISTED, SymbolMarks::WHITELISTED];
        for bits in 0..16 {
            let chosen = flags.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0);
            let marks = chosen.fold(SymbolMarks::empty(), |all, (_, flag)| all | *flag);
            let want = match bits {
                0 => None,
                bits if bits & 0b0100 != 0 => Some(Verdict::Out(ReasonCode::Blacklisted)),
                bits if bits & 0b0011 != 0 => Some(Verdict::Out(ReasonCode::SymbolPaused)),
                _ => Some(Verdict::In),
            };
            assert_eq!(verdict(marks), want, "{bits:04b}");
        }
    }
}
