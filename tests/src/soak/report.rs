//! What was measured, and which claims hold.

use std::{fmt::Write, path::Path};

use hdrhistogram::Histogram;

/// Lines for people, and a claim each.
pub struct Report {
    full: bool,
    text: String,
    claims: Vec<Claim>,
}

struct Claim {
    of: String,
    what: String,
    measured: f64,
    most: f64,
    judged: bool,
}

impl Claim {
    const fn verdict(&self) -> &'static str {
        match (self.measured <= self.most, self.judged) {
            (true, _) => "holds",
            (false, true) => "BROKEN",
            (false, false) => "over, not judged in a short run",
        }
    }
}

impl Report {
    /// `full`: times and memory are judged.
    pub fn new(full: bool) -> Self {
        Self { full, text: String::new(), claims: Vec::new() }
    }

    pub const fn full(&self) -> bool {
        self.full
    }

    /// Says something now, and in the report.
    pub fn say(&mut self, line: &str) {
        println!("{line}");
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Something that is counted and must not happen at all.
    pub fn none(&mut self, of: &str, what: &str, count: u64) {
        let (of, what) = (of.to_owned(), what.to_owned());
        self.claims.push(Claim { of, what, measured: count as f64, most: 0.0, judged: true });
    }

    /// Something that depends on the machine.
    pub fn most(&mut self, of: &str, what: &str, measured: f64, most: f64) {
        let (of, what) = (of.to_owned(), what.to_owned());
        self.claims.push(Claim { of, what, measured, most, judged: self.full });
    }

    /// A row of a table of times.
    pub fn times(&mut self, name: &str, of: &Histogram<u64>, unit: &str) {
        let at = |share| of.value_at_quantile(share);
        self.say(&format!(
            "  {name:<44} {:>9} of them  p50 {:>8}  p95 {:>8}  p99 {:>8}  longest {:>9} {unit}",
            of.len(),
            at(0.5),
            at(0.95),
            at(0.99),
            of.max()
        ));
    }

    /// Prints the claims, writes the report, and returns how many claims are broken.
    pub fn end(mut self, file: Option<&Path>) -> usize {
        let mut table = String::from("\nclaims\n");
        for claim in &self.claims {
            let Claim { of, what, measured, most, .. } = claim;
            let _ = writeln!(table, "  {of:<20} {what:<58} {measured:>10.3}  at most {most:<7} {}", claim.verdict());
        }
        self.say(&table);
        let broken: Vec<String> = self
            .claims
            .iter()
            .filter(|claim| claim.verdict() == "BROKEN")
            .map(|claim| {
                format!("BROKEN: {}: {} is {:.3}, at most {}", claim.of, claim.what, claim.measured, claim.most)
            })
            .collect();
        broken.iter().for_each(|line| self.say(line));
        if let Some(file) = file {
            std::fs::write(file, &self.text).unwrap();
        }
        broken.len()
    }
}
