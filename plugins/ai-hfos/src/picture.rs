//! What is known of the system at one moment, the worse of two sources where there are two.

use crate::config::Config;
use bulkhead_sdk::coordination::Inputs;
use bulkhead_sdk::prelude::*;

#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    pub config: &'a Config,
    pub inputs: &'a Inputs,
    pub now_ms: u64,
    pub brake: bool,
    pub daily_drawdown_pct: f64,
    pub open_drawdown_pct: f64,
    pub open_positions: u32,
}

impl<'a> Picture<'a> {
    pub fn new(config: &'a Config, inputs: &'a Inputs, account: &Account, now_ms: u64) -> Self {
        let risk = inputs.risk.as_ref();
        Self {
            config,
            inputs,
            now_ms,
            brake: risk.is_some_and(|risk| risk.brake) || inputs.brake_age_ms.is_some(),
            daily_drawdown_pct: worse(account.daily_drawdown_pct, risk.map(|risk| risk.daily_drawdown_pct)),
            open_drawdown_pct: worse(account.open_drawdown_pct, risk.map(|risk| risk.open_drawdown_pct)),
            open_positions: account.open_positions.max(inputs.positions.as_ref().map_or(0, |positions| positions.open)),
        }
    }

    /// Self-healing calls the system critical or failed.
    pub fn is_sick(&self) -> bool {
        let overall = self.inputs.self_healing.as_ref().map(|report| report.overall);
        matches!(overall, Some(HealthStatus::Critical | HealthStatus::Failed))
    }

    pub fn lost_much_today(&self) -> bool {
        self.daily_drawdown_pct > self.config.critical_daily_drawdown_pct
    }

    pub fn is_far_from_its_peak(&self) -> bool {
        self.open_drawdown_pct > self.config.critical_open_drawdown_pct
    }
}

/// A drawdown that is no number is a total loss until somebody knows better.
fn worse(of_account: f64, of_report: Option<f64>) -> f64 {
    let known = |pct: f64| if pct.is_finite() { pct.abs() } else { 100.0 };
    known(of_account).max(of_report.map_or(0.0, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_drawdowns_counts_whatever_its_sign() {
        for (account, report, want) in [
            (1.0, None, 1.0),
            (1.0, Some(2.0), 2.0),
            (3.0, Some(2.0), 3.0),
            (0.0, Some(-4.0), 4.0),
            (f64::NAN, Some(1.0), 100.0),
            (1.0, Some(f64::INFINITY), 100.0),
        ] {
            assert_eq!(worse(account, report), want);
        }
    }
}
