//! model-supervisor: an annotation with consequences. Advised or enforced, what it says of the models restrains them.

use std::collections::BTreeMap;

use bulkhead_policy::{
    HookId, Mode, Stage,
    hooks::{ModelEvaluation, PositionSizing, model_evaluation::Evaluation},
};
use bulkhead_tests::{Days, Ran, Scenario};
use serde_json::{Value, json};

use crate::modes::{Modes, on_both_markets};

/// The witness is observed: its question shows the size that the loop came with.
fn scenario(days: Days, config: Value, stage: Stage, mode: Mode) -> Scenario {
    let scenario = Scenario::base(stage).on(days).with("model-supervisor", mode, config);
    scenario.with("ai-hfos", Mode::Observe, json!({})).hooks("ai-hfos", &[HookId::PositionSizing])
}

/// The evaluation in force at a time, epoch ms. It is asked for every hour.
fn evaluation_at(ran: &Ran) -> impl Fn(u64) -> Evaluation {
    let asked = ran.asked::<ModelEvaluation>().into_iter();
    let said: BTreeMap<u64, Evaluation> = asked.map(|call| (call.record.event_time_ms, call.effective)).collect();
    move |at| said.range(..=at).next_back().map_or_else(Evaluation::default, |(_, evaluation)| evaluation.clone())
}

/// From three closed trades on a model has a score; the two never score alike.
fn advised_or_enforced_the_weaker_model_trades_smaller(days: Days) {
    let weights = json!({"adjust_weights": true, "min_samples": 3, "max_weight": 0.9, "bias_threshold": 1.0});
    let ran = Modes::of("model-supervisor", |stage, mode| scenario(days, weights.clone(), stage, mode));
    ran.assert_stage_holds_back("model-supervisor");
    ran.assert_advice_is_applied("model-supervisor");

    let evaluation = evaluation_at(&ran.enforced);
    let sizes = ran.enforced.asked::<PositionSizing>();
    let mut shrunk = 0;
    for (at, request) in ran.enforced.tape.sent() {
        let call = sizes.iter().find(|call| call.record.correlation == request.correlation).unwrap();
        // The strategies are the first two subsystems: model and owner have the same number.
        let scores = evaluation(at as u64).scores;
        let factor =
            scores.iter().find(|score| score.model == request.owner).map_or(1.0, |s| (2.0 * s.weight).min(1.0));
        let want = call.input.account.equity_usd * 0.05 * factor;
        assert!((call.input.base_size_usd.get() - want).abs() < 1e-6);
        assert!(request.quantity * request.decision_price <= want + 1e-6);
        shrunk += u32::from(factor < 0.95);
    }
    assert!(shrunk >= 5, "only {shrunk} trades were made smaller");
}

/// Half of five trades on one side are called a bias.
fn advised_or_enforced_nothing_is_opened_on_the_side_that_the_models_lean_to(days: Days) {
    let bias = json!({"min_samples": 5, "bias_threshold": 0.5});
    let ran = Modes::of("model-supervisor", |stage, mode| scenario(days, bias.clone(), stage, mode));
    ran.assert_stage_holds_back("model-supervisor");
    ran.assert_advice_is_applied("model-supervisor");

    let evaluation = evaluation_at(&ran.enforced);
    let side = |at: i64| evaluation(at as u64).biased_side;
    assert!(ran.enforced.tape.sent().all(|(at, request)| side(at) != Some(request.side)));
    assert!(ran.enforced.refused("model-evaluation", "model-bias") > 0);
    let other = ran.enforced.tape.sent().filter(|(at, request)| side(*at) == Some(request.side.opposite())).count();
    assert!(other > 0, "the other side was stopped too");
}

on_both_markets!(
    advised_or_enforced_the_weaker_model_trades_smaller,
    advised_or_enforced_nothing_is_opened_on_the_side_that_the_models_lean_to
);
