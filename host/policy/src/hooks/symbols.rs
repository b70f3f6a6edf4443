//! Set checks shared by the hooks that answer with symbols.

use crate::{Breach, SymbolId};

/// Refuses a symbol outside `asked` and one that stands twice. `asked` may be in any order.
pub(crate) fn unique_subset(
    field: &str,
    asked: &[SymbolId],
    said: impl Iterator<Item = SymbolId>,
) -> Result<(), Breach> {
    let mut left: Vec<SymbolId> = asked.to_vec();
    left.sort_unstable();
    let mut taken = vec![false; left.len()];
    for symbol in said {
        let slot = left.binary_search(&symbol).ok().and_then(|i| taken.get_mut(i));
        match slot {
            Some(free) if !*free => *free = true,
            _ => return Err(Breach::ForeignSymbol { field: field.to_owned(), symbol }),
        }
    }
    Ok(())
}
