//! Reports and directives, compared by what follows from them: scores, measures and words are not what they decide.

use bulkhead_policy::{
    HookId, Likeness, RiskMode,
    hooks::{
        coordination::CoordinationAnswer,
        exposure::ExposureReport,
        self_healing::{Directive, HealthReport},
    },
};
use serde::de::DeserializeOwned;

use super::directed;

/// The bytes of an answer.
#[derive(Clone, Copy)]
pub(crate) enum Answer<'b> {
    /// One that took effect; such a one may be that nobody said anything.
    InForce(&'b [u8]),
    /// What a subsystem said.
    Said(&'b [u8]),
}

impl Answer<'_> {
    /// Outside: it cannot be understood. Inside: nobody said anything.
    fn read<T: DeserializeOwned>(self) -> Option<Option<T>> {
        match self {
            Self::InForce(bytes) => postcard::from_bytes(bytes).ok(),
            Self::Said(bytes) => postcard::from_bytes(bytes).ok().map(Some),
        }
    }
}

/// How the second of two answers stands to the first. Absent: the hook's own contract says it.
pub(crate) fn alike(hook: HookId, first: Answer<'_>, second: Answer<'_>) -> Option<Likeness> {
    match hook {
        HookId::Coordination => {
            let (first, second) = (first.read::<CoordinationAnswer>()?, second.read::<CoordinationAnswer>()?);
            Some(directed::compare(first.as_ref(), second.as_ref()))
        }
        HookId::SelfHealing => Some(healed(&first.read()?, &second.read()?)),
        HookId::ExposureCheck => {
            let same = broken(&first.read()?) == broken(&second.read()?);
            Some(if same { Likeness::Same } else { Likeness::Other })
        }
        _ => None,
    }
}

/// The directive and the actions count; which part is how well is for people.
fn healed(first: &Option<HealthReport>, second: &Option<HealthReport>) -> Likeness {
    let directive = |report: &Option<HealthReport>| report.as_ref().map_or(Directive::AllowAll, |r| r.directive);
    let actions = |report: &Option<HealthReport>| -> Vec<_> {
        let all = report.iter().flat_map(|report| &report.actions);
        all.map(|act| (act.action, act.part, act.automatic)).collect()
    };
    match directive(first).cmp(&directive(second)) {
        core::cmp::Ordering::Less => Likeness::Tighter,
        core::cmp::Ordering::Greater => Likeness::Looser,
        core::cmp::Ordering::Equal if actions(first) == actions(second) => Likeness::Same,
        core::cmp::Ordering::Equal => Likeness::Other,
    }
}

/// Which limits somebody would have to do something about.
fn broken(report: &Option<ExposureReport>) -> impl PartialEq + use<> {
    let mode = report.as_ref().map_or(RiskMode::Normal, |report| report.risk_mode);
    let limits = report.iter().flat_map(|report| &report.violations);
    (mode, limits.map(|v| (v.code, v.severity, v.symbol)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::{
        ReasonCode,
        hooks::exposure::{Severity, Violation},
        reports::HealthStatus,
    };

    use super::*;

    fn in_force<T: serde::Serialize>(answer: &Option<T>) -> Vec<u8> {
        postcard::to_allocvec(answer).unwrap()
    }

    #[test]
    fn an_exposure_report_is_what_it_finds_broken_and_not_what_it_measures() {
        let limit = |value| Violation {
            code: ReasonCode::MaxLeverage,
            severity: Severity::Warning,
            symbol: None,
            value,
            limit: 3.0,
        };
        let report = |gross, violations| ExposureReport {
            gross_exposure_pct: gross,
            net_exposure_pct: 0.0,
            risk_pct: 0.0,
            risk_mode: RiskMode::Normal,
            violations,
        };
        let of = |a: &Option<ExposureReport>, b: &Option<ExposureReport>| {
            let (a, b) = (in_force(a), in_force(b));
            alike(HookId::ExposureCheck, Answer::InForce(&a), Answer::InForce(&b)).unwrap()
        };
        let calm = Some(report(10.0, Vec::new()));
        assert_eq!(of(&calm, &Some(report(20.0, Vec::new()))), Likeness::Same);
        assert_eq!(of(&None, &calm), Likeness::Same, "a report that finds nothing changes nothing");
        assert_eq!(of(&calm, &Some(report(10.0, vec![limit(4.0)]))), Likeness::Other);
        let moved = of(&Some(report(1.0, vec![limit(4.0)])), &Some(report(2.0, vec![limit(5.0)])));
        assert_eq!(moved, Likeness::Same);
    }

    #[test]
    fn a_severer_directive_is_tighter_and_saying_that_all_is_well_is_saying_nothing() {
        let report = |directive| HealthReport {
            overall: HealthStatus::Degraded,
            directive,
            issues: Vec::new(),
            actions: Vec::new(),
        };
        let nothing = in_force::<HealthReport>(&None);
        let said = |directive| postcard::to_allocvec(&report(directive)).unwrap();
        let against = |said: &[u8]| alike(HookId::SelfHealing, Answer::InForce(&nothing), Answer::Said(said)).unwrap();
        assert_eq!(against(&said(Directive::AllowAll)), Likeness::Same);
        assert_eq!(against(&said(Directive::NoNewTrades)), Likeness::Tighter);
        let (bad, well) = (said(Directive::NoNewTrades), said(Directive::AllowAll));
        let likeness = alike(HookId::SelfHealing, Answer::Said(&bad), Answer::Said(&well));
        assert_eq!(likeness, Some(Likeness::Looser));
    }

    #[test]
    fn other_hooks_have_contracts_of_their_own() {
        assert_eq!(alike(HookId::RiskCheck, Answer::Said(&[0]), Answer::Said(&[1])), None);
    }
}
