//! `bulkhead`: the plugin host for trading decisions.

#![forbid(unsafe_code)]

mod args;
mod call;
mod config;
mod control;
mod journal;
mod replay;
mod run;
mod sweep;
mod why;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let command = args::Args::parse().command;
    match command {
        // A run logs as its configuration says.
        args::Command::Run(_) => {}
        // What an account is told of while it trades is in a report, where it differs.
        args::Command::Replay(_) | args::Command::Sweep(_) => logging(bulkhead_config::LogConfig::failures()),
        _ => logging(bulkhead_config::LogConfig::default()),
    }
    let result = match command {
        args::Command::Run(run) => run::run(&run),
        args::Command::Journal(journal) => journal::run(&journal),
        args::Command::Why(why) => why::run(&why),
        args::Command::Replay(replay) => replay::run(&replay),
        args::Command::Sweep(sweep) => sweep::run(&sweep),
        args::Command::Config(command) => config::run(&command),
        args::Command::Call(call) => return call::run(&call),
        args::Command::Status(status) => control::status(&status),
        args::Command::Plugin(command) => control::plugin(&command),
        args::Command::Stage(change) => control::stage(&change),
        args::Command::Mode(change) => control::mode(&change),
        args::Command::Activate(args) => control::activate(&args),
        args::Command::EmergencyDisable(args) => control::emergency_disable(&args),
        args::Command::Limits(command) => control::limits(&command),
        args::Command::Brake(command) => control::brake(&command),
        args::Command::Token(new) => control::token(&new),
        args::Command::Openapi => openapi(),
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

/// `bulkhead openapi`
fn openapi() -> anyhow::Result<()> {
    use std::io::Write as _;
    Ok(writeln!(std::io::stdout(), "{}", bulkhead_server::openapi())?)
}

/// Lines of host and plugins to the standard error. `RUST_LOG`, where it is set, decides instead of the configuration.
pub(crate) fn logging(config: bulkhead_config::LogConfig) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(config.filter()));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
}
