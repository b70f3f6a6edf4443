//! The closed set of reasons for which the venue refuses an order.

use serde::{Deserialize, Serialize};

/// Why an order was refused. [`code`](Self::code) is the name that journals and metrics use.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Reject {
    /// No such symbol here.
    #[error("the venue does not trade this symbol")]
    UnknownSymbol,
    /// No bar of the symbol has come yet, so there is no price to check the order against.
    #[error("the symbol has had no bar yet: wait for its first price")]
    NoMarketPrice,
    /// Not finite, not positive, off the step or under the minimum.
    #[error("quantity {quantity} is not a positive multiple of the step {step} of at least {minimum}")]
    BadQuantity {
        /// What was asked.
        quantity: f64,
        /// The symbol's step.
        step: f64,
        /// The symbol's smallest quantity.
        minimum: f64,
    },
    /// Decision price or limit price not finite or not positive.
    #[error("the decision price or the limit price made from it is not a positive number")]
    BadPrice,
    /// An order plan outside its contract.
    #[error("the order plan is outside its contract: offset 0 to 500 bps, 1 to 100 slices, at most 24 h")]
    BadPlan,
    /// Exit levels outside their contract.
    #[error("the exit levels are outside their contract: stop, trail over 0 and under 1, target over 0, share 0 to 1")]
    BadExits,
    /// Worth too little. Reduce-only orders are exempt.
    #[error("the order is worth {notional_usd:.2} USD and the venue's minimum is {minimum_usd} USD")]
    MinNotional {
        /// What it is worth.
        notional_usd: f64,
        /// The symbol's minimum.
        minimum_usd: f64,
    },
    /// Not finite, under 1 or over the symbol's maximum.
    #[error("leverage {leverage_x} is not within 1 to {maximum_x}")]
    Leverage {
        /// What was asked.
        leverage_x: f64,
        /// The symbol's maximum.
        maximum_x: f64,
    },
    /// The free margin does not cover margin and fee.
    #[error("the order needs {needed_usd:.2} USD and {free_usd:.2} USD are free")]
    InsufficientMargin {
        /// Margin and taker fee of the order.
        needed_usd: f64,
        /// Equity less margin held by positions and working orders.
        free_usd: f64,
    },
    /// A reduce-only order in the direction of the position.
    #[error("the reduce-only order would increase the position")]
    ReduceOnly,
    /// There is no position to reduce, close or protect.
    #[error("there is no open position in the symbol")]
    NoPosition,
    /// An order against an open position that is not reduce-only: it could flip it.
    #[error("an opposite position is open: close it first, with a reduce-only order")]
    OppositePosition,
    /// The id was used before, or is in the range that the venue keeps for its own orders.
    #[error("the order id was used before, or is 2^63 or more")]
    DuplicateId,
    /// Decision or limit price too far from the mark. Reduce-only orders are exempt.
    #[error("price {price} is farther than {band_pct} % from the mark {mark}")]
    PriceBand {
        /// Decision or limit price.
        price: f64,
        /// The mark.
        mark: f64,
        /// The symbol's band.
        band_pct: f64,
    },
    /// A post-only order that would have filled at once.
    #[error("the post-only order would have taken liquidity")]
    PostOnlyWouldTake,
    /// Not over 0 and at most 1.
    #[error("the share to close is not over 0 and at most 1")]
    BadFraction,
}

impl Reject {
    /// The reason's name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownSymbol => "unknown-symbol",
            Self::NoMarketPrice => "no-market-price",
            Self::BadQuantity { .. } => "bad-quantity",
            Self::BadPrice => "bad-price",
            Self::BadPlan => "bad-plan",
            Self::BadExits => "bad-exits",
            Self::MinNotional { .. } => "min-notional",
            Self::Leverage { .. } => "leverage",
            Self::InsufficientMargin { .. } => "insufficient-margin",
            Self::ReduceOnly => "reduce-only",
            Self::NoPosition => "no-position",
            Self::OppositePosition => "opposite-position",
            Self::DuplicateId => "duplicate-id",
            Self::PriceBand { .. } => "price-band",
            Self::PostOnlyWouldTake => "post-only-would-take",
            Self::BadFraction => "bad-fraction",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_serialised_name_are_the_same() {
        let number = f64::from(1u8);
        let all = [
            Reject::UnknownSymbol,
            Reject::NoMarketPrice,
            Reject::BadQuantity { quantity: number, step: number, minimum: number },
            Reject::BadPrice,
            Reject::BadPlan,
            Reject::BadExits,
            Reject::MinNotional { notional_usd: number, minimum_usd: number },
            Reject::Leverage { leverage_x: number, maximum_x: number },
            Reject::InsufficientMargin { needed_usd: number, free_usd: number },
            Reject::ReduceOnly,
            Reject::NoPosition,
            Reject::OppositePosition,
            Reject::DuplicateId,
            Reject::PriceBand { price: number, mark: number, band_pct: number },
            Reject::PostOnlyWouldTake,
            Reject::BadFraction,
        ];
        for reject in all {
            let json = serde_json::to_value(reject).unwrap();
            let name = json.as_str().map(str::to_owned).or_else(|| json.as_object()?.keys().next().cloned());
            assert_eq!(name.as_deref(), Some(reject.code()));
            assert_eq!(serde_json::from_value::<Reject>(json).unwrap(), reject);
        }
    }
}
