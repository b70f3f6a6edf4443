//! One subsystem in every mode on the same days.

use bulkhead_policy::{Authority, Mode, Outcome, Stage};
use bulkhead_tests::{Ran, Scenario, scenario::Tape};

/// Makes tests of functions of days, one for each market. The recorded one says so and passes where there is none.
macro_rules! on_both_markets {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use bulkhead_tests::Days;

            #[test]
            fn simulated() {
                super::$name(Days::Simulated);
            }

            #[test]
            fn recorded() {
                if Days::Recorded.are_there() {
                    super::$name(Days::Recorded);
                }
            }
        }
    )+};
}
pub(crate) use on_both_markets;

/// The same days with the subsystem in every mode where the stage lends everything, and ENFORCED where it lends nothing.
pub(crate) struct Modes {
    pub(crate) off: Ran,
    pub(crate) observe: Ran,
    pub(crate) advisory: Ran,
    pub(crate) enforced: Ran,
    /// ENFORCED in the stage OBSERVATION.
    pub(crate) observation: Ran,
}

impl Modes {
    /// Runs them, and holds them to what is the same for every subsystem: no plugin fails; off it is not asked; observed
    /// it is asked and changes nothing.
    pub(crate) fn of(subsystem: &str, scenario: impl Fn(Stage, Mode) -> Scenario) -> Self {
        let ran = |stage, mode| {
            let ran = scenario(stage, mode).run();
            assert_eq!(ran.summary.faults, 0, "{stage} {mode}: {:?}", ran.registry.status());
            ran
        };
        let modes = Self {
            off: ran(Stage::Autonomy, Mode::Off),
            observe: ran(Stage::Autonomy, Mode::Observe),
            advisory: ran(Stage::Autonomy, Mode::Advisory),
            enforced: ran(Stage::Autonomy, Mode::Enforced),
            observation: ran(Stage::Observation, Mode::Enforced),
        };
        assert!(modes.off.tape.closed().count() >= 20, "too little happened to show anything");
        assert!(modes.off.decisions(subsystem).is_empty(), "it was asked while it was off");
        assert_observed(&modes.observe, subsystem);
        assert_alike(&modes.off, &modes.observe, "OFF and OBSERVE");
        modes
    }

    /// ENFORCED changes nothing in a stage that lends no authority.
    pub(crate) fn assert_stage_holds_back(&self, subsystem: &str) {
        assert_observed(&self.observation, subsystem);
        assert_alike(&self.off, &self.observation, "OFF and ENFORCED in OBSERVATION");
    }

    /// ADVISORY is heard and changes nothing.
    pub(crate) fn assert_advice_is_only_shown(&self, subsystem: &str) {
        let outcomes: Vec<Outcome> =
            self.advisory.decisions(subsystem).iter().map(|row| row.decision.outcome).collect();
        assert!(outcomes.contains(&Outcome::Advised), "it never advised");
        assert_alike(&self.off, &self.advisory, "OFF and ADVISORY");
    }

    /// ADVISORY does all that ENFORCED does, and that is not nothing.
    pub(crate) fn assert_advice_is_applied(&self, subsystem: &str) {
        let advised = self.advisory.decisions(subsystem);
        assert!(advised.iter().any(|row| row.decision.outcome == Outcome::Applied), "it was never applied");
        assert_alike(&self.advisory, &self.enforced, "ADVISORY and ENFORCED");
        assert_ne!(self.enforced.tape, self.off.tape, "it changed nothing");
    }
}

fn assert_observed(ran: &Ran, subsystem: &str) {
    let decisions = ran.decisions(subsystem);
    assert!(!decisions.is_empty(), "{subsystem} was never asked");
    for row in decisions {
        let (authority, outcome) = (row.decision.authority, row.decision.outcome);
        assert_eq!((authority, outcome), (Authority::Observe, Outcome::Observed), "{} at {}", row.hook, row.cycle);
    }
}

/// The loop said and heard the same in both runs, to the last bit.
pub(crate) fn assert_alike(left: &Ran, right: &Ran, what: &str) {
    if let Some((at, left, right)) = first_difference(&left.tape, &right.tape) {
        panic!("{what} differ first in deed {at}:\n{left}\n{right}");
    }
    let equity = |ran: &Ran| ran.summary.end_equity_usd.to_bits();
    assert_eq!(equity(left), equity(right), "{what}: equity");
    assert_eq!(left.orders, right.orders, "{what}: orders in the journal");
}

fn first_difference(left: &Tape, right: &Tape) -> Option<(usize, String, String)> {
    let most = left.deeds.len().max(right.deeds.len());
    let at = (0..most).find(|at| left.deeds.get(*at) != right.deeds.get(*at))?;
    let text = |tape: &Tape| tape.deeds.get(at).map_or_else(|| "nothing more".to_owned(), |deed| format!("{deed:?}"));
    Some((at, text(left), text(right)))
}
