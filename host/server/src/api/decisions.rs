//! The journal's decisions: which, and one of them whole.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::StatusCode,
};
use bulkhead_journal::{Filter, OutcomeKind, Seq};
use bulkhead_policy::{Cause, HookId, json::did_you_mean};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    decision_view::{CallView, DecisionPage, DecisionView},
    error::Problem,
    ledger::Ledger,
    openapi::{Finding, schema},
};

/// Rows of a page, unless the question says.
const ROWS: usize = 50;
/// Most rows of a page.
const MOST_ROWS: usize = 500;
/// More than the longest chain: a page ends at the end of a call.
const SLACK: usize = 64;

/// Which decisions. All conditions must hold; absent means any.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Of this hook.
    #[param(value_type = Option<schema::HookId>)]
    hook: Option<String>,
    /// Of this subsystem.
    subsystem: Option<String>,
    /// About this symbol, by name or id.
    symbol: Option<String>,
    /// With this outcome.
    #[param(value_type = Option<schema::Outcome>)]
    outcome: Option<String>,
    /// With this cause.
    #[param(value_type = Option<schema::Cause>)]
    cause: Option<String>,
    /// At or after this event time.
    from_ms: Option<u64>,
    /// Before this event time.
    until_ms: Option<u64>,
    /// Of this signal, order and fill.
    correlation: Option<u64>,
    /// Oldest first, after this call. Without it: latest first.
    cursor: Option<u64>,
    /// Rows of the page, 1 to 500; 50 without it.
    limit: Option<usize>,
}

/// Decisions of the journal that meet every condition.
///
/// Latest first; with `cursor` oldest first, after that call, for who follows. A page ends at the end of a call.
#[utoipa::path(
    get,
    path = "/ai/decisions",
    operation_id = "decisions",
    tag = "decisions",
    params(Wanted),
    responses((status = 200, description = "A page", body = DecisionPage), Finding)
)]
pub(crate) async fn list(
    State(ledger): State<Ledger>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<DecisionPage>, Problem> {
    let Query(wanted) = wanted.map_err(|error| Problem::invalid(error.body_text()))?;
    let (limit, mut filter) = (limit(&wanted)?, filter(&wanted)?);
    filter.limit = Some(limit + SLACK);
    let newest_first = filter.newest_first;
    ledger
        .ask(move |reader| {
            let names = reader.symbols()?;
            if let Some(symbol) = &wanted.symbol {
                match id_of(symbol, &names) {
                    Some(id) => filter.symbol = Some(id),
                    None => return Ok(DecisionPage { decisions: Vec::new(), next: wanted.cursor }),
                }
            }
            let mut rows = reader.decisions(&filter)?;
            let full = rows.len() == limit + SLACK;
            rows.truncate(end_of_page(&rows, limit, |row| row.seq));
            let last = rows.last().map(|row| row.seq.get());
            // Latest first there is nothing to go on with; oldest first there always is, for who follows.
            let next = if newest_first { None } else { last.or(wanted.cursor) };
            let decisions = rows.iter().map(|row| DecisionView::of(row, &names)).collect();
            Ok(DecisionPage { decisions, next: next.filter(|_| full || !newest_first) })
        })
        .await
        .map(Json)
}

/// One hook call whole: what was asked, what everybody said, what took effect.
#[utoipa::path(
    get,
    path = "/ai/decisions/{id}",
    operation_id = "decision",
    tag = "decisions",
    params(("id" = u64, Path, description = "Number of the call in the journal")),
    responses((status = 200, description = "The call", body = CallView), Finding)
)]
pub(crate) async fn one(
    State(ledger): State<Ledger>,
    id: Result<Path<u64>, PathRejection>,
) -> Result<Json<CallView>, Problem> {
    let Path(id) = id.map_err(|_| Problem::invalid("the id of a decision is its number in the journal"))?;
    let found = ledger
        .ask(move |reader| {
            let names = reader.symbols()?;
            let plugins = reader.plugins()?;
            Ok(reader.call(Seq(id))?.map(|call| CallView::of(&call, &plugins, &names)))
        })
        .await?;
    let text = format!("there is no decision {id} in this journal");
    found.map(Json).ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "unknown-decision", text))
}

/// Where a page ends: after so many rows, at the end of a call.
fn end_of_page<T>(rows: &[T], limit: usize, seq: impl Fn(&T) -> Seq) -> usize {
    let Some(last) = limit.checked_sub(1).and_then(|at| rows.get(at)).map(&seq) else { return rows.len() };
    rows.iter().enumerate().skip(limit).find(|(_, row)| seq(row) != last).map_or(rows.len(), |(at, _)| at)
}

fn limit(wanted: &Wanted) -> Result<usize, Problem> {
    match wanted.limit.unwrap_or(ROWS) {
        limit @ 1..=MOST_ROWS => Ok(limit),
        other => Err(Problem::invalid(format!("limit is {other}: use a number from 1 to {MOST_ROWS}"))),
    }
}

fn filter(wanted: &Wanted) -> Result<Filter, Problem> {
    let hooks: Vec<&str> = HookId::ALL.iter().map(|hook| hook.name()).collect();
    let outcomes: Vec<&str> = OutcomeKind::ALL.iter().map(|outcome| outcome.name()).collect();
    Ok(Filter {
        hook: known("hook", wanted.hook.as_deref(), HookId::parse, &hooks)?,
        subsystem: wanted.subsystem.clone(),
        outcome: known("outcome", wanted.outcome.as_deref(), OutcomeKind::parse, &outcomes)?,
        cause: known("cause", wanted.cause.as_deref(), Cause::parse, &[])?,
        from_ms: wanted.from_ms,
        until_ms: wanted.until_ms,
        correlation: wanted.correlation,
        after: wanted.cursor.map(Seq),
        newest_first: wanted.cursor.is_none(),
        ..Filter::default()
    })
}

fn known<T>(
    field: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
    names: &[&str],
) -> Result<Option<T>, Problem> {
    let Some(text) = text else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| {
        let shown = bulkhead_policy::value::tame_text(text);
        Problem::invalid(format!("{field}: there is no {shown:?}{}", did_you_mean(text, names)))
    })
}

pub(super) fn id_of(symbol: &str, names: &BTreeMap<u32, String>) -> Option<u32> {
    let named = names.iter().find(|(_, name)| name.eq_ignore_ascii_case(symbol)).map(|(id, _)| *id);
    named.or_else(|| symbol.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_at_the_end_of_a_call() {
        let end = |rows: &[u64], limit| end_of_page(rows, limit, |seq| Seq(*seq));
        assert_eq!(end(&[1, 1, 2, 2, 3], 3), 4);
        assert_eq!(end(&[1, 1, 2, 2, 3], 4), 4);
        assert_eq!(end(&[1, 1, 1], 1), 3);
        assert_eq!(end(&[1, 2], 5), 2);
        assert_eq!(end(&[], 5), 0);
    }

    #[test]
    fn a_name_that_is_none_is_answered_with_the_nearest() {
        let wanted = |text: &str| filter(&serde_json::from_str(text).unwrap()).unwrap_err().message;
        assert!(wanted(r#"{"hook":"pre-trade-risk-chek"}"#).contains("did you mean \"pre-trade-risk-check\"?"));
        assert!(wanted(r#"{"outcome":"aplied"}"#).contains("did you mean \"applied\"?"));
        assert!(wanted(r#"{"cause":"bad-luck"}"#).contains("cause"));
    }
}
