//! Signal, universe, confidence, size.

use bulkhead_sdk::hooks::signal::{Action, Bars, Proposal};
use bulkhead_sdk::hooks::universe::{DroppedSymbol, Selection, Universe};
use bulkhead_sdk::prelude::*;

use crate::Chaos;
use crate::question::{FOREIGN, Question, first};

struct Strategy<'a>(&'a Bars);

impl Strategy<'_> {
    fn proposal(&self) -> Proposal {
        Proposal {
            symbol: first(&self.0.symbols),
            action: Action::Long,
            confidence: 0.75,
            stop_loss: Some(0.02),
            take_profit: Some(0.04),
        }
    }
}

impl Question for Strategy<'_> {
    type Said = Vec<Proposal>;

    fn neutral(&self) -> Vec<Proposal> {
        Vec::new()
    }

    fn different(&self) -> Vec<Proposal> {
        vec![self.proposal()]
    }

    fn with_number(&self, number: f64) -> Option<Vec<Proposal>> {
        Some(vec![Proposal {
            confidence: number,
            stop_loss: Some(number),
            take_profit: Some(number),
            ..self.proposal()
        }])
    }

    fn foreign_symbol(&self) -> Option<Vec<Proposal>> {
        Some(vec![Proposal { symbol: FOREIGN, ..self.proposal() }])
    }

    fn doubled_symbol(&self) -> Option<Vec<Proposal>> {
        Some(vec![self.proposal(); 2])
    }

    fn huge(&self) -> Option<Vec<Proposal>> {
        Some(vec![self.proposal(); 30_000])
    }
}

impl Signal for Chaos {
    fn on_bars(&mut self, ctx: &Ctx<'_>, _: &Market, bars: &Bars) -> Answer<Vec<Proposal>> {
        self.decide(ctx, &Strategy(bars))
    }
}

struct Filter<'a>(&'a Universe);

impl Question for Filter<'_> {
    type Said = Selection;

    fn neutral(&self) -> Selection {
        Selection { kept: self.0.symbols.clone(), dropped: Vec::new() }
    }

    fn different(&self) -> Selection {
        let mut selection = self.neutral();
        let dropped = selection.kept.pop().map(|symbol| DroppedSymbol { symbol, code: ReasonCode::LowVolume });
        selection.dropped.extend(dropped);
        selection
    }

    fn foreign_symbol(&self) -> Option<Selection> {
        let mut selection = self.neutral();
        selection.kept.push(FOREIGN);
        Some(selection)
    }

    fn doubled_symbol(&self) -> Option<Selection> {
        let mut selection = self.neutral();
        selection.kept.push(first(&self.0.symbols));
        Some(selection)
    }

    fn incomplete(&self) -> Option<Selection> {
        let mut selection = self.neutral();
        selection.kept.pop();
        Some(selection)
    }

    fn huge(&self) -> Option<Selection> {
        Some(Selection { kept: vec![first(&self.0.symbols); 300_000], dropped: Vec::new() })
    }
}

impl UniverseFilter for Chaos {
    fn filter(&mut self, ctx: &Ctx<'_>, universe: &Universe) -> Answer<Selection> {
        self.decide(ctx, &Filter(universe))
    }
}

/// The confidence that a candidate needs. Safer is higher.
struct Threshold(f64);

impl Question for Threshold {
    type Said = f64;

    fn neutral(&self) -> f64 {
        self.0
    }

    fn different(&self) -> f64 {
        f64::midpoint(self.0, 1.0)
    }

    fn with_number(&self, number: f64) -> Option<f64> {
        Some(number)
    }

    fn loosened(&self) -> Option<f64> {
        Some(self.0 / 2.0)
    }
}

impl ConfidenceAdjustment for Chaos {
    fn adjust(&mut self, ctx: &Ctx<'_>, _: &Candidate, base_threshold: f64, _: &Account, _: &Market) -> Answer<f64> {
        self.decide(ctx, &Threshold(base_threshold))
    }
}

/// A size. Safer is smaller.
struct Size(f64);

impl Question for Size {
    type Said = f64;

    fn neutral(&self) -> f64 {
        self.0
    }

    fn different(&self) -> f64 {
        self.0 / 2.0
    }

    fn with_number(&self, number: f64) -> Option<f64> {
        Some(number)
    }

    fn loosened(&self) -> Option<f64> {
        Some(self.0 * 1.01)
    }
}

impl PositionSizing for Chaos {
    fn size(
        &mut self,
        ctx: &Ctx<'_>,
        _: &Candidate,
        base_size_usd: f64,
        _: &Exposures,
        _: &Account,
        _: &Market,
    ) -> Answer<f64> {
        self.decide(ctx, &Size(base_size_usd))
    }
}
