//! The nearest known name to a mistyped one.

/// The name that differs least from `wanted`, ignoring case, if the difference is small enough to be a slip.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let ranked = names.map(|name| (distance(&wanted, &name.to_lowercase()), name));
    let (edits, name) = ranked.min()?;
    // A third of the name: `BTCUSD` finds `BTCUSDT`, `TESLA` finds nothing.
    (edits * 3 <= wanted.chars().count()).then_some(name)
}

/// Levenshtein distance, in one row of memory.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.chars().zip(row.iter_mut().skip(1)) {
            let best = (*cell + 1).min(left + 1).min(diagonal + usize::from(x != y));
            diagonal = *cell;
            *cell = best;
            left = best;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_the_textbook_ones() {
        for (a, b, want) in
            [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("ab", "ba", 2)]
        {
            assert_eq!(distance(a, b), want, "{a} {b}");
        }
    }

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_finds_none() {
        let names = ["ADAUSDT", "BTCUSDT", "ETHUSDT"];
        assert_eq!(nearest("BTCUSD", names.into_iter()), Some("BTCUSDT"));
        assert_eq!(nearest("ethusdt", names.into_iter()), Some("ETHUSDT"));
        assert_eq!(nearest("TESLA", names.into_iter()), None);
        assert_eq!(nearest("BTCUSDT", std::iter::empty()), None);
    }
}
