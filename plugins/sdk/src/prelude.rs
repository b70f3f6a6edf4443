//! Everything a plugin needs: `use bulkhead_sdk::prelude::*`.

pub use serde::Deserialize;

pub use crate::hooks::*;
pub use crate::{
    ALLOW, Answer, BarRow, Ctx, ExposureRow, OutcomeRow, Plugin, PositionRow, SymbolTable, UniverseRow, deny, log,
};
