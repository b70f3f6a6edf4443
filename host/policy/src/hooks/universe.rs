//! Hook 1: which symbols may be traded in this cycle. Each subsystem narrows what the last one left.

use serde::{Deserialize, Serialize};

use super::symbols::unique_subset;
use crate::{Breach, Hook, HookId, Likeness, Limits, ReasonCode, SymbolId, SymbolMarks};

/// Marker of the hook.
pub struct UniverseFilter;

/// Input of the hook. Columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Universe {
    /// Symbols that may be traded so far.
    pub symbols: Vec<SymbolId>,
    /// What the directives say of each.
    pub marks: Vec<SymbolMarks>,
    /// Traded in the last 24 h, quote currency.
    pub volume_24h_usd: Vec<f64>,
    /// High-low range of the last hour in bps.
    pub range_bps: Vec<f64>,
    /// Estimated quoted spread in bps.
    pub spread_bps: Vec<f64>,
}

/// A symbol that was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Which symbol.
    pub symbol: SymbolId,
    /// Why.
    pub code: ReasonCode,
}

/// Answer of the hook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// May be traded.
    pub kept: Vec<SymbolId>,
    /// May not.
    pub dropped: Vec<Dropped>,
}

impl Hook for UniverseFilter {
    const ID: HookId = HookId::UniverseFilter;
    type Input = Universe;
    type Raw = Selection;
    type Answer = Selection;

    fn safe_default(input: &Universe) -> Selection {
        Selection { kept: input.symbols.clone(), dropped: Vec::new() }
    }

    fn check(input: &Universe, raw: Selection, _: &Limits) -> Result<Selection, Breach> {
        let said = raw.kept.iter().copied().chain(raw.dropped.iter().map(|d| d.symbol));
        unique_subset("selection", &input.symbols, said)?;
        let answered = raw.kept.len() + raw.dropped.len();
        if answered != input.symbols.len() {
            let problem = format!("{answered} symbols kept or dropped of {} asked", input.symbols.len());
            return Err(Breach::malformed("selection", problem));
        }
        Ok(raw)
    }

    fn combine(mut so_far: Selection, next: Selection) -> Selection {
        so_far.kept = next.kept;
        so_far.dropped.extend(next.dropped);
        so_far
    }

    fn advance(input: &mut Universe, so_far: &Selection) {
        let keep: Vec<bool> = input.symbols.iter().map(|s| so_far.kept.contains(s)).collect();
        retain(&mut input.symbols, &keep);
        retain(&mut input.marks, &keep);
        retain(&mut input.volume_24h_usd, &keep);
        retain(&mut input.range_bps, &keep);
        retain(&mut input.spread_bps, &keep);
    }

    fn compare(holds: &Selection, other: &Selection) -> Likeness {
        let within = |a: &Selection, b: &Selection| a.kept.iter().all(|symbol| b.kept.contains(symbol));
        match (within(other, holds), within(holds, other)) {
            (true, true) => Likeness::Same,
            (true, false) => Likeness::Tighter,
            (false, true) => Likeness::Looser,
            (false, false) => Likeness::Other,
        }
    }

    fn stops_all(answer: &Selection) -> bool {
        answer.kept.is_empty() && !answer.dropped.is_empty()
    }

    fn reasons(answer: &Selection) -> Vec<ReasonCode> {
        answer.dropped.iter().map(|d| d.code).collect()
    }
}

fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut rows = keep.iter();
    column.retain(|_| rows.next().copied().unwrap_or(false));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn universe() -> Universe {
        Universe {
            symbols: vec![3, 1, 2],
            marks: vec![SymbolMarks::default(); 3],
            volume_24h_usd: vec![30.0, 10.0, 20.0],
            range_bps: vec![3.0, 1.0, 2.0],
            spread_bps: vec![0.3, 0.1, 0.2],
        }
    }

    fn dropped(symbol: SymbolId) -> Dropped {
        Dropped { symbol, code: ReasonCode::LowVolume }
    }

    #[test]
    fn a_symbol_cannot_be_smuggled_in_doubled_or_forgotten() {
        let check = |kept: &[u32], gone: &[u32]| {
            let raw = Selection { kept: kept.to_vec(), dropped: gone.iter().map(|s| dropped(*s)).collect() };
            UniverseFilter::check(&universe(), raw, &Limits::default())
        };
        assert!(check(&[1, 2, 3], &[]).is_ok());
        assert!(check(&[2], &[1, 3]).is_ok());
        assert!(matches!(check(&[1, 2, 3, 9], &[]), Err(Breach::ForeignSymbol { symbol: 9, .. })));
        assert!(matches!(check(&[1, 1, 2], &[3]), Err(Breach::ForeignSymbol { symbol: 1, .. })));
        assert!(matches!(check(&[1, 2], &[]), Err(Breach::Malformed { .. })));
    }

    #[test]
    fn keeping_fewer_of_the_same_is_tighter_and_none_stops_everything() {
        let keep = |kept: &[u32]| Selection { kept: kept.to_vec(), dropped: vec![dropped(9)] };
        let likeness = |kept: &[u32]| UniverseFilter::compare(&keep(&[1, 2]), &keep(kept));
        assert_eq!(likeness(&[2, 1]), Likeness::Same);
        assert_eq!(likeness(&[2]), Likeness::Tighter);
        assert_eq!(likeness(&[1, 2, 3]), Likeness::Looser);
        assert_eq!(likeness(&[1, 3]), Likeness::Other);
        assert!(UniverseFilter::stops_all(&keep(&[])) && !UniverseFilter::stops_all(&keep(&[1])));
    }

    #[test]
    fn the_next_subsystem_sees_only_what_the_last_one_left_row_by_row() {
        let mut input = universe();
        let so_far = Selection { kept: vec![2, 3], dropped: vec![dropped(1)] };
        UniverseFilter::advance(&mut input, &so_far);
        assert_eq!(input.symbols, [3, 2]);
        assert_eq!(input.volume_24h_usd, [30.0, 20.0]);
        let next = Selection { kept: vec![3], dropped: vec![dropped(2)] };
        let both = UniverseFilter::combine(so_far, next);
        assert_eq!(both.kept, [3]);
        assert_eq!(both.dropped.len(), 2);
    }
}
