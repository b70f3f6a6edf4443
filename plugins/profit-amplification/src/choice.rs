//! Which step a candidate qualifies for, and which one is chosen: the first in the original's order.

use crate::config::Config;
use crate::memory::Past;
use crate::room::extra_usd;
use crate::score::{HIGH_PRIORITY, Scored};
use crate::snapshot::{Category, Snapshot};
use crate::terms::Terms;
use crate::trend::Trend;
use bulkhead_sdk::amplification::Action;
use bulkhead_sdk::prelude::*;

/// Less than this is not worth an order.
const LEAST_EXTRA_USD: f64 = 100.0;
/// How far the leverage may rise with an addition.
const MORE_LEVERAGE_X: f64 = 2.0;
const PARTIAL_R: f64 = 2.0;
const PARTIAL_PEAK_R: f64 = 3.0;
/// R expected of an addition for its share of the position.
const R_PER_SHARE: f64 = 0.5;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Qualified {
    pub scale_in: bool,
    pub extend: bool,
    pub partial: bool,
    pub extra_usd: f64,
}

/// `past` and `row` are of the same position as the snapshot.
pub fn qualify(snapshot: &Snapshot, terms: &Terms, past: &Past, row: &PositionRow, config: &Config) -> Qualified {
    let calm = matches!(snapshot.volatility, Volatility::Low | Volatility::Normal);
    let growth_usd = past.room_usd(row, config.scale_in_multiplier);
    let scale_in = snapshot.r >= config.min_r_scale_in
        && !snapshot.gave_back_over(config.max_dd_for_scale_in)
        && snapshot.trend >= Trend::Strong
        && calm
        && snapshot.leverage_x <= terms.max_leverage_x;
    Qualified {
        scale_in,
        extend: snapshot.r >= config.min_r_extend_hold && snapshot.trend >= Trend::Moderate,
        partial: snapshot.r >= PARTIAL_R
            && snapshot.peak_r >= PARTIAL_PEAK_R
            && snapshot.category != Category::Opportunistic
            && past.is_whole(row),
        extra_usd: growth_usd.filter(|_| scale_in).map_or(0.0, |growth| extra_usd(snapshot, terms, growth, config)),
    }
}

/// `None`: no action.
pub fn choose(
    snapshot: &Snapshot,
    scored: &Scored,
    qualified: &Qualified,
    terms: &Terms,
    config: &Config,
) -> Option<Recommendation> {
    let profile = terms.profile;
    let priority_word = if scored.score >= HIGH_PRIORITY { "high priority, " } else { "" };
    let why = format!(
        "{priority_word}score {:.2}: {:.2} R after {:.2}, {} trend",
        scored.score,
        shown(snapshot.r),
        shown(snapshot.peak_r),
        snapshot.trend.name()
    );
    let base = Recommendation {
        symbol: snapshot.symbol,
        action: Action::AddSize,
        priority: 1,
        confidence: 0.0,
        expected_r: 0.0,
        add_size_usd: None,
        close_fraction: None,
        extend_ms: None,
        rationale: String::new(),
    };
    if qualified.scale_in && qualified.extra_usd > LEAST_EXTRA_USD {
        let add_usd = (snapshot.size_usd * profile.add_share()).min(qualified.extra_usd);
        let leverage = shown((snapshot.leverage_x + MORE_LEVERAGE_X).min(terms.max_leverage_x));
        Some(Recommendation {
            confidence: 75.0,
            expected_r: R_PER_SHARE * add_usd / snapshot.size_usd,
            add_size_usd: Some(add_usd),
            rationale: format!(
                "{why}; add {add_usd:.0} USD on the next confirmation, leverage up to {leverage:.0}x, stop to breakeven"
            ),
            ..base
        })
    } else if qualified.extend {
        let farther = if snapshot.r >= config.min_r_extend_tp {
            format!(", target {:.2} times as far", config.tp_extension_factor)
        } else {
            String::new()
        };
        Some(Recommendation {
            action: Action::ExtendHold,
            priority: 2,
            confidence: 65.0,
            expected_r: 1.0,
            extend_ms: Some(config.extension_ms()),
            rationale: format!("{why}; {} h more, trail by 2 ATR{farther}", config.hold_extension_hours),
            ..base
        })
    } else if qualified.partial {
        let take = profile.take_share();
        let locked = shown(snapshot.r * take);
        Some(Recommendation {
            action: Action::PartialTakeProfit,
            priority: 3,
            confidence: 80.0,
            expected_r: 0.5,
            close_fraction: Some(take),
            rationale: format!("{why}; take {:.0} %, lock {locked:.2} R, let the rest run", take * 100.0),
            ..base
        })
    } else {
        None
    }
}

/// For people: beyond this nobody reads the digits, and printing three hundred of them costs.
fn shown(value: f64) -> f64 {
    value.clamp(-1e6, 1e6)
}

#[cfg(test)]
pub mod tests;
