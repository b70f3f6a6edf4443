//! Documents in, answers out: one, or one per line.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use serde_json::{Value, json};

use super::{
    failure::Failure,
    files,
    session::{Answered, Session},
};

/// One document, one answer, pretty-printed.
pub(super) fn one(mut session: Session, input: &Path, usage: bool) -> Result<ExitCode, Failure> {
    let mut text = Vec::new();
    files::input(input)?.read_to_end(&mut text).map_err(|error| files::unreadable(input, &error))?;
    let answered = session.answer(&text)?;
    print_pretty(&shown(answered, usage))?;
    Ok(ExitCode::SUCCESS)
}

/// A document and an answer per line. A line that fails does not stop the next one.
pub(super) fn lines(mut session: Session, input: &Path, usage: bool) -> Result<ExitCode, Failure> {
    let mut code = 0;
    let mut source = files::input(input)?;
    let mut line = Vec::new();
    while source.read_until(b'\n', &mut line).map_err(|error| files::unreadable(input, &error))? > 0 {
        if !line.trim_ascii().is_empty() {
            let said = match session.answer(&line) {
                Ok(answered) => shown(answered, usage),
                Err(failure) => {
                    code = worse(code, failure.code());
                    json!({ "error": failure.json() })
                }
            };
            print(&said.to_string())?;
        }
        line.clear();
    }
    Ok(ExitCode::from(code))
}

/// A plugin that failed says more than a document that did.
const fn worse(so_far: u8, code: u8) -> u8 {
    if so_far == 1 || code == 1 { 1 } else { code }
}

fn shown(answered: Answered, usage: bool) -> Value {
    let Answered { answer, usage: used } = answered;
    if !usage {
        return answer;
    }
    json!({ "answer": answer, "fuel": used.fuel, "memory_bytes": used.memory_bytes })
}

pub(super) fn print_pretty(value: &Value) -> Result<(), Failure> {
    print(&format!("{value:#}"))
}

/// A line on the standard output, at once: somebody may wait for it before writing the next document.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| Failure::Usage(format!("the answer cannot be written: {error}")))
}
