use super::*;
use crate::config::Config;
use crate::situation::STATES;
use crate::testkit::Random;

fn learned(outcomes: u64) -> Memory {
    let config = Config::default();
    let mut random = Random::new(7);
    let mut memory = Memory::default();
    for _ in 0..outcomes {
        let state = StateId::of_number(random.below(u64::from(STATES)) as u8).unwrap();
        let outcome = Outcome::new(random.between(-0.1, 0.1), random.unit() / 10.0, random.below(1 << 40)).unwrap();
        memory.learn(state, &outcome, &Shares::new(&config), config.alpha);
    }
    memory
}

fn results(won: &[bool]) -> f64 {
    Memory { results: won.to_vec(), ..Memory::default() }.win_rate()
}

#[test]
fn the_win_rate_is_of_the_last_twenty_and_neutral_before_the_fifth() {
    assert_eq!(results(&[]), 0.5);
    assert_eq!(results(&[false; 4]), 0.5);
    assert_eq!(results(&[false; 5]), 0.0);
    assert_eq!(results(&[true, true, true, false, false]), 0.6);
    let (config, state) = (Config::default(), StateId::of_number(0).unwrap());
    let mut memory = Memory::default();
    for profit in [[-0.1; 50], [0.1; 50]].concat() {
        memory.learn(state, &Outcome::new(profit, 0.0, 0).unwrap(), &Shares::new(&config), config.alpha);
    }
    assert_eq!((memory.win_rate(), memory.results.len(), memory.outcomes), (1.0, RESULTS, 100));
}

#[test]
fn it_comes_back_as_it_was_and_is_never_large() {
    for outcomes in [0, 1, 30, 20_000] {
        let memory = learned(outcomes);
        let blob = memory.to_blob().unwrap();
        assert!(blob.bytes.len() < 64 * 1_024, "{} bytes", blob.bytes.len());
        assert_eq!(Memory::of_blob(&blob), Ok(memory));
    }
}

#[test]
fn what_it_cannot_read_is_refused() {
    let good = learned(30).to_blob().unwrap();
    assert!(Memory::of_blob(&Blob { schema: 2, bytes: good.bytes.clone() }).is_err());
    assert!(Memory::of_blob(&Blob { schema: 1, bytes: good.bytes[..good.bytes.len() / 2].to_vec() }).is_err());
    for (json, word) in [
        ("{}", "rows"),
        (r#"{"rows":[],"results":[],"outcomes":0,"more":1}"#, "more"),
        (r#"{"rows":[[240,{"outcomes":1,"q":[0,0,0,0,0]}]],"results":[],"outcomes":1}"#, "240"),
        (r#"{"rows":[[3,{"outcomes":1,"q":[0,0,9,0,0]}]],"results":[],"outcomes":1}"#, "state 3"),
        (r#"{"rows":[[3,{"outcomes":1,"q":[0,0,0,0]}]],"results":[],"outcomes":1}"#, "length"),
    ] {
        let error = Memory::of_blob(&Blob { schema: 1, bytes: json.into() }).unwrap_err();
        assert!(error.contains(word), "{error}");
    }
    let many = format!(r#"{{"rows":[],"results":[{}true],"outcomes":0}}"#, "true,".repeat(RESULTS));
    assert!(Memory::of_blob(&Blob { schema: 1, bytes: many.into() }).unwrap_err().contains("results"));
}
