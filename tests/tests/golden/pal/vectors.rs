//! The nine vectors: by their drawdown, by their peak, and as the plugin ships.

use super::*;

fn check_vectors(questions: Vec<Question>) {
    let seen = seen(&questions, 10_000.0, json!({}));
    let mut answers = columns(&seen, ["score", "blocked", "qualified", "action", "add", "expected", "leverage"]);
    answers.iter_mut().zip(qualified(&questions)).for_each(|(cells, flags)| cells[2] = json!(flags));
    let columns = ["score", "blocked", "scale/extend/partial", "action", "add", "expected R", "leverage"];
    compare(&columns, questions, &answers);
}

#[test]
#[rustfmt::skip]
fn the_nine_vectors() {
    let high = (VOLATILITY, json!("HIGH"));
    let large = (QUANTITY, json!(100.0));
    let [r, peak_r] = near_its_peak(2.0);
    check_vectors(vec![
        // 30·2.5/5 + 25·0.8 + 20·(1 − 0.05/0.5) + 15·(1 − 1/100) + 10·0.8 = 15 + 20 + 18 + 14.85 + 8
        (10.0, row("none",              "75.85 | null            | y/y/n | ADD_SIZE    | 100  | 0.10 | 12",   [])),
        (10.0, row("AGGRESSIVE",        "75.85 | null            | y/y/n | ADD_SIZE    | 150  | 0.15 | 12",   [(MODE, json!("AGGRESSIVE"))])),
        (0.1,  row("budget 0.1",        "75.85 | null            | y/y/n | EXTEND_HOLD | null | 1    | null", [])),
        (10.0, row("size 10,000",       "75.85 | null            | y/y/n | EXTEND_HOLD | null | 1    | null", [large.clone()])),
        (10.0, row("R 0.7",             "null  | null            | n/n/n | null        | null | null | null", near_its_peak(0.7))),
        // 15 + 5 + 18 + 14.85 + 8 − 30
        (10.0, row("WEAK",              "30.85 | weak_trend      | n/n/n | null        | null | null | null", [(CLASS, json!("STALLING"))])),
        // 15 + 20 + 10 + 14.85 + 8 − 30
        (10.0, row("dd 0.25",           "37.85 | high_drawdown   | n/n/n | null        | null | null | null", [(PEAK, json!(peak(2.5, 0.25)))])),
        // 15 + 20 + 18 + 6 + 4 − 30
        (10.0, row("HIGH vol, rank 60", "33.0  | unstable_symbol | n/n/n | null        | null | null | null", [high.clone(), (STANDING, json!("core 60"))])),
        // 12 + 20 + 18 + 14.85 + 4. Its peak of 3, which qualifies for a partial profit, is in the next table.
        (10.0, row("R 2, dd 0.05, HIGH vol, size 10,000",
                                        "68.85 | null            | n/y/n | EXTEND_HOLD | null | 1    | null", [r, peak_r, high, large])),
    ]);
}

/// The vectors give a drawdown of 5 % beside a peak of 2.8 or of 3, which makes another one: here they are by the peak.
#[test]
#[rustfmt::skip]
fn the_peaks_of_the_vectors_make_drawdowns_of_their_own() {
    let by = "design.md 3: the contract carries R and peak, the drawdown follows from them";
    let runner = || [(R, json!(2.0)), (PEAK, json!(3.0)), (VOLATILITY, json!("HIGH")), (QUANTITY, json!(100.0))];
    check_vectors(vec![
        // 15 + 20 + 20·(1 − (0.3/2.8)/0.5) + 14.85 + 8
        (10.0, row("peak 2.8", "73.56 | null | y/y/n | ADD_SIZE | 100 | 0.10 | 12", [(PEAK, json!(2.8))])
            .instead_of("75.85, y/y/n, ADD_SIZE 100", by)),
        // A third was given back: 12 + 20 + 20·(1 − (1/3)/0.5) + 14.85 + 4 − 30
        (10.0, row("R 2, peak 3, HIGH vol, size 10,000", "27.52 | high_drawdown | n/n/n | null | null | null | null", runner())
            .instead_of("68.85, n/y/y, EXTEND_HOLD", by)),
    ]);
    // Were a third no reason to block, the extension would come before the partial profit, as in the vector.
    let lenient = |extend_r: f64| {
        let more = json!({"max_dd_for_amplify": 34.0, "min_r_extend_hold": extend_r});
        seen(&[(10.0, row("runner", "", runner()))], 10_000.0, more)[0]["action"].clone()
    };
    assert_eq!((lenient(0.8), lenient(2.5)), (json!("EXTEND_HOLD"), json!("PARTIAL_TAKE_PROFIT")));
}

/// By default the documented thresholds (extension from 2.5 R, drawdown up to 5 %) and no grant.
#[test]
fn as_it_ships_time_is_given_and_no_size_added() {
    let (name, document) = sided(&base(), 0, 1.0);
    let standing = json!({"symbols": {&name: {"rank": 1, "category": "core"}}});
    let answer = ask("profit-amplification", HOOK).config(standing).all(&[document]).remove(0);
    let columns = ["score", "action", "add"];
    let answers = self::columns(&[step(&name, &answer, &[])], columns);
    let row = row("none, as it ships", "75.85 | EXTEND_HOLD | null", [])
        .instead_of("75.85, ADD_SIZE 100", "design.md 3.4: tighten-only is the default");
    check("profit-amplification", &columns, 2, &[row], &answers);
}
