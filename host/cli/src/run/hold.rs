//! `--hold`: after the end of the market the host goes on serving. Status, API and brake answer, hooks that are asked
//! over HTTP are answered, and everything of it stands in the journal, which is closed when the host ends.

use std::time::Duration;

use bulkhead_executor::{trading::TradingLoop, venue::Venue};
use bulkhead_journal::EventKind;
use bulkhead_runtime::Watch;

use super::signals::Asked;

/// Time between two looks.
const TICK: Duration = Duration::from_millis(100);

/// Returns once somebody asks to stop.
pub(super) fn until_stopped(trading: &mut TradingLoop<impl Venue>, asked: &Asked, watch: Option<&Watch>) {
    let registry = trading.registry();
    let text = "the market has ended; the host goes on serving".to_owned();
    registry.event(registry.last_event_ms(), EventKind::Note, "host", text);
    println!("holding       the market has ended; status, API and brake are served until Ctrl-C or SIGTERM");
    while !asked.stop() {
        if asked.reload() {
            watch.inspect(|w| w.ask());
        }
        trading.idle();
        std::thread::sleep(TICK);
    }
}
