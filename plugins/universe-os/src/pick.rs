//! From a verdict per symbol to a selection: who is in, who is out, and who of the rest gets one of so many places.

use bulkhead_sdk::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    In,
    Out(ReasonCode),
    /// In if there is a place: the higher score goes first.
    Compete(f64),
}

/// Keeps the order of the rows; every row stands in the selection once.
pub fn pick(judged: &[(SymbolId, Verdict)], places: usize) -> Selection {
    let last = last_place(judged, places);
    let mut selection = Selection { kept: Vec::with_capacity(judged.len()), dropped: Vec::new() };
    for (symbol, verdict) in judged {
        let code = match verdict {
            Verdict::In => None,
            Verdict::Out(code) => Some(*code),
            Verdict::Compete(score) => (places == 0 || last.is_some_and(|last| is_before(last, (*score, *symbol))))
                .then_some(ReasonCode::NotInUniverse),
        };
        match code {
            Some(code) => selection.dropped.push(DroppedSymbol { symbol: *symbol, code }),
            None => selection.kept.push(*symbol),
        }
    }
    selection
}

type Competitor = (f64, SymbolId);

/// Equal scores go by symbol, so that the order of the rows does not matter.
fn is_before(left: Competitor, right: Competitor) -> bool {
    rank(&left, &right).is_lt()
}

fn rank(left: &Competitor, right: &Competitor) -> std::cmp::Ordering {
    right.0.total_cmp(&left.0).then(left.1.cmp(&right.1))
}

/// The competitor who gets the last place; `None` when there is a place for everyone. Found without sorting.
fn last_place(judged: &[(SymbolId, Verdict)], places: usize) -> Option<Competitor> {
    let mut competitors: Vec<Competitor> = judged
        .iter()
        .filter_map(|(symbol, verdict)| match verdict {
            Verdict::Compete(score) => Some((*score, *symbol)),
            _ => None,
        })
        .collect();
    let last = places.checked_sub(1).filter(|_| places < competitors.len())?;
    Some(*competitors.select_nth_unstable_by(last, rank).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(judged: &[(SymbolId, Verdict)], places: usize) -> Vec<SymbolId> {
        let selection = pick(judged, places);
        let mut said: Vec<SymbolId> =
            selection.dropped.iter().map(|d| d.symbol).chain(selection.kept.clone()).collect();
        let mut asked: Vec<SymbolId> = judged.iter().map(|(symbol, _)| *symbol).collect();
        said.sort_unstable();
        asked.sort_unstable();
        assert_eq!(said, asked, "every symbol once");
        selection.kept
    }

    #[test]
    fn the_best_get_the_places_and_others_need_none() {
        let judged = [
            (0, Verdict::Compete(5.0)),
            (1, Verdict::In),
            (2, Verdict::Compete(9.0)),
            (3, Verdict::Out(ReasonCode::LowVolume)),
            (4, Verdict::Compete(7.0)),
        ];
        for (places, want) in [(0, &[1][..]), (1, &[1, 2]), (2, &[1, 2, 4]), (3, &[0, 1, 2, 4]), (99, &[0, 1, 2, 4])] {
            assert_eq!(kept(&judged, places), want, "{places}");
        }
        let selection = pick(&judged, 2);
        let codes: Vec<_> = selection.dropped.iter().map(|d| (d.symbol, d.code)).collect();
        assert_eq!(codes, [(0, ReasonCode::NotInUniverse), (3, ReasonCode::LowVolume)]);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter_even_among_equals() {
        let judged: Vec<_> = (0..60).map(|s| (s, Verdict::Compete(f64::from(s * 7 % 5)))).collect();
        for places in 0..=61 {
            let mut want = kept(&judged, places);
            want.sort_unstable();
            assert_eq!(want.len(), places.min(60));
            for turn in [1, 17, 30] {
                let mut turned = judged.clone();
                turned.rotate_left(turn);
                let mut got = kept(&turned, places);
                got.sort_unstable();
                assert_eq!(got, want);
            }
        }
    }

    #[test]
    fn more_places_never_push_anyone_out() {
        let judged: Vec<_> = (0..40).map(|s| (s, Verdict::Compete(f64::from(s * 11 % 13)))).collect();
        for places in 0..40 {
            let (fewer, more) = (kept(&judged, places), kept(&judged, places + 1));
            assert!(fewer.iter().all(|symbol| more.contains(symbol)));
        }
    }
}
