//! From a hook's id, which is known at run time, to its type.

/// Runs an expression with `$hook` bound to the marker type of a [`HookId`](crate::HookId).
#[macro_export]
macro_rules! for_hook {
    ($id:expr, $hook:ident => $body:expr) => {
        $crate::for_hook!(@match $id, $hook, $body,
            Signal UniverseFilter RiskCheck PortfolioCheck ConfidenceAdjustment PositionSizing OrderTypeSelection
            SlippageCheck PositionClassification AmplificationCheck ExposureCheck Rebalance SelfHealing Coordination
            ExitLevels ModelEvaluation RetrainingPlan)
    };
    (@match $id:expr, $hook:ident, $body:expr, $($marker:ident)+) => {
        match $id {
            $($crate::HookId::$marker => {
                type $hook = $crate::hooks::$marker;
                $body
            })+
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::{Hook, HookId};

    #[test]
    fn an_id_leads_to_the_type_that_has_it() {
        for hook in HookId::ALL {
            assert_eq!(for_hook!(*hook, H => H::ID), *hook);
        }
    }
}
