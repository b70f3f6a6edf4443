//! What is wrong with a document, and where.

use std::fmt;

/// One sentence about one field: `input.candidate.confidence: expected a number, got a string`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Innermost first: the error is made at the field and carried up.
    path: Vec<Step>,
    problem: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Row(usize),
}

impl JsonError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { path: Vec::new(), problem: problem.into() }
    }

    pub(super) fn within(mut self, field: &str) -> Self {
        self.path.push(Step::Field(field.to_owned()));
        self
    }

    pub(super) fn in_row(mut self, row: usize) -> Self {
        self.path.push(Step::Row(row));
        self
    }

    /// Where: `input.bars.open[3]`.
    #[must_use]
    pub fn field(&self) -> String {
        let mut text = String::new();
        for step in self.path.iter().rev() {
            match step {
                Step::Field(name) if text.is_empty() => text.push_str(name),
                Step::Field(name) => text.extend([".", name]),
                Step::Row(row) => text.push_str(&format!("[{row}]")),
            }
        }
        text
    }

    /// What: `expected a number, got a string`.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field() {
            field if field.is_empty() => f.write_str(&self.problem),
            field => write!(f, "{field}: {}", self.problem),
        }
    }
}

impl std::error::Error for JsonError {}

impl serde::de::Error for JsonError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::new(problem.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("it is missing").within(field)
    }
}
