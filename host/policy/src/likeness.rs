//! How two answers to one question stand to each other: what a shadow is judged by.

use crate::stage::closed_set;

closed_set! {
    /// Another answer, seen from the one that holds.
    Likeness {
        /// The same decision. Words that only people read may differ.
        Same = "same",
        /// It would have let less through.
        Tighter = "tighter",
        /// It would have let more through.
        Looser = "looser",
        /// Different, and neither of the two.
        Other = "other",
    }
}

impl Likeness {
    /// Of two numbers of which the smaller one is the safer one.
    #[must_use]
    pub fn less_is_tighter(holds: f64, other: f64) -> Self {
        match holds.total_cmp(&other) {
            core::cmp::Ordering::Equal => Self::Same,
            core::cmp::Ordering::Greater => Self::Tighter,
            core::cmp::Ordering::Less => Self::Looser,
        }
    }
}
