//! A list that stays short: evenly thinned out whenever it is full.

/// Every n-th of what was pushed; n doubles when there is no more room. The same pushes leave the same items.
#[derive(Clone, Debug)]
pub(crate) struct Thinned<T> {
    items: Vec<T>,
    most: usize,
    every: u64,
    seen: u64,
}

impl<T> Thinned<T> {
    /// Room for `most` items, 2 at least.
    pub(crate) fn new(most: usize) -> Self {
        Self { items: Vec::new(), most: most.max(2), every: 1, seen: 0 }
    }

    pub(crate) fn push(&mut self, make: impl FnOnce() -> T) {
        let due = self.seen.is_multiple_of(self.every);
        self.seen += 1;
        if !due {
            return;
        }
        if self.items.len() >= self.most {
            let mut keep = false;
            self.items.retain(|_| {
                keep = !keep;
                keep
            });
            self.every = self.every.saturating_mul(2);
            if !(self.seen - 1).is_multiple_of(self.every) {
                return;
            }
        }
        self.items.push(make());
    }

    pub(crate) fn into_items(self) -> Vec<T> {
        self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_short_and_even() {
        for count in [0u64, 1, 7, 8, 9, 100, 1_000] {
            let mut thinned = Thinned::new(8);
            (0..count).for_each(|n| thinned.push(|| n));
            let items = thinned.into_items();
            assert!(items.len() <= 8 && items.len() as u64 >= count.min(4), "{count}: {items:?}");
            let step = items.get(1).copied().unwrap_or(1);
            assert!(items.windows(2).all(|w| w[1] - w[0] == step), "{items:?}");
        }
    }
}
