//! The made-up coins.

/// The character of a simulated symbol.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Coin {
    pub(super) name: String,
    /// First price, USD.
    pub(super) price: f64,
    pub(super) tick: f64,
    pub(super) step: f64,
    /// How much of the common factor's move it makes.
    pub(super) beta: f64,
    /// Standard deviation of its own minute return.
    pub(super) sigma: f64,
    /// Typical traded value of a minute, USD.
    pub(super) minute_usd: f64,
}

/// Name, price, decimals of tick and step, beta, own volatility in bp per minute, traded value per minute in USD:
/// orders of magnitude of the real ones.
const TABLE: [(&str, f64, i32, i32, f64, f64, f64); 16] = [
    ("BTC", 64_000.0, 1, 3, 0.85, 2.0, 9e6),
    ("ETH", 2_700.0, 2, 3, 1.0, 3.0, 5e6),
    ("SOL", 150.0, 2, 1, 1.2, 4.5, 2e6),
    ("BNB", 560.0, 1, 2, 0.8, 3.0, 8e5),
    ("XRP", 0.58, 4, 0, 0.9, 4.5, 9e5),
    ("ADA", 0.36, 4, 0, 1.1, 4.5, 4e5),
    ("AVAX", 24.0, 3, 1, 1.25, 5.0, 4e5),
    ("LINK", 11.2, 3, 1, 1.15, 4.5, 3e5),
    ("DOGE", 0.11, 5, 0, 1.2, 5.0, 9e5),
    ("LTC", 66.0, 2, 2, 0.9, 3.5, 3e5),
    ("DOT", 4.6, 3, 1, 1.1, 4.5, 2e5),
    ("SUI", 1.05, 4, 1, 1.35, 6.5, 5e5),
    ("XLM", 0.098, 5, 0, 0.9, 4.5, 8e4),
    ("BCH", 345.0, 2, 3, 0.95, 4.5, 2e5),
    ("ENA", 0.33, 4, 0, 1.4, 8.0, 3e5),
    ("LAYER", 1.9, 4, 1, 1.2, 9.0, 6e4),
];

/// Coin number `index`; behind the table they repeat under numbered names with other prices.
pub(super) fn coin(index: usize) -> Coin {
    let round = index / TABLE.len();
    let scale = 1.0 + 0.37 * round as f64;
    let row = TABLE.iter().cycle().nth(index).copied().unwrap_or(("BTC", 64_000.0, 1, 3, 1.0, 3.0, 1e6));
    let (base, price, tick, step, beta, own_bp, minute_usd) = row;
    let name = if round == 0 { format!("SIM{base}") } else { format!("SIM{base}{}", round + 1) };
    Coin {
        name,
        price: price * scale,
        tick: 1.0 / 10f64.powi(tick),
        step: 1.0 / 10f64.powi(step),
        beta,
        sigma: own_bp * 1e-4,
        minute_usd: minute_usd / scale,
    }
}
