//! The three vetoes: risk, portfolio, slippage.

use bulkhead_sdk::hooks::Execution;
use bulkhead_sdk::prelude::*;

use crate::Chaos;
use crate::misdeeds::GIANT;
use crate::question::Question;

/// A veto, with the code it would deny with. A verdict has no numbers, no symbols and no rows to get wrong.
struct Veto(ReasonCode);

impl Question for Veto {
    type Said = Verdict;

    fn neutral(&self) -> Verdict {
        ALLOW
    }

    fn different(&self) -> Verdict {
        deny(self.0, "chaos says no")
    }

    fn huge(&self) -> Option<Verdict> {
        Some(deny(self.0, "x".repeat(GIANT)))
    }
}

impl RiskCheck for Chaos {
    fn check(&mut self, ctx: &Ctx<'_>, _: &Candidate, _: &Exposures, _: &Account) -> Answer<Verdict> {
        self.decide(ctx, &Veto(ReasonCode::NotionalLimit))
    }
}

impl PortfolioCheck for Chaos {
    fn check(&mut self, ctx: &Ctx<'_>, _: &Candidate, _: &Exposures, _: &Account, _: &Returns) -> Answer<Verdict> {
        self.decide(ctx, &Veto(ReasonCode::MaxPositionsReached))
    }
}

impl SlippageCheck for Chaos {
    fn check(&mut self, ctx: &Ctx<'_>, _: &Execution) -> Answer<Verdict> {
        self.decide(ctx, &Veto(ReasonCode::SlippageCap))
    }
}
