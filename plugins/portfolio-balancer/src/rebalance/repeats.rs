//! Positions that repeat a larger one, because the two move alike: while the coordinator wants such positions reduced,
//! each is cut to a share of the largest one that it repeats.
//!
//! A share of the other one and not of what is left of it: asked for again every ten minutes, half of what is left would
//! leave nothing. Sizes are those after the other cuts, and the largest position comes first, so that advice that is
//! followed once needs no second time.

use super::{Cut, Cuts, HEADROOM, overleveraged};
use crate::book::Book;
use crate::config::Limits;
use crate::pairs::{Pair, pairs};
use bulkhead_sdk::prelude::*;

pub(super) fn cut(cuts: &mut Cuts, book: &Book<'_>, limits: &Limits, share: f64, returns: &Returns) {
    let mut left = Book { holdings: book.holdings.clone(), ..Book::default() };
    for (symbol, cut) in cuts.iter() {
        shrink(&mut left, *symbol, 1.0 - cut.fraction);
    }
    let found = pairs(&left, limits, returns);
    for partners in found.chunk_by(|a, b| a.smaller == b.smaller) {
        let Some((pair, largest)) = largest(partners, &left) else { continue };
        let symbol = pair.smaller;
        let (own, allowed) = (left.held(symbol).abs(), largest * share);
        // A partner that was cut itself may be the smaller one by now.
        if largest < own || own <= allowed || is_deleveraged(book, symbol, limits) {
            continue;
        }
        shrink(&mut left, symbol, HEADROOM * allowed / own);
        let fraction = 1.0 - left.held(symbol) / book.held(symbol);
        cuts.insert(symbol, Cut { fraction, code: ReasonCode::Correlation, repeats: Some(pair) });
    }
}

/// The pair with the partner that is the largest now, and how large that is.
fn largest(partners: &[Pair], left: &Book<'_>) -> Option<(Pair, f64)> {
    let sized = partners.iter().map(|pair| (*pair, left.held(pair.larger).abs()));
    // Of equals the first, which is the one of the lower id.
    sized.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Its leverage is to come down, which closes some of it too. The next look sees what that left.
fn is_deleveraged(book: &Book<'_>, symbol: SymbolId, limits: &Limits) -> bool {
    book.holdings.get(&symbol).is_some_and(|holding| overleveraged(holding, limits).is_some())
}

fn shrink(book: &mut Book<'_>, symbol: SymbolId, keep: f64) {
    if let Some(holding) = book.holdings.get_mut(&symbol) {
        holding.size_usd *= keep;
    }
}

#[cfg(test)]
mod tests;
