//! Documented keys and their defaults.

use bulkhead_sdk::prelude::Deserialize;

const DAY_MS: u64 = 86_400_000;

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// A model under this win rate is to be trained again, whatever its health.
    pub min_win_rate: f64,
    /// So many days after its deployment a model is to be trained again.
    pub min_days_since: u32,
    /// Documented, and false for good: nothing here deploys.
    pub auto_deploy: bool,
    /// A candidate under this win rate is not safe.
    pub deploy_min_win_rate: f64,
    /// A candidate under this mean result in R is not safe.
    pub deploy_min_mean_r: f64,
    /// From this relative improvement on a candidate replaces the old model.
    pub deploy_improvement: f64,
    /// From this one on it is tried small.
    pub canary_improvement: f64,
    /// Jobs that run beside each other, and how long one takes.
    pub batch_size: u32,
    pub job_minutes: u32,
    /// Days of data for a job, by its reason.
    pub performance_window_days: u32,
    pub regime_window_days: u32,
    pub window_days: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            min_win_rate: 0.40,
            min_days_since: 7,
            auto_deploy: false,
            deploy_min_win_rate: 0.50,
            deploy_min_mean_r: 0.0,
            deploy_improvement: 0.05,
            canary_improvement: 0.02,
            batch_size: 3,
            job_minutes: 15,
            performance_window_days: 60,
            regime_window_days: 30,
            window_days: 90,
        }
    }
}

impl Config {
    pub fn check(&self) -> Result<(), String> {
        if self.auto_deploy {
            return Err(
                "auto_deploy is true, but a model is never deployed by itself: a plan is advice to people".into()
            );
        }
        for (key, value, low, high) in [
            ("min_win_rate", self.min_win_rate, 0.0, 1.0),
            ("min_days_since", f64::from(self.min_days_since), 1.0, 3_650.0),
            ("deploy_min_win_rate", self.deploy_min_win_rate, 0.0, 1.0),
            ("deploy_min_mean_r", self.deploy_min_mean_r, -10.0, 10.0),
            ("canary_improvement", self.canary_improvement, 0.0, 10.0),
            ("deploy_improvement", self.deploy_improvement, self.canary_improvement, 10.0),
            ("batch_size", f64::from(self.batch_size), 1.0, 1_000.0),
            ("job_minutes", f64::from(self.job_minutes), 1.0, 1_440.0),
            ("performance_window_days", f64::from(self.performance_window_days), 1.0, 3_650.0),
            ("regime_window_days", f64::from(self.regime_window_days), 1.0, 3_650.0),
            ("window_days", f64::from(self.window_days), 1.0, 3_650.0),
        ] {
            if !(low..=high).contains(&value) {
                return Err(format!("{key} is {value}, allowed is {low} to {high}"));
            }
        }
        Ok(())
    }

    pub fn old_ms(&self) -> u64 {
        u64::from(self.min_days_since) * DAY_MS
    }
}

pub const SCHEMA: &str = r#"{
  "type": "object", "additionalProperties": false, "properties": {
    "min_win_rate": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.40},
    "min_days_since": {"type": "integer", "minimum": 1, "maximum": 3650, "default": 7},
    "auto_deploy": {"const": false, "default": false, "description": "A plan is advice to people: true is refused."},
    "deploy_min_win_rate": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.50},
    "deploy_min_mean_r": {"type": "number", "minimum": -10, "maximum": 10, "default": 0.0},
    "deploy_improvement": {"type": "number", "minimum": 0, "maximum": 10, "default": 0.05},
    "canary_improvement": {"type": "number", "minimum": 0, "maximum": 10, "default": 0.02},
    "batch_size": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 3},
    "job_minutes": {"type": "integer", "minimum": 1, "maximum": 1440, "default": 15},
    "performance_window_days": {"type": "integer", "minimum": 1, "maximum": 3650, "default": 60},
    "regime_window_days": {"type": "integer", "minimum": 1, "maximum": 3650, "default": 30},
    "window_days": {"type": "integer", "minimum": 1, "maximum": 3650, "default": 90}
  }
}"#;
