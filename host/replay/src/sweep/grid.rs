//! All combinations of some values of some keys.

/// Most combinations of one sweep.
pub const MOST: usize = 10_000;

/// One key and the values that it takes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Axis {
    /// Key of the configuration.
    pub key: String,
    /// Values as they are written, in the order given.
    pub values: Vec<String>,
}

/// Why there is no such grid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant is its documentation")]
pub enum GridError {
    #[error("--vary {0}: use --vary KEY=VALUE,VALUE,..., as in --vary loop.leverage_x=2,3,5")]
    Form(String),
    #[error("--vary {0} stands twice: give all its values at once")]
    Twice(String),
    #[error("--vary {0}: it decides how the one sandbox of all runs is made; make a sweep for each value")]
    Fixed(String),
    #[error("nothing varies: give at least one --vary KEY=VALUE,VALUE,...")]
    Nothing,
    #[error("these are {0} combinations, and a sweep runs at most {MOST}: vary fewer keys or values")]
    TooMany(u128),
}

/// The grid. The last key changes fastest.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Grid {
    /// Its keys.
    pub axes: Vec<Axis>,
}

impl Grid {
    /// Of arguments like `loop.leverage_x=2,3,5`.
    ///
    /// # Errors
    /// [`GridError`].
    pub fn parse(arguments: &[String]) -> Result<Self, GridError> {
        let axes: Vec<Axis> = arguments.iter().map(|text| axis(text)).collect::<Result<_, _>>()?;
        if axes.is_empty() {
            return Err(GridError::Nothing);
        }
        for (at, axis) in axes.iter().enumerate() {
            if axes.iter().take(at).any(|before| before.key == axis.key) {
                return Err(GridError::Twice(axis.key.clone()));
            }
        }
        let count = axes.iter().fold(1u128, |count, axis| count.saturating_mul(axis.values.len() as u128));
        if count > MOST as u128 { Err(GridError::TooMany(count)) } else { Ok(Self { axes }) }
    }

    /// Number of combinations.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The keys and values of one combination, in the order of the axes.
    #[must_use]
    pub fn cell(&self, number: usize) -> Vec<(String, String)> {
        let mut rest = number;
        let mut set = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            let count = axis.values.len().max(1);
            set.extend(axis.values.get(rest % count).map(|value| (axis.key.clone(), value.clone())));
            rest /= count;
        }
        set.reverse();
        set
    }
}

fn axis(text: &str) -> Result<Axis, GridError> {
    let form = || GridError::Form(text.to_owned());
    let (key, values) = text.split_once('=').ok_or_else(form)?;
    let (key, values) = (key.trim().to_owned(), split(values));
    if key.is_empty() || values.iter().any(String::is_empty) {
        return Err(form());
    }
    if key == "sandbox" || key.starts_with("sandbox.") {
        return Err(GridError::Fixed(key));
    }
    Ok(Axis { key, values })
}

/// Parts between commas that stand in no bracket and no quotation.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 0usize, false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c == ',' && depth == 0 && !quoted {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Grid, GridError> {
        Grid::parse(&arguments.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn every_combination_is_there_once() {
        let grid = parsed(&["a=1,2", "b.c=x", "d=[1,2],\"p,q\",{e=1,f=2}"]).unwrap();
        assert_eq!(grid.cells(), 6);
        let mut all: Vec<String> = (0..6).map(|n| format!("{:?}", grid.cell(n))).collect();
        assert_eq!(grid.cell(1), [("a", "1"), ("b.c", "x"), ("d", "\"p,q\"")].map(|(k, v)| (k.into(), v.into())));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        assert_eq!(parsed(&[]), Err(GridError::Nothing));
        assert_eq!(parsed(&["a=1", "a=2"]), Err(GridError::Twice("a".into())));
        assert_eq!(parsed(&["sandbox.memory_mib=1,2"]), Err(GridError::Fixed("sandbox.memory_mib".into())));
        for wrong in ["a", "=1", "a=", "a=1,,2"] {
            assert_eq!(parsed(&[wrong]), Err(GridError::Form(wrong.into())));
        }
        let many = format!("x={}", (0..101).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
        assert_eq!(parsed(&[&many, &many.replace('x', "y")]), Err(GridError::TooMany(10_201)));
    }
}
