//! Positions that age.

use super::*;

const OPENED_MS: u64 = 1_700_000_000_000;

/// A position of this age, asked about with the plan in force.
fn ask_aged(plugin: &mut DynamicTpsl, symbol: SymbolId, minutes: u64, profit: f64, base: &ExitPlan) -> ExitPlan {
    let age_ms = minutes * MINUTE_MS;
    let context = Context { event_time_ms: OPENED_MS + age_ms, ..testing::context() };
    let candidate = Candidate { symbol, ..testing::candidate() };
    let aged = Some(PositionAge { age_ms, profit });
    let plan = ask_in(plugin, &context, &candidate, base, &testing::market(), aged).unwrap();
    assert!(plan.stop_loss <= base.stop_loss && plan.take_profit <= base.take_profit, "{plan:?} {base:?}");
    assert_eq!((plan.trail, plan.partial), (base.trail, base.partial));
    plan
}

/// A plan that this plugin made for a sure candidate.
const OURS: ExitPlan = ExitPlan { trail: Some(0.024), partial: Some(0.5), ..BASE };

#[test]
fn age_alone_changes_nothing() {
    for json in ["{}", OVERRIDE] {
        let mut plugin = plugin(json).unwrap();
        for (minutes, profit) in [(0, 0.0), (30, 0.05), (60, 0.0), (100, 0.01), (2_000, 0.02), (2_000, -0.02)] {
            assert_eq!(ask_aged(&mut plugin, 0, minutes, profit, &OURS), OURS, "{minutes} {profit}");
        }
    }
}

#[test]
fn a_winner_gives_no_more_back_than_a_share_of_its_best() {
    let mut plugin = plugin("{}").unwrap();
    let mut plan = OURS;
    for (minutes, profit, want) in
        [(31, 0.05, 0.015), (36, 0.08, 0.015), (41, 0.03, 0.009), (46, 0.01, 0.009), (51, 0.04, 0.009)]
    {
        plan = ask_aged(&mut plugin, 0, minutes, profit, &plan);
        assert_near(plan.stop_loss, want);
        assert_near(plan.take_profit, OURS.take_profit);
    }
    // However often it is asked, there is a least stop: that of the least winner.
    for step in 0..1_000 {
        plan = ask_aged(&mut plugin, 0, 60 + step, 0.02 + 1e-9, &plan);
    }
    assert!((0.006..0.006_1).contains(&plan.stop_loss), "{plan:?}");
}

#[test]
fn an_undecided_position_is_drawn_in_once() {
    let mut plugin = plugin("{}").unwrap();
    let mut plan = OURS;
    for minutes in 61..2_880 {
        plan = ask_aged(&mut plugin, 0, minutes, [-0.004, 0.0, 0.004][(minutes % 3) as usize], &plan);
        assert_near(plan.stop_loss, 0.02);
        assert_near(plan.take_profit, 0.048);
    }
    // While nobody applies it, it stays what it was.
    assert_eq!(ask_aged(&mut plugin, 0, 3_000, 0.0, &OURS), plan);
    // What others bring nearer is not brought back.
    let tightened = ExitPlan { stop_loss: 0.0125, ..plan };
    assert_eq!(ask_aged(&mut plugin, 0, 3_005, 0.0, &tightened), tightened);
}

#[test]
fn another_position_is_drawn_in_on_its_own() {
    let mut plugin = plugin("{}").unwrap();
    let near = ExitPlan { stop_loss: 0.01, take_profit: 0.02, ..BASE };
    assert_near(ask_aged(&mut plugin, 0, 61, 0.0, &BASE).stop_loss, 0.02);
    let other = ask_aged(&mut plugin, 1, 61, 0.0, &near);
    assert_near(other.stop_loss, 0.008);
    assert_near(other.take_profit, 0.016);
    // The next one of the same symbol, opened later.
    let context = Context { event_time_ms: OPENED_MS + 500 * MINUTE_MS, ..testing::context() };
    let aged = Some(PositionAge { age_ms: 61 * MINUTE_MS, profit: 0.0 });
    let next = ask_in(&mut plugin, &context, &testing::candidate(), &near, &testing::market(), aged).unwrap();
    assert_near(next.stop_loss, 0.008);
}

#[test]
fn without_memory_it_still_ends() {
    let mut plan = OURS;
    for minutes in 61..200 {
        plan = ask_aged(&mut plugin("{}").unwrap(), 0, minutes, 0.0, &plan);
    }
    assert_near(plan.stop_loss, 0.005);
    assert_near(plan.take_profit, 0.005);
    // A symbol without a name has no memory, and nothing is done to it.
    assert_eq!(ask_aged(&mut plugin("{}").unwrap(), 7, 61, 0.0, &OURS), OURS);
    // Its winners need none.
    assert_near(ask_aged(&mut plugin("{}").unwrap(), 7, 61, 0.03, &OURS).stop_loss, 0.009);
}

#[test]
fn the_next_version_knows_who_was_drawn_in() {
    let mut old = plugin("{}").unwrap();
    let drawn_in = ask_aged(&mut old, 0, 61, 0.0, &OURS);
    let mut new = plugin("{}").unwrap();
    new.restore(old.snapshot().unwrap()).unwrap();
    assert_eq!(ask_aged(&mut new, 0, 66, 0.0, &drawn_in), drawn_in);
    // A blob it cannot read changes nothing.
    assert!(new.restore(Blob { schema: 9, bytes: Vec::new() }).is_err());
    assert_eq!(ask_aged(&mut new, 0, 71, 0.0, &drawn_in), drawn_in);
}

#[test]
fn who_is_no_longer_traded_is_forgotten() {
    let mut plugin = plugin("{}").unwrap();
    let drawn_in = ask_aged(&mut plugin, 0, 61, 0.0, &OURS);
    plugin.symbols(&SymbolTable::new(vec![testing::symbol(0, "BTC")]));
    assert_eq!(ask_aged(&mut plugin, 0, 66, 0.0, &drawn_in), drawn_in);
    plugin.symbols(&SymbolTable::new(vec![testing::symbol(0, "ETH")]));
    assert_near(ask_aged(&mut plugin, 0, 71, 0.0, &drawn_in).stop_loss, 0.016);
}
