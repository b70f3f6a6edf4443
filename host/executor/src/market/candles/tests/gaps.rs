//! Missing bars: counted, absent, and refused by `strict`.

use proptest::prelude::*;

use super::*;

#[test]
fn gaps_are_counted_and_stay_absent() {
    let files = [
        ("AAA.csv", format!("{HEAD}{}{}", rows(0..3), rows(5..10))),
        ("BBB-1m-2025-05.csv", rows(2..4)),
        ("BBB-1m-2025-06.csv", format!("{HEAD}{}", rows(5..8))),
    ];
    let dir = folder(&files);
    let Loaded { market, report } = load(dir.path(), &CandleOptions::default()).unwrap();
    let gap = |symbol: &str, file: &str, line, from, missing, kind| Gap {
        symbol: symbol.to_owned(),
        file: dir.path().join(file),
        line,
        from_ms: T0 + from * MIN,
        missing,
        kind,
    };
    assert_eq!(
        report.gaps,
        [
            gap("AAA", "AAA.csv", 5, 3, 2, GapKind::Inside),
            gap("BBB", "BBB-1m-2025-05.csv", 1, 0, 2, GapKind::StartsLate),
            gap("BBB", "BBB-1m-2025-06.csv", 2, 4, 1, GapKind::Inside),
            gap("BBB", "BBB-1m-2025-06.csv", 4, 8, 2, GapKind::EndsEarly),
        ]
    );
    assert_eq!((report.inside_gaps, report.inside_missing, report.edge_gaps, report.edge_missing), (2, 3, 2, 4));
    assert_eq!((market.symbols[0].len(), market.symbols[1].len()), (8, 5), "no bar was made up");
}

#[test]
fn strict_refuses_gaps_by_file_and_line() {
    let strict = CandleOptions { strict: true, ..CandleOptions::default() };
    assert_eq!(
        said_with(&[("AAA.csv", format!("{HEAD}{}\n{}", rows(0..3), rows(5..10)))], &strict),
        "AAA.csv:6: AAA lacks 2 bar(s) from 2025-05-05T00:03Z on: fill the gap, narrow --from/--to, or run without --strict"
    );
    assert_eq!(
        said_with(&[("AAA.csv", rows(0..9)), ("BBB.csv", rows(1..9))], &strict),
        "BBB.csv:1: BBB lacks 1 bar(s) from 2025-05-05T00:00Z on: fill the gap, narrow --from/--to, or run without --strict"
    );
    let ends = [("AAA.csv", rows(0..9)), ("BBB.csv", rows(0..8))];
    assert_eq!(
        said_with(&ends, &strict),
        "BBB.csv:8: BBB lacks 1 bar(s) from 2025-05-05T00:08Z on: fill the gap, narrow --from/--to, or run without --strict"
    );
    let whole = CandleOptions { to_ms: Some(T0 + 8 * MIN), ..strict };
    assert_eq!(
        load(folder(&ends).path(), &whole).unwrap().report.rows,
        16,
        "cut to the common range nothing is missing"
    );
}

#[test]
fn many_gaps_are_counted_and_few_are_listed() {
    // Gaps of one and two minutes in turn: an illiquid symbol, not another interval.
    let bars = (0..4000).scan(0, |t, n| {
        *t += 2 + n % 2;
        Some(*t)
    });
    let text = format!("{}{}", row(0), rows(bars.map(|t| t + 1).collect::<Vec<_>>()));
    let Loaded { report, .. } = loaded(&[("AAA.csv", format!("{}{text}", row(-1)))]);
    assert_eq!((report.gaps.len(), report.inside_gaps), (MAX_LISTED_GAPS, 4000));
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(text in "[0-9a-z.,\n\r\u{feff}-]{0,400}") {
        let _ = load(folder(&[("AAA.csv", text)]).path(), &CandleOptions::default());
    }

    #[test]
    fn rows_and_missing_bars_add_up(bars in prop::collection::btree_set(0i64..300, 2..100)) {
        let (first, last) = (*bars.first().unwrap(), *bars.last().unwrap());
        let all = first..=last;
        let result = load(folder(&[("AAA.csv", rows(bars.iter().copied())), ("BBB.csv", rows(0..300))]).path(), &CandleOptions::default());
        // A sparse set may have no two neighbours, which reads as another interval, and is then refused.
        if let Ok(Loaded { report, .. }) = result {
            prop_assert_eq!(bars.len() as u64 + report.inside_missing, all.count() as u64);
            prop_assert_eq!(report.edge_missing, (first + 299 - last) as u64);
        }
    }
}
