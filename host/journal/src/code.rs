//! What the numbers of closed sets mean. Entries hold numbers; every segment says what they stand for.

use bulkhead_policy::{
    Authority, Brake, FaultClass, HookId, Mode, ReasonCode, RiskMode, Side, Stage, trade::OrderType,
};

use crate::EventKind;

macro_rules! names {
    ($($set:ident = $kind:literal),+ $(,)?) => {
        /// Every closed set: its kind, and its names in the order of their numbers.
        pub(crate) fn names() -> Vec<(String, Vec<String>)> {
            vec![$(($kind.to_owned(), $set::ALL.iter().map(|v| v.name().to_owned()).collect())),+]
        }
    };
}

names! {
    HookId = "hook",
    Stage = "stage",
    Mode = "mode",
    Brake = "brake",
    Authority = "authority",
    RiskMode = "risk-mode",
    FaultClass = "fault",
    ReasonCode = "reason",
    Side = "side",
    OrderType = "order-type",
    EventKind = "event",
}

/// The first number that means something else here, or nothing. It would turn one reason into another without a word.
/// Sets may have grown since: what a segment does not name, it does not hold.
pub(crate) fn strange_name(theirs: &[(String, Vec<String>)]) -> Option<String> {
    let ours = names();
    theirs.iter().find_map(|(kind, names)| {
        let known = ours.iter().find(|(k, _)| k == kind).map(|(_, names)| names.as_slice()).unwrap_or_default();
        let strange = (0..).zip(names).find(|(place, name)| known.get(*place) != Some(*name));
        strange.map(|(place, name)| format!("its {kind} number {place} is {name:?}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_must_mean_the_same_and_sets_may_grow() {
        assert_eq!(strange_name(&names()), None);
        let mut older = names();
        older[0].1.pop();
        assert_eq!(strange_name(&older), None);
        let mut other = names();
        other[7].1[0] = "kill-the-switch".to_owned();
        assert_eq!(strange_name(&other).unwrap(), "its reason number 0 is \"kill-the-switch\"");
        let mut newer = names();
        newer[0].1.push("pre-trade-horoscope".to_owned());
        assert!(strange_name(&newer).unwrap().contains("pre-trade-horoscope"));
        assert!(strange_name(&[("mood".to_owned(), vec!["good".to_owned()])]).is_some());
    }
}
