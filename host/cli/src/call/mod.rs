//! `bulkhead call`: one plugin, one hook, JSON in and JSON out.

mod args;
mod documents;
mod failure;
mod files;
mod find;
mod grant;
mod session;
mod table;

use std::process::ExitCode;

use bulkhead_policy::json;
use bulkhead_sandbox::{Ceilings, Grants, Plugin, Sandbox};

pub(crate) use args::Call;
use failure::Failure;
use find::Question;
use session::Session;
use table::Table;

/// Answers, or says in one sentence why not.
pub(crate) fn run(args: &Call) -> ExitCode {
    match answer(args) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("bulkhead: {}: {failure}", args.plugin);
            ExitCode::from(failure.code())
        }
    }
}

fn answer(args: &Call) -> Result<ExitCode, Failure> {
    let question = Question::named(&args.hook)?;
    if args.example {
        let example = json::example(question.hook()).map_err(Failure::Document)?;
        return documents::print_pretty(&example).map(|()| ExitCode::SUCCESS);
    }
    let limits = grant::limits(&args.grant)?;
    let config = files::configuration(args.config.as_deref())?;
    let table = args.symbols.as_deref().map_or_else(|| Ok(Table::default()), files::symbols)?;
    let input = args.input.as_deref().ok_or_else(|| Failure::usage("--input is missing"))?;
    let plugin = load(args, question)?;
    let session = Session::start(plugin, config, question, limits, table)?;
    if args.jsonl { documents::lines(session, input, args.usage) } else { documents::one(session, input, args.usage) }
}

fn load(args: &Call, question: Question) -> Result<Plugin, Failure> {
    let bytes = find::component(&args.plugin, &args.plugins)?;
    let sandbox = Sandbox::new(Ceilings::default()).map_err(|error| Failure::Load(error.to_string()))?;
    let plugin = sandbox.load(&bytes, Grants::default()).map_err(|error| Failure::Load(error.to_string()))?;
    let answers = match question {
        Question::Hook(hook) => plugin.answers(hook),
        Question::Report => plugin.reports(),
    };
    if answers {
        return Ok(plugin);
    }
    let mut known: Vec<&str> = plugin.hooks().map(|hook| hook.name()).collect();
    known.extend(plugin.reports().then_some("report"));
    Err(Failure::Usage(format!("it does not answer {}; it answers {}", args.hook, known.join(", "))))
}
