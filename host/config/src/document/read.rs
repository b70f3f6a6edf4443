//! TOML text to a layer: every value with its line.

use toml::{
    Value,
    de::{DeTable, DeValue},
};

use super::{Node, Table};
use crate::{Origin, Problem};

/// Reads a text. `origin` makes the place of a line, counted from 1. A text that is no TOML gives an empty layer and
/// says so.
pub(crate) fn read(text: &str, origin: &dyn Fn(usize) -> Origin) -> (Table, Vec<Problem>) {
    let lines = Lines::of(text);
    let mut reader = Reader { lines: &lines, origin, problems: Vec::new() };
    let (parsed, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let table = reader.table(parsed.get_ref(), origin(1));
        return (table, reader.problems);
    }
    let problem = |e: &toml::de::Error| {
        Problem::at(origin(lines.at(e.span().map_or(0, |s| s.start))), e.message().replace('\n', ", "))
    };
    (Table::empty(), errors.iter().map(problem).collect())
}

/// Where each line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    /// The line of a byte, counted from 1.
    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte) + 1
    }
}

struct Reader<'a> {
    lines: &'a Lines,
    origin: &'a dyn Fn(usize) -> Origin,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, origin: Origin) -> Table {
        let mut read = Table::new(origin);
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let place = (self.origin)(self.lines.at(key.span().start));
            let node = match value.get_ref() {
                DeValue::Table(inner) => Node::Table(self.table(inner, place)),
                other => match value_of(other) {
                    Ok(value) => Node::Leaf(value, place),
                    Err(problem) => {
                        self.problems.push(Problem::at(place, format!("{name} {problem}")));
                        continue;
                    }
                },
            };
            read.entries.insert(name.to_owned(), node);
        }
        read
    }
}

/// The value, or why it cannot be meant.
fn value_of(value: &DeValue<'_>) -> Result<Value, String> {
    Ok(match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(yes) => Value::Boolean(*yes),
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
            .map(Value::Integer)
            .map_err(|_| format!("is {digits}: the number is too large"))?,
        DeValue::Float(digits) => match digits.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Float(number),
            _ => return Err(format!("is {digits}: use a finite number")),
        },
        DeValue::Datetime(time) => return Err(format!("is {time}: no key takes a date; put a text into quotes")),
        DeValue::Array(values) => Value::Array(values.iter().map(|v| value_of(v.get_ref())).collect::<Result<_, _>>()?),
        DeValue::Table(table) => {
            let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
                let key: &std::borrow::Cow<'_, str> = key.get_ref();
                Ok((key.to_string(), value_of(value.get_ref())?))
            };
            Value::Table(table.iter().map(entry).collect::<Result<_, String>>()?)
        }
    })
}
