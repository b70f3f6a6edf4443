//! Sectors of well-known assets.

/// Base assets by sector. Small on purpose: a limit per sector needs the big groups right, and `other` is a group too.
const SECTORS: [(&str, &[&str]); 7] = [
    ("major", &["BTC", "ETH"]),
    (
        "layer1",
        &[
            "SOL", "BNB", "ADA", "AVAX", "DOT", "SUI", "APT", "NEAR", "ATOM", "TRX", "TON", "ALGO", "EOS", "ETC",
            "SEI", "INJ",
        ],
    ),
    ("layer2", &["ARB", "OP", "MATIC", "POL", "STRK", "ZK", "LAYER", "MNT"]),
    ("payment", &["XRP", "XLM", "LTC", "BCH", "BSV", "XMR", "ZEC", "DASH"]),
    ("defi", &["LINK", "UNI", "AAVE", "ENA", "CRV", "MKR", "LDO", "COMP", "SUSHI", "PENDLE"]),
    ("meme", &["DOGE", "SHIB", "PEPE", "WIF", "BONK", "FLOKI"]),
    ("ai", &["FET", "RENDER", "TAO", "WLD", "AGIX"]),
];

/// Currencies that symbols end with, longest first so that `BTCUSDT` does not end in `USD`-something.
const QUOTES: [&str; 6] = ["FDUSD", "USDT", "USDC", "BUSD", "USD", "EUR"];

/// The sector of a symbol such as `BTCUSDT`, `1000PEPEUSDT`, `ETH-USD` or the simulator's `SIMBTC`; `other` if unknown.
#[must_use]
pub fn sector_of(symbol: &str) -> &'static str {
    let name = symbol.to_ascii_uppercase();
    let quoted = QUOTES.iter().find_map(|quote| name.strip_suffix(quote).filter(|base| !base.is_empty()));
    let base = quoted.unwrap_or(&name).trim_end_matches(['-', '_', '/']);
    let base = base.strip_prefix("SIM").filter(|rest| !rest.is_empty()).unwrap_or(base);
    let base = base.trim_start_matches(|c: char| c.is_ascii_digit());
    SECTORS.iter().find(|(_, assets)| assets.contains(&base)).map_or("other", |(sector, _)| sector)
}
