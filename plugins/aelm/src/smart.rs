//! Smart execution: the dearer the whole size would be as a market order, the more patiently it goes out (the
//! original's ladder).

use crate::caps::Caps;
use crate::config::Config;
use crate::form;
use bulkhead_sdk::prelude::OrderPlan;

/// A cost that is no number is at the end of the ladder.
pub fn plan(config: &Config, caps: &Caps, impact_bps: f64, offset_bps: f64) -> OrderPlan {
    // The original had a TWAP follow the iceberg as the cost rises: less patience for more cost.
    let patient = caps.slippage_bps <= config.iceberg_tolerance_bps;
    if impact_bps < config.smart_market_bps {
        form::MARKET
    } else if impact_bps < config.smart_limit_bps && !patient {
        form::limit(offset_bps)
    } else if impact_bps < config.smart_twap_bps && !patient {
        form::twap(config.twap_slices, config.twap_duration_ms())
    } else {
        form::iceberg(config.iceberg_slices, offset_bps)
    }
}
