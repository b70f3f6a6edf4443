//! The scheme performance, through the hook.

use super::*;

#[test]
fn tiers_of_the_statistics_decide_in_the_scheme_performance() {
    let ask = |extra: &str, mode| {
        let json = format!(r#"{{"scheme": "performance", "statistics": {}{extra}}}"#, statistics());
        ask(&mut plugin(&json).unwrap(), &directed(mode, false), &universe(5))
    };
    // 800 trades and 8,000 signals: HIGH, so that auto is SAFE.
    let safe = ask("", UniverseMode::Normal);
    assert_eq!(safe.kept, [0, 1]);
    assert_eq!(code(&safe, 2), Some(ReasonCode::NotInUniverse));
    assert_eq!(code(&safe, 3), Some(ReasonCode::Blacklisted));
    assert_eq!(code(&safe, 4), Some(ReasonCode::InsufficientData));
    assert_eq!(ask(r#", "profile": "aggressive""#, UniverseMode::Normal).kept, [0, 1, 2]);
    let all = r#", "profile": "experimental""#;
    assert_eq!(ask(all, UniverseMode::Normal).kept, [0, 1, 2, 4]);
    assert_eq!(ask(all, UniverseMode::Safe).kept, [0, 1]);
    assert_eq!(ask(r#", "profile": "experimental", "blacklist_enabled": false"#, UniverseMode::Normal).kept.len(), 5);
}

#[test]
fn a_symbol_whose_trades_lost_is_blacklisted_in_both_schemes() {
    let json = format!(r#"{{"statistics": {}}}"#, statistics());
    let selection = ask(&mut plugin(&json).unwrap(), &at(5_000), &universe(5));
    assert_eq!(selection.kept, [0, 1, 2, 4]);
    assert_eq!(code(&selection, 3), Some(ReasonCode::Blacklisted));
}
