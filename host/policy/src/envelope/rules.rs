//! What limits must not say of each other.

use super::{EnvelopeLimits, LimitKey, LimitsError};

/// Two limits that cannot hold together.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{limit} {value} {} {other} {bound}: {why}", rule.relation)]
pub struct Contradiction {
    /// Which limit.
    pub limit: LimitKey,
    /// Its value.
    pub value: f64,
    /// Which other one.
    pub other: LimitKey,
    /// The other one's value.
    pub bound: f64,
    /// Why they cannot hold together.
    pub why: &'static str,
    rule: &'static Rule,
}

/// `limit` is at most `factor` times `other`, or less than that.
#[derive(Debug, PartialEq)]
struct Rule {
    limit: LimitKey,
    other: LimitKey,
    factor: f64,
    less: bool,
    relation: &'static str,
    why: &'static str,
}

const RULES: [Rule; 4] = [
    Rule {
        limit: LimitKey::MaxNetExposurePct,
        other: LimitKey::MaxGrossExposurePct,
        factor: 1.0,
        less: false,
        relation: "is over",
        why: "net exposure cannot exceed gross",
    },
    Rule {
        limit: LimitKey::MaxSymbolSharePct,
        other: LimitKey::MaxGrossExposurePct,
        factor: 1.0,
        less: false,
        relation: "is over",
        why: "one position could be larger than all of them together",
    },
    Rule {
        limit: LimitKey::MaxGrossExposurePct,
        other: LimitKey::MaxLeverageX,
        factor: 100.0,
        less: false,
        relation: "percent is over what equity can carry at",
        why: "exposure is at most equity times leverage",
    },
    Rule {
        limit: LimitKey::DailyDrawdownHaltPct,
        other: LimitKey::OpenDrawdownClosePct,
        factor: 1.0,
        less: true,
        relation: "is not under",
        why: "the halt must come before the close",
    },
];

impl Contradiction {
    /// What stands between the two limits in a sentence.
    #[must_use]
    pub const fn relation(&self) -> &'static str {
        self.rule.relation
    }

    /// Whether it is about the same two limits.
    #[must_use]
    pub fn same_pair(&self, other: &Self) -> bool {
        (self.limit, self.other) == (other.limit, other.other)
    }
}

impl From<Contradiction> for LimitsError {
    fn from(found: Contradiction) -> Self {
        let problem = format!("{} {} {} {}: {}", found.value, found.relation(), found.other, found.bound, found.why);
        Self { limit: found.limit.name(), problem }
    }
}

impl EnvelopeLimits {
    /// Everything that does not hold together. Of values that are no positive numbers nothing is said.
    #[must_use]
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let broken = |rule: &'static Rule| {
            let (value, bound) = (self.get(rule.limit), self.get(rule.other));
            let most = bound * rule.factor;
            let broken = if rule.less { value >= most } else { value > most };
            broken.then_some(Contradiction { limit: rule.limit, value, other: rule.other, bound, why: rule.why, rule })
        };
        RULES.iter().filter_map(broken).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_names_both_limits_and_their_values() {
        let base = EnvelopeLimits::default();
        let table = [
            (LimitKey::MaxNetExposurePct, 250.0, "max_net_exposure_pct 250 is over max_gross_exposure_pct 200"),
            (LimitKey::MaxSymbolSharePct, 250.0, "max_symbol_share_pct 250 is over max_gross_exposure_pct 200"),
            (
                LimitKey::MaxLeverageX,
                1.0,
                "max_gross_exposure_pct 200 percent is over what equity can carry at max_leverage_x 1",
            ),
            (
                LimitKey::DailyDrawdownHaltPct,
                10.0,
                "daily_drawdown_halt_pct 10 is not under open_drawdown_close_pct 10",
            ),
        ];
        assert_eq!(base.contradictions(), vec![]);
        for (key, value, sentence) in table {
            let found = base.with(key, value).unwrap().contradictions();
            assert_eq!(found.len(), 1, "{key}: {found:?}");
            assert!(found[0].to_string().starts_with(sentence), "{}", found[0]);
        }
    }
}
