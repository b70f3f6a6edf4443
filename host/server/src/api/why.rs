//! Why a trade was made or not.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use bulkhead_executor::market::time::parse_time;
use serde::Deserialize;
use utoipa::IntoParams;

use super::decisions::id_of;
use crate::{
    error::Problem,
    ledger::Ledger,
    openapi::Finding,
    why::{Question, Story, answer},
};

/// Which signal: `symbol` and `time`, or `order`, or `correlation`.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Name or id of the symbol.
    symbol: Option<String>,
    /// As in 2025-05-05T12:00 (UTC), or epoch ms.
    time: Option<String>,
    /// Id of the order.
    order: Option<u64>,
    /// What joins signal, order and fill.
    correlation: Option<u64>,
}

/// A question whose symbol is still a name.
enum Asked {
    Moment { symbol: String, at_ms: u64 },
    Known(Question),
}

/// Why a trade was made, or not: the whole chain of one signal.
///
/// Ask by `symbol` and `time`, or by `order`, or by `correlation`.
#[utoipa::path(
    get,
    path = "/ai/why",
    operation_id = "why",
    tag = "decisions",
    params(Wanted),
    responses((status = 200, description = "Every step, and the same in sentences", body = Story), Finding)
)]
pub(crate) async fn why(
    State(ledger): State<Ledger>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Story>, Problem> {
    let Query(wanted) = wanted.map_err(|error| Problem::invalid(error.body_text()))?;
    let asked = asked(&wanted)?;
    let found = ledger
        .ask(move |reader| {
            let names = reader.names()?;
            let question = match asked {
                Asked::Known(question) => Some(question),
                Asked::Moment { symbol, at_ms } => {
                    id_of(&symbol, &names.symbols).map(|symbol| Question::Moment { symbol, at_ms })
                }
            };
            question.map_or(Ok(None), |question| answer(reader, &question, &names))
        })
        .await?;
    let text = "the journal of this host knows nothing of it: no strategy proposed it within a day of that time, \
                or there is no such order; GET /ai/decisions shows what was decided";
    found.map(Json).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "unknown-signal", text))
}

fn asked(wanted: &Wanted) -> Result<Asked, Problem> {
    match wanted {
        Wanted { symbol: Some(symbol), time: Some(time), order: None, correlation: None } => {
            let at = parse_time(time).map_err(|error| Problem::invalid(format!("time: {error}")))?;
            let at_ms = u64::try_from(at).map_err(|_| Problem::invalid("time: it is before 1970"))?;
            Ok(Asked::Moment { symbol: symbol.clone(), at_ms })
        }
        Wanted { symbol: None, time: None, order: Some(order), correlation: None } => {
            Ok(Asked::Known(Question::Order(*order)))
        }
        Wanted { symbol: None, time: None, order: None, correlation: Some(correlation) } => {
            Ok(Asked::Known(Question::Correlation(*correlation)))
        }
        _ => Err(Problem::invalid("ask by `symbol` and `time`, or by `order`, or by `correlation`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Asked, Problem> {
        asked(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_signal_is_named_in_one_way() {
        let by_time = of(r#"{"symbol":"BTCUSDT","time":"2025-05-05T12:00"}"#).unwrap();
        assert!(matches!(by_time, Asked::Moment { at_ms: 1_746_446_400_000, .. }));
        assert!(matches!(of(r#"{"order":3}"#).unwrap(), Asked::Known(Question::Order(3))));
        assert!(matches!(of(r#"{"correlation":3}"#).unwrap(), Asked::Known(Question::Correlation(3))));
        for wrong in ["{}", r#"{"symbol":"A"}"#, r#"{"order":1,"correlation":1}"#, r#"{"symbol":"A","time":"noon"}"#] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
