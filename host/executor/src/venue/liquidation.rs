//! Where an isolated position dies.
//!
//! A position of quantity q, entry E and margin M = m·q is liquidated when margin and open profit are no more than the
//! maintenance ratio k of its value: for a long `m + (p - E) <= k·p`, that is `p <= (E - m) / (1 - k)`; for a short
//! `p >= (E + m) / (1 + k)`. The venue closes it where the margin is used up, `E - m` or `E + m`: the insurance fund,
//! not the account, bears what a gap costs beyond.

use bulkhead_policy::Side;

/// Price at which maintenance is breached. It may be 0 or negative: leverage 1 long is never liquidated.
pub(super) fn trigger_price(side: Side, entry: f64, margin_per_unit: f64, maintenance_ratio: f64) -> f64 {
    match side {
        Side::Long => (entry - margin_per_unit) / (1.0 - maintenance_ratio),
        Side::Short => (entry + margin_per_unit) / (1.0 + maintenance_ratio),
    }
}

/// Price at which the margin is used up.
pub(super) fn bankruptcy_price(side: Side, entry: f64, margin_per_unit: f64) -> f64 {
    entry - side.sign() * margin_per_unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leverage_and_maintenance_place_the_trigger() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        // 10x from 100: margin 10 per unit, maintenance 2.5 %.
        near(trigger_price(Side::Long, 100.0, 10.0, 0.025), 90.0 / 0.975);
        near(trigger_price(Side::Short, 100.0, 10.0, 0.025), 110.0 / 1.025);
        near(bankruptcy_price(Side::Long, 100.0, 10.0), 90.0);
        near(bankruptcy_price(Side::Short, 100.0, 10.0), 110.0);
        // At the trigger, margin plus profit is exactly maintenance.
        for (side, sign) in [(Side::Long, 1.0), (Side::Short, -1.0)] {
            let p = trigger_price(side, 100.0, 10.0, 0.025);
            near(10.0 + sign * (p - 100.0), 0.025 * p);
        }
        near(trigger_price(Side::Long, 100.0, 100.0, 0.025), 0.0);
    }
}
