//! Classes of positions, and amplification.

use bulkhead_sdk::hooks::amplification::{Action as Amplify, Recommendation};
use bulkhead_sdk::hooks::classification::{Action, Class, Classification};
use bulkhead_sdk::prelude::*;

use crate::Chaos;
use crate::misdeeds::GIANT;
use crate::question::{FOREIGN, Question, first};

struct Classes<'a>(&'a Positions);

impl Classes<'_> {
    fn all(&self, class: Class, confidence: f64) -> Vec<Classification> {
        let row = |symbol: &u32| Classification {
            symbol: *symbol,
            class,
            action: Action::Hold,
            confidence,
            urgency: Urgency::Normal,
        };
        self.0.symbols.iter().map(row).collect()
    }
}

impl Question for Classes<'_> {
    type Said = Vec<Classification>;

    fn neutral(&self) -> Vec<Classification> {
        self.all(Class::Unclassified, 0.0)
    }

    fn different(&self) -> Vec<Classification> {
        self.all(Class::Winner, 0.9)
    }

    fn with_number(&self, number: f64) -> Option<Vec<Classification>> {
        Some(self.all(Class::Winner, number))
    }

    fn foreign_symbol(&self) -> Option<Vec<Classification>> {
        let mut rows = self.neutral();
        rows.last_mut()?.symbol = FOREIGN;
        Some(rows)
    }

    fn doubled_symbol(&self) -> Option<Vec<Classification>> {
        let mut rows = self.neutral();
        rows.last_mut()?.symbol = first(&self.0.symbols);
        Some(rows)
    }

    fn incomplete(&self) -> Option<Vec<Classification>> {
        let mut rows = self.neutral();
        rows.pop();
        Some(rows)
    }

    fn huge(&self) -> Option<Vec<Classification>> {
        Some(vec![self.neutral().pop()?; 80_000])
    }
}

impl PositionClassification for Chaos {
    fn classify(&mut self, ctx: &Ctx<'_>, positions: &Positions, _: &Market) -> Answer<Vec<Classification>> {
        self.decide(ctx, &Classes(positions))
    }
}

struct Winners<'a> {
    positions: &'a Positions,
    proposed: &'a [Recommendation],
}

impl Winners<'_> {
    fn recommendation(&self) -> Recommendation {
        Recommendation {
            symbol: first(&self.positions.symbols),
            action: Amplify::TightenStops,
            priority: 1,
            confidence: 80.0,
            expected_r: 1.5,
            add_size_usd: None,
            close_fraction: None,
            extend_ms: None,
            rationale: "chaos".to_string(),
        }
    }
}

impl Question for Winners<'_> {
    type Said = Vec<Recommendation>;

    fn neutral(&self) -> Vec<Recommendation> {
        self.proposed.to_vec()
    }

    fn different(&self) -> Vec<Recommendation> {
        vec![self.recommendation()]
    }

    fn with_number(&self, number: f64) -> Option<Vec<Recommendation>> {
        Some(vec![Recommendation {
            action: Amplify::AddSize,
            confidence: number,
            expected_r: number,
            add_size_usd: Some(number),
            close_fraction: Some(number),
            ..self.recommendation()
        }])
    }

    fn foreign_symbol(&self) -> Option<Vec<Recommendation>> {
        Some(vec![Recommendation { symbol: FOREIGN, ..self.recommendation() }])
    }

    fn doubled_symbol(&self) -> Option<Vec<Recommendation>> {
        Some(vec![self.recommendation(); 2])
    }

    fn incomplete(&self) -> Option<Vec<Recommendation>> {
        Some(vec![Recommendation { action: Amplify::AddSize, ..self.recommendation() }])
    }

    fn loosened(&self) -> Option<Vec<Recommendation>> {
        Some(vec![Recommendation { action: Amplify::AddSize, add_size_usd: Some(1.0), ..self.recommendation() }])
    }

    fn huge(&self) -> Option<Vec<Recommendation>> {
        Some(vec![Recommendation { rationale: "x".repeat(GIANT), ..self.recommendation() }])
    }
}

impl AmplificationCheck for Chaos {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        positions: &Positions,
        _: &[Classification],
        _: &Account,
        _: &Market,
        proposed: &[Recommendation],
    ) -> Answer<Vec<Recommendation>> {
        self.decide(ctx, &Winners { positions, proposed })
    }
}
