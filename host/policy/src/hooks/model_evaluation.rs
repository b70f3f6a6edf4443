//! How the models that feed the strategies do. Annotation: the host shows it and hands it to retraining.

use serde::{Deserialize, Serialize};

use crate::{Breach, Hook, HookId, Limits, Regime, Side, stage::closed_set, value::in_range};

/// Marker of the hook.
pub struct ModelEvaluation;

/// Closed trades by model. Columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcomes {
    /// Index into the model names.
    pub model: Vec<u32>,
    /// At the decision.
    pub confidence: Vec<f64>,
    /// Result in R.
    pub r: Vec<f64>,
    /// When it closed.
    pub closed_ms: Vec<u64>,
    /// Which way.
    pub side: Vec<Side>,
    /// In which market.
    pub regime: Vec<Regime>,
}

/// Input of the hook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Names.
    pub models: Vec<String>,
    /// Trades.
    pub outcomes: Outcomes,
}

closed_set! {
    /// How a model does.
    ModelHealth {
        /// Well.
        Healthy = "HEALTHY",
        /// Not well.
        Degraded = "DEGRADED",
        /// Badly.
        Critical = "CRITICAL",
        /// Too few trades.
        InsufficientData = "INSUFFICIENT_DATA",
    }
}
closed_set! {
    /// Where it goes.
    Trend {
        /// Better.
        Improving = "IMPROVING",
        /// The same.
        Stable = "STABLE",
        /// Worse.
        Degrading = "DEGRADING",
        /// Too few trades.
        Unknown = "UNKNOWN",
    }
}

/// Score of one model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelScore {
    /// Index.
    pub model: u32,
    /// How it does.
    pub health: ModelHealth,
    /// Where it goes.
    pub trend: Trend,
    /// 0 to 1.
    pub win_rate: Option<f64>,
    /// Mean result.
    pub mean_r: Option<f64>,
    /// 0 to 1.
    pub calibration: Option<f64>,
    /// 0 to 1.
    pub weight: f64,
    /// Its last results were all bad.
    pub drift: bool,
}

/// Answer of the hook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// One per model.
    pub scores: Vec<ModelScore>,
    /// The side on which they lean too much.
    pub biased_side: Option<Side>,
}

fn check_score(s: &ModelScore, models: usize) -> Result<(), Breach> {
    if usize::try_from(s.model).is_ok_and(|m| m >= models) {
        return Err(Breach::malformed("score.model", format!("{} of {models} models", s.model)));
    }
    in_range("score.weight", s.weight, 0.0, 1.0)?;
    for (field, value) in [("score.win-rate", s.win_rate), ("score.calibration", s.calibration)] {
        if let Some(v) = value {
            in_range(field, v, 0.0, 1.0)?;
        }
    }
    s.mean_r.map_or(Ok(()), |r| in_range("score.mean-r", r, -1e4, 1e4).map(|_| ()))
}

impl Hook for ModelEvaluation {
    const ID: HookId = HookId::ModelEvaluation;
    type Input = Input;
    type Raw = Evaluation;
    type Answer = Evaluation;

    fn safe_default(_: &Input) -> Evaluation {
        Evaluation::default()
    }

    fn check(input: &Input, raw: Evaluation, _: &Limits) -> Result<Evaluation, Breach> {
        if raw.scores.len() > input.models.len() {
            let problem = format!("{} scores for {} models", raw.scores.len(), input.models.len());
            return Err(Breach::malformed("scores", problem));
        }
        for score in &raw.scores {
            check_score(score, input.models.len())?;
        }
        Ok(raw)
    }

    fn combine(_: Evaluation, next: Evaluation) -> Evaluation {
        next
    }
}
