//! What holds for all positions in this call: the profile, the limits, and whether anything is amplified at all.

use crate::config::Config;
use bulkhead_sdk::prelude::*;

/// The original's risk profile, from the host's risk mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Safe,
    Normal,
    Aggressive,
    Reduced,
}

impl Profile {
    /// Of the context, and of the directive to take risk back.
    pub fn of(ctx: &Context) -> Self {
        let reduce = ctx.directives.as_ref().is_some_and(|directives| directives.reduce_global_risk);
        match ctx.risk_mode {
            RiskMode::Critical => Self::Reduced,
            _ if reduce => Self::Reduced,
            RiskMode::Safe => Self::Safe,
            RiskMode::Normal => Self::Normal,
            RiskMode::Aggressive => Self::Aggressive,
        }
    }

    /// Share of the risk budget that may be used.
    pub fn budget_factor(self) -> f64 {
        match self {
            Self::Safe => 0.5,
            Self::Aggressive => 1.5,
            Self::Normal | Self::Reduced => 1.0,
        }
    }

    /// Share of a position that one step adds.
    pub fn add_share(self) -> f64 {
        if self == Self::Aggressive { 0.30 } else { 0.20 }
    }

    /// Share of a position that a partial profit takes off.
    pub fn take_share(self) -> f64 {
        if self == Self::Aggressive { 0.30 } else { 0.50 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    pub profile: Profile,
    /// Without equity there is no room for anything.
    pub equity_usd: f64,
    pub concentration_pct: f64,
    pub max_leverage_x: f64,
}

impl Terms {
    /// Directives can only tighten.
    pub fn of(ctx: &Context, account: &Account, config: &Config) -> Self {
        let directives = ctx.directives.as_ref();
        let concentration = directives.map_or(f64::INFINITY, |directives| directives.concentration_limit_pct);
        Self {
            profile: Profile::of(ctx),
            equity_usd: if account.equity_usd.is_finite() { account.equity_usd.max(0.0) } else { 0.0 },
            concentration_pct: config.max_concentration_pct.min(concentration),
            max_leverage_x: directives.and_then(|directives| directives.max_leverage_x).unwrap_or(f64::INFINITY),
        }
    }
}

/// Why nothing is amplified, whatever the positions: the original's vetoes in its order. That the plugin is off and that
/// the brake is engaged the host sees to; then nobody asks.
pub fn veto(ctx: &Context) -> Option<&'static str> {
    let directives = ctx.directives.as_ref();
    if Profile::of(ctx) == Profile::Reduced {
        Some("risk_profile_reduced")
    } else if directives.is_some_and(|directives| directives.enforce_defensive_exits) {
        Some("defensive exits are in force")
    } else if directives.is_some_and(|directives| !directives.allow_new_trades) {
        Some("the directives allow no new trades")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_sdk::testing;

    fn with(risk_mode: RiskMode, change: impl FnOnce(&mut Directives)) -> Context {
        let mut directives = testing::directives();
        change(&mut directives);
        Context { risk_mode, directives: Some(directives), ..testing::context() }
    }

    #[test]
    fn each_veto_has_its_reason_and_calm_directives_have_none() {
        for mode in [RiskMode::Safe, RiskMode::Normal, RiskMode::Aggressive] {
            assert_eq!(veto(&with(mode, |_| {})), None);
            for change in [
                |d: &mut Directives| d.reduce_global_risk = true,
                |d: &mut Directives| d.enforce_defensive_exits = true,
                |d: &mut Directives| d.allow_new_trades = false,
            ] {
                assert!(veto(&with(mode, change)).is_some());
            }
        }
        assert_eq!(veto(&with(RiskMode::Critical, |_| {})), Some("risk_profile_reduced"));
        assert_eq!(veto(&testing::context()), None);
    }

    #[test]
    fn directives_only_tighten() {
        let config = Config::default();
        let terms = |context: &Context| Terms::of(context, &testing::account(), &config);
        let free = terms(&testing::context());
        assert_eq!((free.concentration_pct, free.max_leverage_x, free.equity_usd), (25.0, f64::INFINITY, 10_000.0));
        let loose = terms(&with(RiskMode::Normal, |d| d.concentration_limit_pct = 90.0));
        assert_eq!(loose, free);
        let tight = terms(&with(RiskMode::Safe, |d| {
            d.concentration_limit_pct = 20.0;
            d.max_leverage_x = Some(10.0);
        }));
        assert_eq!((tight.concentration_pct, tight.max_leverage_x, tight.profile), (20.0, 10.0, Profile::Safe));
    }

    #[test]
    fn no_equity_is_none() {
        for equity_usd in [-5.0, f64::NAN, f64::INFINITY] {
            let account = Account { equity_usd, ..testing::account() };
            assert_eq!(Terms::of(&testing::context(), &account, &Config::default()).equity_usd, 0.0);
        }
    }
}
