//! What differs between a recorded decision and one made again.

mod change;
mod said;
mod tally;

pub use change::DecisionChange;
pub use said::{Names, Said};
pub(crate) use said::{raw_json, shown};
pub use tally::{HookTally, Tally};
