//! One way to sort, whatever is sorted: every sort of a type of its own makes the component 10 KB larger.

/// The items with the highest scores first, equal ones in the order they came in.
pub fn by_score<T>(items: Vec<T>, score: impl Fn(&T) -> f64) -> Vec<T> {
    let order = places(items.iter().map(score).collect());
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| items.get_mut(place)?.take()).collect()
}

fn places(scores: Vec<f64>) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> = scores.into_iter().zip(0..).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    order.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_stay_in_order() {
        let items = vec![('a', 1.0), ('b', 3.0), ('c', 1.0), ('d', f64::INFINITY), ('e', -2.0), ('f', 3.0)];
        let ranked: String = by_score(items, |item| item.1).into_iter().map(|item| item.0).collect();
        assert_eq!(ranked, "dbface");
    }
}
