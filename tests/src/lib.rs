//! What the tests of this package share: where components are, an input for every hook, a registry in a folder of its own,
//! a run of the whole loop.

pub mod bad;
pub mod components;
pub mod keeper;
pub mod lab;
pub mod rewritten;
pub mod sample;
pub mod scenario;
pub mod soak;
pub mod surgery;
pub mod typical;

pub use lab::Lab;
pub use sample::Sample;
pub use scenario::{Days, Ran, Scenario};
pub use typical::{Scene, Typical};

/// Runs an expression once for every hook, with `$hook` bound to its marker type.
#[macro_export]
macro_rules! each_hook {
    ($hook:ident => $body:expr) => {
        $crate::each_hook!(@all $hook, $body,
            Signal UniverseFilter RiskCheck PortfolioCheck ConfidenceAdjustment PositionSizing OrderTypeSelection
            SlippageCheck PositionClassification AmplificationCheck ExposureCheck Rebalance SelfHealing Coordination
            ExitLevels ModelEvaluation RetrainingPlan)
    };
    (@all $hook:ident, $body:expr, $($marker:ident)+) => {
        $($crate::each_hook!(@one $hook, $body, $marker);)+
    };
    (@one $hook:ident, $body:expr, $marker:ident) => {{
        type $hook = $crate::sample::hooks::$marker;
        $body
    }};
}

#[cfg(test)]
mod tests {
    use bulkhead_policy::{Hook, HookId};

    use crate::Sample;

    #[test]
    fn every_hook_is_there_once() {
        let mut seen = Vec::new();
        each_hook!(H => seen.push(H::ID));
        seen.sort();
        assert_eq!(seen, HookId::ALL);
    }

    #[test]
    fn an_effect_of_the_guest_can_be_seen() {
        fn check<H: Sample>() {
            let input = H::input();
            let default = H::safe_default(&input);
            assert_ne!(H::different(), default, "{}: an effect could not be seen", H::ID);
            let combined = H::combine(default, H::different());
            assert_eq!(combined, H::different(), "{}", H::ID);
        }
        each_hook!(H => check::<H>());
    }
}
