//! A bar costs microseconds and no memory.

use super::*;

const SYMBOLS: u32 = 16;

fn columns(price: f64) -> Vec<f64> {
    vec![price; SYMBOLS as usize]
}

fn market(venue: &mut PaperVenue, n: i64, price: f64) -> usize {
    let ids: Vec<u32> = (0..SYMBOLS).collect();
    let open_ms = T0 + n * MIN;
    let slice = BarSlice {
        open_ms,
        close_ms: open_ms + MIN,
        symbol: &ids,
        open: &columns(price),
        high: &columns(price + 0.3),
        low: &columns(price - 0.3),
        close: &columns(price),
        volume: &columns(1e6),
    };
    venue.on_bar(&slice).len()
}

#[test]
fn sixteen_symbols_with_positions_take_under_three_microseconds() {
    let instruments: Vec<Instrument> = (0..SYMBOLS).map(|n| instrument(&format!("S{n:02}"))).collect();
    let mut venue = PaperVenue::new(config(), &instruments, FundingSchedule::default_rates()).unwrap();
    market(&mut venue, 0, 100.0);
    let mut rig = Rig::new();
    for symbol in 0..SYMBOLS {
        let exits = Some(ExitPlan { trail: Some(0.05), ..PLAN });
        let request = OrderRequest { symbol, exits, ..rig.request(Side::Long, OrderPlan::MARKET) };
        venue.submit(request, T0).unwrap();
    }
    market(&mut venue, 1, 100.0);
    // Four orders that rest for ever: TTL is their own business.
    for symbol in 0..4 {
        let far = limit(OrderType::Limit, 500.0);
        let out = OrderRequest { symbol, reduce_only: true, ..rig.request(Side::Short, far) };
        venue.submit(out, T0).unwrap();
    }
    venue.orders.iter_mut().for_each(|o| o.bars_left = None);
    assert_eq!((venue.positions().symbols.len(), venue.working().len()), (16, 4));

    let ids: Vec<u32> = (0..SYMBOLS).collect();
    let columns = [100.0, 100.3, 99.7, 100.1, 1e6].map(columns);
    let [open, high, low, close, volume] = &columns;
    let room = |v: &PaperVenue| (v.events.capacity(), v.orders.capacity(), v.views.positions.r.capacity());
    let before = room(&venue);
    let mut best = f64::INFINITY;
    let mut n = 2;
    // The best of several passes: another process on the machine must not fail the test.
    for _ in 0..20 {
        let start = std::time::Instant::now();
        for _ in 0..2_000 {
            let open_ms = T0 + n * MIN;
            let slice = BarSlice { open_ms, close_ms: open_ms + MIN, symbol: &ids, open, high, low, close, volume };
            std::hint::black_box(venue.on_bar(&slice));
            n += 1;
        }
        best = best.min(start.elapsed().as_nanos() as f64 / 2_000.0);
    }
    println!("on_bar, 16 symbols, 16 positions, 4 orders: {best:.0} ns");
    assert_eq!(venue.positions().symbols.len(), 16);
    assert_eq!(room(&venue), before, "no buffer grew");
    if !cfg!(debug_assertions) {
        assert!(best < 3_000.0, "{best:.0} ns");
    }
}
