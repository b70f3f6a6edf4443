//! `--grant`: the keys of a configuration's `loosen` table.

use bulkhead_config::LoosenConfig;
use bulkhead_policy::{Limits, json};
use serde_json::{Map, Value};

use super::failure::Failure;

/// The limits that the grants make.
pub(super) fn limits(grants: &[String]) -> Result<Limits, Failure> {
    let mut keys = Map::new();
    for grant in grants {
        let (key, value) = pair(grant)?;
        if keys.insert(key.to_owned(), value).is_some() {
            return Err(Failure::Usage(format!("--grant {key} stands twice")));
        }
    }
    let loosen: LoosenConfig =
        json::read("--grant", &Value::Object(keys)).map_err(|error| Failure::Usage(error.to_string()))?;
    match loosen.problem() {
        Some(problem) => Err(Failure::Usage(format!("--grant {problem}"))),
        None => Ok(loosen.limits()),
    }
}

fn pair(grant: &str) -> Result<(&str, Value), Failure> {
    match grant.split_once('=') {
        // The name of the limit itself: as low as the host allows.
        None if grant == "loosen_threshold" => Ok(("threshold_floor", Value::from(0.0))),
        None => Err(Failure::Usage(format!("--grant {grant} needs a number: {grant}=1.3"))),
        Some((key, number)) => match number.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok((key, Value::from(number))),
            _ => Err(Failure::Usage(format!("--grant {key} is {number:?}: use a number"))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(grants: &str) -> Result<Limits, String> {
        let grants: Vec<String> = grants.split_terminator(',').map(str::to_owned).collect();
        limits(&grants).map_err(|failure| failure.to_string())
    }

    #[test]
    fn grants_have_the_names_and_the_meaning_of_the_configuration() {
        let tight = Limits::default();
        assert_eq!(parse(""), Ok(tight));
        let all =
            Limits { size_cap: 1.3, loosen_threshold: true, threshold_floor: 0.2, stop_cap: 1.5, add_size_cap: 0.5 };
        assert_eq!(parse("size_cap=1.3,threshold_floor=0.2,stop_cap=1.5,add_size_cap=0.5"), Ok(all));
        assert_eq!(parse("loosen_threshold"), Ok(Limits { loosen_threshold: true, ..tight }));
    }

    #[test]
    fn a_wrong_grant_is_named() {
        for (grants, part) in [
            ("size_cpa=2", "did you mean \"size_cap\"?"),
            ("size_cap", "needs a number"),
            ("size_cap=much", "use a number"),
            ("size_cap=NaN", "use a number"),
            ("size_cap=11", "--grant size_cap is 11: use a number from 1 to 10"),
            ("stop_cap=1,stop_cap=2", "stands twice"),
            ("loosen_threshold,threshold_floor=0.3", "stands twice"),
        ] {
            let sentence = parse(grants).unwrap_err();
            assert!(sentence.contains(part), "{grants}: {sentence}");
        }
    }
}
