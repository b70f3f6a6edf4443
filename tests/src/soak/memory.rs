//! What this process holds in memory.

/// Resident bytes.
pub fn resident_bytes() -> f64 {
    bytes("VmRSS:")
}

/// The most that it ever was, bytes.
pub fn peak_bytes() -> f64 {
    bytes("VmHWM:")
}

fn bytes(of: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(of)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() * 1_024.0
}

/// Slope of a line through the later two thirds, by least squares: first everything grows to its size.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let points = &points[points.len() / 3..];
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let over: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let under: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    if under > 0.0 { over / under } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::slope;

    #[test]
    fn the_way_to_the_first_size_does_not_count() {
        let point = |x| (f64::from(x), if x < 30 { f64::from(x) * 9.0 } else { f64::from(x) * 0.5 });
        let points: Vec<_> = (0..90).map(point).collect();
        assert!((slope(&points) - 0.5).abs() < 1e-9);
    }
}
