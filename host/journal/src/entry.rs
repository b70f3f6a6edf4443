//! What the chain links: callers' records and the tables they refer to.

use bulkhead_policy::value::tame_text;
use serde::{Deserialize, Serialize};

use crate::{MAX_DECISIONS, PluginIdentity, PluginRef, Record};

/// One link of the chain. The order of variants is part of the format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Entry {
    /// What a caller appended.
    Record(Record),
    /// A plugin identity and its number.
    Plugin(PluginRef, PluginIdentity),
    /// A symbol's id and name, from here on.
    Symbol(u32, String),
    /// A line of run metadata.
    Meta(String, String),
    /// A document that other entries name by its digest.
    Document(#[serde(with = "crate::blob::bytes")] Vec<u8>),
}

impl Entry {
    /// Brings an entry into its one form: equal decisions have equal bytes, and a plugin's words cannot buy disk.
    pub(crate) fn normalize(&mut self) {
        match self {
            Self::Record(Record::Call(call)) => {
                call.decisions.truncate(MAX_DECISIONS);
                for decision in &mut call.decisions {
                    if let Some(text) = &mut decision.fault {
                        // Twice: a control character grows when it is replaced, so the first cut may not be the last.
                        *text = tame_text(&tame_text(text));
                    }
                }
            }
            Self::Record(Record::Order(order)) => {
                plain(&mut order.quantity);
                plain(&mut order.notional_usd);
                order.price.iter_mut().for_each(plain);
            }
            Self::Record(Record::Fill(fill)) => {
                for number in [
                    &mut fill.quantity,
                    &mut fill.price,
                    &mut fill.fee_usd,
                    &mut fill.slippage_bps,
                    &mut fill.realized_pnl_usd,
                ] {
                    plain(number);
                }
            }
            Self::Record(Record::Event(_) | Record::Guest(_) | Record::Directives(_))
            | Self::Plugin(..)
            | Self::Symbol(..)
            | Self::Meta(..)
            | Self::Document(_) => {}
        }
    }
}

/// One zero and one NaN.
fn plain(number: &mut f64) {
    if *number == 0.0 {
        *number = 0.0;
    } else if number.is_nan() {
        *number = f64::NAN;
    }
}
