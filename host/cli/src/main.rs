//! `bulkhead`: the plugin host for trading decisions.

#![forbid(unsafe_code)]

mod args;
mod call;
mod config;
mod journal;
mod run;
mod why;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,plugin=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
    let result = match args.command {
        args::Command::Run(run) => run::run(&run),
        args::Command::Journal(journal) => journal::run(&journal),
        args::Command::Why(why) => why::run(&why),
        args::Command::Call(call) => return call::run(&call),
        args::Command::Rehearse => return bulkhead_sandbox::rehearse(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence: the outermost error says it all, its causes are part of its text.
            eprintln!("bulkhead: {error:#}");
            ExitCode::FAILURE
        }
    }
}
