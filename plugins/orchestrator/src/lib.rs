//! orchestrator: a policy for new trades from the state of market and account (seed 4.11).
//!
//! It answers hook 4: a candidate needs the policy's confidence, never less than the base, and certainty where the
//! policy forbids new trades. It tells the coordinator the regime, the risk profile and the exit mode it runs with.
//!
//! Not taken from the original: its throttle of 60 s, which let a drawdown pass unseen for a minute, and its lists of
//! good and bad symbols, which are the universe's business here.

mod config;
mod memory;
mod policy;
mod stability;
mod words;

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::OrchestratorReport;
use config::Config;
use memory::{Last, Memory};

/// The plugin.
pub struct Orchestrator {
    config: Config,
    memory: Memory,
}

impl Plugin for Orchestrator {
    const NAME: &str = "orchestrator";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str =
        "Sets the confidence a trade needs by regime, volatility, drawdown, losing streak and exposure.";
    const FUEL: &[(&str, u64)] = &[("pre-trade-confidence-adjustment", 740), ("report", 230)];
    // A policy is kept until a new one really differs.
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, memory: Memory::default() })
    }
}

impl ConfidenceAdjustment for Orchestrator {
    fn adjust(
        &mut self,
        _: &Ctx<'_>,
        _: &Candidate,
        base_threshold: f64,
        account: &Account,
        market: &Market,
    ) -> Answer<f64> {
        let old = self.memory.last.map(|last| last.policy);
        let policy = stability::settle(old, policy::policy(&self.config, market, account));
        if old != Some(policy) {
            // The hook's answer is one number of it.
            log::info!("{policy}");
        }
        self.memory.last = Some(Last { policy, regime: market.regime });
        Ok(policy.threshold(base_threshold, self.config.allow_loosening))
    }
}

impl Reporting for Orchestrator {
    /// Before the first decision there is nothing to say.
    fn report(&mut self, _: &Ctx<'_>) -> Answer<Option<SubsystemReport>> {
        Ok(self.memory.last.map(|last| {
            SubsystemReport::Orchestrator(OrchestratorReport {
                regime: Some(last.regime),
                risk_profile: last.policy.risk_profile,
                exit_mode: last.policy.exit_mode,
            })
        }))
    }
}

impl State for Orchestrator {
    fn snapshot(&self) -> Answer<Blob> {
        self.memory.to_blob()
    }

    fn restore(&mut self, blob: Blob) -> Answer<()> {
        self.memory = Memory::of_blob(&blob)?;
        Ok(())
    }
}

bulkhead_sdk::export!(Orchestrator: ConfidenceAdjustment + Reporting + State);

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::reports::{ExitMode, RiskProfile};
    use bulkhead_sdk::testing;

    fn plugin(json: &str) -> Result<Orchestrator, String> {
        Orchestrator::new(bulkhead_sdk::config::parse(json)?)
    }

    fn ask(plugin: &mut Orchestrator, base: f64, market: &Market, account: &Account) -> f64 {
        let symbols = SymbolTable::empty();
        let context = testing::context();
        plugin.adjust(&Ctx::new(&context, &symbols), &testing::candidate(), base, account, market).unwrap()
    }

    #[test]
    fn the_base_holds_until_the_policy_asks_for_more() {
        let (market, account) = (testing::market(), testing::account());
        let mut careful = plugin("{}").unwrap();
        assert_eq!(ask(&mut careful, 0.65, &market, &account), 0.65);
        assert_eq!(ask(&mut careful, 0.20, &market, &account), 0.38);
        let mut granted = plugin(r#"{"allow_loosening": true}"#).unwrap();
        assert_eq!(ask(&mut granted, 0.65, &market, &account), 0.38);
    }

    #[test]
    fn a_drawdown_stops_new_trades_at_once_and_their_return_is_no_later() {
        let (market, well) = (testing::market(), testing::account());
        let hurt = Account { daily_drawdown_pct: 3.0, ..well };
        let mut plugin = plugin("{}").unwrap();
        let answers: Vec<f64> = [&well, &hurt, &well].map(|account| ask(&mut plugin, 0.65, &market, account)).into();
        assert_eq!(answers, [0.65, 1.0, 0.65]);
    }

    #[test]
    fn a_policy_that_hardly_differs_keeps_the_old_one() {
        let account = testing::account();
        let market = |volatility| Market { regime: Regime::Ranging, volatility, ..testing::market() };
        let mut plugin = plugin("{}").unwrap();
        assert_eq!(ask(&mut plugin, 0.0, &market(Volatility::Normal), &account), 0.40);
        // Low volatility would give 0.38, within a tenth of what holds.
        assert_eq!(ask(&mut plugin, 0.0, &market(Volatility::Low), &account), 0.40);
    }

    #[test]
    fn the_next_version_keeps_a_policy_that_hardly_differs() {
        let account = testing::account();
        let market = |volatility| Market { regime: Regime::Ranging, volatility, ..testing::market() };
        let (mut old, mut new) = (plugin("{}").unwrap(), plugin("{}").unwrap());
        ask(&mut old, 0.0, &market(Volatility::Normal), &account);
        new.restore(old.snapshot().unwrap()).unwrap();
        assert_eq!(ask(&mut new, 0.0, &market(Volatility::Low), &account), 0.40);
    }

    #[test]
    fn the_report_says_nothing_before_the_first_decision() {
        let symbols = SymbolTable::empty();
        let context = testing::context();
        let ctx = Ctx::new(&context, &symbols);
        let mut plugin = plugin("{}").unwrap();
        assert_eq!(plugin.report(&ctx).unwrap(), None);
        let storm = Market { regime: Regime::Ranging, volatility: Volatility::Extreme, ..testing::market() };
        ask(&mut plugin, 0.5, &storm, &testing::account());
        let after = OrchestratorReport {
            regime: Some(Regime::Ranging),
            risk_profile: RiskProfile::NoNewTrades,
            exit_mode: ExitMode::FastTp,
        };
        assert_eq!(plugin.report(&ctx).unwrap(), Some(SubsystemReport::Orchestrator(after)));
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for (json, key) in [
            (r#"{"min_confidence_trending": 0.6}"#, "min_confidence_trending"),
            (r#"{"daily_drawdown_limit_pct": -3}"#, "daily_drawdown_limit_pct"),
            (r#"{"ensemble_quality": 1.5}"#, "ensemble_quality"),
        ] {
            assert!(plugin(json).err().unwrap().contains(key));
        }
    }

    #[test]
    fn the_schema_names_every_key_with_its_default() {
        let schema: serde_json::Value = serde_json::from_str(Orchestrator::SCHEMA).unwrap();
        let properties = schema["properties"].as_object().unwrap();
        let defaults: serde_json::Map<_, _> =
            properties.iter().map(|(key, about)| (key.clone(), about["default"].clone())).collect();
        let parsed: Config = bulkhead_sdk::config::parse(&serde_json::Value::from(defaults).to_string()).unwrap();
        assert_eq!(parsed, Config::default());
        // An unknown key that looks like none is answered with all there are.
        let error = bulkhead_sdk::config::parse::<Config>(r#"{"0123456789": 0}"#).unwrap_err();
        let known = error.rsplit("there are ").next().unwrap().split(", ").count();
        assert_eq!(properties.len(), known, "{error}");
    }
}
