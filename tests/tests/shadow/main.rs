//! A candidate beside the version that serves: what it does to nobody, what it shows, and how it comes into service.

mod alarms;
mod lane;
mod promotion;
mod stage;
mod stand;
mod trial;
