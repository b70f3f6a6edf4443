//! Whatever is ordered and whatever the market does, the books balance.

use std::collections::HashMap;

use proptest::prelude::*;

use super::shadow::{SYMBOLS, Shadow, agree, finite};
use super::*;

#[derive(Clone, Debug)]
enum Act {
    Submit {
        symbol: u32,
        side: Side,
        steps: u32,
        plan: OrderPlan,
        reduce_only: bool,
        leverage: f64,
        exits: Option<ExitPlan>,
    },
    Close {
        symbol: u32,
        fraction: f64,
    },
    SetExits {
        symbol: u32,
        plan: ExitPlan,
    },
    Cancel {
        id: u64,
    },
    CancelAll,
    Bar(Vec<Option<Move>>),
}

/// A bar as moves from the last close, in ten thousandths.
#[derive(Clone, Debug)]
struct Move {
    open: i32,
    high: u32,
    low: u32,
    close: i32,
    volume: f64,
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Long), Just(Side::Short)]
}

fn plan() -> impl Strategy<Value = OrderPlan> {
    let kind = prop_oneof![
        3 => Just(OrderType::Market),
        1 => Just(OrderType::Limit),
        1 => Just(OrderType::PostOnly),
        1 => Just(OrderType::Iceberg),
        1 => Just(OrderType::Twap),
    ];
    (kind, 0.0..60.0f64, 1u32..6, 0u64..600_000).prop_map(|(order_type, limit_offset_bps, slices, duration_ms)| {
        OrderPlan { order_type, limit_offset_bps, slices, duration_ms }
    })
}

fn exit_plan() -> impl Strategy<Value = ExitPlan> {
    let (stop, target) = (0.001..0.2f64, 0.001..0.3f64);
    let (trail, partial) = (prop::option::of(0.001..0.1f64), prop::option::of(0.0..=1.0f64));
    (stop, target, trail, partial, prop::option::of(0u64..1_200_000)).prop_map(
        |(stop_loss, take_profit, trail, partial, max_hold_ms)| ExitPlan {
            stop_loss,
            take_profit,
            trail,
            partial,
            max_hold_ms,
        },
    )
}

fn bar(wild: i32) -> impl Strategy<Value = Option<Move>> {
    let up = wild.unsigned_abs();
    prop::option::weighted(
        0.9,
        (-wild..=wild, 0..=up, 0..=up, -wild..=wild, prop_oneof![Just(0.0), 0.0..300.0f64, Just(1e6)])
            .prop_map(|(open, high, low, close, volume)| Move { open, high, low, close, volume }),
    )
}

fn acts(wild: i32) -> impl Strategy<Value = Vec<Act>> {
    let submit = (
        0..SYMBOLS,
        side(),
        1u32..40_000,
        plan(),
        prop::bool::weighted(0.25),
        1.0..20.0f64,
        prop::option::weighted(0.7, exit_plan()),
    )
        .prop_map(|(symbol, side, steps, plan, reduce_only, leverage, exits)| Act::Submit {
            symbol,
            side,
            steps,
            plan,
            reduce_only,
            leverage,
            exits,
        });
    let one = prop_oneof![
        4 => submit,
        1 => (0..SYMBOLS, 0.01..=1.0f64).prop_map(|(symbol, fraction)| Act::Close { symbol, fraction }),
        1 => (0..SYMBOLS, exit_plan()).prop_map(|(symbol, plan)| Act::SetExits { symbol, plan }),
        1 => (1u64..60).prop_map(|id| Act::Cancel { id }),
        1 => Just(Act::CancelAll),
        8 => prop::collection::vec(bar(wild), SYMBOLS as usize).prop_map(Act::Bar),
    ];
    prop::collection::vec(one, 1..150)
}

fn price_bar(mark: f64, m: &Move) -> (f64, f64, f64, f64) {
    let grid = |p: f64| ((p * 10.0).round() / 10.0).clamp(0.1, 1e6);
    let at = |bps: i32| grid(mark * (1.0 + f64::from(bps) / 1e4));
    let (open, close) = (at(m.open), at(m.close));
    let high = grid(open.max(close) * (1.0 + f64::from(m.high) / 1e4));
    let low = grid(open.min(close) * (1.0 - f64::from(m.low) / 1e4));
    (open, high.max(open).max(close), low.min(open).min(close), close)
}

fn live(acts: Vec<Act>, hostile: &[f64]) -> Result<(), TestCaseError> {
    let instruments = ["AAA", "BBB"].map(instrument);
    let config = VenueConfig { slippage: SlippageConfig::default(), ..config() };
    let mut venue = PaperVenue::new(config, &instruments, FundingSchedule::default_rates()).unwrap();
    let mut shadow = Shadow::new(100_000.0, [100.0, 40.0]);
    let (mut now, mut id, mut oddity) = (T0, 0u64, 0usize);
    for act in acts {
        match act {
            Act::Submit { symbol, side, steps, plan, reduce_only, leverage, exits } => {
                id += 1;
                let quantity = f64::from(steps) / 1000.0;
                let decision_price = shadow.mark[symbol as usize];
                let request = OrderRequest {
                    id,
                    correlation: id,
                    owner: 1,
                    symbol,
                    side,
                    quantity,
                    plan,
                    reduce_only,
                    leverage_x: leverage,
                    decision_price,
                    exits,
                };
                if let Ok(ack) = venue.submit(request, now) {
                    prop_assert!(ack.quantity <= quantity);
                    shadow.ordered.insert(id, (ack.quantity, now));
                }
            }
            Act::Close { symbol, fraction } => {
                if let Ok(ack) = venue.close(symbol, fraction, ExitReason::Operator, now) {
                    shadow.ordered.insert(ack.id, (ack.quantity, now));
                }
            }
            Act::SetExits { symbol, plan } => drop(venue.set_exits(symbol, plan)),
            Act::Cancel { id } => drop(venue.cancel(id, now).len()),
            Act::CancelAll => {
                venue.cancel_all(now);
                prop_assert!(venue.working().iter().all(|o| o.reduce_only));
            }
            Act::Bar(moves) => {
                let mut columns: [Vec<f64>; 5] = Default::default();
                let mut ids = Vec::new();
                for (symbol, m) in (0u32..).zip(moves) {
                    let Some(m) = m else { continue };
                    let (mut open, high, low, close) = price_bar(shadow.mark[symbol as usize], &m);
                    // A broken number makes the bar a missing one.
                    if let Some(odd) = hostile.get(oddity).filter(|_| oddity.is_multiple_of(2)) {
                        open = *odd;
                    }
                    oddity += usize::from(!hostile.is_empty());
                    if open >= low && open <= high {
                        shadow.mark[symbol as usize] = close;
                    }
                    ids.push(symbol);
                    for (column, value) in columns.iter_mut().zip([open, high, low, close, m.volume]) {
                        column.push(value);
                    }
                }
                let [open, high, low, close, volume] = &columns;
                // Hourly bars, so that funding happens.
                let (open_ms, close_ms) = (now, now + 60 * MIN);
                let slice = BarSlice { open_ms, close_ms, symbol: &ids, open, high, low, close, volume };
                now = close_ms;
                let events = venue.on_bar(&slice).to_vec();
                let mut taken: HashMap<(u32, bool), f64> = HashMap::new();
                for event in &events {
                    shadow.take(event)?;
                    if let VenueEvent::Filled(f) = event {
                        *taken.entry((f.symbol, f.purpose == Purpose::Entry)).or_default() += f.quantity;
                    }
                }
                for ((symbol, _), quantity) in taken {
                    let row = ids.iter().position(|s| *s == symbol).unwrap();
                    prop_assert!(quantity <= volume[row] * 0.1 + 1e-9, "{quantity} of {}", volume[row]);
                }
                agree(&venue, &shadow)?;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_books_balance_in_a_normal_market(acts in acts(100)) {
        live(acts, &[])?;
    }

    #[test]
    fn the_books_balance_in_a_crash(acts in acts(3_000)) {
        live(acts, &[])?;
    }

    #[test]
    fn broken_bars_break_nothing(
        acts in acts(500),
        odd in prop::collection::vec(prop_oneof![
            Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), Just(0.0), Just(1e308), any::<f64>()
        ], 100)
    ) {
        live(acts, &odd)?;
    }

    /// Numbers of any bit pattern in a request: refused or sane, never kept as they are.
    #[test]
    fn requests_of_any_bits_are_refused_or_harmless(
        quantity: f64, leverage_x: f64, decision_price: f64, offset: f64, stop_loss: f64, take_profit: f64,
        reduce_only: bool, symbol in 0u32..4
    ) {
        let mut rig = Rig::at_100();
        rig.enter(Side::Short, None);
        let exits = Some(ExitPlan { stop_loss, take_profit, trail: None, partial: None, max_hold_ms: None });
        let plan = limit(OrderType::Limit, offset);
        let request = OrderRequest {
            quantity, leverage_x, decision_price, exits, reduce_only, symbol, ..rig.request(Side::Long, plan)
        };
        let accepted = rig.submit(request);
        rig.flat(100.0);
        rig.flat(90.0);
        let account = rig.venue.account();
        finite(&[account.equity_usd, account.free_margin_usd, account.gross_exposure_usd])?;
        if let Ok(ack) = accepted {
            prop_assert!(ack.quantity > 0.0 && ack.quantity <= quantity);
        }
    }
}
