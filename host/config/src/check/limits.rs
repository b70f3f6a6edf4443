//! Limits that cannot hold together.

use bulkhead_policy::envelope::Contradiction;

use super::{Finding, stated};
use crate::{HostConfig, document::Table};

pub(super) fn check(config: &HostConfig, layers: &Table) -> Vec<Finding> {
    let e = &config.envelope;
    let (symbol, most) = ("envelope.max_symbol_share_pct", "envelope.max_leverage_x");
    let (leverage, position) = ("loop.leverage_x", "loop.position_pct");
    let rules = [
        (
            config.trading.leverage_x > e.max_leverage_x,
            leverage,
            config.trading.leverage_x,
            most,
            e.max_leverage_x,
            "is over",
            "the envelope would refuse every order",
        ),
        (
            config.trading.position_pct > e.max_symbol_share_pct,
            position,
            config.trading.position_pct,
            symbol,
            e.max_symbol_share_pct,
            "is over",
            "the envelope would refuse every order",
        ),
    ];
    let mut found: Vec<Finding> = rules
        .into_iter()
        .filter(|rule| rule.0)
        .map(|(_, key, value, other, bound, relation, why)| {
            let text = format!("{} {relation} {}: {why}", stated(layers, key, value), stated(layers, other, bound));
            Finding::new(&[key, other], text)
        })
        .collect();
    found.extend(e.contradictions().iter().map(|c| contradiction(c, layers)));
    found.extend(grants(config, layers));
    found
}

/// Limits of the envelope that contradict each other.
fn contradiction(found: &Contradiction, layers: &Table) -> Finding {
    let (key, other) = (format!("envelope.{}", found.limit), format!("envelope.{}", found.other));
    let (limit, bound) = (stated(layers, &key, found.value), stated(layers, &other, found.bound));
    Finding::new(&[&key, &other], format!("{limit} {} {bound}: {}", found.relation(), found.why))
}

/// A grant over what the envelope lets through would look like room and be none.
fn grants(config: &HostConfig, layers: &Table) -> Vec<Finding> {
    let bound = ("envelope.max_size_factor", config.envelope.max_size_factor);
    let granted = config.subsystems.iter().flat_map(|(name, subsystem)| {
        let cap = |(hook, loosen): (&_, &crate::LoosenConfig)| {
            loosen.size_cap.map(|cap| (format!("subsystems.{name}.loosen.{hook}.size_cap"), cap))
        };
        subsystem.loosen.iter().filter_map(cap).collect::<Vec<_>>()
    });
    granted
        .filter(|(_, cap)| *cap > bound.1)
        .map(|(key, cap)| {
            let (grant, limit) = (stated(layers, &key, cap), stated(layers, bound.0, bound.1));
            Finding::new(&[&key, bound.0], format!("{grant} is over {limit}: the envelope would refuse what it grants"))
        })
        .collect()
}
