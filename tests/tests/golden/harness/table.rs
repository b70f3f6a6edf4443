//! Tables of vectors: rows as data, all cells compared before anything fails, deviations held against their index.

use serde_json::Value;

use super::{changed, root};

/// One vector: what is different from the base document, and the answer as the original's table has it, with a bar
/// between its columns.
pub struct Row {
    pub name: &'static str,
    pub want: &'static str,
    changes: Vec<(&'static str, Value)>,
    decided: Option<Decided>,
}

/// A vector that holds as the original's. `changes` are JSON pointers into the base document and values.
pub fn row<const N: usize>(name: &'static str, want: &'static str, changes: [(&'static str, Value); N]) -> Row {
    Row { name, want, changes: changes.into(), decided: None }
}

impl Row {
    /// It does not hold: the original's words and the decision, both as in `plugins/DEVIATIONS.md`.
    pub fn instead_of(self, original: &'static str, by: &'static str) -> Self {
        Self { decided: Some(Decided { original, by }), ..self }
    }

    pub fn document(&self, base: &Value) -> Value {
        changed(base, &self.changes)
    }
}

/// Compares the answers with what their rows want. Rows that deviate must be in the index.
pub fn check(plugin: &'static str, columns: &[&str], digits: i32, rows: &[Row], answers: &[Vec<Value>]) {
    assert!(!rows.is_empty() && rows.len() == answers.len(), "{} rows, {} answers", rows.len(), answers.len());
    let mut table = Table::new(plugin, digits);
    for (row, got) in rows.iter().zip(answers) {
        let want: Vec<Value> = row.want.split('|').map(|cell| read(cell.trim())).collect();
        assert!(got.len() == columns.len() && want.len() == columns.len(), "{}: {} cells", row.name, want.len());
        let cells = columns.iter().zip(got.iter().zip(want));
        let cells: Vec<_> = cells.map(|(column, (got, want))| (*column, got.clone(), want)).collect();
        table.row(row.name, &cells);
        row.decided.iter().for_each(|decided| decided.check_index(plugin, row.name));
    }
    table.finish();
}

/// A cell of a table: JSON, or a word without its quotes.
fn read(cell: &str) -> Value {
    serde_json::from_str(cell).unwrap_or_else(|_| Value::from(cell))
}

/// Where a vector does not hold: what the original said, and which decision wants it otherwise.
struct Decided {
    original: &'static str,
    by: &'static str,
}

impl Decided {
    /// The index of deviations has a row of this vector with these very words.
    fn check_index(&self, plugin: &str, vector: &str) {
        let index = index();
        let section = index.split("\n## ").find(|section| section.lines().next() == Some(plugin));
        let section = section.unwrap_or_else(|| panic!("plugins/DEVIATIONS.md has no section of {plugin}"));
        let is_row = |line: &str| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            matches!(cells[..], ["", v, o, _, by, ""] if v == vector && o == self.original && by == self.by)
        };
        let wanted = format!("| {vector} | {} | ... | {} |", self.original, self.by);
        assert!(section.lines().any(is_row), "plugins/DEVIATIONS.md, section {plugin}, has no row {wanted}");
    }
}

/// Every vector that does not hold, one section a plugin.
fn index() -> String {
    std::fs::read_to_string(root().join("plugins/DEVIATIONS.md")).unwrap()
}

/// A table that is compared cell by cell, and fails as a whole.
struct Table {
    title: &'static str,
    digits: i32,
    lines: Vec<String>,
    wrong: usize,
}

impl Table {
    /// Numbers are compared to so many digits after the point: those that the original's were printed with.
    fn new(title: &'static str, digits: i32) -> Self {
        Self { title, digits, lines: Vec::new(), wrong: 0 }
    }

    /// One row: its name, and column, answer and expectation of each cell.
    fn row(&mut self, name: &str, cells: &[(&str, Value, Value)]) {
        let shown: Vec<String> = cells.iter().map(|(column, got, want)| self.cell(column, got, want)).collect();
        self.lines.push(format!("  {name:<44} {}", shown.join(" | ")));
    }

    fn cell(&mut self, column: &str, got: &Value, want: &Value) -> String {
        if same(got, want, self.digits) {
            return format!("{column} {got}");
        }
        self.wrong += 1;
        format!("{column} {got} <- WANTED {want}")
    }

    /// Fails with the whole table when a cell is wrong.
    fn finish(self) {
        assert!(self.wrong == 0, "{} wrong cells of {}:\n{}\n", self.wrong, self.title, self.lines.join("\n"));
    }
}

/// Equal, numbers to the printed precision, at any depth.
fn same(got: &Value, want: &Value, digits: i32) -> bool {
    match (got, want) {
        (Value::Number(got), Value::Number(want)) => {
            let (got, want) = (got.as_f64().unwrap(), want.as_f64().unwrap());
            // Half of the last digit, and what a float cannot say exactly.
            (got - want).abs() <= 0.5 * 10f64.powi(-digits) + 1e-12
        }
        (Value::Array(got), Value::Array(want)) => {
            got.len() == want.len() && got.iter().zip(want).all(|(got, want)| same(got, want, digits))
        }
        (Value::Object(got), Value::Object(want)) => {
            got.len() == want.len()
                && want.iter().all(|(key, want)| got.get(key).is_some_and(|got| same(got, want, digits)))
        }
        _ => got == want,
    }
}

mod tests {
    use std::path::{Path, PathBuf};

    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_the_same_to_the_digit_and_nothing_else_is() {
        for (got, want, alike) in [
            (json!(0.051_818_18), json!(0.051_818), true),
            (json!(0.051_819), json!(0.051_818), false),
            (json!(1), json!(1.0), true),
            (json!(null), json!(0.0), false),
            (json!([1.0]), json!([1.0, 2.0]), false),
            (json!({"a": 1}), json!({"a": 1, "b": 2}), false),
            (json!({"a": [0.1, "x"]}), json!({"a": [0.1, "x"]}), true),
            (json!("NORMAL"), json!("SAFE"), false),
        ] {
            assert_eq!(same(&got, &want, 6), alike, "{got} {want}");
        }
    }

    #[test]
    #[should_panic(expected = "b 3 <- WANTED 2")]
    fn a_wrong_cell_is_shown_in_its_table() {
        let rows = [row("right", "1 | SAFE", []), row("wrong", "SAFE | 2", [])];
        check("nobody", &["a", "b"], 6, &rows, &[vec![json!(1), json!("SAFE")], vec![json!("SAFE"), json!(3)]]);
    }

    #[test]
    #[should_panic(expected = "has no row | no such vector | SAFE")]
    fn a_deviation_that_is_not_in_the_index_fails() {
        let rows = [row("no such vector", "1", []).instead_of("SAFE", "nobody")];
        check("ai-hfos", &["a"], 6, &rows, &[vec![json!(1)]]);
    }

    /// A vector that holds again must leave the index.
    #[test]
    fn every_row_of_the_index_is_one_of_a_table() {
        let sources = sources(&root().join("tests/tests/golden"));
        let mut rows = 0;
        for line in index().lines().filter(|line| line.starts_with("| ") && !line.starts_with("| vector ")) {
            let vector = line.split('|').nth(1).unwrap().trim();
            assert!(sources.contains(&format!("\"{vector}\"")), "no table has the vector {vector}");
            rows += 1;
        }
        assert!(rows > 10, "{rows} rows were found");
    }

    fn sources(folder: &Path) -> String {
        let text = |path: PathBuf| if path.is_dir() { sources(&path) } else { std::fs::read_to_string(path).unwrap() };
        std::fs::read_dir(folder).unwrap().map(|entry| text(entry.unwrap().path())).collect()
    }

    #[test]
    fn the_index_leads_to_what_every_plugin_does_otherwise() {
        let (index, mut files) = (index(), 0);
        for entry in std::fs::read_dir(root().join("plugins")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.join("DEVIATIONS.md").is_file() {
                files += 1;
                assert!(index.contains(&format!("]({name}/DEVIATIONS.md)")), "no link to that of {name}");
            }
        }
        assert!(files > 0);
    }
}
