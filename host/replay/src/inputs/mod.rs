//! What a replay is given: the journal with its tables, and the components that made its decisions.

mod components;
mod guidance;
mod source;
mod survey;

pub use components::Components;
pub(crate) use guidance::{Issued, aged};
pub use source::{Made, Source};
pub use survey::{Lived, Survey};
