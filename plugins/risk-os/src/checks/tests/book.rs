//! What is held already.

use super::*;

#[test]
fn trades_allowed_earlier_in_the_cycle_count() {
    let book = |c: &mut Case| {
        c.config.max_positions = Some(2);
        c.hold(1, 500.0);
    };
    assert_eq!(with(book), None);
    let full = |c: &mut Case| {
        book(c);
        c.hold(2, -500.0);
    };
    assert_eq!(with(full), Some(ReasonCode::MaxPositions));
    let heavy = |c: &mut Case| {
        c.config.max_gross_exposure_usd = Some(1_900.0);
        c.hold(1, 500.0);
        c.hold(2, -500.0);
    };
    assert_eq!(with(heavy), Some(ReasonCode::GrossExposureLimit));
}

#[test]
fn more_of_what_is_held_is_no_new_position() {
    let add = |c: &mut Case| {
        c.config.max_positions = Some(1);
        c.config.allow_new_positions = false;
        c.hold(0, 500.0);
    };
    assert_eq!(with(add), None);
    let too_much = |c: &mut Case| {
        add(c);
        c.config.max_position_usd = Some(1_400.0);
    };
    assert_eq!(with(too_much), Some(ReasonCode::PositionLimit));
    // The other way it shrinks: 500 long and 1,000 short leave 500 short.
    let other_way = |c: &mut Case| {
        too_much(c);
        c.candidate.side = Side::Short;
        c.config.max_gross_exposure_usd = Some(500.0);
    };
    assert_eq!(with(other_way), None);
    let back = |c: &mut Case| {
        c.config.max_gross_exposure_usd = Some(500.0);
        c.hold(0, -500.0);
    };
    assert_eq!(with(back), None);
}
