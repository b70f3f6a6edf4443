//! Compiling a candidate in a process of its own first.
//!
//! A component of a thousand bytes can ask the compiler for gigabytes. The structural preflight refuses the shapes that are
//! known; this is for those that are not. The child is the same program, started with the words it was told; it limits
//! itself before it reads a byte, compiles, says by its exit code whether it could, and writes the code that it made.
//!
//! That code is as good as the host's own: it comes through a pipe from a process of the same program that the host has
//! started, and whoever could bend the compiler there could bend it here. So a host with a code cache takes it over and
//! compiles nothing itself.

use std::{
    ffi::OsString,
    io::{Read, Write},
    path::PathBuf,
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::{Ceilings, Grants, Sandbox};

/// Address space of the child, bytes. Guard regions of the compiler's own are reserved in it.
const ADDRESS_SPACE: u64 = 2 << 30;
/// CPU time of the child, s.
const CPU_SECONDS: u64 = 10;
/// Wall time of the child.
const WALL: Duration = Duration::from_secs(30);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// How much the child yields to others: compiling must not take the time of a decision.
const NICE: i32 = 10;
/// Most bytes of code that are taken from it: a cache takes no more.
const MOST_CODE: u64 = 64 << 20;

/// How a candidate is rehearsed.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// The program; usually this one.
    pub program: PathBuf,
    /// The words that make it call [`rehearse`].
    pub args: Vec<OsString>,
}

/// What a child has made of a component. It may be nothing: then the host compiles.
#[derive(Clone)]
pub struct Compiled(pub(crate) Vec<u8>);

impl Compiled {
    /// The code, if all of it has come: its length goes before it.
    fn whole(mut said: Vec<u8>) -> Self {
        let code = said.split_off(said.len().min(LENGTH));
        let told = said.try_into().map(u64::from_le_bytes);
        Self(if told == Ok(code.len() as u64) { code } else { Vec::new() })
    }

    /// What the child writes.
    fn write(code: &[u8], mut to: impl Write) -> std::io::Result<()> {
        to.write_all(&(code.len() as u64).to_le_bytes())?;
        to.write_all(code)?;
        to.flush()
    }
}

/// Bytes of the length before the code.
const LENGTH: usize = 8;

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled").field("bytes", &self.0.len()).finish()
    }
}

/// The child could not compile it.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// No child.
    #[error("no process can be started to compile it ({0}); check the limits on processes")]
    Start(std::io::Error),
    /// It was refused there.
    #[error("{0}")]
    Refused(String),
    /// It ran out of memory or CPU time, or crashed.
    #[error("compiling it took over {CPU_SECONDS} s of CPU or {} MiB of memory, or crashed the compiler ({how})", ADDRESS_SPACE >> 20)]
    Killed {
        /// How the child ended.
        how: String,
    },
    /// It took too long.
    #[error("compiling it took over {} s", WALL.as_secs())]
    Slow,
}

impl Rehearsal {
    /// Lets a child compile these bytes, and returns what it made of them.
    ///
    /// # Errors
    /// [`RehearsalError`]; the host itself has spent nothing.
    pub fn run(&self, bytes: &[u8]) -> Result<Compiled, RehearsalError> {
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(RehearsalError::Start)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let mut code = Vec::new();
        let made = &mut code;
        let ended = std::thread::scope(|scope| {
            // A child that does not read must not hold the host. What it could not be told, it will have missed.
            let told = std::thread::Builder::new()
                .name("rehearsal".to_owned())
                .spawn_scoped(scope, || stdin.map(|mut pipe| pipe.write_all(bytes)));
            // Nor may one that writes without end.
            let heard = std::thread::Builder::new()
                .name("rehearsal".to_owned())
                .spawn_scoped(scope, || stdout.map(|pipe| pipe.take(MOST_CODE).read_to_end(made)));
            if let Err(error) = told.map(drop).and(heard.map(drop)) {
                end(&mut child);
                return Err(RehearsalError::Start(error));
            }
            let deadline = Instant::now() + WALL;
            loop {
                match child.try_wait() {
                    Ok(Some(status)) => return Ok(status),
                    Ok(None) if Instant::now() < deadline => std::thread::sleep(LOOK),
                    Ok(None) => {
                        end(&mut child);
                        return Err(RehearsalError::Slow);
                    }
                    Err(error) => {
                        end(&mut child);
                        return Err(RehearsalError::Start(error));
                    }
                }
            }
        })?;
        if ended.success() {
            return Ok(Compiled::whole(code));
        }
        let mut said = String::new();
        if let Some(pipe) = child.stderr.take() {
            let _ = pipe.take(4096).read_to_string(&mut said);
        }
        let said = bulkhead_policy::value::tame_text(said.trim());
        match ended.code() {
            Some(REFUSED) => Err(RehearsalError::Refused(said)),
            _ => Err(RehearsalError::Killed { how: ended.to_string() }),
        }
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Exit code of a child that could compile and would not.
const REFUSED: i32 = 65;

/// What the child does: limits itself, reads a component from its standard input, and compiles it.
#[must_use]
pub fn rehearse() -> ExitCode {
    let refused = |text: &str| {
        eprintln!("{text}");
        ExitCode::from(u8::try_from(REFUSED).unwrap_or(1))
    };
    for (what, most) in [(Resource::As, ADDRESS_SPACE), (Resource::Cpu, CPU_SECONDS), (Resource::Core, 0)] {
        if let Err(error) = setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) }) {
            return refused(&format!("the compiling process cannot limit itself: {error}"));
        }
    }
    // Where the system does not allow it, the child is merely less polite.
    let _ = rustix::process::nice(NICE);
    let mut bytes = Vec::new();
    if let Err(error) = std::io::stdin().lock().read_to_end(&mut bytes) {
        return refused(&format!("the candidate cannot be read: {error}"));
    }
    let loaded = Sandbox::new(Ceilings::default())
        .map_err(|error| error.to_string())
        .and_then(|sandbox| sandbox.compile_only(&bytes, Grants::default()).map_err(|error| error.to_string()));
    match loaded {
        // A host that does not listen compiles for itself.
        Ok(code) => {
            let _ = Compiled::write(&code, std::io::stdout().lock());
            ExitCode::SUCCESS
        }
        Err(text) => refused(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_was_cut_off_or_drawn_out_is_no_code() {
        let mut said = Vec::new();
        Compiled::write(b"code", &mut said).unwrap();
        assert_eq!(Compiled::whole(said.clone()).0, b"code");
        for cut in 0..said.len() {
            assert!(Compiled::whole(said[..cut].to_vec()).0.is_empty(), "{cut}");
        }
        said.push(0);
        assert!(Compiled::whole(said).0.is_empty());
    }
}
