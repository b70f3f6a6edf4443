//! The least squares line.

/// y = offset + slope · x.
pub(super) struct Line {
    pub(super) offset: f64,
    pub(super) slope: f64,
    /// Share of the variance of y that the line explains.
    pub(super) r2: f64,
}

/// The line through at least five points that do not all have one x or one y.
pub(super) fn least_squares(points: &[(f64, f64)]) -> Option<Line> {
    let mx = mean(points.iter().map(|p| p.0))?;
    let my = mean(points.iter().map(|p| p.1))?;
    let sum = |f: &dyn Fn(f64, f64) -> f64| points.iter().map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    (points.len() >= 5 && xx > 0.0 && yy > 0.0).then(|| {
        let slope = xy / xx;
        Line { offset: my - slope * mx, slope, r2: xy * xy / (xx * yy) }
    })
}

/// The mean, if there is any value.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
