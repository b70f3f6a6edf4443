//! Another version and another mode, from the command line of a running host.

use std::{fs, os::unix::fs::PermissionsExt};

use bulkhead_journal::Filter;
use bulkhead_runtime::version::digest_of;
use bulkhead_tests::surgery;

use crate::host::{Host, until};

/// A strategy: it is asked for every bar.
const NAME: &str = "momentum";

fn decided_by(host: &Host, digest: &str) {
    until("a decision of this version", || {
        let filter =
            Filter { subsystem: Some(NAME.to_owned()), newest_first: true, limit: Some(1), ..Filter::default() };
        host.reader().decisions(&filter).unwrap().into_iter().find(|row| row.identity.digest == digest)
    });
}

#[test]
fn versions_and_modes_change_while_the_market_goes_on() {
    let host = Host::new();
    host.start();
    for socket in ["control.sock", "brake.sock"] {
        assert_eq!(fs::metadata(host.state().join(socket)).unwrap().permissions().mode() & 0o777, 0o600, "{socket}");
    }
    let first = fs::read(host.plugin(NAME)).unwrap();
    let second = surgery::tagged(&first, "second");
    let (first, second_digest) = (digest_of(&first), digest_of(&second));
    assert_eq!(host.subsystem(NAME)["digest"], first.as_str());
    decided_by(&host, &first);

    fs::write(host.plugin(NAME), &second).unwrap();
    let said = host.says(&["plugin", "reload", NAME, "--reason", "the second one", "--actor", "ann"]);
    assert!(said.contains("serves") && said.contains(&second_digest[..12]), "{said}");
    assert_eq!(host.subsystem(NAME)["digest"], second_digest.as_str());
    decided_by(&host, &second_digest);

    let said = host.says(&["plugin", "rollback", NAME, "--reason", "the first was better"]);
    assert!(said.contains(&first[..12]), "{said}");
    decided_by(&host, &first);

    host.says(&["plugin", "pin", NAME, "--reason", "stay"]);
    let sentence = host.refuses(&["plugin", "reload", NAME, "--reason", "try"]);
    assert!(sentence.contains("pinned") && sentence.contains("still serves"), "{sentence}");
    host.says(&["plugin", "unpin", NAME, "--reason", "go"]);
    assert!(host.says(&["plugin", "reload", NAME, "--reason", "try"]).contains("serves"));

    host.says(&["mode", NAME, "observe", "--reason", "watch it"]);
    assert_eq!(host.subsystem(NAME)["mode"], "OBSERVE");
    let sentence = host.refuses(&["mode", "momentun", "OFF", "--reason", "a slip"]);
    assert!(sentence.contains("did you mean \"momentum\"?"), "{sentence}");
    assert!(host.refuses(&["mode", NAME, "OFF", "--reason", " "]).contains("reason"));

    let table = host.says(&["status"]);
    assert!(table.contains("stage COORDINATION") && table.contains(NAME), "{table}");

    host.signal("-TERM");
    assert!(host.ended());
    assert!(!host.state().join("control.sock").exists() && !host.state().join("brake.sock").exists());
    host.reader().verify().unwrap();
    let audits = host.audits();
    let done: Vec<(&str, &str)> =
        audits.iter().map(|(_, a)| (a["audit"].as_str().unwrap(), a["result"].as_str().unwrap())).collect();
    let expected = [
        ("reload", "done"),
        ("rollback", "done"),
        ("pin", "done"),
        ("reload", "refused"),
        ("unpin", "done"),
        ("reload", "done"),
        ("mode", "done"),
    ];
    assert_eq!(done, expected);
    let caller = audits[0].1["caller"].as_str().unwrap();
    assert_eq!(audits[0].0, format!("ann (as {caller})"), "what is claimed does not hide what is proven");
    assert_eq!(audits[1].0, caller);
    assert_eq!(
        (&audits[0].1["before"]["digest"], &audits[0].1["after"]["digest"]),
        (&first.into(), &second_digest.into())
    );
}

#[test]
fn without_a_host_every_command_says_so() {
    let host = Host::new();
    for args in [&["status"][..], &["brake", "engage"], &["plugin", "pin", NAME, "--reason", "x"]] {
        let sentence = host.refuses(args);
        assert!(sentence.contains("no host answers") && sentence.contains("--state"), "{sentence}");
    }
}
