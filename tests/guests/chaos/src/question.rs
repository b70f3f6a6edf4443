//! What is asked, as far as an answer to it can be right or wrong.

/// One call of a hook. A wrong answer that the hook's type cannot express is `None`.
pub trait Question {
    /// The answer's type.
    type Said;

    /// What the host would do anyway.
    fn neutral(&self) -> Self::Said;

    /// Something else, allowed and safer than the baseline.
    fn different(&self) -> Self::Said;

    /// Every real number of the answer is this one.
    fn with_number(&self, number: f64) -> Option<Self::Said> {
        let _ = number;
        None
    }

    /// A symbol that was not asked about.
    fn foreign_symbol(&self) -> Option<Self::Said> {
        None
    }

    /// A symbol that stands twice.
    fn doubled_symbol(&self) -> Option<Self::Said> {
        None
    }

    /// A row or a needed field is missing.
    fn incomplete(&self) -> Option<Self::Said> {
        None
    }

    /// More rows, or a larger count, than allowed.
    fn too_many(&self) -> Option<Self::Said> {
        None
    }

    /// Looser than the baseline.
    fn loosened(&self) -> Option<Self::Said> {
        None
    }

    /// More than the host lifts.
    fn huge(&self) -> Option<Self::Said> {
        None
    }
}

/// An id that no symbol table has.
pub const FOREIGN: u32 = 4_000_000_000;

/// The first of the symbols asked about.
pub fn first(symbols: &[u32]) -> u32 {
    symbols.first().copied().unwrap_or_default()
}
