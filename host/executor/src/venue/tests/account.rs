//! Money: funding, liquidation, drawdowns, streaks.

use super::*;
use crate::market::funding::DEFAULT_RATE;

/// Moves the clock so that the next bar opens at this time of T0's day.
fn at_hour(rig: &mut Rig, hour: i64) {
    rig.next_ms = T0 - 3_600_000 + hour * 3_600_000;
}

#[test]
fn longs_pay_funding_and_shorts_get_it() {
    for (side, sign) in [(Side::Long, 1.0), (Side::Short, -1.0)] {
        let mut rig = Rig::at_100();
        rig.enter(side, None);
        rig.bar(110.0, 110.0, 110.0, 110.0);
        let before = rig.equity();
        at_hour(&mut rig, 8);
        let events = rig.bar(110.0, 110.0, 110.0, 110.0);
        let VenueEvent::Funding(paid) = events[0] else { panic!("{events:?}") };
        assert_eq!((paid.symbol, paid.owner, paid.rate), (0, 7, DEFAULT_RATE));
        assert_eq!(paid.time_ms, rig.next_ms - MIN);
        near(paid.notional_usd, sign * 1100.0);
        near(paid.paid_usd, sign * 0.11);
        near(rig.equity(), before - sign * 0.11);
        near(rig.venue.stats().funding_usd, sign * 0.11);
        // It belongs to the position's result.
        rig.close(1.0).unwrap();
        let end = closed(&rig.bar(110.0, 110.0, 110.0, 110.0))[0];
        near(end.funding_usd, sign * 0.11);
        near(end.pnl_usd, rig.equity() - 100_000.0);
    }
}

#[test]
fn funding_is_due_for_what_was_open_before() {
    // Who enters with the bar of 08:00 does not pay; who leaves with it does; a gap is caught up.
    let mut rig = Rig::at_100();
    at_hour(&mut rig, 8);
    let request = rig.request(Side::Long, OrderPlan::MARKET);
    rig.submit(request).unwrap();
    let events = rig.bar(100.0, 100.0, 100.0, 100.0);
    assert_eq!((events.len(), fills(&events).len()), (1, 1));
    at_hour(&mut rig, 16);
    rig.close(1.0).unwrap();
    let events = rig.bar(100.0, 100.0, 100.0, 100.0);
    assert!(matches!(events[..], [VenueEvent::Funding(_), VenueEvent::Filled(_), VenueEvent::PositionClosed(_)]));
    rig.enter(Side::Long, None);
    at_hour(&mut rig, 49);
    let events = rig.bar(100.0, 100.0, 100.0, 100.0);
    assert_eq!(events.len(), 4, "24:00, 32:00, 40:00 and 48:00");
}

#[test]
fn spot_like_schedules_cost_nothing() {
    let mut rig = Rig::with(config(), FundingSchedule::none());
    rig.flat(100.0);
    rig.enter(Side::Long, None);
    at_hour(&mut rig, 100);
    assert_eq!(rig.bar(100.0, 100.0, 100.0, 100.0), []);
}

#[test]
fn a_position_dies_where_its_margin_does() {
    // 5x from 100.05: margin 20.01 a unit, trigger (100.05 - 20.01) / 0.975 = 82.092, bankruptcy 80.04.
    let mut rig = Rig::at_100();
    rig.enter(Side::Long, None);
    near(rig.venue.position(0).unwrap().liquidation_price.unwrap(), 80.04 / 0.975);
    assert_eq!(rig.bar(83.0, 83.0, 82.1, 83.0), []);
    let before = rig.venue.stats();
    let events = rig.bar(83.0, 83.0, 82.0, 83.0);
    let VenueEvent::Liquidated(died) = events[0] else { panic!("{events:?}") };
    assert_eq!((died.symbol, died.owner, died.side, died.quantity), (0, 7, Side::Long, 10.0));
    near(died.price, 80.04);
    near(died.trigger_price, 80.04 / 0.975);
    near(died.realized_usd, -200.1);
    near(died.fee_usd, 800.4 * 50e-4);
    let end = closed(&events)[0];
    assert_eq!(end.reason, ExitReason::Liquidation);
    near(end.exit_price, 80.04);
    near(end.pnl_usd, -200.1 - died.fee_usd - before.fees_usd);
    near(rig.equity(), 100_000.0 + end.pnl_usd);

    // Short: margin 19.99, trigger 119.94 / 1.025 = 117.01, bankruptcy 119.94. A gap costs no more.
    let mut rig = Rig::at_100();
    rig.enter(Side::Short, None);
    let events = rig.bar(200.0, 200.0, 150.0, 150.0);
    let VenueEvent::Liquidated(died) = events[0] else { panic!("{events:?}") };
    near(died.price, 119.94);
    near(died.realized_usd, -199.9);
    assert_eq!(died.time_ms, rig.next_ms - MIN);
}

#[test]
fn of_stop_and_liquidation_the_nearer_goes_first() {
    // 20x: trigger (100.05 - 5.0025) / 0.975 = 97.4846, nearer than a stop of 4 %, farther than one of 2 %.
    let end = |stop_loss: f64, bar: (f64, f64, f64, f64), volume: f64| {
        let mut rig = Rig::at_100();
        let exits = Some(ExitPlan { stop_loss, ..PLAN });
        let request = OrderRequest { exits, leverage_x: 20.0, ..rig.request(Side::Long, OrderPlan::MARKET) };
        rig.submit(request).unwrap();
        rig.bar(100.0, 100.0, 100.0, 100.0);
        let events = rig.thin(bar.0, bar.1, bar.2, bar.3, volume);
        (fills(&events).len(), closed(&events)[0].reason)
    };
    assert_eq!(end(0.04, (100.0, 100.0, 90.0, 90.0), 1e6), (0, ExitReason::Liquidation));
    assert_eq!(end(0.02, (100.0, 100.0, 90.0, 90.0), 1e6), (1, ExitReason::StopLoss));
    assert_eq!(end(0.02, (90.0, 95.0, 90.0, 90.0), 1e6), (0, ExitReason::Liquidation), "gap behind both");
    assert_eq!(end(0.02, (100.0, 100.0, 90.0, 90.0), 50.0), (1, ExitReason::Liquidation), "half stopped, half not");
}

#[test]
fn an_account_does_not_owe_the_liquidation_fee() {
    let mut rig = Rig::with(VenueConfig { starting_balance_usd: 51.0, ..config() }, FundingSchedule::none());
    rig.flat(100.0);
    let request = OrderRequest { leverage_x: 20.0, ..rig.request(Side::Long, OrderPlan::MARKET) };
    rig.submit(request).unwrap();
    rig.bar(100.0, 100.0, 100.0, 100.0);
    rig.bar(90.0, 90.0, 90.0, 90.0);
    let stats = rig.venue.stats();
    near(stats.balance_usd, 0.0);
    assert!(rig.venue.account().open_drawdown_pct > 99.9);
}

#[test]
fn drawdowns_streak_and_win_rate() {
    let mut rig = Rig::at_100();
    let trade = |rig: &mut Rig, to: f64| {
        rig.enter(Side::Long, None);
        rig.close(1.0).unwrap();
        let end = closed(&rig.bar(to, to, to, to))[0];
        rig.flat(100.0);
        end.pnl_usd
    };
    let (won, lost) = (trade(&mut rig, 120.0), trade(&mut rig, 90.0));
    let lost = lost + trade(&mut rig, 95.0);
    let account = rig.venue.account();
    assert_eq!((account.losing_streak, account.open_positions), (2, 0));
    near(account.daily_loss_usd, -lost);
    near(account.equity_usd, 100_000.0 + won + lost);
    near(account.open_drawdown_pct, -lost / (100_000.0 + won) * 100.0);
    near(account.daily_drawdown_pct, 0.0);
    let stats = rig.venue.stats();
    near(stats.win_rate_7d.unwrap(), 1.0 / 3.0);
    near(stats.peak_equity_usd, 100_000.0 + won);
    assert_eq!(stats.closed_positions, 3);

    // Open losses count, and a new UTC day starts from its own equity.
    at_hour(&mut rig, 25);
    rig.enter(Side::Long, None);
    rig.bar(90.0, 90.0, 90.0, 90.0);
    let stats = rig.venue.stats();
    near(stats.day_start_equity_usd, 100_000.0 + won + lost);
    let account = rig.venue.account();
    near(account.daily_drawdown_pct, (stats.day_start_equity_usd - rig.equity()) / stats.day_start_equity_usd * 100.0);
    near(account.daily_loss_usd, -lost);
    at_hour(&mut rig, 49);
    rig.bar(90.0, 90.0, 90.0, 90.0);
    assert_eq!(rig.venue.account().daily_loss_usd, 0.0);
}
