//! Order type and exit levels.

use bulkhead_sdk::hooks::{Book, ExitPlan, OrderPlan, PositionAge};
use bulkhead_sdk::prelude::*;

use crate::Chaos;
use crate::question::Question;

struct Order(OrderPlan);

impl Question for Order {
    type Said = OrderPlan;

    fn neutral(&self) -> OrderPlan {
        self.0
    }

    fn different(&self) -> OrderPlan {
        OrderPlan { order_type: OrderType::Limit, limit_offset_bps: 2.0, ..self.0 }
    }

    fn with_number(&self, number: f64) -> Option<OrderPlan> {
        Some(OrderPlan { limit_offset_bps: number, ..self.0 })
    }

    fn too_many(&self) -> Option<OrderPlan> {
        Some(OrderPlan { slices: 101, ..self.0 })
    }
}

impl OrderTypeSelection for Chaos {
    fn select(&mut self, ctx: &Ctx<'_>, _: &Candidate, default_plan: &OrderPlan, _: &Book) -> Answer<OrderPlan> {
        self.decide(ctx, &Order(*default_plan))
    }
}

/// Stop and target. Safer is a nearer stop.
struct Levels(ExitPlan);

impl Question for Levels {
    type Said = ExitPlan;

    fn neutral(&self) -> ExitPlan {
        self.0
    }

    fn different(&self) -> ExitPlan {
        ExitPlan { stop_loss: self.0.stop_loss / 2.0, ..self.0 }
    }

    fn with_number(&self, number: f64) -> Option<ExitPlan> {
        Some(ExitPlan { stop_loss: number, take_profit: number, trail: Some(number), partial: Some(number), ..self.0 })
    }

    fn loosened(&self) -> Option<ExitPlan> {
        Some(ExitPlan { stop_loss: self.0.stop_loss * 1.01, ..self.0 })
    }
}

impl ExitLevels for Chaos {
    fn levels(
        &mut self,
        ctx: &Ctx<'_>,
        _: &Candidate,
        base: &ExitPlan,
        _: &Market,
        _: Option<PositionAge>,
    ) -> Answer<ExitPlan> {
        self.decide(ctx, &Levels(*base))
    }
}
