//! What a model says of a position.

use bulkhead_sdk::prelude::{Class, PositionAction};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    pub class: Class,
    pub action: PositionAction,
    /// 0 to 1.
    pub confidence: f64,
}

impl Judgement {
    pub const fn new(class: Class, action: PositionAction, confidence: f64) -> Self {
        Self { class, action, confidence }
    }

    /// Of a position whose numbers are none.
    pub const UNKNOWN: Self = Self::new(Class::Unclassified, PositionAction::Hold, 0.0);
    pub const TOXIC: Self = Self::new(Class::Toxic, PositionAction::ExitImmediately, 0.9);
}

pub fn is_winner(class: Class) -> bool {
    matches!(class, Class::Winner | Class::StrongTrend)
}

pub fn is_loser(class: Class) -> bool {
    matches!(class, Class::Loser | Class::Toxic)
}
