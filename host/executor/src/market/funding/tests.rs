use super::*;
use crate::market::series::{MarketSource, Series};
use proptest::prelude::*;

const DAY: i64 = 86_400_000;
const T0: i64 = 20_000 * DAY;
const H: i64 = 3_600_000;

fn market() -> Market {
    let symbols = ["AAA", "BBB"].map(|name| Series::with_capacity(name, 0)).to_vec();
    Market { symbols, step_ms: 60_000, source: MarketSource::Simulated { seed: 0 } }
}

fn load(text: &str) -> Result<FundingSchedule, String> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("BBB.csv"), text).unwrap();
    let shown = format!("{}/", dir.path().display());
    FundingSchedule::load(dir.path(), &market()).map_err(|e| e.to_string().replace(&shown, ""))
}

fn seen(schedule: &FundingSchedule, symbol: u32, after: i64, until: i64) -> Vec<(i64, f64)> {
    schedule.events(symbol, after, until).map(|e| ((e.ts_ms - T0) / 60_000, e.rate)).collect()
}

#[test]
fn recorded_events_replace_the_default_where_they_reach() {
    let text = format!("ts_ms,funding_rate,mark_open\n{},6.8e-05,90776.9\n{},-1e-05,\n\n", T0 + 4 * H, T0 + 8 * H + 1);
    let schedule = load(&text).unwrap();
    assert_eq!(schedule.recorded_symbols(), 1);
    // AAA has no file; BBB has 04:00 and 08:00 (1 ms late), and the default before and after.
    assert_eq!(seen(&schedule, 0, T0 - 1, T0 + 16 * H), [(0, 0.0001), (480, 0.0001), (960, 0.0001)]);
    assert_eq!(seen(&schedule, 1, T0 - 1, T0 + 16 * H), [(0, 0.0001), (240, 6.8e-5), (480, -1e-5), (960, 0.0001)]);
    assert_eq!(seen(&schedule, 1, T0 + 4 * H, T0 + 8 * H), [(480, -1e-5)], "open at the start, closed at the end");
    assert_eq!(seen(&schedule, 1, T0 + 5 * H, T0 + 6 * H), []);
    let marks: Vec<_> = schedule.events(1, T0, T0 + 8 * H).map(|e| e.mark).collect();
    assert_eq!(marks, [Some(90_776.9), None]);
}

#[test]
fn spot_has_no_funding_and_defaults_need_no_file() {
    assert_eq!(seen(&FundingSchedule::none(), 0, T0, T0 + 9 * DAY), []);
    assert_eq!(seen(&FundingSchedule::default_rates(), 7, T0, T0 + DAY).len(), 3);
    assert_eq!(seen(&FundingSchedule::default_rates(), 7, T0 + DAY, T0).len(), 0);
}

#[test]
fn a_wrong_file_says_line_and_column() {
    let head = "ts_ms,funding_rate,mark_open\n";
    let said = |rows: &str| load(&format!("{head}{rows}")).unwrap_err();
    assert_eq!(
        load("time,rate\n").unwrap_err(),
        "BBB.csv:1: the header is \"time,rate\": use ts_ms,funding_rate,mark_open"
    );
    assert_eq!(
        said("soon,0.0001,1\n"),
        "BBB.csv:2: ts_ms is \"soon\", and it must be a time in epoch milliseconds: repair or remove the row"
    );
    assert_eq!(
        said(&format!("{T0},NaN,1\n")),
        "BBB.csv:2: funding_rate is \"NaN\", and it must be a share between -1 and 1: repair or remove the row"
    );
    assert_eq!(
        said(&format!("{T0},0.0001,-1\n")),
        "BBB.csv:2: mark_open is \"-1\", and it must be a price above zero, or empty: repair or remove the row"
    );
    assert_eq!(
        said(&format!("{T0},0.0001,1\n{T0},0.0001,1\n")),
        "BBB.csv:3: the row does not come after the one before it: sort the file by time and remove doubles"
    );
    let missing = FundingSchedule::load(Path::new("/nowhere"), &market()).unwrap_err().to_string();
    assert_eq!(
        missing,
        "/nowhere: the funding folder does not exist: give a folder with one SYMBOL.csv per symbol, or leave funding out"
    );
}

#[test]
fn the_folder_beside_the_data_is_found() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("full_gz");
    std::fs::create_dir(&data).unwrap();
    assert_eq!(FundingSchedule::detect(&data), None);
    std::fs::create_dir(root.path().join("funding_8h")).unwrap();
    let found = FundingSchedule::detect(&data).unwrap();
    assert_eq!(found, root.path().canonicalize().unwrap().join("funding_8h"));
}

proptest! {
    #[test]
    fn cutting_time_into_pieces_loses_and_doubles_nothing(
        hours in prop::collection::btree_set(0i64..200, 0..20),
        cuts in prop::collection::btree_set(0i64..12_000, 0..30)
    ) {
        let rows: String = hours.iter().map(|h| format!("{},0.0002,\n", T0 + h * H)).collect();
        let schedule = load(&format!("ts_ms,funding_rate,mark_open\n{rows}")).unwrap();
        let whole = seen(&schedule, 1, T0 - DAY, T0 + 12 * DAY);
        prop_assert!(whole.windows(2).all(|w| w[0].0 < w[1].0));
        let mut edges = vec![T0 - DAY];
        edges.extend(cuts.iter().map(|m| T0 + m * 60_000));
        edges.push(T0 + 12 * DAY);
        let pieces: Vec<_> = edges.windows(2).flat_map(|w| seen(&schedule, 1, w[0], w[1])).collect();
        prop_assert_eq!(pieces, whole);
    }
}
