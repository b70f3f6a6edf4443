//! risk-os: limits on a single trade (seed 4.3), checked in a fixed order, each refusal with a code of a closed set.
//!
//! Asked about trades that open or add; exits never come here. It keeps no state that could expire: its kill switch is
//! a key of the configuration and stays as it is set, unlike the original's, which lifted itself after an hour.
//! The coordinator's directives can only tighten what is configured.

mod checks;
mod config;
mod limit;

use bulkhead_sdk::prelude::*;
use bulkhead_sdk::reports::RiskReport;
use checks::Question;
use config::Config;

/// The plugin.
pub struct RiskOs {
    config: Config,
    /// Daily and open drawdown, as last seen.
    drawdown: (f64, f64),
}

impl Plugin for RiskOs {
    const NAME: &str = "risk-os";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Denies trades over the limits on leverage, risk, size, price, losses and exposure.";
    // The report needs the instance that the checks went through.
    const STATEFUL: bool = true;
    const SCHEMA: &str = config::SCHEMA;
    type Config = Config;

    fn new(config: Config) -> Result<Self, String> {
        config.check()?;
        Ok(Self { config, drawdown: (0.0, 0.0) })
    }
}

impl RiskCheck for RiskOs {
    fn check(
        &mut self,
        ctx: &Ctx<'_>,
        candidate: &Candidate,
        exposures: &Exposures,
        account: &Account,
    ) -> Answer<Verdict> {
        self.drawdown = (account.daily_drawdown_pct, account.open_drawdown_pct);
        let question = Question {
            config: &self.config,
            directives: ctx.directives.as_ref(),
            name: ctx.symbols().info(candidate.symbol).map(|symbol| symbol.name.as_str()),
            candidate,
            exposures,
            account,
        };
        Ok(question.answer())
    }
}

impl Reporting for RiskOs {
    /// Drawdown as of the last trade asked about. The coordinator has the account of the moment beside it and takes the
    /// worse of the two, so that the zero before the first trade hides nothing.
    fn report(&mut self, _: &Ctx<'_>) -> Answer<SubsystemReport> {
        let (daily_drawdown_pct, open_drawdown_pct) = self.drawdown;
        Ok(SubsystemReport::Risk(RiskReport { brake: self.config.kill_switch, daily_drawdown_pct, open_drawdown_pct }))
    }
}

impl SelfTest for RiskOs {
    /// A trade without a price must not pass, whatever is configured.
    fn run(&mut self) -> Answer<()> {
        let broken = Candidate {
            symbol: 0,
            side: Side::Long,
            confidence: 1.0,
            size_usd: 1.0,
            leverage_x: 1.0,
            risk_usd: 0.0,
            price: f64::NAN,
            price_age_ms: 0,
            marks: SymbolMarks::empty(),
        };
        let exposures =
            Exposures { symbols: Vec::new(), size_usd: Vec::new(), margin_usd: Vec::new(), risk_usd: Vec::new() };
        let account = Account {
            equity_usd: 100_000.0,
            free_margin_usd: 100_000.0,
            used_margin_usd: 0.0,
            daily_drawdown_pct: 0.0,
            open_drawdown_pct: 0.0,
            daily_loss_usd: 0.0,
            gross_exposure_usd: 0.0,
            net_exposure_usd: 0.0,
            open_positions: 0,
            losing_streak: 0,
        };
        let question = Question {
            config: &self.config,
            directives: None,
            name: None,
            candidate: &broken,
            exposures: &exposures,
            account: &account,
        };
        match question.answer() {
            Verdict::Allow => Err("a trade without a price passed every check".into()),
            Verdict::Deny(_) => Ok(()),
        }
    }
}

bulkhead_sdk::export!(RiskOs: RiskCheck + Reporting + SelfTest);

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    fn plugin(json: &str) -> Result<RiskOs, String> {
        RiskOs::new(bulkhead_sdk::config::parse(json)?)
    }

    #[test]
    fn a_trade_is_judged_with_its_name_and_the_directives_of_the_call() {
        let symbols = SymbolTable::new(vec![testing::symbol(0, "BTCUSDT"), testing::symbol(1, "ETHUSDT")]);
        let mut context = testing::context();
        let mut plugin = plugin(r#"{"allowed_symbols": ["BTCUSDT"]}"#).unwrap();
        let mut ask = |context: &Context, symbol| {
            let candidate = Candidate { symbol, leverage_x: 8.0, ..testing::candidate() };
            let ctx = Ctx::new(context, &symbols);
            RiskCheck::check(&mut plugin, &ctx, &candidate, &testing::exposures(), &testing::account()).unwrap()
        };
        assert_eq!(ask(&context, 0), ALLOW);
        assert!(matches!(ask(&context, 1), Verdict::Deny(d) if d.code == ReasonCode::SymbolNotAllowed));
        context.directives = Some(Directives { max_leverage_x: Some(5.0), ..testing::directives() });
        assert!(matches!(ask(&context, 0), Verdict::Deny(d) if d.code == ReasonCode::MaxLeverage));
    }

    #[test]
    fn the_report_says_the_switch_and_the_last_drawdown() {
        let symbols = SymbolTable::empty();
        let context = testing::context();
        let ctx = Ctx::new(&context, &symbols);
        let mut plugin = plugin(r#"{"kill_switch": true}"#).unwrap();
        let account = Account { daily_drawdown_pct: 2.5, open_drawdown_pct: 4.0, ..testing::account() };
        RiskCheck::check(&mut plugin, &ctx, &testing::candidate(), &testing::exposures(), &account).unwrap();
        let want = RiskReport { brake: true, daily_drawdown_pct: 2.5, open_drawdown_pct: 4.0 };
        assert_eq!(plugin.report(&ctx).unwrap(), SubsystemReport::Risk(want));
    }

    #[test]
    fn limits_that_cannot_be_meant_are_refused_by_name() {
        for (json, key) in [
            (r#"{"max_notional_usd": -1}"#, "max_notional_usd"),
            (r#"{"max_gross_exposure_pct": -0.1}"#, "max_gross_exposure_pct"),
            (r#"{"price_bands": {"BTCUSDT": {"floor": -5}}}"#, "BTCUSDT"),
            (r#"{"max_notionalusd": 1}"#, "max_notional_usd"),
        ] {
            let error = plugin(json).err().unwrap();
            assert!(error.contains(key), "{error}");
        }
        assert!(plugin(r#"{"max_notional_usd": null, "max_notional_pct": 10}"#).is_ok());
    }

    #[test]
    fn the_self_test_passes_with_any_configuration() {
        for json in ["{}", r#"{"max_leverage_x": null, "max_risk_pct": null, "max_notional_usd": null}"#] {
            assert_eq!(plugin(json).unwrap().run(), Ok(()));
        }
    }

    #[test]
    fn the_schema_names_every_key_with_its_default() {
        let schema: serde_json::Value = serde_json::from_str(RiskOs::SCHEMA).unwrap();
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
