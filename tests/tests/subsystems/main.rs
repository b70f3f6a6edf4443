//! Each subsystem on the same days in every mode: off and observed it changes nothing, and otherwise exactly what it is
//! for.

mod aelm;
mod ai_hfos;
mod demotion;
mod dynamic_tpsl;
mod model_supervisor;
mod modes;
mod orchestrator;
mod portfolio_balancer;
mod position_intelligence;
mod profit_amplification;
mod retraining_orchestrator;
mod risk_os;
mod rl_position_sizing;
mod self_healing;
mod together;
mod universe_os;
