//! One step up, checked against what was recorded in the stage below.

use std::collections::BTreeSet;

use super::{
    Check, Criteria, Health, Judged, Measured,
    found::{listed, percent},
};
use crate::Stage;

const DAY_MS: u64 = 86_400_000;

/// A step from the stage that shows to the stage that it leads to.
pub(super) struct Step<'a> {
    pub(super) shown: Stage,
    pub(super) leads: Stage,
    pub(super) asked: &'a Criteria,
    pub(super) measured: &'a Measured,
    pub(super) health: &'a Health,
}

impl Step<'_> {
    /// Every criterion that can fail.
    pub(super) fn checks(&self) -> Vec<Check> {
        let mut checks = vec![self.days(), self.gap(), self.fresh(), self.versions()];
        checks.extend([self.faults(), self.quarantines(), self.records(), self.brake()]);
        checks.extend(self.change());
        checks.extend([self.applied(), self.trades(), self.blocked(), self.directives()].into_iter().flatten());
        checks.extend([self.coordination(), self.opportunities()].into_iter().flatten());
        checks.extend([self.conflicts(), self.drawdown()]);
        checks
    }

    /// What a person has, or has not, checked.
    pub(super) fn judged(&self, judged: &BTreeSet<Judged>) -> Vec<Check> {
        let trades = &self.measured.trades;
        let figures = format!(
            "{} orders, {} fills, net {:.2} USD in {:.1} days",
            trades.orders, trades.fills, trades.net_usd, self.measured.days
        );
        let check = |what: &Judged| {
            let passed = judged.contains(what);
            let word = if passed { "checked by the person who asks" } else { "nobody says to have checked it" };
            self.check(what.name(), what.question(), format!("{word}; {figures}"), passed)
        };
        Judged::needed(self.leads).iter().map(check).collect()
    }

    fn check(&self, name: &str, wanted: impl Into<String>, found: impl Into<String>, passed: bool) -> Check {
        let (wanted, found) = (wanted.into(), found.into());
        Check { shown_in: Some(self.shown), name: name.to_owned(), wanted, found, passed }
    }

    fn at_most(&self, name: &str, most: u64, found: u64) -> Check {
        self.check(name, format!("at most {most}"), found.to_string(), found <= most)
    }

    fn days(&self) -> Check {
        let (wanted, found) = (self.asked.days, self.measured.days);
        self.check("days", format!("at least {wanted} days recorded"), format!("{found:.2} days"), found >= wanted)
    }

    fn gap(&self) -> Check {
        let (most, found) = (self.asked.longest_gap_min, self.measured.longest_gap_min);
        let wanted = format!("no gap over {most} minutes");
        self.check("longest_gap_min", wanted, format!("longest {found} minutes"), found <= u64::from(most))
    }

    /// Of this market and of late: neither an old week nor another market's.
    fn fresh(&self) -> Check {
        let most = self.asked.fresh_days;
        let (found, passed) = match (self.measured.last_ms, self.health.event_time_ms) {
            (None, _) => ("nothing was recorded".to_owned(), false),
            (_, None) => ("the host has called no hook since its start".to_owned(), false),
            // The host goes on while the journal is read.
            (Some(last), Some(now)) if last > now.saturating_add(DAY_MS) => {
                let days = last.saturating_sub(now) / DAY_MS;
                (format!("the records end {days} days after the host's own time: another market's?"), false)
            }
            (Some(last), Some(now)) => {
                let age = now.saturating_sub(last);
                let days = age as f64 / DAY_MS as f64;
                (format!("the records end {days:.1} days ago"), age <= u64::from(most) * DAY_MS)
            }
        };
        self.check("fresh_days", format!("recorded within the last {most} days"), found, passed)
    }

    fn versions(&self) -> Check {
        let least = self.asked.version_days;
        let days_of = |name: &str, digest: &str| {
            self.measured.versions.get(name).and_then(|of| of.get(digest)).copied().unwrap_or(0)
        };
        let short: Vec<String> = self
            .health
            .enabled()
            .map(|s| (s, days_of(&s.name, &s.digest)))
            .filter(|(_, days)| *days < least)
            .map(|(s, days)| if days == 0 { format!("{}: never", s.name) } else { format!("{}: on {days}", s.name) })
            .collect();
        let found = if short.is_empty() { "all of them".to_owned() } else { listed(&short) };
        let wanted = format!("every serving version answered on {least} days or more");
        self.check("version_days", wanted, found, short.is_empty())
    }

    fn faults(&self) -> Check {
        let all = &self.measured.faults;
        let count = all.values().fold(0_u64, |sum, n| sum.saturating_add(*n));
        let classes: Vec<String> = all.iter().map(|(class, n)| format!("{n} {class}")).collect();
        let found = if count == 0 { "none".to_owned() } else { listed(&classes) };
        self.check("faults", format!("at most {}", self.asked.faults), found, count <= self.asked.faults)
    }

    fn quarantines(&self) -> Check {
        self.at_most("quarantines", self.asked.quarantines, self.measured.quarantines)
    }

    fn records(&self) -> Check {
        let (lost, unreadable, most) = (self.measured.lost, self.measured.unreadable, self.asked.lost_records);
        let found = format!("{lost} lost, {unreadable} not understood");
        self.check("lost_records", format!("at most {most}"), found, lost.saturating_add(unreadable) <= most)
    }

    fn brake(&self) -> Check {
        self.at_most("brake_activations", self.asked.brake_activations, self.measured.brake_activations)
    }

    fn change(&self) -> Option<Check> {
        let applied = self.measured.applied;
        let wanted = "no answer applied: zero change to trades";
        self.asked.no_change.then(|| self.check("no_change", wanted, format!("{applied} applied"), applied == 0))
    }

    fn applied(&self) -> Option<Check> {
        let (least, applied) = (self.asked.applied, self.measured.applied);
        (least > 0).then(|| {
            self.check("applied", format!("at least {least} answers applied"), applied.to_string(), applied >= least)
        })
    }

    fn trades(&self) -> Option<Check> {
        let (least, asked) = (self.asked.trades, self.measured.trades.asked);
        (least > 0)
            .then(|| self.check("trades", format!("at least {least} asked about"), asked.to_string(), asked >= least))
    }

    fn blocked(&self) -> Option<Check> {
        let (most, trades) = (self.asked.blocked_share, &self.measured.trades);
        if most >= 1.0 {
            return None;
        }
        let wanted = format!("under {} of the trades blocked", percent(most));
        let found = trades.blocked_share().map_or_else(
            || "no trade was asked about".to_owned(),
            |share| {
                let (blocked, held, asked) = (trades.blocked, trades.held_back, trades.asked);
                format!("{}: {blocked} blocked and {held} held back by the stage, of {asked}", percent(share))
            },
        );
        Some(self.check("blocked_share", wanted, found, trades.blocked_share().is_some_and(|share| share < most)))
    }

    /// Trades that nobody is asked about any more because the directives forbid all of them.
    fn directives(&self) -> Option<Check> {
        let (most, cadence) = (self.asked.blocked_share, &self.measured.coordination);
        let share = cadence.forbidding_share();
        let found = format!("{}: {} of {}", percent(share), cadence.forbidding, cadence.issued);
        let wanted = format!("under {} of the directives forbid new trades", percent(most));
        (most < 1.0).then(|| self.check("directives", wanted, found, share < most))
    }

    fn coordination(&self) -> Option<Check> {
        let (least, cadence) = (self.asked.coordination_share, &self.measured.coordination);
        let wanted = format!("{} of the coordinations on time", percent(least));
        let found = cadence.on_time_share().map_or_else(
            || "the coordinator has not answered twice".to_owned(),
            |share| format!("{}, longest wait {:.0} s", percent(share), cadence.longest_ms as f64 / 1e3),
        );
        let passed = cadence.on_time_share().is_some_and(|share| share >= least);
        (least > 0.0).then(|| self.check("coordination_share", wanted, found, passed))
    }

    fn opportunities(&self) -> Option<Check> {
        let (least, m) = (self.asked.opportunities_per_day, self.measured);
        let per_day = if m.days > 0.0 { m.opportunities as f64 / m.days } else { 0.0 };
        let wanted = format!("at least {least} a day");
        let found = format!("{per_day:.1} a day, {} in all", m.opportunities);
        // By multiplication: fewer days must not make the same number enough.
        let passed = m.days > 0.0 && m.opportunities as f64 >= least * m.days.max(self.asked.days);
        (least > 0.0).then(|| self.check("opportunities_per_day", wanted, found, passed))
    }

    fn conflicts(&self) -> Check {
        let (most, open) = (self.asked.open_conflicts, self.measured.open_conflicts);
        let wanted = format!("at most {most} conflicts left to a person");
        self.check("open_conflicts", wanted, open.to_string(), open <= most)
    }

    fn drawdown(&self) -> Check {
        let share = self.asked.drawdown_share;
        let limit = self.health.limits.map(|limits| limits.daily_drawdown_halt_pct * share);
        let wanted = limit.map_or_else(|| "under the limit".to_owned(), |most| format!("a day under {most:.2} %"));
        let found = self.measured.daily_drawdown_pct;
        let text = found.map_or_else(|| "nobody was told a drawdown".to_owned(), |pct| format!("deepest {pct:.2} %"));
        let passed = found.zip(limit).is_some_and(|(pct, most)| pct < most);
        self.check("drawdown_share", wanted, text, passed)
    }
}
