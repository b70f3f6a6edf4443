//! Hooks: how often, with what outcome, how fast.

use bulkhead_policy::Mode;

use super::{Page, Scrape};
use crate::view::{HookView, SubsystemView};

pub(super) fn put(page: &mut Page, scrape: &Scrape) {
    let hooks = &scrape.hooks;
    page.counter("bulkhead_hook_calls_total", "Calls of a hook.", |samples| {
        hooks.iter().for_each(|hook| samples.count(&[("hook", hook.hook)], hook.calls));
    });
    let help =
        "Decisions by what became of them. `cause` says why the safe default was answered, and is `none` otherwise.";
    page.counter("bulkhead_decisions_total", help, |samples| {
        for hook in hooks {
            for (outcome, cause, count) in outcomes(hook) {
                samples.count(&[("hook", hook.hook), ("outcome", outcome), ("cause", cause)], count);
            }
        }
    });
    page.counter("bulkhead_refusals_total", "Refusals of a subsystem by reason, applied or not.", |samples| {
        for hook in hooks {
            for refusal in &hook.refusals {
                let labels = [("hook", hook.hook), ("subsystem", &refusal.subsystem), ("reason", refusal.reason)];
                samples.count(&labels, refusal.count);
            }
        }
    });
    page.histogram("bulkhead_hook_duration_seconds", "Time of the calls that asked a subsystem.", |samples| {
        for hook in hooks {
            let up_to = hook.up_to.iter().map(|up_to| (seconds(up_to.ns), up_to.calls));
            samples.times(&[("hook", hook.hook)], hook.timed, seconds(hook.sum_ns), up_to);
        }
    });
    let help = "CPU time that a call is given: that of every subsystem that is asked, together.";
    page.gauge("bulkhead_hook_cpu_budget_seconds", help, |samples| {
        for hook in hooks {
            if let Some(budget) = budget(hook, &scrape.status.subsystems) {
                samples.put(&[("hook", hook.hook)], budget);
            }
        }
    });
}

fn outcomes(hook: &HookView) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
    let answered = [("applied", hook.applied), ("advised", hook.advised), ("observed", hook.observed)];
    let defaulted = hook.defaulted.iter().map(|(cause, count)| ("defaulted", *cause, *count));
    answered.into_iter().map(|(outcome, count)| (outcome, "none", count)).chain(defaulted)
}

/// Seconds; `None` where nobody is asked.
fn budget(hook: &HookView, subsystems: &[SubsystemView]) -> Option<f64> {
    let asked = |s: &&SubsystemView| s.mode != Mode::Off && s.hooks.iter().any(|h| h.name() == hook.hook);
    let us: u64 = subsystems.iter().filter(asked).map(|s| s.cpu_budget_us).sum();
    (us > 0).then_some(us as f64 / 1e6)
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}
