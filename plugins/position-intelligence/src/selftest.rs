//! The check before serving: whatever is configured, a position that lost all it risked is not held on to, and one
//! whose numbers are none is not classed.

use crate::config::Config;
use crate::judge;
use crate::judgement::is_winner;
use crate::view::View;
use bulkhead_sdk::prelude::*;

pub fn run(config: &Config) -> Answer<()> {
    let day_ms = 86_400_000;
    let ruin = PositionRow {
        symbol: 0,
        quantity: -1.0,
        entry_price: 100.0,
        mark_price: 200.0,
        margin_usd: 100.0,
        leverage_x: 1.0,
        risk_usd: 1.0,
        opened_ms: 0,
        r: -1_000.0,
        peak_r: 0.0,
    };
    let view = View::of(&ruin, day_ms).ok_or("a sound position could not be read")?;
    let judgement = judge(&view, None, config, true);
    if is_winner(judgement.class) || judgement.action != PositionAction::ExitImmediately {
        return Err(format!("a position that lost all it risked is {:?}", judgement.class));
    }
    if View::of(&PositionRow { mark_price: f64::NAN, ..ruin }, day_ms).is_some() {
        return Err("a position without a price was read".into());
    }
    Ok(())
}
