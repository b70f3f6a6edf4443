//! Stage, modes, limits and bindings set at run time: in force for the next decision, and after a restart the safer one.

mod bindings;
mod disk;
mod lost;
mod restart;
mod rivals;
mod stand;
mod trades;
