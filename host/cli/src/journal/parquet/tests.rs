use parquet::{file::reader::SerializedFileReader, record::RowAccessor};
use serde_json::json;

use super::*;

fn rows(folder: &Path, name: &str) -> Vec<parquet::record::Row> {
    let file = std::fs::File::open(folder.join(format!("{name}.parquet"))).unwrap();
    SerializedFileReader::new(file).unwrap().into_iter().map(Result::unwrap).collect()
}

fn column(row: &parquet::record::Row, name: &str) -> usize {
    row.get_column_iter().position(|(known, _)| known == name).unwrap()
}

#[test]
fn what_is_exported_reads_back_with_types_nulls_and_nan() {
    let dir = tempfile::tempdir().unwrap();
    let mut parquet = Parquet::create(dir.path()).unwrap();
    let calls = 45_000u64;
    for n in 0..calls {
        let decision =
            json!({"subsystem": "risk-os", "outcome": "observed", "fuel": n, "proposed": {"deny": {"code": "x"}}});
        let record = json!({"seq": n, "type": "call", "event_time_ms": 1_700_000_000_000u64 + n, "hook": "signal",
            "symbol": null, "outcome": "applied", "decisions": [decision.clone(), decision]});
        parquet.add(&record).unwrap();
    }
    let order = json!({"seq": 7, "type": "order", "event_time_ms": 5, "order_id": u64::MAX, "quantity": "NaN",
        "price": null, "notional_usd": 1.5, "reduce_only": true, "verdict": "not-finite"});
    parquet.add(&order).unwrap();
    let born =
        json!({"seq": 8, "type": "instance", "event_time_ms": 5, "subsystem": "risk-os", "step": "born", "turn": 0});
    let directives =
        json!({"seq": 9, "type": "directives", "event_time_ms": 5, "directive_id": 3, "directives": {"a": 1}});
    [born, directives].iter().for_each(|record| parquet.add(record).unwrap());
    parquet.finish().unwrap();

    let decisions = rows(dir.path(), "decisions");
    assert_eq!(decisions.len() as u64, 2 * calls);
    let last = decisions.last().unwrap();
    assert_eq!(last.get_ulong(column(last, "fuel")).unwrap(), calls - 1);
    assert_eq!(last.get_ulong(column(last, "position")).unwrap(), 1);
    assert_eq!(last.get_string(column(last, "outcome")).unwrap(), "observed", "the decision's, not the call's");
    assert_eq!(last.get_string(column(last, "proposed")).unwrap(), r#"{"deny":{"code":"x"}}"#);
    assert_eq!(last.get_timestamp_millis(column(last, "time")).unwrap(), 1_700_000_000_000 + calls as i64 - 1);
    let calls_back = rows(dir.path(), "calls");
    assert_eq!(calls_back.len() as u64, calls);
    assert_eq!(calls_back[3].get_string(column(&calls_back[3], "outcome")).unwrap(), "applied");
    assert!(calls_back[3].get_string(column(&calls_back[3], "symbol")).is_err(), "absent is not empty");

    let orders = rows(dir.path(), "orders");
    let order = &orders[0];
    assert_eq!(order.get_ulong(column(order, "order_id")).unwrap(), u64::MAX);
    assert!(order.get_double(column(order, "quantity")).unwrap().is_nan());
    assert!(order.get_double(column(order, "price")).is_err());
    assert!(order.get_bool(column(order, "reduce_only")).unwrap());
    assert_eq!(rows(dir.path(), "fills").len() + rows(dir.path(), "events").len(), 0);
    let lone = |name: &str| rows(dir.path(), name).pop().unwrap();
    let (born, directives) = (lone("instances"), lone("directives"));
    assert_eq!(born.get_string(column(&born, "step")).unwrap(), "born");
    assert_eq!(directives.get_string(column(&directives, "directives")).unwrap(), r#"{"a":1}"#);
}
