//! Words for people, as the original wrote them.

use bulkhead_sdk::coordination::SystemHealth;
use bulkhead_sdk::prelude::RiskMode;

pub fn mode(mode: RiskMode) -> &'static str {
    match mode {
        RiskMode::Critical => "CRITICAL",
        RiskMode::Safe => "SAFE",
        RiskMode::Normal => "NORMAL",
        RiskMode::Aggressive => "AGGRESSIVE",
    }
}

pub fn health(health: SystemHealth) -> &'static str {
    match health {
        SystemHealth::Optimal => "OPTIMAL",
        SystemHealth::Healthy => "HEALTHY",
        SystemHealth::Degraded => "DEGRADED",
        SystemHealth::Critical => "CRITICAL",
        SystemHealth::Emergency => "EMERGENCY",
    }
}
