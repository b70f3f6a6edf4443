//! Hooks 2 and 3: may this trade be made, and does the portfolio bear it. Any deny wins; all are asked and logged.

use serde::{Deserialize, Serialize};

use crate::{
    Account, Breach, Candidate, Denial, Exposures, FaultClass, Hook, HookId, Likeness, Limits, ReasonCode, Returns,
    SymbolId, Verdict, value::tame_text,
};

/// Marker of hook 2.
pub struct RiskCheck;
/// Marker of hook 3.
pub struct PortfolioCheck;

/// Input of hook 2. Trades allowed earlier in the same cycle stand in `exposures`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The trade.
    pub candidate: Candidate,
    /// What is held or reserved.
    pub exposures: Exposures,
    /// The account.
    pub account: Account,
}

/// Input of hook 3. Trades allowed earlier in the same cycle stand in `exposures`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PortfolioInput {
    /// The trade.
    pub candidate: Candidate,
    /// What is held or reserved.
    pub exposures: Exposures,
    /// The account.
    pub account: Account,
    /// Of the candidate's symbol and of what is held.
    pub returns: Returns,
}

/// Keeps the text of a verdict harmless.
pub(crate) fn tamed(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Allow => Verdict::Allow,
        Verdict::Deny(denial) => Verdict::Deny(Denial { code: denial.code, text: tame_text(&denial.text) }),
    }
}

/// The first deny stands.
pub(crate) fn any_deny(so_far: Verdict, next: Verdict) -> Verdict {
    if so_far.allows() { next } else { so_far }
}

/// What a veto hook says when it fails closed.
pub(crate) fn closed(class: FaultClass) -> Verdict {
    Verdict::deny(ReasonCode::Other, format!("the check failed ({class}) and the policy is closed"))
}

/// The reason of a verdict.
pub(crate) fn reasons(verdict: &Verdict) -> Vec<ReasonCode> {
    match verdict {
        Verdict::Allow => Vec::new(),
        Verdict::Deny(denial) => vec![denial.code],
    }
}

/// A deny is tighter than an allow; two denies differ by their reason, not by their words.
pub(crate) fn compare(holds: &Verdict, other: &Verdict) -> Likeness {
    match (holds, other) {
        (Verdict::Allow, Verdict::Allow) => Likeness::Same,
        (Verdict::Allow, Verdict::Deny(_)) => Likeness::Tighter,
        (Verdict::Deny(_), Verdict::Allow) => Likeness::Looser,
        (Verdict::Deny(a), Verdict::Deny(b)) if a.code == b.code => Likeness::Same,
        (Verdict::Deny(_), Verdict::Deny(_)) => Likeness::Other,
    }
}

macro_rules! veto_hook {
    ($marker:ident, $input:ty, $symbol:expr) => {
        impl Hook for $marker {
            const ID: HookId = HookId::$marker;
            type Input = $input;
            type Raw = Verdict;
            type Answer = Verdict;

            fn safe_default(_: &Self::Input) -> Verdict {
                Verdict::Allow
            }

            fn check(_: &Self::Input, raw: Verdict, _: &Limits) -> Result<Verdict, Breach> {
                Ok($crate::hooks::veto::tamed(raw))
            }

            fn combine(so_far: Verdict, next: Verdict) -> Verdict {
                $crate::hooks::veto::any_deny(so_far, next)
            }

            fn closed_answer(class: FaultClass) -> Option<Verdict> {
                Some($crate::hooks::veto::closed(class))
            }

            fn reasons(answer: &Verdict) -> Vec<ReasonCode> {
                $crate::hooks::veto::reasons(answer)
            }

            fn compare(holds: &Verdict, other: &Verdict) -> $crate::Likeness {
                $crate::hooks::veto::compare(holds, other)
            }

            fn stops_all(answer: &Verdict) -> bool {
                !answer.allows()
            }

            fn symbol(input: &Self::Input) -> Option<SymbolId> {
                let symbol: fn(&Self::Input) -> SymbolId = $symbol;
                Some(symbol(input))
            }
        }
    };
}
pub(crate) use veto_hook;

veto_hook!(RiskCheck, Input, |input| input.candidate.symbol);
veto_hook!(PortfolioCheck, PortfolioInput, |input| input.candidate.symbol);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_deny_wins_and_the_first_reason_stands() {
        let a = Verdict::deny(ReasonCode::MaxLeverage, "a");
        let b = Verdict::deny(ReasonCode::NotionalLimit, "b");
        assert_eq!(RiskCheck::combine(Verdict::Allow, b.clone()), b);
        assert_eq!(RiskCheck::combine(a.clone(), Verdict::Allow), a);
        assert_eq!(RiskCheck::combine(a.clone(), b), a);
        assert_eq!(RiskCheck::combine(Verdict::Allow, Verdict::Allow), Verdict::Allow);
    }

    #[test]
    fn a_deny_is_tighter_than_an_allow_and_words_make_no_difference() {
        let deny = |code, text: &str| Verdict::deny(code, text);
        let table = [
            (Verdict::Allow, Verdict::Allow, Likeness::Same),
            (Verdict::Allow, deny(ReasonCode::MaxLeverage, "a"), Likeness::Tighter),
            (deny(ReasonCode::MaxLeverage, "a"), Verdict::Allow, Likeness::Looser),
            (deny(ReasonCode::MaxLeverage, "a"), deny(ReasonCode::MaxLeverage, "b"), Likeness::Same),
            (deny(ReasonCode::MaxLeverage, "a"), deny(ReasonCode::NotionalLimit, "a"), Likeness::Other),
        ];
        for (holds, other, likeness) in table {
            assert_eq!(RiskCheck::compare(&holds, &other), likeness, "{holds:?} {other:?}");
        }
    }

    #[test]
    fn failing_closed_denies() {
        assert!(!RiskCheck::closed_answer(FaultClass::Trap).unwrap().allows());
    }
}
