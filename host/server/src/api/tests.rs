//! Every route on a registry without subsystems: what is answered, and what is refused.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header::CONTENT_TYPE},
};
use bulkhead_executor::account::AccountBoard;
use bulkhead_journal::{Journal, JournalOptions, Reader};
use bulkhead_policy::{
    Brake, PolicySet, Stage, alarm::AlarmRules, envelope::EnvelopeLimits, promotion::PromotionRules,
};
use bulkhead_runtime::{Registry, RegistryOptions};
use bulkhead_sandbox::{Ceilings, Sandbox};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::App;
use crate::{auth::Role, caller::Caller, control::Control, ledger::Ledger};

/// A registry in a folder of its own, and its routes.
pub(crate) struct Bench {
    folder: TempDir,
    registry: Arc<Registry>,
    pub(crate) control: Router,
    pub(crate) brake: Router,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("j"), JournalOptions::default()).unwrap();
        let options = RegistryOptions {
            stage: Stage::Coordination,
            policy: PolicySet::Live,
            symbols: Vec::new(),
            directive_max_age_ms: 1_000,
            promotion: PromotionRules::default(),
            alarms: AlarmRules::default(),
            limits: EnvelopeLimits::default(),
        };
        let sandbox = Sandbox::new(Ceilings::default()).unwrap();
        let registry = Arc::new(Registry::new(&sandbox, journal, options, Vec::new()).unwrap());
        let ledger = Ledger::start(registry.journal().path().to_owned()).unwrap();
        let app = App::new(Control::new(Arc::clone(&registry)), ledger);
        Self { folder, registry, control: super::control(app.clone()), brake: super::brake(app) }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        ask(&self.control, request(method, path, body)).await
    }

    /// What is answered, whatever it is. A stream is not read: it does not end.
    pub(crate) async fn answer(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.control.clone().oneshot(request).await.unwrap();
        let status = response.status();
        if response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
            return (status, String::new());
        }
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn emergency(&self, body: Value) -> (StatusCode, Value) {
        ask(&self.brake, request(Method::POST, "/ai/emergency", Some(body))).await
    }
}

pub(crate) fn request(method: Method, path: &str, body: Option<Value>) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).extension(Caller::of_uid(0));
    match body {
        Some(body) => request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap(),
        None => request.body(Body::empty()).unwrap(),
    }
}

async fn ask(router: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_else(|e| panic!("{e}: {body:?}")))
}

/// The code of an error, whose message must be one sentence.
fn code(body: &Value) -> &str {
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.len() > 20 && !message.contains('\n'), "{message:?}");
    body["error"]["code"].as_str().unwrap()
}

#[tokio::test]
async fn reads_answer_what_the_registry_says() {
    let bench = Bench::new();
    let (status, live) = bench.ask(Method::GET, "/health/live", None).await;
    assert_eq!((status, &live["status"]), (StatusCode::OK, &json!("live")));
    let (status, ready) = bench.ask(Method::GET, "/health/ready", None).await;
    assert_eq!((status, &ready["status"]), (StatusCode::OK, &json!("ready")));
    let (_, all) = bench.ask(Method::GET, "/ai/status", None).await;
    assert_eq!((&all["stage"], &all["policy"]), (&json!("COORDINATION"), &json!("live")));
    assert_eq!(
        all["brake"],
        json!({"brake": "released", "generation": 0, "since_ms": null, "actor": null, "reason": null})
    );
    bench.registry.engage(Brake::Bypass, "ann", "a test", 7);
    let (_, all) = bench.ask(Method::GET, "/ai/status", None).await;
    let engaged = json!({"brake": "bypass", "generation": 1, "since_ms": 7, "actor": "ann", "reason": "a test"});
    assert_eq!(all["brake"], engaged);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_one_sentence() {
    let bench = Bench::new();
    let wanted = json!({"reason": "a test"});
    let table = [
        (Method::GET, "/nothing", None, StatusCode::NOT_FOUND, "unknown-path"),
        (Method::DELETE, "/ai/status", None, StatusCode::METHOD_NOT_ALLOWED, "method"),
        (Method::GET, "/ai/subsystems/risk-os", None, StatusCode::NOT_FOUND, "unknown-subsystem"),
        (Method::POST, "/ai/subsystems/x/reload", Some(wanted.clone()), StatusCode::NOT_FOUND, "unknown-subsystem"),
        (Method::POST, "/ai/subsystems/x/explode", Some(wanted), StatusCode::NOT_FOUND, "unknown-operation"),
    ];
    for (method, path, body, status, name) in table {
        let (got, body) = bench.ask(method, path, body).await;
        assert_eq!((got, code(&body)), (status, name), "{path}");
    }
}

#[tokio::test]
async fn bodies_are_strict_small_and_json() {
    let bench = Bench::new();
    let path = "/ai/subsystems/x/reload";
    let table = [
        (json!({}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"reason": "a", "reasn": "b"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"reason": " "}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"reason": "a".repeat(16 << 10)}), StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (body, status) in table {
        let (got, body) = bench.ask(Method::POST, path, Some(body)).await;
        assert_eq!(got, status, "{body}");
        code(&body);
    }
    let plain = Request::builder().method(Method::POST).uri(path).extension(Caller::of_uid(0));
    let (got, body) = ask(&bench.control, plain.body(Body::from(r#"{"reason":"a"}"#)).unwrap()).await;
    assert_eq!((got, code(&body)), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "no-json"));
}

#[tokio::test]
async fn nobody_without_a_name_changes_anything() {
    let bench = Bench::new();
    let request = Request::builder().method(Method::POST).uri("/ai/emergency").body(Body::empty()).unwrap();
    let (got, body) = ask(&bench.brake, request).await;
    assert_eq!((got, code(&body)), (StatusCode::UNAUTHORIZED, "unknown-caller"));
    assert_eq!(bench.registry.dials().brake, Brake::Released);
}

#[tokio::test]
async fn a_bare_request_means_halt_under_both_names() {
    for path in ["/ai/emergency", "/api/ai/emergency-brake"] {
        let bench = Bench::new();
        for router in [&bench.brake, &bench.control] {
            let (got, body) = ask(router, request(Method::POST, path, None)).await;
            assert_eq!((got, &body["brake"], &body["generation"]), (StatusCode::OK, &json!("halt"), &json!(1)));
        }
        assert_eq!(bench.registry.dials().brake, Brake::Halt);
    }
}

#[tokio::test]
async fn engaging_is_idempotent_and_never_loosens() {
    let bench = Bench::new();
    for (kind, expected, generation) in
        [("halt", "halt", 1), ("halt", "halt", 1), ("bypass", "halt", 1), ("halt-cancel", "halt-cancel", 2)]
    {
        let (got, body) = bench.emergency(json!({"kind": kind, "reason": "a test"})).await;
        assert_eq!((got, &body["brake"], &body["generation"]), (StatusCode::OK, &json!(expected), &json!(generation)));
    }
    let (got, body) = bench.emergency(json!({"kind": "released"})).await;
    assert_eq!((got, code(&body)), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
}

#[tokio::test]
async fn only_what_was_seen_is_released_and_only_with_a_reason() {
    let bench = Bench::new();
    bench.emergency(json!({})).await;
    let table = [
        (json!({"action": "release", "reason": "over"}), "invalid"),
        (json!({"action": "release", "generation": 1}), "invalid"),
        (json!({"action": "release", "generation": 1, "reason": "over", "kind": "halt"}), "invalid"),
        (json!({"action": "release", "generation": 0, "reason": "over"}), "brake-changed"),
        (json!({"action": "release", "generation": 0, "reason": "over", "rebase": true}), "brake-changed"),
    ];
    for (body, name) in table {
        let (got, answer) = bench.emergency(body.clone()).await;
        assert!(got.is_client_error(), "{body}");
        assert_eq!(code(&answer), name, "{body}");
        assert_eq!(bench.registry.dials().brake, Brake::Halt, "{body}");
    }
    let (got, body) = bench.emergency(json!({"action": "release", "generation": 1, "reason": "it is over"})).await;
    assert_eq!((got, &body["brake"], &body["generation"]), (StatusCode::OK, &json!("released"), &json!(2)));

    let reader = Reader::open(&bench.folder.path().join("j")).unwrap();
    let events = reader.events(&bulkhead_journal::Filter::default()).unwrap();
    let audits: Vec<Value> = events
        .iter()
        .filter_map(|e| serde_json::from_str(&e.record.data).ok())
        .filter(|v: &Value| v["audit"].is_string())
        .collect();
    assert_eq!(audits.last().unwrap()["result"], "done", "it is on the disk before it is confirmed");
    assert_eq!(audits.last().unwrap()["before"], "halt");
    assert_eq!(audits[0]["result"], "refused");
}

/// Limits as somebody with this role asks for them.
async fn limits(bench: &Bench, role: Role, body: Value) -> (StatusCode, Value) {
    let mut asked = request(Method::PUT, "/ai/limits", Some(body));
    asked.extensions_mut().insert(Caller { role, ..Caller::of_uid(0) });
    ask(&bench.control, asked).await
}

#[tokio::test]
async fn anybody_who_operates_tightens_limits_and_only_an_admin_who_has_looked_widens_them() {
    let bench = Bench::new();
    let of = |value: f64| json!({ "limits": { "max_leverage_x": value }, "reason": "a test" });
    let seen = |value: f64, generation: u64| json!({ "limits": { "max_leverage_x": value }, "reason": "a test", "generation": generation });
    for role in [Role::Read, Role::Brake] {
        assert_eq!(limits(&bench, role, of(3.0)).await.0, StatusCode::FORBIDDEN);
    }
    let (status, body) = limits(&bench, Role::Operate, of(3.0)).await;
    assert_eq!(
        (status, body["message"].as_str()),
        (StatusCode::OK, Some("max_leverage_x 10 -> 3, for the next decision"))
    );
    let generation = body["generation"].as_u64().unwrap();
    for (role, body) in [(Role::Operate, of(4.0)), (Role::Operate, seen(4.0, generation)), (Role::Admin, of(4.0))] {
        let (status, body) = limits(&bench, role, body).await;
        assert_eq!((status, code(&body)), (StatusCode::FORBIDDEN, "release-procedure"));
    }
    let (status, body) = limits(&bench, Role::Admin, seen(4.0, generation + 1)).await;
    assert_eq!((status, code(&body)), (StatusCode::CONFLICT, "limits-changed"));
    assert_eq!(bench.registry.limits().max_leverage_x, 3.0);
    assert_eq!(limits(&bench, Role::Admin, seen(4.0, generation)).await.0, StatusCode::OK);
    assert_eq!(bench.registry.limits().max_leverage_x, 4.0);
    let (_, body) = bench.ask(Method::GET, "/ai/limits", None).await;
    assert_eq!((&body["limits"]["max_leverage_x"], &body["configured"]["max_leverage_x"]), (&json!(4.0), &json!(10.0)));
    for bad in [
        json!({ "limits": { "max_levrage_x": 1.0 }, "reason": "a test" }),
        json!({ "limits": { "max_leverage_x": -1.0 }, "reason": "a test" }),
        json!({ "limits": { "max_gross_exposure_pct": 50.0 }, "reason": "a test" }),
        json!({ "limits": { "max_leverage_x": 1.0 }, "reason": " " }),
    ] {
        let (status, body) = limits(&bench, Role::Admin, bad).await;
        assert_eq!((status, code(&body)), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
    }
    assert_eq!(bench.registry.limits().max_leverage_x, 4.0);
}

#[tokio::test]
async fn the_stage_goes_up_with_a_reason_and_whoever_has_no_shadow_promotes_nobody() {
    let bench = Bench::new();
    let (status, body) = bench.ask(Method::PUT, "/ai/stage", Some(json!({ "stage": "AUTONOMY", "reason": " " }))).await;
    assert_eq!(
        (status, bench.registry.dials().stage),
        (StatusCode::UNPROCESSABLE_ENTITY, Stage::Coordination),
        "{body}"
    );
    let up = json!({ "stage": "AUTONOMY", "reason": "a test" });
    let (status, body) = bench.ask(Method::PUT, "/ai/stage", Some(up)).await;
    assert_eq!((status, bench.registry.dials().stage), (StatusCode::OK, Stage::Autonomy));
    assert_eq!(body["message"], "stage COORDINATION -> AUTONOMY, for the next decision");
    let why = json!({ "reason": "a test" });
    let (status, _) = bench.ask(Method::POST, "/ai/subsystems/nobody/promote", Some(why)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let elsewhere = json!({ "reason": "a test", "file": "/tmp/x.wasm" });
    let (status, body) = bench.ask(Method::POST, "/ai/subsystems/nobody/reload", Some(elsewhere)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
}

#[tokio::test]
async fn a_rebase_is_part_of_a_release_and_of_nothing_else() {
    let bench = Bench::new();
    let (got, body) = bench.emergency(json!({"rebase": true})).await;
    assert_eq!((got, &body["brake"]), (StatusCode::OK, &json!("halt")), "it engages all the same");
    assert_eq!(bench.registry.dials().rebased, 0);
    let release = |generation| json!({"action": "release", "generation": generation, "reason": "over", "rebase": true});
    let (got, body) = bench.emergency(release(1)).await;
    assert_eq!((got, &body["generation"]), (StatusCode::OK, &json!(2)));
    assert!(body["message"].as_str().unwrap().contains("drawdowns begin anew"), "{body}");
    assert_eq!(bench.registry.dials().rebased, 2);
    let (got, body) = bench.emergency(release(2)).await;
    assert_eq!((got, code(&body)), (StatusCode::CONFLICT, "not-engaged"));
}

#[tokio::test]
async fn an_account_of_which_nothing_is_known_is_not_zero() {
    let bench = Bench::new();
    let (got, body) = bench.ask(Method::GET, "/ai/account", None).await;
    assert_eq!((got, code(&body)), (StatusCode::NOT_FOUND, "no-account"));

    let ledger = Ledger::start(bench.registry.journal().path().to_owned()).unwrap();
    let board = Arc::new(AccountBoard::new(EnvelopeLimits::default(), 77));
    let app = App::new(Control::new(Arc::clone(&bench.registry)), ledger).with_account(Some(board));
    let (got, body) = ask(&super::control(app), request(Method::GET, "/ai/account", None)).await;
    assert_eq!((got, &body["known"]), (StatusCode::OK, &json!(false)));
    for figure in ["equity_usd", "balance_usd", "daily_drawdown_pct", "gross_exposure_pct", "open_positions"] {
        assert!(body[figure].is_null(), "{figure}: {body}");
    }
    assert_eq!(body["limits"]["daily_drawdown_halt_pct"], 5.0);
    assert_eq!(body["progress"], json!({"bars_done": 0, "bars_total": 77, "ended": false}));
    assert_eq!(body["history"], json!([]));
}

#[tokio::test]
async fn a_question_about_nothing_is_answered_with_what_would_do() {
    let bench = Bench::new();
    let (got, body) = bench.ask(Method::GET, "/ai/why", None).await;
    assert_eq!((got, code(&body)), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
    let (got, body) = bench.ask(Method::GET, "/ai/why?order=7", None).await;
    assert_eq!((got, code(&body)), (StatusCode::NOT_FOUND, "unknown-signal"));
}
