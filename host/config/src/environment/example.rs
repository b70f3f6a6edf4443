//! The documented environment file, written from the table.

use std::fmt::Write;

use super::{GROUPS, Meaning, Variable};

/// Longest line of a comment.
const WIDTH: usize = 118;

const HEAD: &str = "\
# Bulkhead: every variable of the environment that the host knows. Written by `bulkhead config environment`.
#
# Order: built-in default < config/host.toml < profile < environment < command line. Nothing here is needed: each line
# is commented out and shows what holds without it. A variable of the families QT_AI_*, QT_ORCHESTRATOR_* and QT_* that is
# not listed is an error, and so is a value that cannot be meant. Blanks, quotes and a comment after a value are understood.
# `bulkhead config show --origin` shows what came of it.
";

/// The text of `config/environment.example`.
#[must_use]
pub fn example() -> String {
    let mut text = HEAD.to_owned();
    for group in GROUPS {
        let _ = write!(text, "\n# == {} ==\n", group.title);
        for variable in group.variables {
            let _ = write!(text, "\n{}", entry(variable));
        }
    }
    text
}

fn entry(v: &Variable) -> String {
    let mut text = String::new();
    let unit = if v.unit.is_empty() { String::new() } else { format!(" [{}]", v.unit) };
    let original = if v.original.is_empty() { String::new() } else { format!(" The original: {}.", v.original) };
    match v.meaning {
        Meaning::Sets(targets) => {
            let keys: Vec<&str> = targets.iter().map(|(key, _)| *key).collect();
            comment(&mut text, &format!("{}{unit}{original}", v.doc));
            comment(&mut text, &format!("Sets {}", keys.join(", ")));
        }
        Meaning::Alias(real) => comment(&mut text, &format!("{} Read as {real}.", v.doc)),
        Meaning::Always(_) => comment(&mut text, &format!("Always so: {}. Another value is refused.", v.doc)),
        Meaning::Superseded(instead) => {
            comment(&mut text, &format!("{}{unit}{original}", v.doc));
            comment(&mut text, &format!("Not read here: {instead}. A value other than this one is refused."));
        }
    }
    let _ = writeln!(text, "#{}={}", v.name, v.default);
    text
}

/// Adds a sentence as lines of a comment.
fn comment(text: &mut String, sentence: &str) {
    let mut line = String::from("#");
    for word in sentence.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}
