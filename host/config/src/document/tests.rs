use proptest::prelude::*;

use super::*;

fn at(line: usize) -> Origin {
    Origin::File { file: std::path::Path::new("f").into(), line }
}

fn layer(text: &str) -> Table {
    let (table, problems) = read(text, &at);
    assert_eq!(problems, [], "{text}");
    table
}

#[test]
fn every_value_knows_its_line() {
    let table = layer("a = 1\n\n[b]\nc = \"x\" # comment\nd = [\n  1,\n  2,\n]\n[b.e]\nf.g = true\nh = { i = 2.5 }\n");
    for (key, line) in [
        (&["a"][..], 1),
        (&["b", "c"], 4),
        (&["b", "d"], 5),
        (&["b", "e", "f", "g"], 10),
        (&["b", "e", "h", "i"], 11),
        (&["b", "e"], 9),
    ] {
        assert_eq!(table.find(key.iter().copied()).unwrap().origin(), &at(line), "{key:?}");
    }
    assert!(table.find(["b", "z"]).is_none() && table.find(["a", "b"]).is_none());
}

#[test]
fn what_no_key_can_mean_is_named_with_its_line() {
    for (text, said) in [
        ("a = 1\nb = inf\n", "f, line 2: b is inf: use a finite number"),
        ("a = nan\n", "f, line 1: a is nan"),
        ("a = 9999999999999999999\n", "the number is too large"),
        ("a = 2025-05-05\n", "no key takes a date"),
        ("a = [1, nan]\n", "use a finite number"),
        ("\n\na = \n", "f, line 3: "),
        ("a = 1\na = 2\n", "f, line 2: "),
        ("[b\n", "f, line 1: "),
    ] {
        let (_, problems) = read(text, &at);
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|p| p.contains(said)), "{text:?}: {all:?}");
    }
}

#[test]
fn a_table_is_joined_and_everything_else_replaced() {
    let both = layer("a = 1\nl = [1, 2]\n[t]\nx = 1\ny = 1\n[u]\nz = 1\n")
        .overlaid(layer("l = [3]\nu = 5\n\n[t]\ny = 2\n[a]\nb = 1\n"));
    let expected: toml::Value =
        toml::from_str::<toml::Table>("l = [3]\nu = 5\n[a]\nb = 1\n[t]\nx = 1\ny = 2\n").unwrap().into();
    assert_eq!(both.value(), expected);
    assert_eq!(both.find(["t", "x"]).unwrap().origin(), &at(4));
    assert_eq!(both.find(["t", "y"]).unwrap().origin(), &at(5));
}

#[test]
fn what_is_taken_out_is_gone_and_nothing_else() {
    let mut table = layer("a = 1\n[b]\nc = 1\nd = 1\n");
    let key = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert!(table.remove(&key(&["b", "c"])));
    assert!(!table.remove(&key(&["b", "c"])) && !table.remove(&key(&["a", "x"])) && !table.remove(&[]));
    assert_eq!(table.leaves().len(), 2);
}

fn keys() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-c]", 1..4)
}

proptest! {
    #[test]
    fn the_upper_layer_wins_and_the_lower_one_shows_through(
        lower in prop::collection::vec((keys(), 0i64..9), 0..8),
        upper in prop::collection::vec((keys(), 10i64..19), 0..8),
    ) {
        let build = |entries: &[(Vec<String>, i64)], line| {
            let mut table = Table::empty();
            for (key, value) in entries {
                let names: Vec<&str> = key.iter().map(String::as_str).collect();
                table.set(&names, Value::Integer(*value), &at(line));
            }
            table
        };
        let (below, above) = (build(&lower, 1), build(&upper, 2));
        let both = below.clone().overlaid(above.clone());
        for (key, value, origin) in both.leaves() {
            let names = || key.iter().map(String::as_str);
            let from = if origin == &at(2) { &above } else { &below };
            prop_assert!(matches!(from.find(names()), Some(Node::Leaf(v, _)) if v == value));
        }
        for (key, _, _) in above.leaves() {
            prop_assert_eq!(both.find(key.iter().map(String::as_str)).map(|n| n.origin().clone()), Some(at(2)));
        }
    }

    #[test]
    fn a_set_value_is_found(key in keys(), value in any::<i64>()) {
        let mut table = Table::empty();
        let names: Vec<&str> = key.iter().map(String::as_str).collect();
        table.set(&names, Value::Integer(value), &at(7));
        let found = table.find(names.iter().copied());
        prop_assert!(matches!(found, Some(Node::Leaf(Value::Integer(v), _)) if *v == value));
    }
}
