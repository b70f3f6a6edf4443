//! `bulkhead token`: a line for the tokens' file of a host.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
};

use anyhow::{Context, Result, ensure};
use bulkhead_server::{TOKENS, auth::line};

use super::args::NewToken;

/// Bytes of chance in a token.
const LENGTH: usize = 32;

/// A new token: nobody can guess it.
pub(crate) fn random() -> Result<String> {
    let mut chance = [0; LENGTH];
    getrandom::fill(&mut chance).map_err(|error| anyhow::anyhow!("the system has no randomness ({error})"))?;
    Ok(chance.iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(super) fn make(args: &NewToken) -> Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    let (name, least) = (&args.name, !args.name.is_empty() && args.name.len() <= 64);
    ensure!(least && name.chars().all(fits), "a name has 1 to 64 letters, digits, or one of -_.@; no token was made");
    let token = random()?;

    let file = args.state.join(TOKENS);
    let unwritten = || format!("{} cannot be written; no token was made", file.display());
    DirBuilder::new().recursive(true).mode(0o700).create(&args.state).with_context(unwritten)?;
    let mut out = OpenOptions::new().create(true).append(true).mode(0o600).open(&file).with_context(unwritten)?;
    out.write_all(line(name, args.role, &token).as_bytes()).with_context(unwritten)?;
    out.sync_all().with_context(unwritten)?;
    println!("{token}");
    Ok(())
}
