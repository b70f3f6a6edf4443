use super::*;
use crate::snapshot::testkit::{base, row};
use crate::terms::Profile;

/// The configuration that the original's golden vectors were measured with: what its registry passed on, and the
/// defaults of the class for the rest. The grant does not bind.
pub fn original() -> Config {
    Config { min_r_extend_hold: 0.8, max_dd_for_amplify: 20.0, add_size_cap: 0.5, ..Config::default() }
}

pub fn terms(profile: Profile) -> Terms {
    Terms { profile, equity_usd: 10_000.0, concentration_pct: 25.0, max_leverage_x: f64::INFINITY }
}

type Judged = (Scored, Qualified, Option<Recommendation>);

fn judge(snapshot: Snapshot, profile: Profile, config: &Config) -> Option<Judged> {
    let scored = Scored::of(&snapshot, config)?;
    let terms = terms(profile);
    let row = PositionRow { quantity: snapshot.size_usd / 100.0, ..row() };
    let qualified = match scored.blocked {
        Some(_) => Qualified::default(),
        None => qualify(&snapshot, &terms, &Past::new(&row), &row, config),
    };
    let chosen = choose(&snapshot, &scored, &qualified, &terms, config);
    Some((scored, qualified, chosen))
}

/// Section 11 of the original's facts, with the equity of 10,000 that it had built in.
#[test]
fn golden_vectors() {
    let base = base();
    let budget = Config { risk_budget_pct: 0.1, ..original() };
    let high = Snapshot { volatility: Volatility::High, ..base };
    let runner = Snapshot { r: 2.0, peak_r: 3.0, size_usd: 10_000.0, ..high };
    for (name, snapshot, profile, config, score, qualified, extra, action) in [
        ("none", base, Profile::Safe, original(), 75.85, (true, true, false), 250.0, Some(Action::AddSize)),
        ("AGGRESSIVE", base, Profile::Aggressive, original(), 75.85, (true, true, false), 250.0, Some(Action::AddSize)),
        ("budget 0.1", base, Profile::Safe, budget, 75.85, (true, true, false), 50.0, Some(Action::ExtendHold)),
        (
            "size 10,000",
            Snapshot { size_usd: 10_000.0, ..base },
            Profile::Safe,
            original(),
            75.85,
            (true, true, false),
            0.0,
            Some(Action::ExtendHold),
        ),
        (
            "WEAK",
            Snapshot { trend: Trend::Weak, ..base },
            Profile::Safe,
            original(),
            30.85,
            (false, false, false),
            0.0,
            None,
        ),
        (
            "dd 0.25",
            Snapshot { drawdown: 0.25, ..base },
            Profile::Safe,
            original(),
            37.85,
            (false, false, false),
            0.0,
            None,
        ),
        (
            "HIGH, rank 60",
            Snapshot { rank: 60, ..high },
            Profile::Safe,
            original(),
            33.0,
            (false, false, false),
            0.0,
            None,
        ),
        ("runner", runner, Profile::Safe, original(), 68.85, (false, true, true), 0.0, Some(Action::ExtendHold)),
    ] {
        let (scored, got, chosen) = judge(snapshot, profile, &config).unwrap();
        assert!((scored.score - score).abs() < 1e-9, "{name}: {}", scored.score);
        assert_eq!((got.scale_in, got.extend, got.partial), qualified, "{name}");
        assert!((got.extra_usd - extra).abs() < 1e-9, "{name}: {}", got.extra_usd);
        assert_eq!(chosen.map(|chosen| chosen.action), action, "{name}");
    }
    assert_eq!(judge(Snapshot { r: 0.7, ..base }, Profile::Safe, &original()), None);
}

#[test]
fn golden_vectors_of_the_blocks_and_of_the_parameters() {
    let base = base();
    for (snapshot, reason) in [
        (Snapshot { trend: Trend::Weak, ..base }, "weak_trend"),
        (Snapshot { drawdown: 0.25, ..base }, "high_drawdown"),
        (Snapshot { volatility: Volatility::High, rank: 60, ..base }, "unstable_symbol"),
    ] {
        assert_eq!(judge(snapshot, Profile::Safe, &original()).unwrap().0.blocked, Some(reason));
    }
    for (profile, add, expected) in [(Profile::Safe, 100.0, 0.10), (Profile::Aggressive, 150.0, 0.15)] {
        let chosen = judge(base, profile, &original()).unwrap().2.unwrap();
        assert_eq!((chosen.add_size_usd, chosen.priority, chosen.confidence), (Some(add), 1, 75.0));
        assert!((chosen.expected_r - expected).abs() < 1e-12);
        assert!(chosen.rationale.contains("leverage up to 12x"), "{}", chosen.rationale);
        assert!(chosen.rationale.starts_with("high priority, score 75.85: "), "{}", chosen.rationale);
    }
}

#[test]
fn each_step_has_its_parameters() {
    let config = Config { add_size_cap: 0.0, ..original() };
    let extend = judge(base(), Profile::Safe, &config).unwrap().2.unwrap();
    assert_eq!((extend.action, extend.priority, extend.confidence), (Action::ExtendHold, 2, 65.0));
    assert_eq!((extend.expected_r, extend.extend_ms), (1.0, Some(12 * 3_600_000)));
    assert!(extend.rationale.contains("target 1.25 times as far"), "{}", extend.rationale);
    // With the documented threshold of an extension the partial profit can be reached.
    let runner = Snapshot { r: 2.2, peak_r: 3.0, drawdown: 0.04, ..base() };
    for (profile, take) in [(Profile::Safe, 0.5), (Profile::Aggressive, 0.3)] {
        let partial = judge(runner, profile, &Config::default()).unwrap().2.unwrap();
        assert_eq!((partial.action, partial.priority, partial.confidence), (Action::PartialTakeProfit, 3, 80.0));
        assert_eq!((partial.expected_r, partial.close_fraction), (0.5, Some(take)));
    }
    let opportunistic = Snapshot { category: Category::Opportunistic, ..runner };
    assert_eq!(judge(opportunistic, Profile::Safe, &Config::default()).unwrap().2, None);
}

#[test]
fn without_a_grant_nothing_is_added() {
    for step in 100..600 {
        let snapshot = Snapshot { r: f64::from(step) / 100.0, peak_r: 6.0, ..base() };
        let config = Config { min_r_extend_hold: 0.8, max_dd_for_amplify: 100.0, ..Config::default() };
        let chosen = judge(snapshot, Profile::Aggressive, &config).and_then(|judged| judged.2);
        assert!(chosen.is_none_or(|chosen| chosen.action != Action::AddSize && chosen.add_size_usd.is_none()));
    }
}

#[test]
fn a_position_over_the_directed_leverage_gets_no_more() {
    let (snapshot, config) = (base(), original());
    let row = row();
    for (max_leverage_x, want) in [(10.0, true), (9.9, false)] {
        let terms = Terms { max_leverage_x, ..terms(Profile::Safe) };
        let qualified = qualify(&snapshot, &terms, &Past::new(&row), &row, &config);
        assert_eq!(qualified.scale_in, want);
        assert_eq!(qualified.extra_usd > 0.0, want);
    }
}

#[test]
fn a_rationale_fits_into_what_the_host_keeps() {
    for cap in [0.0, 0.5] {
        let config = Config { add_size_cap: cap, ..original() };
        let huge = Snapshot { r: f64::MAX, peak_r: f64::MAX, leverage_x: f64::MAX, trend: Trend::VeryStrong, ..base() };
        let chosen = judge(huge, Profile::Aggressive, &config).unwrap().2.unwrap();
        assert!(chosen.rationale.len() < 200, "{}", chosen.rationale);
    }
}
