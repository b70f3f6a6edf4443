//! From a plugin to a component.

/// Makes a component of a plugin: `export!(RiskOs: RiskCheck + ConfidenceAdjustment + Reporting)`. The list says which
/// traits the host gets to see: those of the hooks, and [`crate::Reporting`], [`crate::SelfTest`] and [`crate::State`].
///
/// Once in a crate. Outside of wasm32 it only checks that the traits are there.
#[macro_export]
macro_rules! export {
    ($plugin:ty: $first:ident $(+ $hook:ident)* $(,)?) => {
        const _: () = {
            impl $crate::glue::Exported for $plugin {
                fn with_slot<R>(serve: impl FnOnce(&mut $crate::glue::Slot<Self>) -> R) -> R {
                    ::std::thread_local! {
                        static SLOT: ::core::cell::RefCell<$crate::glue::Slot<$plugin>> =
                            const { ::core::cell::RefCell::new($crate::glue::Slot::empty()) };
                    }
                    SLOT.with_borrow_mut(serve)
                }
            }

            #[cfg(target_arch = "wasm32")]
            const _: () = {
                type Exports = $crate::glue::Component<$plugin>;
                $crate::bindings::plugin_base::export!(Exports with_types_in $crate::bindings::plugin_base);
                $crate::__export_hook!($first Exports);
                $($crate::__export_hook!($hook Exports);)*
            };

            const fn has<P: $crate::hooks::$first $(+ $crate::hooks::$hook)*>() {}
            has::<$plugin>();
        };
    };
}

/// One line per trait of [`export!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __export_hook {
    (Signal $exports:ident) => {
        $crate::bindings::hook_signal::export!($exports with_types_in $crate::bindings::hook_signal);
    };
    (UniverseFilter $exports:ident) => {
        $crate::bindings::hook_universe_filter::export!($exports with_types_in $crate::bindings::hook_universe_filter);
    };
    (RiskCheck $exports:ident) => {
        $crate::bindings::hook_risk_check::export!($exports with_types_in $crate::bindings::hook_risk_check);
    };
    (PortfolioCheck $exports:ident) => {
        $crate::bindings::hook_portfolio_check::export!($exports with_types_in $crate::bindings::hook_portfolio_check);
    };
    (ConfidenceAdjustment $exports:ident) => {
        $crate::bindings::hook_confidence_adjustment::export!($exports with_types_in $crate::bindings::hook_confidence_adjustment);
    };
    (PositionSizing $exports:ident) => {
        $crate::bindings::hook_position_sizing::export!($exports with_types_in $crate::bindings::hook_position_sizing);
    };
    (OrderTypeSelection $exports:ident) => {
        $crate::bindings::hook_order_type_selection::export!($exports with_types_in $crate::bindings::hook_order_type_selection);
    };
    (SlippageCheck $exports:ident) => {
        $crate::bindings::hook_slippage_check::export!($exports with_types_in $crate::bindings::hook_slippage_check);
    };
    (ExitLevels $exports:ident) => {
        $crate::bindings::hook_exit_levels::export!($exports with_types_in $crate::bindings::hook_exit_levels);
    };
    (PositionClassification $exports:ident) => {
        $crate::bindings::hook_position_classification::export!($exports with_types_in $crate::bindings::hook_position_classification);
    };
    (AmplificationCheck $exports:ident) => {
        $crate::bindings::hook_amplification_check::export!($exports with_types_in $crate::bindings::hook_amplification_check);
    };
    (ExposureCheck $exports:ident) => {
        $crate::bindings::hook_exposure_check::export!($exports with_types_in $crate::bindings::hook_exposure_check);
    };
    (Rebalance $exports:ident) => {
        $crate::bindings::hook_rebalance::export!($exports with_types_in $crate::bindings::hook_rebalance);
    };
    (SelfHealingCheck $exports:ident) => {
        $crate::bindings::hook_self_healing_check::export!($exports with_types_in $crate::bindings::hook_self_healing_check);
    };
    (Coordination $exports:ident) => {
        $crate::bindings::hook_coordination::export!($exports with_types_in $crate::bindings::hook_coordination);
    };
    (ModelEvaluation $exports:ident) => {
        $crate::bindings::hook_model_evaluation::export!($exports with_types_in $crate::bindings::hook_model_evaluation);
    };
    (RetrainingPlan $exports:ident) => {
        $crate::bindings::hook_retraining_plan::export!($exports with_types_in $crate::bindings::hook_retraining_plan);
    };
    (Reporting $exports:ident) => {
        $crate::bindings::reporting::export!($exports with_types_in $crate::bindings::reporting);
    };
    (SelfTest $exports:ident) => {
        $crate::bindings::self_testing::export!($exports with_types_in $crate::bindings::self_testing);
    };
    (State $exports:ident) => {
        $crate::bindings::stateful::export!($exports with_types_in $crate::bindings::stateful);
    };
    ($other:ident $exports:ident) => {
        ::core::compile_error!(::core::concat!("`", ::core::stringify!($other), "` is not a hook: see bulkhead_sdk::hooks"));
    };
}
