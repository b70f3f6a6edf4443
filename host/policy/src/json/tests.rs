use serde_json::{Value, json};

use super::*;
use crate::{Hook, HookId, Verdict, for_hook, hooks, reports::SubsystemReport};

fn with_ids(mut document: Value) -> Value {
    let mut names: Vec<String> = Vec::new();
    let mut id_of = |symbol: Symbol<'_>| match symbol {
        Symbol::Id(id) => Ok(id),
        Symbol::Name(name) => {
            let place = names.iter().position(|n| n == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            Ok(u32::try_from(place).unwrap())
        }
    };
    to_ids("input", &mut document, &mut id_of).unwrap();
    document
}

fn risk() -> Value {
    with_ids(example(Some(HookId::RiskCheck)).unwrap())
}

fn refusal<H: Hook>(document: &Value) -> String {
    read_input::<H>(document).unwrap_err().to_string()
}

/// What the example becomes when the value at this pointer is another, and what is said of it.
fn spoilt(pointer: &str, value: Value) -> String {
    let mut document = risk();
    *document.pointer_mut(pointer).unwrap() = value;
    refusal::<hooks::RiskCheck>(&document)
}

#[test]
fn every_example_is_read_and_written_back_unchanged() {
    fn check<H: Hook>() {
        let document = with_ids(example(Some(H::ID)).unwrap());
        let (context, input) = read_input::<H>(&document).unwrap_or_else(|error| panic!("{}: {error}", H::ID));
        assert_eq!(write_input::<H>(&context, &input).unwrap(), document, "{}", H::ID);
    }
    for hook in HookId::ALL {
        for_hook!(*hook, H => check::<H>());
    }
}

#[test]
fn the_first_wrong_field_is_named_with_its_path() {
    for (pointer, value, sentence) in [
        ("/candidate/confidence", json!("0.8"), "input.candidate.confidence: expected a number, got a string"),
        ("/candidate/confidence", Value::Null, "input.candidate.confidence: expected a number, got null"),
        ("/exposures/size_usd/1", json!([1]), "input.exposures.size_usd[1]: expected a number, got a list"),
        ("/candidate", json!(7), "input.candidate: expected an object, got the number 7"),
        (
            "/candidate/symbol",
            json!(-1),
            "input.candidate.symbol: expected a whole number from 0 to 4294967295, got the number -1",
        ),
        (
            "/candidate/price_age_ms",
            json!(0.5),
            "input.candidate.price_age_ms: expected a whole number, 0 or more, got the number 0.5",
        ),
        ("/candidate/side", json!("LNG"), "input.candidate.side: \"LNG\" is no value of it; did you mean \"LONG\"?"),
        ("/candidate/side", json!(1), "input.candidate.side: expected one of LONG, SHORT, got the number 1"),
        (
            "/candidate/marks",
            json!(["WHITELISTED", "PAUSE"]),
            "input.candidate.marks[1]: \"PAUSE\" is no value of it; did you mean \"PAUSED\"?",
        ),
        ("/candidate/marks", json!({"paused": true}), "input.candidate.marks: expected a list, got an object"),
        (
            "/exposures/size_usd",
            json!([1.0]),
            "input.exposures.size_usd: it has 1 rows and symbols has 2: columns have one length",
        ),
        (
            "/ctx/stage",
            json!("coordination"),
            "input.ctx.stage: \"coordination\" is no value of it; did you mean \"COORDINATION\"?",
        ),
        (
            "/ctx/directives/id",
            json!(true),
            "input.ctx.directives.id: expected a whole number, 0 or more, got a boolean",
        ),
        ("", json!([]), "input: expected an object, got a list"),
    ] {
        assert_eq!(spoilt(pointer, value), sentence);
    }
}

#[test]
fn an_unknown_or_missing_field_is_an_error_at_every_depth() {
    for (pointer, field, sentence) in [
        ("", "canddate", "input.canddate: there is no such field; did you mean \"candidate\"?"),
        ("", "ctxt", "input.ctxt: there is no such field; did you mean \"ctx\"?"),
        ("/candidate", "sizeusd", "input.candidate.sizeusd: there is no such field; did you mean \"size_usd\"?"),
        ("/exposures", "qqq", "input.exposures.qqq: there is no such field (there is: symbols, size_usd)"),
        ("/ctx", "cycl", "input.ctx.cycl: there is no such field; did you mean \"cycle\"?"),
    ] {
        let mut document = risk();
        document.pointer_mut(pointer).unwrap()[field] = json!(1);
        assert_eq!(refusal::<hooks::RiskCheck>(&document), sentence);
    }
    for (pointer, field) in [("", "account"), ("/candidate", "marks"), ("/account", "losing_streak"), ("/ctx", "mode")]
    {
        let mut document = risk();
        document.pointer_mut(pointer).unwrap().as_object_mut().unwrap().shift_remove(field).unwrap();
        let path = format!("input{}.{field}", pointer.replace('/', "."));
        assert_eq!(refusal::<hooks::RiskCheck>(&document), format!("{path}: it is missing"));
    }
}

#[test]
fn a_hook_with_one_argument_has_it_as_a_field() {
    let document = with_ids(example(Some(HookId::SlippageCheck)).unwrap());
    let bare = document["execution"].clone();
    assert_eq!(
        refusal::<hooks::SlippageCheck>(&bare),
        "input.symbol: there is no such field (there is: ctx, execution)"
    );
    assert_eq!(refusal::<hooks::SlippageCheck>(&json!({})), "input.execution: it is missing");
    let mut wrong = document.clone();
    wrong["execution"]["phase"] = json!("FILED");
    assert_eq!(
        refusal::<hooks::SlippageCheck>(&wrong),
        "input.execution.phase: \"FILED\" is no value of it; did you mean \"FILLED\"?"
    );
}

#[test]
fn returns_have_whole_windows() {
    let mut document = with_ids(example(Some(HookId::PortfolioCheck)).unwrap());
    document["returns"]["count"] = json!(3);
    let sentence = "input.returns.values: it has 6 rows: 3 symbols with 3 values each need as many";
    assert_eq!(refusal::<hooks::PortfolioCheck>(&document), sentence);
}

#[test]
fn only_ctx_and_options_may_be_left_out() {
    let mut document = with_ids(example(Some(HookId::ExitLevels)).unwrap());
    document.as_object_mut().unwrap().shift_remove("ctx");
    document.as_object_mut().unwrap().shift_remove("aged");
    document["base"]["trail"] = Value::Null;
    let (context, input) = read_input::<hooks::ExitLevels>(&document).unwrap();
    assert_eq!(context, NEUTRAL_CONTEXT);
    assert_eq!((input.aged, input.base.trail, input.base.partial), (None, None, Some(0.5)));
}

#[test]
fn a_number_out_of_its_hooks_range_is_no_input() {
    let mut document = with_ids(example(Some(HookId::ConfidenceAdjustment)).unwrap());
    document["base_threshold"] = json!(1.5);
    let sentence = "input.base_threshold: confidence is 1.5, allowed is 0 to 1";
    assert_eq!(refusal::<hooks::ConfidenceAdjustment>(&document), sentence);
    document["base_threshold"] = json!(1);
    assert!(read_input::<hooks::ConfidenceAdjustment>(&document).is_ok());
}

#[test]
fn a_report_is_asked_with_ctx_alone() {
    assert_eq!(read_report_input(&json!({})), Ok(NEUTRAL_CONTEXT));
    let context = read_report_input(&example(None).unwrap()).unwrap();
    assert_eq!(context.stage, crate::Stage::Coordination);
    let error = read_report_input(&json!({"ctxx": {}})).unwrap_err().to_string();
    assert_eq!(error, "input.ctxx: there is no such field; did you mean \"ctx\"?");
}

#[test]
fn variants_are_a_name_or_an_object_of_one_case() {
    let deny = json!({"deny": {"code": "MAX_LEVERAGE", "text": "30x"}});
    for document in [json!("allow"), deny] {
        let verdict: Verdict = read("answer", &document).unwrap();
        assert_eq!(write(&verdict).unwrap(), document);
    }
    for (document, sentence) in [
        (json!("deny"), "answer: deny has content: write {\"deny\": …}"),
        (json!({"allow": {}}), "answer: allow has no content: write \"allow\""),
        (json!("denny"), "answer: \"denny\" is no value of it; did you mean \"deny\"?"),
        (json!({"deny": {"code": "MAX_LEVERAGE"}}), "answer.deny.text: it is missing"),
        (json!({"allow": 1, "deny": 2}), "answer: expected one case, got an object"),
    ] {
        assert_eq!(read::<Verdict>("answer", &document).unwrap_err().to_string(), sentence);
    }
    let report = json!({"self_healing": {"overall": "DEGRADED", "critical": 0, "degraded": 2}});
    assert_eq!(write(&read::<SubsystemReport>("answer", &report).unwrap()).unwrap(), report);
}

#[test]
fn symbols_are_translated_wherever_they_stand_and_nothing_else_is() {
    let mut document = json!({
        "candidate": {"symbol": "B", "price": 1, "text": "A"},
        "inputs": {"erratic_symbols": ["A", 0], "amplification": {"candidates": [{"symbol": "B"}]}},
        "emergency": [{"symbol": null}],
    });
    let table = ["B", "A"];
    let mut seen = Vec::new();
    let mut id_of = |symbol: Symbol<'_>| match symbol {
        Symbol::Id(id) => Ok(id),
        Symbol::Name(name) => {
            seen.push(name.to_owned());
            Ok(u32::try_from(table.iter().position(|n| *n == name).unwrap()).unwrap())
        }
    };
    to_ids("input", &mut document, &mut id_of).unwrap();
    assert_eq!(seen, ["B", "A", "B"], "the order of the document");
    let ids = json!({
        "candidate": {"symbol": 0, "price": 1, "text": "A"},
        "inputs": {"erratic_symbols": [1, 0], "amplification": {"candidates": [{"symbol": 0}]}},
        "emergency": [{"symbol": null}],
    });
    assert_eq!(document, ids);
    to_names(&mut document, &|id| (id == 0).then_some("B"));
    assert_eq!(document["candidate"], json!({"symbol": "B", "price": 1, "text": "A"}));
    assert_eq!(document["inputs"]["erratic_symbols"], json!([1, "B"]), "an id without a name stays");

    for (value, sentence) in [
        (json!({"bars": {"symbols": [0, true]}}), "input.bars.symbols[1]: expected a symbol's name or id"),
        (json!({"symbol": 1.5}), "input.symbol: 1.5 is no symbol's id"),
        (json!([{"symbol": "?"}]), "input[0].symbol: nobody knows it"),
    ] {
        let mut none = |symbol: Symbol<'_>| match symbol {
            Symbol::Id(id) => Ok(id),
            Symbol::Name(_) => Err("nobody knows it".to_owned()),
        };
        assert_eq!(to_ids("input", &mut value.clone(), &mut none).unwrap_err().to_string(), sentence);
    }
}
