//! `--set KEY=VALUE`: the last layer. The value is one of TOML, or a bare word.

use toml::Value;

use crate::{
    Origin, Problem,
    document::{self, Table},
};

/// The layer of all such arguments; of two for one key the later one holds.
pub(crate) fn read(set: &[String]) -> (Table, Vec<Problem>) {
    let mut layer = Table::empty();
    let mut problems = Vec::new();
    for argument in set {
        match assignment(argument) {
            Ok(one) => layer = layer.overlaid(one),
            Err(problem) => problems.push(problem),
        }
    }
    (layer, problems)
}

fn assignment(argument: &str) -> Result<Table, Problem> {
    let place = |key: &str| Origin::CommandLine(format!("--set {key}").into());
    let Some((key, value)) = argument.split_once('=').map(|(k, v)| (k.trim(), v.trim())) else {
        return Err(Problem::at(place(argument), "no value: use --set KEY=VALUE, as in --set loop.leverage_x=3"));
    };
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '"');
    let origin = place(key);
    if key.is_empty() || !key.chars().all(named) {
        return Err(Problem::at(origin, format!("{key:?} is no key: use names with points between them")));
    }
    // More than one line would be more than one assignment.
    if value.is_empty() || value.contains(['\n', '\r']) {
        return Err(Problem::at(origin, "the value is empty or has more than one line"));
    }
    let parse = |value: &str| document::read(&format!("{key} = {value}"), &|_| origin.clone());
    let (layer, problems) = parse(value);
    let Some(problem) = problems.into_iter().next() else { return Ok(layer) };
    // What TOML takes for a number that no key can mean is no word either.
    let word = value.parse::<f64>().is_err()
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':'));
    let (layer, wrong) = parse(&Value::String(value.to_owned()).to_string());
    if word && wrong.is_empty() { Ok(layer) } else { Err(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(argument: &str, key: &[&str]) -> Value {
        let (layer, problems) = read(&[argument.to_owned()]);
        assert_eq!(problems, [], "{argument}");
        layer
            .find(key.iter().copied())
            .map(|node| match node {
                document::Node::Leaf(value, _) => value.clone(),
                document::Node::Table(table) => table.value(),
            })
            .unwrap()
    }

    #[test]
    fn a_value_is_toml_or_a_bare_word() {
        let table = [
            ("stage=PARTIAL", &["stage"][..], Value::from("PARTIAL")),
            ("stage = \"PARTIAL\"", &["stage"], Value::from("PARTIAL")),
            ("loop.leverage_x=3", &["loop", "leverage_x"], Value::from(3)),
            ("loop.leverage_x=3.5", &["loop", "leverage_x"], Value::from(3.5)),
            ("reload.watch=false", &["reload", "watch"], Value::from(false)),
            ("sandbox.code_cache=var/code", &["sandbox", "code_cache"], Value::from("var/code")),
            ("sandbox.code_cache=\"\"", &["sandbox", "code_cache"], Value::from("")),
            ("subsystems.a-b.hooks=[\"x\"]", &["subsystems", "a-b", "hooks"], Value::from(vec!["x"])),
            ("symbols.\"a.b\".sector=L1", &["symbols", "a.b", "sector"], Value::from("L1")),
        ];
        for (argument, key, expected) in table {
            assert_eq!(value(argument, key), expected, "{argument}");
        }
    }

    #[test]
    fn what_is_no_assignment_is_refused_by_name() {
        for argument in ["stage", "=3", "a b=3", "stage=", "a=1\nb=2", "a=[1", "a=x y", "a={", "a=inf", "a#=1"] {
            let (layer, problems) = read(&[argument.to_owned()]);
            assert_eq!(problems.len(), 1, "{argument:?}");
            assert!(problems[0].to_string().starts_with("--set "), "{problems:?}");
            assert!(layer.leaves().is_empty(), "{argument:?}");
        }
    }

    #[test]
    fn the_later_of_two_holds() {
        let (layer, _) = read(&["a.b=1".to_owned(), "a.c=2".to_owned(), "a.b=3".to_owned()]);
        let expected: toml::Table = "a = { b = 3, c = 2 }".parse().unwrap();
        assert_eq!(layer.value(), Value::Table(expected));
    }
}
