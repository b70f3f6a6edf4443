//! The document and the router are of one mind.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use bulkhead_policy::promotion::Evidence;
use serde_json::{Value, json};
use utoipa::PartialSchema as _;

use super::schema;
use crate::api::{Bench, document, request};

fn described() -> Value {
    serde_json::from_str(document().text()).unwrap()
}

/// Every operation: path, method and what is said of it.
fn operations(document: &Value) -> Vec<(String, Method, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| -> Vec<_> {
        let operations = item.as_object().unwrap().iter();
        operations.map(|(method, said)| (path.clone(), method.to_uppercase().parse().unwrap(), said.clone())).collect()
    };
    paths.iter().flat_map(of).collect()
}

/// The path with something in the place of each parameter.
fn filled(path: &str) -> String {
    let known =
        [("{name}", "nobody"), ("{operation}", "reload"), ("{id}", "1"), ("{hook}", "signal"), ("{stage}", "partial")];
    let filled = known.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!filled.contains('{'), "say what stands for the parameters of {path}");
    filled
}

/// Paths that the router knows, from what it shows of itself.
fn registered(router: &axum::Router) -> BTreeSet<String> {
    let shown = format!("{router:?}");
    let own = shown.split("fallback_router").next().unwrap();
    own.split('"').filter(|text| text.starts_with('/')).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_is_described_and_every_description_answers() {
    let bench = Bench::new();
    let document = described();
    let paths: BTreeSet<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
    assert!(paths.len() > 15, "{paths:?}");
    assert_eq!(registered(&bench.control), paths);
    assert!(registered(&bench.brake).is_subset(&paths) && !registered(&bench.brake).is_empty());

    for (path, method, said) in operations(&document) {
        let (status, body) = bench.answer(request(method.clone(), &filled(&path), None)).await;
        assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert!(!body.contains("unknown-path"), "{method} {path}");
        assert!(
            said["responses"][status.as_str()].is_object(),
            "{method} {path} answers {status}, which is not described"
        );
    }
}

#[tokio::test]
async fn no_other_method_is_answered() {
    let bench = Bench::new();
    let operations = operations(&described());
    let methods = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
    let paths: BTreeSet<&String> = operations.iter().map(|(path, ..)| path).collect();
    for (path, method) in paths.iter().flat_map(|path| methods.clone().map(|method| (path, method))) {
        if operations.iter().any(|(known, of, _)| known == *path && *of == method) {
            continue;
        }
        // `reload` and `mode` are siblings: what is no operation is a method of the other one.
        let (status, _) = bench.answer(request(method.clone(), &filled(path), None)).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path} is answered and not described");
    }
}

#[test]
fn everything_is_said_in_words() {
    let document = described();
    for (path, method, said) in operations(&document) {
        let place = format!("{method} {path}");
        assert!(said["summary"].as_str().is_some_and(|text| text.len() > 10), "{place} has no summary");
        assert!(said["operationId"].is_string() && said["tags"][0].is_string(), "{place}");
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{place}: {}", parameter["name"]);
        }
        let responses = said["responses"].as_object().unwrap();
        assert!(responses.contains_key("200"), "{place}");
        assert!(responses.values().all(|response| response["description"] != ""), "{place}");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name} is not described");
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            // What may be null is described inside.
            let said = [&schema["description"], &schema["oneOf"][0]["description"]];
            assert!(said.iter().any(|said| said.is_string()), "{name}.{field} is not described");
        }
    }
    assert_eq!(document["security"], json!([{ "token": [] }]));
    assert_eq!(document["paths"]["/health/live"]["get"]["security"], json!([{}]));
}

#[test]
fn operation_ids_are_unique() {
    let operations = operations(&described());
    let ids: BTreeSet<_> = operations.iter().map(|(.., said)| said["operationId"].to_string()).collect();
    assert_eq!(ids.len(), operations.len());
}

#[test]
fn every_reference_leads_somewhere() {
    let document = described();
    let text = document.to_string();
    let references = text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap());
    for name in references {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[test]
fn evidence_has_the_shape_of_its_type() {
    let shape = serde_json::to_value(schema::Evidence::schema()).unwrap();
    let described: BTreeSet<&String> = shape["properties"].as_object().unwrap().keys().collect();
    let real = serde_json::to_value(Evidence::default()).unwrap();
    assert_eq!(described, real.as_object().unwrap().keys().collect());
}
