//! Whatever plugins say, the series are the same.

use std::collections::BTreeSet;

use bulkhead_policy::{Brake, FaultClass, HookId, Likeness, Mode, PolicySet, ReasonCode, Stage, alarm::AlarmKind};
use bulkhead_runtime::LATENCY_BOUNDS_NS;
use proptest::prelude::*;

use super::{Scrape, everything, page, read};
use crate::view::{FaultView, RefusedView, Standing};

type Series = BTreeSet<String>;

fn series(scrape: &Scrape) -> Series {
    let all = read(scrape);
    let names: Series = all.iter().map(|sample| format!("{} {:?}", sample.name, sample.labels)).collect();
    assert_eq!(names.len(), all.len(), "a series stands there twice");
    names
}

/// The most that this many subsystems can lead to.
fn bound(subsystems: usize) -> usize {
    let hooks = HookId::ALL.len();
    let account = 10;
    let host = 13 + Stage::ALL.len() + PolicySet::ALL.len() + Brake::ALL.len();
    let outcomes = 3 + 3 + FaultClass::ALL.len();
    let times = LATENCY_BOUNDS_NS.len() + 3;
    let each_hook = 1 + outcomes + times + 1 + subsystems * ReasonCode::ALL.len();
    let each_subsystem =
        hooks + 8 + Mode::ALL.len() + Standing::ALL.len() + AlarmKind::ALL.len() + 3 + Likeness::ALL.len();
    host + account + hooks * each_hook + subsystems * each_subsystem
}

#[test]
fn the_configuration_bounds_the_number_of_series() {
    for names in [&["risk-os"] as &[&str], &["risk-os", "aelm"], &["risk-os", "aelm", "ai-hfos", "universe-os"]] {
        assert_eq!(series(&everything(names)).len(), bound(names.len()));
    }
}

/// Puts one text into everything that a plugin says of itself.
fn said(mut scrape: Scrape, text: &str, count: u64) -> Scrape {
    let own = || text.to_owned();
    for s in &mut scrape.status.subsystems {
        (s.plugin, s.version, s.digest, s.pinned) = (own(), own(), own(), Some(own()));
        (s.calls, s.faults, s.peak_fuel) = (count | 1, count, count);
        s.last_fault = Some(FaultView { class: FaultClass::Declared, text: own() });
        s.refused = Some(RefusedView { digest: Some(own()), step: "load".to_owned(), reason: own() });
        if let Some(shadow) = &mut s.shadow {
            (shadow.plugin, shadow.version, shadow.digest, shadow.unmet) = (own(), own(), own(), vec![own()]);
            shadow.evidence.faults = count;
        }
    }
    scrape
}

proptest! {
    #[test]
    fn nothing_that_a_plugin_says_is_on_the_page(words in "\\PC{8,64}|[\"\\\\{}\n= ]{8,32}", count: u64) {
        let text = format!("hostile {words}");
        let calm = everything(&["risk-os", "aelm"]);
        let loud = said(calm.clone(), &text, count);
        prop_assert_eq!(series(&loud), series(&calm));
        prop_assert!(!page(&loud).unwrap().contains("hostile"));
    }
}
