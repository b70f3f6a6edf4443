//! What a restart keeps.

use std::{fs, path::Path, sync::Arc};

use bulkhead_executor::{
    account::{AccountFile, Keeper},
    venue::Venue,
};
use bulkhead_policy::Brake;

use super::stand::{DAY, Host, MINUTE, NOON, START_USD, fall, long, market};

/// A host that was killed: its files as they were at that moment.
fn killed(host: &Host, state: &Path) -> tempfile::TempDir {
    let shown = host.now();
    let keeper = Keeper::start(Arc::clone(&host.board), AccountFile::open(state)).unwrap();
    let wanted = format!("\"event_time_ms\": {}", shown.event_time_ms.unwrap());
    while !fs::read_to_string(state.join("account.json")).is_ok_and(|text| text.contains(&wanted)) {
        std::thread::yield_now();
    }
    let left = tempfile::tempdir().unwrap();
    for name in ["account.json", "account.began", "brake.json", "brake.began"] {
        // The marker comes right after the file.
        while !state.join(name).exists() {
            std::thread::yield_now();
        }
        fs::copy(state.join(name), left.path().join(name)).unwrap();
    }
    drop(keeper);
    left
}

#[test]
fn a_host_that_was_killed_within_the_day_knows_the_loss_of_the_day() {
    let state = tempfile::tempdir().unwrap();
    let host = Host::new(Some(state.path()), &market(NOON, &fall(10, 98.2)), &[long()]).run();
    assert_eq!(host.brake(), Brake::Released);
    let lost = host.now().money.unwrap();
    let left = killed(&host, state.path());

    // The second loss alone is harmless.
    let later = NOON + 60 * MINUTE;
    let second = || market(later, &fall(10, 99.0));
    let other = Host::new(None, &second(), &[long()]).run();
    assert_eq!(other.brake(), Brake::Released);
    let host = Host::new(Some(left.path()), &second(), &[long()]);
    let begun = host.trading.venue().account().equity_usd;
    assert!((begun - lost.equity_usd).abs() < 1e-6, "the account goes on");
    let host = host.run();
    assert_eq!(host.brake(), Brake::Halt);
    assert!(host.reasons()[0].contains("under the day's start 100000.00"), "{:?}", host.reasons());

    // On another day it is the peak that is remembered.
    let host =
        Host::new(Some(killed(&host, left.path()).path()), &market(NOON + DAY, &fall(10, 99.9)), &[long()]).run();
    let marks = host.now().money.unwrap().drawdowns.unwrap().marks;
    assert_eq!(marks.peak_usd(), START_USD);
    assert!(marks.day_start_usd() < START_USD * 0.96);
    assert_eq!(host.brake(), Brake::Halt, "nobody released it");
}

#[test]
fn an_account_that_cannot_be_read_is_halted_until_a_release_begins_anew() {
    let state = tempfile::tempdir().unwrap();
    let host = Host::new(Some(state.path()), &market(NOON, &fall(3, 99.9)), &[long()]).run();
    let left = killed(&host, state.path());
    fs::write(left.path().join("account.json"), "{").unwrap();
    let mut host = Host::new(Some(left.path()), &market(NOON + DAY, &[100.0; 20]), &[]);
    assert_eq!(host.brake(), Brake::Halt, "before the first bar");
    assert!(host.bar());
    let money = host.now().money.unwrap();
    assert!(money.drawdowns.is_none(), "nobody knows");
    host.release(false);
    assert!(host.bar());
    assert_eq!(host.brake(), Brake::Halt);
    assert!(host.reasons().last().unwrap().contains("account.json cannot be understood"), "{:?}", host.reasons());
    host.release(true);
    assert!(host.bar() && host.bar());
    assert_eq!(host.brake(), Brake::Released);
    assert!(host.now().money.unwrap().drawdowns.is_some());
    let again = Host::new(Some(killed(&host, left.path()).path()), &market(NOON + 2 * DAY, &[100.0; 3]), &[]).run();
    assert_eq!(again.brake(), Brake::Released, "it is known again");
}

/// The release reached the disk and the host was killed before its loop looked.
#[test]
fn a_rebase_that_no_loop_has_seen_yet_is_not_lost() {
    let state = tempfile::tempdir().unwrap();
    let host = Host::new(Some(state.path()), &market(NOON, &fall(10, 97.3)), &[long()]).run();
    assert_eq!(host.brake(), Brake::Halt);
    host.release(true);
    let left = killed(&host, state.path());
    let host = Host::new(Some(left.path()), &market(NOON + 60 * MINUTE, &[100.0; 4]), &[]).run();
    assert_eq!(host.brake(), Brake::Released);
    let money = host.now().money.unwrap();
    assert_eq!(money.drawdowns.unwrap().marks.day_start_usd(), money.equity_usd);
}
