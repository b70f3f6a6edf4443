//! Server-sent events: what a reader is told, and what a reader that takes nothing costs.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::UnixStream,
    time::Duration,
};

use serde_json::Value;

use crate::host::{Host, until};

/// As many as the host has room for.
const STREAMS: usize = 16;
/// Calls that are decided while nobody reads.
const CALLS: u64 = 50_000;
/// What the host's memory may grow by meanwhile, KiB: 16 streams whose every event were kept would take far more.
const GROWTH_KIB: u64 = 16 << 10;

fn subscribe(host: &Host) -> UnixStream {
    let mut stream = host.connect();
    stream.write_all(b"GET /ai/events HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
    stream
}

/// The status of the answer, and nothing behind it.
fn status(stream: &mut UnixStream) -> String {
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    String::from_utf8(first[9..].to_vec()).unwrap()
}

fn calls(host: &Host) -> u64 {
    let status = host.read("/ai/status");
    status["subsystems"].as_array().unwrap().iter().map(|s| s["calls"].as_u64().unwrap()).sum()
}

/// The next event of this name.
fn event(from: &mut impl std::io::BufRead, name: &str) -> Value {
    let mut named = false;
    for line in from.lines() {
        let line = line.unwrap();
        match line.strip_prefix("data: ") {
            Some(data) if named => return serde_json::from_str(data).unwrap(),
            _ => named = line == format!("event: {name}"),
        }
    }
    panic!("the stream ended without {name}")
}

#[test]
fn a_reader_is_told_of_the_account_and_of_every_decision() {
    let host = Host::new();
    host.start_with(&["--speed", "6000x", "--days", "30"]);
    let stream = subscribe(&host);
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let mut stream = BufReader::new(stream);
    let account = event(&mut stream, "account");
    assert!(account["limits"]["max_open_positions"].is_u64() && account.get("history").is_none(), "{account}");
    let mut told: u64 = 0;
    let mut last = 0;
    for _ in 0..4 {
        let news = event(&mut stream, "decisions");
        let decisions = news["decisions"].as_array().unwrap();
        assert!(decisions.len() <= 20);
        for decision in decisions {
            let id = decision["id"].as_u64().unwrap();
            assert!(id >= last, "oldest first, nothing twice");
            last = id;
            assert!(decision["subsystem"].is_string() && decision["hook"].is_string());
        }
        told += decisions.len() as u64 + news["skipped"].as_u64().unwrap();
    }
    assert!(told > 0);
    let (status, one) = host.get(&format!("/ai/decisions/{last}"));
    assert_eq!(status, 200, "{one}");
}

#[test]
fn readers_that_take_nothing_cost_nothing_and_are_let_go() {
    let host = Host::new();
    host.start_with(&["--speed", "30000x", "--days", "60", "--hold"]);
    // What grows at first grows without them, too.
    until("the host has warmed up", || (calls(&host) > CALLS / 2).then_some(()));
    let mut streams: Vec<UnixStream> = (0..STREAMS).map(|_| subscribe(&host)).collect();
    assert!(streams.iter_mut().all(|stream| status(stream) == "200"), "there is room for 16");
    let (refused, sentence) = host.get("/ai/events");
    assert_eq!(refused, 503, "{sentence}");
    let error: Value = serde_json::from_str(&sentence).unwrap();
    assert!(error["error"]["message"].as_str().unwrap().contains("16 streams are open already"), "{sentence}");

    let (before, memory) = (calls(&host), host.memory_kib());
    until("many calls", || (calls(&host) >= before + CALLS).then_some(()));
    let after = host.memory_kib();
    println!("memory with 16 stalled readers: {memory} KiB, after {CALLS} more calls {after} KiB");
    assert!(after <= memory + GROWTH_KIB, "memory went from {memory} to {after} KiB");

    // Their places are free again once they have taken nothing for a while.
    let mut fresh = until("room for a reader that reads", || {
        let mut stream = subscribe(&host);
        (status(&mut stream) == "200").then_some(stream)
    });
    let mut more = String::new();
    assert!(BufReader::new(&mut fresh).read_line(&mut more).unwrap() > 0);
    drop(streams);
}
