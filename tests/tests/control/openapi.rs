//! What a running host answers is what its document says.

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use crate::{host::until, network::Net};

/// The document, and a judge of answers.
struct Api {
    document: Value,
    components: Value,
}

impl Api {
    fn of(net: &Net) -> Self {
        let (status, text) = net.ask("read", "GET", "/openapi.json", None);
        assert_eq!(status, 200, "{text}");
        let document: Value = serde_json::from_str(&text).unwrap();
        let components = closed(document["components"].clone());
        Self { document, components }
    }

    /// The schema of an answer. Only what is described may stand in it.
    fn judge(&self, path: &str, method: &str, status: u16) -> Validator {
        let response = &self.document["paths"][path][method]["responses"][status.to_string()];
        let mut schema = response["content"]["application/json"]["schema"].clone();
        assert!(schema.is_object(), "{method} {path} {status} is not described");
        schema["components"] = self.components.clone();
        jsonschema::options().with_draft(Draft::Draft202012).build(&schema).unwrap()
    }

    fn check(&self, path: &str, method: &str, (status, body): (u16, String)) -> Value {
        let answer: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{method} {path}: {body}"));
        let problems: Vec<String> = self
            .judge(path, method, status)
            .iter_errors(&answer)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{method} {path} {status}: {problems:#?}\n{answer:#}");
        answer
    }
}

/// Schemas that allow nothing beside what they name. Those that are part of another are closed there.
fn closed(mut components: Value) -> Value {
    let mut parts = Vec::new();
    gather(&components, &mut parts);
    for (name, schema) in components["schemas"].as_object_mut().unwrap() {
        let fields = ["properties", "allOf", "oneOf"].iter().any(|part| !schema[*part].is_null());
        if fields && !parts.iter().any(|part| part.ends_with(&format!("/{name}"))) {
            schema["unevaluatedProperties"] = json!(false);
        }
    }
    components
}

/// References out of every `allOf`.
fn gather(schema: &Value, parts: &mut Vec<String>) {
    let all = schema["allOf"].as_array().into_iter().flatten();
    parts.extend(all.filter_map(|part| Some(part["$ref"].as_str()?.to_owned())));
    match schema {
        Value::Object(fields) => fields.values().for_each(|field| gather(field, parts)),
        Value::Array(all) => all.iter().for_each(|one| gather(one, parts)),
        _ => {}
    }
}

#[test]
fn answers_are_as_described() {
    let net = Net::start();
    let api = Api::of(&net);
    let get = |path: &str, asked: &str| api.check(path, "get", net.ask("read", "GET", asked, None));
    let page = until("decisions", || {
        let page = get("/ai/decisions", "/ai/decisions?limit=100");
        (page["decisions"].as_array().unwrap().len() >= 100).then_some(page)
    });
    for path in [
        "/health/live",
        "/health/ready",
        "/health/ai",
        "/health/ai/integration",
        "/ai/status",
        "/ai/subsystems",
        "/ai/metrics",
        "/ai/account",
        "/ai/emergency",
    ] {
        get(path, path);
    }
    get("/ai/subsystems/{name}", "/ai/subsystems/momentum");
    get("/ai/subsystems/{name}", "/ai/subsystems/nobody");
    get("/ai/decisions", "/ai/decisions?hook=nothing");
    for decision in page["decisions"].as_array().unwrap() {
        get("/ai/decisions/{id}", &format!("/ai/decisions/{}", decision["id"]));
    }
    let signal = get("/ai/decisions", "/ai/decisions?hook=signal&limit=1");
    let call = get("/ai/decisions/{id}", &format!("/ai/decisions/{}", signal["decisions"][0]["id"]));
    let symbol = &call["decisions"][0]["proposed"][0]["symbol"];
    let time = &call["event_time_ms"];
    get("/ai/why", &format!("/ai/why?symbol={}&time={time}", symbol.as_str().unwrap_or("BTCUSDT")));
    let question = &call["input"];
    api.check("/hooks/{hook}", "post", net.ask("operate", "POST", "/hooks/signal", Some(question)));

    let post =
        |path: &str, asked: &str, body: Value| api.check(path, "post", net.ask("admin", "POST", asked, Some(&body)));
    let operate = "/ai/subsystems/{name}/{operation}";
    for operation in ["shadow", "reload", "pin", "unpin", "promote", "unshadow", "rollback", "release"] {
        post(operate, &format!("/ai/subsystems/momentum/{operation}"), json!({"reason": "a test"}));
        get("/ai/status", "/ai/status");
    }
    let mode = json!({"mode": "OBSERVE", "reason": "a test"});
    api.check(
        "/ai/subsystems/{name}/mode",
        "put",
        net.ask("admin", "PUT", "/ai/subsystems/momentum/mode", Some(&mode)),
    );
    get("/ai/limits", "/ai/limits");
    let tighter = json!({"limits": {"max_open_positions": 1}, "reason": "a test"});
    api.check("/ai/limits", "put", net.ask("admin", "PUT", "/ai/limits", Some(&tighter)));
    let binding = json!({"plugin": "momentum.wasm", "reason": "a test"});
    let path = "/ai/subsystems/{name}/plugin";
    api.check(path, "put", net.ask("admin", "PUT", "/ai/subsystems/momentum/plugin", Some(&binding)));
    let stage = json!({"stage": "PARTIAL", "reason": "a test"});
    api.check("/ai/stage", "put", net.ask("admin", "PUT", "/ai/stage", Some(&stage)));
    post("/ai/emergency", "/ai/emergency", json!({"kind": "halt", "reason": "a test"}));
    post("/api/ai/emergency-brake", "/api/ai/emergency-brake", json!({"action": "release"}));
}

#[test]
fn the_command_prints_what_the_host_answers() {
    let net = Net::start();
    let (_, answered) = net.ask("read", "GET", "/openapi.json", None);
    let printed = crate::host::bulkhead().arg("openapi").output().unwrap();
    assert!(printed.status.success());
    assert_eq!(String::from_utf8(printed.stdout).unwrap().trim_end(), answered.trim_end());
}

#[test]
fn an_answer_that_is_not_described_is_noticed() {
    let net = Net::start();
    let api = Api::of(&net);
    let (status, body) = net.ask("read", "GET", "/ai/status", None);
    let mut answer: Value = serde_json::from_str(&body).unwrap();
    let judge = api.judge("/ai/status", "get", status);
    assert!(judge.is_valid(&answer));
    answer["subsystems"][0]["more"] = json!(1);
    assert!(!judge.is_valid(&answer), "a field too many");
    answer["subsystems"] = json!([]);
    answer["stage"] = json!("FULL");
    assert!(!judge.is_valid(&answer), "a value that is none");
}
