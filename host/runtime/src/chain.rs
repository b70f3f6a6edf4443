//! Who is asked, and in which order (design: the hooks).

use bulkhead_policy::HookId;

/// Subsystems of a hook's chain in order. Others that answer the hook come after these, in the order of the
/// configuration: experiments see what the known ones decided.
#[must_use]
pub const fn default_order(hook: HookId) -> &'static [&'static str] {
    match hook {
        HookId::UniverseFilter => &["universe-os", "ai-hfos"],
        HookId::RiskCheck => &["risk-os", "ai-hfos"],
        HookId::PortfolioCheck => &["portfolio-balancer"],
        HookId::ConfidenceAdjustment => &["orchestrator", "ai-hfos"],
        HookId::PositionSizing => &["ai-hfos", "portfolio-balancer"],
        HookId::OrderTypeSelection => &["aelm", "ai-hfos"],
        HookId::SlippageCheck => &["aelm"],
        HookId::PositionClassification => &["position-intelligence"],
        HookId::AmplificationCheck => &["profit-amplification", "ai-hfos"],
        HookId::ExposureCheck | HookId::Rebalance => &["portfolio-balancer"],
        HookId::SelfHealing => &["self-healing"],
        HookId::Coordination => &["ai-hfos"],
        HookId::ExitLevels => &["dynamic-tpsl"],
        HookId::ModelEvaluation => &["model-supervisor"],
        HookId::RetrainingPlan => &["retraining-orchestrator"],
        HookId::Signal => &[],
    }
}

/// Hooks that one subsystem owns: two answers could not be combined.
#[must_use]
pub const fn one_owner(hook: HookId) -> bool {
    matches!(
        hook,
        HookId::PositionClassification
            | HookId::ExposureCheck
            | HookId::Coordination
            | HookId::ModelEvaluation
            | HookId::RetrainingPlan
    )
}

/// Place of a subsystem in a hook's chain; smaller is earlier.
pub(crate) fn place(hook: HookId, subsystem: &str, configured: usize) -> (usize, usize) {
    let order = default_order(hook);
    (order.iter().position(|name| *name == subsystem).unwrap_or(order.len()), configured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_subsystems_come_in_the_designs_order_and_experiments_after_them() {
        let mut asked = ["experiment", "ai-hfos", "another", "orchestrator"].map(String::from).to_vec();
        let configured = asked.clone();
        asked.sort_by_key(|name| {
            place(HookId::ConfidenceAdjustment, name, configured.iter().position(|n| n == name).unwrap())
        });
        assert_eq!(asked, ["orchestrator", "ai-hfos", "experiment", "another"]);
    }
}
