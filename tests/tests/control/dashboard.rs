//! The dashboard of one run: who sees it, how long, and what it is told.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
};

use serde_json::{Value, json};

use crate::{
    host::{Host, until},
    network::exchange,
};

fn start(host: &Host, address: &str) {
    host.start_with(&["--speed", "600x", "--days", "30", "--dashboard", address]);
}

/// Where the page is, and the token of the link.
fn link(host: &Host) -> (SocketAddr, String) {
    let printed = until("the link", || {
        let printed = host.printed();
        printed.contains("\ndashboard  ").then_some(printed)
    });
    let link = printed.lines().find_map(|line| line.strip_prefix("dashboard  http://")).unwrap();
    let (address, token) = link.split_once("/#token=").unwrap();
    (address.parse().unwrap(), token.to_owned())
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

fn get(at: SocketAddr, token: &str, path: &str) -> Value {
    let (status, body) = exchange(at, "GET", path, &bearer(token), "");
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

/// Whether a file below the folder holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().map(Result::unwrap).any(|entry| {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            return holds(&entry.path(), bytes);
        }
        kind.is_file() && fs::read(entry.path()).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn the_page_is_open_and_nothing_else_is() {
    let host = Host::new();
    start(&host, ":0");
    let (at, token) = link(&host);
    let table = [
        ("GET", "/", "", 200),
        ("GET", "/", "Sec-Fetch-Site: cross-site\r\n", 200),
        ("GET", "/", "Host: evil.example\r\n", 403),
        ("POST", "/", "", 401),
        ("GET", "/assets/js/main.js", "", 200),
        ("GET", "/assets/js/none.js", "", 404),
        ("GET", "/assets/../Cargo.toml", "", 404),
        ("GET", "/ai/status", "", 401),
        ("GET", "/assets", "", 401),
    ];
    for (method, path, headers, expected) in table {
        let (status, body) = exchange(at, method, path, headers, "");
        assert_eq!(status, expected, "{method} {path} {headers}: {body}");
        assert!(!body.contains(&token));
    }
    assert_eq!(get(at, &token, "/ai/status")["stage"], "COORDINATION");

    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, page) = answer.split_once("\r\n\r\n").unwrap();
    assert!(page.contains("<title>Bulkhead</title>"));
    assert!(head.contains("content-security-policy: default-src 'self'; frame-ancestors 'none'"), "{head}");
    assert!(head.contains("content-type: text/html; charset=utf-8"), "{head}");
}

#[test]
fn the_token_of_a_run_ends_with_it_and_is_written_nowhere() {
    let host = Host::new();
    let lasting = host.says(&["token", "ann", "admin"]).trim().to_owned();
    start(&host, ":0");
    let (at, token) = link(&host);
    let change = json!({"mode": "OBSERVE", "reason": "a test"}).to_string();
    let headers = format!("{}Content-Type: application/json\r\n", bearer(&token));
    assert_eq!(exchange(at, "PUT", "/ai/subsystems/momentum/mode", &headers, &change).0, 200);
    assert!(host.audits().iter().any(|(actor, audit)| actor == "dashboard" && audit["audit"] == "mode"));
    assert!(!holds(&host.state(), token.as_bytes()));
    assert!(!holds(&host.journal(), token.as_bytes()));

    host.signal("-INT");
    assert!(host.ended());
    start(&host, ":0");
    let (at, new) = link(&host);
    assert_ne!(token, new);
    assert_eq!(exchange(at, "GET", "/ai/status", &bearer(&token), "").0, 401);
    get(at, &new, "/ai/status");
    get(at, &lasting, "/ai/status");
}

#[test]
fn a_port_that_is_taken_is_no_obstacle() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let host = Host::new();
    start(&host, &address.to_string());
    let (at, token) = link(&host);
    assert_ne!(at, address);
    assert!(host.printed().contains(&format!(
        "port {} is taken: the dashboard is at port {}",
        address.port(),
        at.port()
    )));
    get(at, &token, "/ai/status");
}

#[test]
fn nobody_else_on_the_network_is_shown_anything() {
    let host = Host::new();
    assert!(host.refuses_to_start_with(&["--dashboard", "0.0.0.0:0"]).contains("TLS"));
}

#[test]
fn the_host_says_what_a_hook_may_do_and_who_engaged_the_brake() {
    let host = Host::new();
    start(&host, ":0");
    let (at, token) = link(&host);
    let may = |subsystem: &str| {
        let view = get(at, &token, &format!("/ai/subsystems/{subsystem}"));
        let of = |a: &Value| (a["hook"].as_str().unwrap().to_owned(), a["authority"].clone(), a["applied"] == true);
        view["authority"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let hfos = may("ai-hfos");
    assert!(hfos.contains(&("pre-trade-risk-check".to_owned(), json!("enforce"), true)), "{hfos:?}");
    // An act is not applied at advise.
    assert!(hfos.contains(&("post-trade-amplification-check".to_owned(), json!("advise"), false)), "{hfos:?}");
    let observed = may("rl-position-sizing");
    assert_eq!(observed, [("pre-trade-position-sizing".to_owned(), json!("observe"), false)]);

    let brake = get(at, &token, "/ai/emergency");
    assert_eq!((&brake["actor"], &brake["reason"]), (&Value::Null, &Value::Null));
    host.says(&["brake", "engage", "bypass", "--reason", "a strange feed"]);
    host.says(&["brake", "engage", "--reason", "stranger"]);
    let brake = get(at, &token, "/ai/emergency");
    assert_eq!((&brake["brake"], &brake["reason"]), (&json!("halt"), &json!("stranger")));
    assert!(host.says(&["brake", "status"]).contains(": stranger"));
    assert!(may("ai-hfos").iter().all(|(_, authority, applied)| authority == "off" && !applied));

    // It outlives the host, and so do its words.
    host.signal("-KILL");
    host.ended();
    start(&host, ":0");
    let (at, token) = link(&host);
    assert_eq!(get(at, &token, "/ai/emergency")["reason"], "stranger");
    host.says(&["brake", "release", "--reason", "a test"]);
    assert_eq!(get(at, &token, "/ai/emergency")["reason"], Value::Null);
}
