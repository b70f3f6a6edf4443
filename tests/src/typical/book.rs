//! What is held, and what is to be traded.

use bulkhead_policy::{
    Account, Candidate, Exposures, Positions, Side, SymbolMarks,
    hooks::classification::{Action, Class, Classification, Urgency},
};

use super::scene::{Scene, chance, minute, price, time_ms};

/// Notional of all positions together, USD.
const GROSS_USD: f64 = 50_000.0;
const EQUITY_USD: f64 = 100_000.0;
pub(super) const LEVERAGE_X: f64 = 5.0;
/// Distance of a stop, as a fraction of price.
pub(super) const STOP: f64 = 0.025;
/// Longest life of a position, minutes. Then there is another one in the symbol.
const LIFE: u64 = 720;

pub(super) fn positions(scene: &Scene, cycle: u64) -> Positions {
    let now = minute(cycle);
    let mut positions = Positions::default();
    for symbol in 0..scene.held {
        let sign = side(symbol).sign();
        let opened = now - (now + 53 * u64::from(symbol)) % LIFE;
        let (entry, mark) = (price(symbol, opened), price(symbol, now));
        let notional = GROSS_USD / f64::from(scene.held);
        let r = |at: u64| sign * (price(symbol, at) / entry - 1.0) / STOP;
        positions.symbols.push(symbol);
        positions.quantity.push(sign * notional / entry);
        positions.entry_price.push(entry);
        positions.mark_price.push(mark);
        positions.margin_usd.push(notional / LEVERAGE_X);
        positions.leverage_x.push(LEVERAGE_X);
        positions.risk_usd.push(notional * STOP);
        positions.opened_ms.push(time_ms(opened));
        positions.r.push(r(now));
        positions.peak_r.push((opened..=now).step_by(15).map(r).fold(r(now), f64::max));
    }
    positions
}

/// Two of three are long.
fn side(symbol: u32) -> Side {
    if symbol % 3 == 2 { Side::Short } else { Side::Long }
}

fn notionals(positions: &Positions) -> impl Iterator<Item = f64> {
    positions.quantity.iter().zip(&positions.mark_price).map(|(quantity, mark)| quantity * mark)
}

pub(super) fn exposures(positions: &Positions) -> Exposures {
    Exposures { symbols: positions.symbols.clone(), size_usd: notionals(positions).collect() }
}

pub(super) fn account(positions: &Positions) -> Account {
    let moved = positions.mark_price.iter().zip(&positions.entry_price).map(|(mark, entry)| mark - entry);
    let profit: f64 = positions.quantity.iter().zip(moved).map(|(quantity, moved)| quantity * moved).sum();
    let used: f64 = positions.margin_usd.iter().sum();
    Account {
        equity_usd: EQUITY_USD + profit,
        free_margin_usd: EQUITY_USD + profit - used,
        used_margin_usd: used,
        daily_drawdown_pct: 0.8,
        open_drawdown_pct: 1.5,
        daily_loss_usd: 150.0,
        gross_exposure_usd: notionals(positions).map(f64::abs).sum(),
        net_exposure_usd: notionals(positions).sum(),
        open_risk_usd: positions.risk_usd.iter().sum(),
        open_positions: u32::try_from(positions.symbols.len()).unwrap(),
        losing_streak: 1,
    }
}

/// A trade in one of the symbols that are traded and not held, each in its turn; in any when all are held.
pub(super) fn candidate(scene: &Scene, cycle: u64) -> Candidate {
    let free = (scene.held..scene.traded.max(scene.held + 1)).len() as u64;
    let symbol = scene.held + u32::try_from(cycle % free).unwrap();
    let size_usd = 2_000.0;
    Candidate {
        symbol,
        side: if cycle.is_multiple_of(2) { Side::Long } else { Side::Short },
        confidence: 0.6 + 0.35 * chance(symbol, minute(cycle)),
        size_usd,
        leverage_x: LEVERAGE_X,
        risk_usd: size_usd * STOP,
        price: price(symbol, minute(cycle)),
        price_age_ms: 500,
        marks: SymbolMarks::default(),
    }
}

/// Some of everything: by the result, as their owner would.
pub(super) fn classes(positions: &Positions) -> Vec<Classification> {
    let class = |(symbol, r): (&u32, &f64)| {
        let (class, action, urgency) = match *r {
            r if r > 0.8 => (Class::StrongTrend, Action::HoldLonger, Urgency::Normal),
            r if r > 0.2 => (Class::Winner, Action::Hold, Urgency::Normal),
            r if r < -0.9 => (Class::Toxic, Action::ExitSoon, Urgency::Urgent),
            r if r < -0.2 => (Class::Loser, Action::TightenSl, Urgency::Elevated),
            _ => (Class::SlowGrinder, Action::Hold, Urgency::Normal),
        };
        Classification { symbol: *symbol, class, action, confidence: 0.7, urgency }
    };
    positions.symbols.iter().zip(&positions.r).map(class).collect()
}
