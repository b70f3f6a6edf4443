//! The checks in their order. The first one that fails is the answer: its code says which.

use crate::config::Config;
use crate::limit::{at_most, short, tighter};
use bulkhead_sdk::prelude::*;

type Checked = Result<(), Denial>;

/// Everything that the checks look at.
pub struct Question<'a> {
    pub config: &'a Config,
    pub directives: Option<&'a Directives>,
    /// Absent when the host's table does not have the symbol.
    pub name: Option<&'a str>,
    pub candidate: &'a Candidate,
    pub exposures: &'a Exposures,
    pub account: &'a Account,
}

fn refuse(code: ReasonCode, text: String) -> Checked {
    Err(Denial { code, text })
}

impl Question<'_> {
    pub fn answer(&self) -> Verdict {
        match self.profile().and_then(|()| self.trade()).and_then(|()| self.book()) {
            Ok(()) => ALLOW,
            Err(denial) => Verdict::Deny(denial),
        }
    }

    /// What the profile of the account permits.
    fn profile(&self) -> Checked {
        let (config, trade) = (self.config, self.candidate);
        let leverage = match (config.max_leverage_x, self.directives.and_then(|d| d.max_leverage_x)) {
            (Some(own), Some(directed)) => Some(own.min(directed)),
            (own, directed) => own.or(directed),
        };
        at_most(ReasonCode::MaxLeverage, "leverage", trade.leverage_x, leverage)?;
        // Without equity the share is infinite or no number, which is over any limit.
        let risk_pct = if self.account.equity_usd > 0.0 {
            trade.risk_usd / self.account.equity_usd * 100.0
        } else {
            f64::INFINITY
        };
        at_most(ReasonCode::MaxRiskPct, "percent of equity at risk:", risk_pct, config.max_risk_pct)?;
        let cap = tighter(config.position_cap_usd, config.position_cap_pct, self.account.equity_usd);
        at_most(ReasonCode::PositionCap, "size", trade.size_usd, cap)?;
        if self.held() != 0.0 {
            // More of what is held is no new position.
            return Ok(());
        }
        if !config.allow_new_positions {
            return refuse(ReasonCode::NewPositionsDisabled, "the configuration allows no new positions".into());
        }
        if let Some(directives) = self.directives.filter(|d| !d.allow_new_positions) {
            let text = format!("directive {} allows no new positions", directives.id);
            return refuse(ReasonCode::NewPositionsDisabled, text);
        }
        let directed = self.directives.and_then(|d| d.max_position_count);
        let most = config.max_positions.into_iter().chain(directed).min();
        let open = self.open_positions();
        match most {
            Some(most) if open >= most => {
                refuse(ReasonCode::MaxPositions, format!("{open} positions open, at most {most}"))
            }
            _ => Ok(()),
        }
    }

    /// What may be traded at all, and at what price.
    fn trade(&self) -> Checked {
        let (config, trade) = (self.config, self.candidate);
        if config.kill_switch {
            return refuse(ReasonCode::KillSwitch, "the kill switch is on".into());
        }
        let listed = |name: &str| config.allowed_symbols.iter().any(|allowed| allowed == name);
        if !config.allowed_symbols.is_empty() && !self.name.is_some_and(listed) {
            let text = format!("{} is not on the list of allowed symbols", self.name.unwrap_or("an unknown symbol"));
            return refuse(ReasonCode::SymbolNotAllowed, text);
        }
        if !trade.size_usd.is_finite() || trade.size_usd < 0.0 {
            return refuse(ReasonCode::NotionalLimit, format!("{} USD is no size", trade.size_usd));
        }
        let notional = tighter(config.max_notional_usd, config.max_notional_pct, self.account.equity_usd);
        at_most(ReasonCode::NotionalLimit, "size", trade.size_usd, notional)?;
        self.price()
    }

    fn price(&self) -> Checked {
        let (config, price) = (self.config, self.candidate.price);
        if !price.is_finite() || price <= 0.0 {
            return refuse(ReasonCode::PriceInvalid, format!("{price} is no price"));
        }
        let band = self.name.and_then(|name| config.price_bands.get(name)).copied().unwrap_or_default();
        if let Some(floor) = config.price_floor.into_iter().chain(band.floor).find(|floor| price < *floor) {
            return refuse(ReasonCode::PriceFloor, format!("price {price} under {floor}"));
        }
        if let Some(ceiling) = config.price_ceiling.into_iter().chain(band.ceiling).find(|ceiling| price > *ceiling) {
            return refuse(ReasonCode::PriceCeiling, format!("price {price} over {ceiling}"));
        }
        if self.candidate.price_age_ms > config.max_price_age_ms {
            let text = format!("price is {} ms old, at most {}", self.candidate.price_age_ms, config.max_price_age_ms);
            return refuse(ReasonCode::PriceStale, text);
        }
        Ok(())
    }

    /// What the account has lost, and what it would hold with this trade.
    fn book(&self) -> Checked {
        let (config, equity) = (self.config, self.account.equity_usd);
        let loss = self.account.daily_loss_usd;
        if let Some(limit) = tighter(config.max_daily_loss_usd, config.max_daily_loss_pct, equity) {
            // Reaching the limit is enough, unlike with the sizes.
            if !loss.is_finite() || loss >= limit {
                let text = format!("{} USD lost in 24 h, limit {}", short(loss), short(limit));
                return refuse(ReasonCode::DailyLossLimit, text);
            }
        }
        let before = self.held();
        let after = match self.candidate.side {
            Side::Long => before + self.candidate.size_usd,
            Side::Short => before - self.candidate.size_usd,
        };
        let position = tighter(config.max_position_usd, config.max_position_pct, equity);
        at_most(ReasonCode::PositionLimit, "position with this trade", after.abs(), position)?;
        // The host's sum may lag behind trades allowed earlier in this cycle, which stand in the rows only.
        let rows: f64 = self.exposures.rows().map(|row| row.size_usd.abs()).sum();
        let gross = rows.max(self.account.gross_exposure_usd) - before.abs() + after.abs();
        let most = tighter(config.max_gross_exposure_usd, config.max_gross_exposure_pct, equity);
        at_most(ReasonCode::GrossExposureLimit, "gross exposure with this trade", gross, most)
    }

    /// Signed size of what is held in the symbol.
    fn held(&self) -> f64 {
        self.exposures.rows().filter(|row| row.symbol == self.candidate.symbol).map(|row| row.size_usd).sum()
    }

    fn open_positions(&self) -> u32 {
        let rows = self.exposures.rows().filter(|row| row.size_usd != 0.0).count();
        u32::try_from(rows).unwrap_or(u32::MAX).max(self.account.open_positions)
    }
}

#[cfg(test)]
mod tests;
