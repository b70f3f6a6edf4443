//! The same host over the network: who is let in, what he may do, what he sees, and a brake that nobody can crowd out.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use serde_json::{Value, json};

use crate::host::{Host, until};

/// A running host with tokens of every role.
pub(crate) struct Net {
    pub(crate) host: Host,
    control: SocketAddr,
    brake: SocketAddr,
    tokens: Vec<(&'static str, String)>,
}

const ROLES: [&str; 4] = ["read", "operate", "brake", "admin"];

impl Net {
    pub(crate) fn start() -> Self {
        let host = Host::new();
        host.configure("[server]", "listen = \"127.0.0.1:0\"\nbrake_listen = \"127.0.0.1:0\"");
        let token = |role| (role, host.says(&["token", &format!("the-{role}"), role]).trim().to_owned());
        let tokens = ROLES.map(token).to_vec();
        host.start();
        let printed = host.printed();
        let address = |what: &str| {
            let line = printed.lines().find_map(|line| line.strip_prefix(&format!("{what}  http://")));
            line.unwrap_or_else(|| panic!("{printed}")).parse().unwrap()
        };
        Self { control: address("control"), brake: address("brake"), host, tokens }
    }

    fn token(&self, role: &str) -> &str {
        &self.tokens.iter().find(|(known, _)| *known == role).unwrap().1
    }

    /// Asks with a role's token.
    pub(crate) fn ask(&self, role: &str, method: &str, path: &str, body: Option<&Value>) -> (u16, String) {
        let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.token(role));
        exchange(self.control, method, path, &headers, &body.map(Value::to_string).unwrap_or_default())
    }

    fn json(&self, role: &str, path: &str) -> Value {
        let (status, body) = self.ask(role, "GET", path, None);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

pub(crate) fn exchange(to: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(to).unwrap();
    let host = if headers.contains("Host:") { String::new() } else { format!("Host: {to}\r\n") };
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\n{host}{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    // A host that has heard enough closes early.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap_or_else(|| panic!("{path}: {answer:?}")).parse().unwrap();
    (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
}

#[test]
fn nobody_comes_in_without_a_token_or_from_another_site() {
    let net = Net::start();
    let right = format!("Authorization: Bearer {}\r\n", net.token("admin"));
    let table = [
        (String::new(), 401),
        ("Authorization: Bearer wrong\r\n".to_owned(), 401),
        (right.replace("Bearer", "Basic"), 401),
        (format!("{right}Host: evil.example\r\n"), 403),
        (format!("{right}Origin: http://evil.example\r\n"), 403),
        (format!("{right}Sec-Fetch-Site: cross-site\r\n"), 403),
        (right.clone(), 200),
    ];
    for (headers, expected) in &table {
        let (status, body) = exchange(net.control, "GET", "/ai/status", headers, "");
        assert_eq!(status, *expected, "{headers}");
        assert!(!body.contains(net.token("admin")));
    }
    assert_eq!(exchange(net.control, "GET", "/health/live", "", "").0, 200, "it lives, whoever asks");
    let change = r#"{"mode":"OFF","reason":"a test"}"#;
    let path = "/ai/subsystems/momentum/mode";
    assert_eq!(exchange(net.control, "PUT", path, &format!("{right}Content-Type: text/plain\r\n"), change).0, 415);
    let json = format!("{right}Content-Type: application/json\r\n");
    assert_eq!(exchange(net.control, "PUT", path, &json, &" ".repeat((16 << 10) + 1)).0, 413);
    assert_eq!(net.host.subsystem("momentum")["mode"], "ENFORCED", "nothing has changed");
}

#[test]
fn every_role_may_do_what_it_is_for() {
    let net = Net::start();
    let mode = json!({"mode": "OBSERVE", "reason": "a test"});
    let engage = json!({"kind": "halt", "reason": "a test"});
    let may = |role: &str| {
        let generation = net.host.json(&["brake", "status"])["generation"].clone();
        let release = json!({"action": "release", "reason": "a test", "generation": generation});
        [
            net.ask(role, "GET", "/ai/status", None).0,
            net.ask(role, "GET", "/ai/emergency", None).0,
            net.ask(role, "PUT", "/ai/subsystems/momentum/mode", Some(&mode)).0,
            net.ask(role, "POST", "/ai/emergency", Some(&engage)).0,
            net.ask(role, "POST", "/ai/emergency", Some(&release)).0 / 100,
        ]
    };
    // A release that is allowed may come too late, which is a conflict.
    assert_eq!(may("read"), [200, 200, 403, 403, 4]);
    assert_eq!(may("brake"), [403, 200, 403, 200, 4]);
    assert_eq!(net.host.json(&["brake", "status"])["brake"], "halt");
    assert_eq!(may("operate"), [200, 200, 200, 200, 4]);
    assert_eq!(net.host.json(&["brake", "status"])["brake"], "halt", "only an admin releases");
    assert_eq!(may("admin"), [200, 200, 200, 200, 2]);
    assert_eq!(net.host.json(&["brake", "status"])["brake"], "released");
    let audits = net.host.audits();
    assert!(audits.iter().any(|(actor, a)| actor == "the-operate" && a["audit"] == "mode" && a["token"].is_string()));
    assert!(audits.iter().any(|(actor, a)| actor == "the-admin" && a["audit"] == "brake-release"));
}

#[test]
fn what_was_decided_can_be_read_and_asked_again() {
    let net = Net::start();
    let page = until("some decisions", || {
        let page = net.json("read", "/ai/decisions?subsystem=momentum&hook=signal&limit=3");
        (page["decisions"].as_array().unwrap().len() == 3).then_some(page)
    });
    let first = &page["decisions"][0];
    assert_eq!((&first["subsystem"], &first["hook"]), (&json!("momentum"), &json!("signal")));
    let whole = net.json("read", &format!("/ai/decisions/{}", first["id"]));
    let said = whole["decisions"].as_array().unwrap();
    assert!(said.iter().any(|d| d["subsystem"] == "momentum" && d["digest"] == first["digest"]), "{whole}");

    let (status, body) = net.ask("operate", "POST", "/hooks/signal", Some(&whole["input"]));
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 200, "{answer}");
    assert!(answer["parts"].as_array().unwrap().iter().any(|part| part["subsystem"] == "momentum"), "{answer}");
    let (status, body) = net.ask("operate", "POST", "/hooks/signl", Some(&whole["input"]));
    assert!(status == 404 && body.contains("did you mean"), "{body}");
    let (status, body) = net.ask("operate", "POST", "/hooks/pre-trade-risk-check", Some(&json!({"candidate": 7})));
    assert!(status == 422 && body.contains("nobody was asked"), "{body}");
    assert_eq!(net.ask("read", "POST", "/hooks/signal", Some(&whole["input"])).0, 403);

    // Oldest first, by cursor: every decision once.
    let (mut cursor, mut seen) = (0, Vec::new());
    for _ in 0..3 {
        let page = net.json("read", &format!("/ai/decisions?subsystem=momentum&limit=2&cursor={cursor}"));
        let ids = page["decisions"].as_array().unwrap().iter().map(|d| d["id"].as_u64().unwrap());
        seen.extend(ids);
        cursor = page["next"].as_u64().unwrap();
    }
    assert!(seen.len() >= 2 && seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

#[test]
fn health_and_counters_are_those_of_the_running_host() {
    let net = Net::start();
    until("momentum has answered", || {
        let health = net.json("read", "/health/ai/integration");
        (health["subsystem_health"]["momentum"]["state"] == "serving").then_some(())
    });
    let health = net.json("read", "/health/ai");
    assert_eq!(
        (&health["initialized"], &health["services"]["rl-position-sizing"]),
        (&json!(true), &json!("never-called"))
    );
    let (status, text) = net.ask("read", "GET", "/metrics", None);
    assert_eq!(status, 200);
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {text}"));
        line.trim().parse::<f64>().unwrap()
    };
    assert!(value("bulkhead_hook_calls_total{hook=\"signal\"}") > 0.0);
    assert!(value("bulkhead_subsystem_calls_total{subsystem=\"momentum\"}") > 0.0);
    assert!(value("bulkhead_brake{state=\"released\"}") == 1.0);
    assert!(net.json("read", "/ai/metrics")["hooks"].as_array().unwrap().len() >= 14);
}

#[test]
fn a_stream_tells_what_changes() {
    let net = Net::start();
    let mut stream = TcpStream::connect(net.control).unwrap();
    let token = net.token("read");
    write!(stream, "GET /ai/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let mut next = |name: &str| {
        lines.find(|line| *line == format!("event: {name}")).unwrap();
        let data = lines.next().unwrap();
        serde_json::from_str::<Value>(data.strip_prefix("data: ").unwrap()).unwrap()
    };
    assert_eq!(next("brake")["brake"], "released");
    net.host.says(&["brake", "engage", "--reason", "a test"]);
    assert_eq!(next("brake")["brake"], "halt");
    net.host.says(&["mode", "momentum", "OFF", "--reason", "a test"]);
    let told = next("subsystem");
    assert_eq!((&told["name"], &told["mode"]), (&json!("momentum"), &json!("OFF")));
}

#[test]
fn the_brake_answers_when_everything_else_is_taken() {
    let net = Net::start();
    let mut idle: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(net.control).unwrap()).collect();
    // Each has begun a request that it does not end.
    for stream in &mut idle {
        let _ = stream.write_all(b"G");
    }
    let headers = format!("Authorization: Bearer {}\r\n", net.token("brake"));
    let (status, body) = exchange(net.brake, "POST", "/ai/emergency", &headers, "");
    assert_eq!(status, 200, "{body}");
    assert_eq!(net.host.json(&["brake", "status"])["brake"], "halt");
    // The slow ones are thrown out, and there is room again.
    let headers = format!("Authorization: Bearer {}\r\n", net.token("read"));
    until("room", || {
        let mut stream = TcpStream::connect(net.control).ok()?;
        let head = format!("GET /ai/status HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.starts_with("HTTP/1.1 200").then_some(())
    });
}

#[test]
fn what_would_let_everybody_in_does_not_start() {
    let host = Host::new();
    host.configure("[server]", "listen = \"127.0.0.1:0\"");
    assert!(host.refuses_to_start().contains("bulkhead token"), "there are no tokens");
    let host = Host::new();
    host.configure("[server]", "listen = \"0.0.0.0:8300\"");
    assert!(host.refuses_to_start().contains("TLS"));
}
