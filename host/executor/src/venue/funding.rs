//! Funding between bars.

use super::event::{FundingPayment, VenueEvent};
use super::paper::PaperVenue;

/// How far ahead the schedule is asked for the next time due.
const LOOK_AHEAD_MS: i64 = 8 * 3_600_000;

impl PaperVenue {
    /// Pays what was due after `after_ms` and up to `until_ms`, on the positions that were open then and at the mark of
    /// that time. It comes before the fills of the bar that opens at `until_ms`: who enters at 08:00 does not pay for
    /// the hours before, and who leaves at 08:00 does.
    pub(super) fn pay_funding(&mut self, after_ms: i64, until_ms: i64) {
        for (symbol, slot) in (0u32..).zip(&mut self.slots) {
            // Looking up a schedule costs more than all the rest of a quiet bar, so the next time due is remembered.
            if until_ms < slot.funding_due_ms {
                continue;
            }
            let Some(position) = &mut slot.position else { continue };
            for due in self.funding.events(symbol, after_ms, until_ms) {
                let mark = due.mark.unwrap_or(position.mark);
                let notional_usd = mark * position.quantity * position.side.sign();
                let paid_usd = due.rate * notional_usd;
                if !paid_usd.is_finite() {
                    continue;
                }
                position.funding_usd += paid_usd;
                self.ledger.pay_funding(paid_usd);
                self.events.push(VenueEvent::Funding(FundingPayment {
                    owner: position.owner,
                    symbol,
                    rate: due.rate,
                    notional_usd,
                    paid_usd,
                    time_ms: due.ts_ms,
                }));
            }
            let horizon_ms = until_ms.saturating_add(LOOK_AHEAD_MS);
            let next = self.funding.events(symbol, until_ms, horizon_ms).next();
            slot.funding_due_ms = next.map_or(horizon_ms, |due| due.ts_ms);
        }
    }
}
