use proptest::prelude::*;

use super::*;

fn value(kind: Kind, text: &str) -> Option<Value> {
    kind.parse(text, false).unwrap_or_else(|e| panic!("{kind:?} {text:?} {e}"))
}

#[test]
fn values_in_the_spellings_of_the_original() {
    for text in ["true", "TRUE", "1", "yes", "On"] {
        assert_eq!(value(Kind::Bool, text), Some(Value::Boolean(true)));
        assert_eq!(value(Kind::Brake, text), Some("halt".into()));
    }
    for text in ["false", "False", "0", "no", "OFF"] {
        assert_eq!(value(Kind::Bool, text), Some(Value::Boolean(false)));
        assert_eq!(value(Kind::Brake, text), None, "false releases nothing");
    }
    let table: [(Kind, &str, Option<Value>); 17] = [
        (Kind::Number, "5", Some(5.0.into())),
        (Kind::Number, "-0.5", Some((-0.5).into())),
        (Kind::Fraction, "0.45", Some(0.45.into())),
        (Kind::FractionAsPct, "0.07", Some(7.0.into())),
        (Kind::FractionAsPct, "0.15", Some(15.0.into())),
        (Kind::FactorAsPct, "2.5", Some(250.0.into())),
        (Kind::Count, "12", Some(12.into())),
        (Kind::SecondsAsMs, "60", Some(60_000.into())),
        (Kind::Mode, "enforced", Some("ENFORCED".into())),
        (Kind::HealingMode, "protective", Some("ENFORCED".into())),
        (Kind::HealingMode, "observe", Some("OBSERVE".into())),
        (Kind::HealingLevel, "AGGRESSIVE", Some("aggressive".into())),
        (Kind::HealingLevel, "OBSERVE", None),
        (Kind::Stage, "partial", Some("PARTIAL".into())),
        (Kind::LogLevel, "WARNING", Some("warn".into())),
        (Kind::Names, "BTCUSDT, ETHUSDT,", Some(vec!["BTCUSDT", "ETHUSDT"].into())),
        (Kind::Names, "", Some(Value::Array(Vec::new()))),
    ];
    for (kind, text, expected) in table {
        assert_eq!(value(kind, text), expected, "{kind:?} {text}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_and_never_a_default() {
    let table = [
        (Kind::Bool, "ture", "use true"),
        (Kind::Bool, "true# comment", "use true"),
        (Kind::Bool, "", "is empty"),
        (Kind::Brake, "enabled", "use true"),
        (Kind::Number, "5,0", "use a number"),
        (Kind::Number, "NaN", "use a number"),
        (Kind::Number, "inf", "use a number"),
        (Kind::Fraction, "45", "from 0 to 1"),
        (Kind::FractionAsPct, "30", "from 0 to 1"),
        (Kind::FactorAsPct, "0", "use a number"),
        (Kind::Count, "-1", "whole number"),
        (Kind::Count, "1.5", "whole number"),
        (Kind::SecondsAsMs, "0", "whole number from 1"),
        (Kind::SecondsAsMs, "9223372036854775807", "whole number"),
        (Kind::Mode, "ENFORCE", "did you mean \"ENFORCED\"?"),
        (Kind::Mode, "PROTECTIVE", "\"PROTECTIVE\""),
        (Kind::HealingMode, "PROTECTIV", "did you mean \"PROTECTIVE\"?"),
        (Kind::Stage, "COORDINATON", "did you mean \"COORDINATION\"?"),
        (Kind::Stage, "MAINNET", "--profile mainnet"),
        (Kind::LogLevel, "VERBOSE", "VERBOSE"),
    ];
    for (kind, text, said) in table {
        let problem = kind.parse(text, false).unwrap_err();
        assert!(problem.contains(said), "{kind:?} {text:?}: {problem}");
    }
}

#[test]
fn the_old_names_of_autonomy_need_to_be_allowed() {
    for alias in ["ENFORCED", "full", "Active"] {
        assert!(Kind::Stage.parse(alias, false).unwrap_err().contains("rollout.autonomy_by_alias"), "{alias}");
        assert_eq!(Kind::Stage.parse(alias, true), Ok(Some("AUTONOMY".into())));
    }
    assert_eq!(Kind::Stage.parse("AUTONOMY", false), Ok(Some("AUTONOMY".into())));
    assert!(Kind::Stage.parse("MAINNET", true).is_err());
}

proptest! {
    #[test]
    fn numbers_survive(number in -1e9f64..1e9) {
        prop_assert_eq!(value(Kind::Number, &number.to_string()), Some(Value::Float(number)));
    }

    #[test]
    fn a_percent_is_a_hundred_times_its_fraction(hundredths in 0u32..=100) {
        let text = format!("0.{hundredths:02}");
        let text = if hundredths == 100 { "1.00" } else { text.as_str() };
        prop_assert_eq!(value(Kind::FractionAsPct, text), Some(Value::Float(f64::from(hundredths))));
    }

    #[test]
    fn no_text_is_both_on_and_off_and_none_panics(text in "\\PC{0,12}") {
        for kind in [Kind::Bool, Kind::Number, Kind::Count, Kind::SecondsAsMs, Kind::Mode, Kind::HealingMode, Kind::Stage] {
            let _ = kind.parse(&text, false);
        }
        let known = ["true", "1", "yes", "on", "false", "0", "no", "off"].contains(&text.to_lowercase().as_str());
        prop_assert_eq!(Kind::Bool.parse(&text, false).is_ok(), known);
    }
}
