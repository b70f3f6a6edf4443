//! Candidates in the shadow, beside what serves.

use super::Page;
use crate::view::{ShadowView, StatusView};

pub(super) fn put(page: &mut Page, status: &StatusView) {
    let shadows: Vec<(&str, &ShadowView)> =
        status.subsystems.iter().filter_map(|s| Some((s.name.as_str(), s.shadow.as_ref()?))).collect();
    let help = "Decisions of the candidate in the shadow by how they compare with what serves.";
    page.counter("bulkhead_shadow_decisions_total", help, |samples| {
        for (subsystem, shadow) in &shadows {
            let seen = &shadow.evidence;
            for (likeness, count) in
                [("same", seen.same), ("tighter", seen.tighter), ("looser", seen.looser), ("other", seen.other)]
            {
                samples.count(&[("subsystem", subsystem), ("likeness", likeness)], count);
            }
        }
    });
    page.counter("bulkhead_shadow_faults_total", "Faults of the candidate in the shadow.", |samples| {
        shadows.iter().for_each(|(s, shadow)| samples.count(&[("subsystem", s)], shadow.evidence.faults));
    });
    let help = "Calls that the candidate in the shadow was not asked because it was busy.";
    page.counter("bulkhead_shadow_dropped_total", help, |samples| {
        shadows.iter().for_each(|(s, shadow)| samples.count(&[("subsystem", s)], shadow.evidence.dropped));
    });
    let help = "Share of decisions that the candidate in the shadow would have made otherwise.";
    page.gauge("bulkhead_shadow_disagreement_ratio", help, |samples| {
        for (subsystem, shadow) in shadows.iter().filter(|(_, shadow)| shadow.evidence.compared > 0) {
            samples.put(&[("subsystem", subsystem)], 1.0 - shadow.agreement);
        }
    });
}
