//! What is reloaded: by turns good versions and bad ones of every kind, each with a digest of its own.

use bulkhead_runtime::{
    Step, Wish,
    version::{Candidate, digest_of},
};
use bulkhead_tests::{
    bad::{self, BASE, Bad},
    components, keeper, surgery,
};

/// Name of the stateless subsystem.
pub const SPEAKER: &str = "speaker";

/// Letters that tell versions of the speaker apart.
const LETTERS: &[u8] = b"abcdefghijklmnpqrstuvwxyz";

/// A candidate, and what is to come of it.
pub struct Made {
    pub subsystem: &'static str,
    pub candidate: Candidate,
    /// What it would say if it served.
    pub says: String,
    /// Where it is stopped; `None` when it serves.
    pub stopped: Option<Step>,
}

impl Made {
    /// Good versions come again, so that a lower number is meant; a bad one with a lower number is one of the bad ways.
    pub fn wish(&self) -> Wish {
        Wish { actor: "soak".to_owned(), reason: "soak".to_owned(), downgrade: self.stopped.is_none() }
    }
}

/// Makes candidates without end.
pub struct Maker {
    kinds: Vec<Bad>,
    chaos: Vec<u8>,
    /// Good versions of each subsystem, which come again and again; 0: every content is new.
    known: u32,
    made: u32,
}

impl Maker {
    pub fn new(known: u32) -> Self {
        let mut kinds = bad::kinds();
        // Calls wait while the state is handed over: these take all the time there is for it, and more on a busy machine.
        let long = ["loops with the state", "works too long with the state"];
        // It shows in a hook that nobody asks here.
        let hidden = ["breaks the contract"];
        kinds.retain(|bad| !long.contains(&bad.name) && !hidden.contains(&bad.name));
        assert!(kinds.len() >= 20, "{} kinds", kinds.len());
        Self { kinds, chaos: std::fs::read(components::guest("chaos")).unwrap(), known, made: 0 }
    }

    /// Kinds of bad candidates.
    pub fn kinds(&self) -> usize {
        self.kinds.len()
    }

    /// By turns: a good keeper, a bad one, a good speaker, a bad keeper.
    pub fn next(&mut self) -> Made {
        let n = self.made;
        self.made += 1;
        match n % 4 {
            0 => self.keeper(self.number(n)),
            2 => self.speaker(self.number(n)),
            _ => self.bad(n),
        }
    }

    fn number(&self, n: u32) -> u32 {
        let turn = n / 4;
        1 + if self.known == 0 { turn } else { turn % self.known }
    }

    fn keeper(&self, n: u32) -> Made {
        let bytes = keeper::component(BASE + n);
        Made { subsystem: keeper::NAME, candidate: candidate(bytes), says: keeper::number(BASE + n), stopped: None }
    }

    /// The version of the speaker with this number.
    pub fn speaker(&self, n: u32) -> Made {
        let letter = char::from(LETTERS[n as usize % LETTERS.len()]);
        let says = format!("chaos says n{letter}");
        let bytes = surgery::tagged(&surgery::patched(&self.chaos, "chaos says no", &says), &n.to_string());
        Made { subsystem: SPEAKER, candidate: candidate(bytes), says, stopped: None }
    }

    fn bad(&self, n: u32) -> Made {
        let bad = &self.kinds[n as usize / 2 % self.kinds.len()];
        // What is no component stays as it is.
        let whole = bad.step != Step::Load;
        let tag = if self.known == 0 { n } else { 0 };
        let bytes = if whole { surgery::tagged(&bad.bytes, &tag.to_string()) } else { bad.bytes.clone() };
        let says = match bad.step {
            Step::Version => keeper::number(BASE - 1),
            _ => bad.name.to_owned(),
        };
        Made { subsystem: keeper::NAME, candidate: candidate(bytes), says, stopped: Some(bad.step) }
    }
}

fn candidate(bytes: Vec<u8>) -> Candidate {
    let digest = digest_of(&bytes);
    Candidate { file: "soak.wasm".into(), bytes, digest }
}
