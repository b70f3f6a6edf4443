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

/// The host's rows have no order.
#[test]
fn the_order_of_the_rows_does_not_matter() {
    let mut seen = [0; 4];
    for seed in 0..4_000_u32 {
        // Whole dollars: their sums are the same in every order.
        let number = |at: u32| f64::from((seed.wrapping_mul(2_654_435_761).rotate_left(at * 7) >> 16) % 9) - 4.0;
        let rows: Vec<(u32, f64)> = (0..seed % 8).map(|at| (at % 5, 100.0 * number(at))).collect();
        let of = |rows: &[(u32, f64)]| {
            with(|c| {
                c.config.max_positions = Some(5);
                c.config.max_position_usd = Some(1_300.0);
                c.config.max_gross_exposure_usd = Some(2_000.0);
                c.account.gross_exposure_usd = 0.0;
                rows.iter().for_each(|(symbol, size_usd)| c.hold(*symbol, *size_usd));
            })
        };
        let want = of(&rows);
        for turn in 1..rows.len() {
            let mut turned = rows.clone();
            turned.rotate_left(turn);
            assert_eq!(of(&turned), want, "{rows:?}");
            turned.reverse();
            assert_eq!(of(&turned), want, "{rows:?}");
        }
        seen[match want {
            None => 0,
            Some(ReasonCode::MaxPositions) => 1,
            Some(ReasonCode::PositionLimit) => 2,
            _ => 3,
        }] += 1;
    }
    assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
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
