//! The scheme of the original: tiers from what trading brought, and a profile that says which tiers are in.

use crate::pick::Verdict;
use crate::profile::Profile;
use crate::tier::Ranked;
use bulkhead_sdk::prelude::{ReasonCode, Tier};

/// Symbols of the profile SAFE, and of AGGRESSIVE.
const SAFE_SIZE: usize = 180;
const AGGRESSIVE_SIZE: usize = 350;

pub fn verdict(ranked: &Ranked, profile: Profile, avoid_expansion: bool) -> Verdict {
    let lesser = matches!(ranked.tier, Tier::Expansion | Tier::Conditional);
    match (profile, ranked.tier) {
        (_, Tier::Core) => Verdict::In,
        // Without a blacklist it is still no tier of the two profiles.
        (Profile::Experimental, Tier::Blacklist) => Verdict::In,
        _ if lesser && avoid_expansion => Verdict::Out(ReasonCode::NotInUniverse),
        (Profile::Experimental, _) | (Profile::Aggressive, Tier::Expansion) => Verdict::In,
        (Profile::Safe, Tier::Expansion) | (Profile::Aggressive, Tier::Conditional) => Verdict::Compete(ranked.quality),
        (_, Tier::InsufficientData) => Verdict::Out(ReasonCode::InsufficientData),
        (_, Tier::Conditional | Tier::Blacklist) => Verdict::Out(ReasonCode::NotInUniverse),
    }
}

/// Places for those that compete, after those that are in anyway.
pub fn places(profile: Profile, taken: usize) -> usize {
    match profile {
        Profile::Safe => SAFE_SIZE.saturating_sub(taken),
        Profile::Aggressive => AGGRESSIVE_SIZE.saturating_sub(taken),
        Profile::Experimental => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIERS: [Tier; 5] = [Tier::Core, Tier::Expansion, Tier::Conditional, Tier::Blacklist, Tier::InsufficientData];

    #[test]
    fn each_tier_in_each_profile() {
        let [best, none, no_data] = [
            Verdict::Compete(0.5),
            Verdict::Out(ReasonCode::NotInUniverse),
            Verdict::Out(ReasonCode::InsufficientData),
        ];
        let all = Verdict::In;
        for (profile, avoid, want) in [
            (Profile::Safe, false, [all, best, none, none, no_data]),
            (Profile::Safe, true, [all, none, none, none, no_data]),
            (Profile::Aggressive, false, [all, all, best, none, no_data]),
            (Profile::Aggressive, true, [all, none, none, none, no_data]),
            (Profile::Experimental, false, [all, all, all, all, all]),
            (Profile::Experimental, true, [all, none, none, all, all]),
        ] {
            let got = TIERS.map(|tier| verdict(&Ranked { tier, quality: 0.5 }, profile, avoid));
            assert_eq!(got, want, "{profile:?} {avoid}");
        }
    }

    #[test]
    fn the_profiles_have_the_originals_sizes() {
        for (profile, taken, want) in [
            (Profile::Safe, 0, 180),
            (Profile::Safe, 179, 1),
            (Profile::Safe, 200, 0),
            (Profile::Aggressive, 100, 250),
            (Profile::Experimental, 900, usize::MAX),
        ] {
            assert_eq!(places(profile, taken), want);
        }
    }
}
