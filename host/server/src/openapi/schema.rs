//! Schemas of types that other crates own. Each has the name of its type, and its values come from the type itself.

use bulkhead_journal as journal;
use bulkhead_policy as policy;
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// A string that is one of these values, written as they are in every answer.
fn closed_set(values: &[impl Serialize], says: &str) -> RefOr<Schema> {
    // Variants without fields are always strings.
    let values: Vec<_> = values.iter().filter_map(|value| serde_json::to_value(value).ok()).collect();
    let set = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).description(Some(says));
    set.build().into()
}

macro_rules! closed_sets {
    ($($name:ident of $of:path: $says:literal;)+) => {
        $(#[doc = $says]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                closed_set(<$of>::ALL, $says)
            }
        }

        impl ToSchema for $name {})+
    };
}

closed_sets! {
    AlarmKind of policy::alarm::AlarmKind: "What is strange about answers that keep every contract.";
    Authority of policy::Authority: "What an answer was allowed to do: the least of the subsystem's mode and what stage and hook allow.";
    Brake of policy::Brake: "From least to most: plugins may act; plugins off; nothing that increases exposure; working orders cancelled as well.";
    FaultClass of policy::FaultClass: "How a call went wrong.";
    HookId of policy::HookId: "A decision point of the trading loop.";
    Likeness of policy::Likeness: "Another answer, seen from the one that holds.";
    Mode of policy::Mode: "What the operator lets one subsystem do.";
    OnFailure of journal::OnFailure: "What follows when a decision cannot be recorded: trading goes on, or nothing is opened.";
    OrderType of policy::trade::OrderType: "What kind of order.";
    Outcome of journal::OutcomeKind: "What became of a decision.";
    PolicySet of policy::PolicySet: "What holds after a fault: nothing stops trading, or enforced vetoes deny what increases exposure.";
    ReasonCode of policy::ReasonCode: "Why something was denied.";
    RiskMode of policy::RiskMode: "The coordinator's risk mode, most careful first.";
    Side of policy::Side: "Which way.";
    Stage of policy::Stage: "Where the rollout stands.";
}

/// Why the safe default was answered: nobody answers the hook, everybody is off, the brake, or a class of fault.
pub(crate) struct Cause;

impl PartialSchema for Cause {
    fn schema() -> RefOr<Schema> {
        let others = [policy::Cause::Unbound, policy::Cause::Off, policy::Cause::Brake];
        let faults = policy::FaultClass::ALL.iter().map(|class| policy::Cause::Fault(*class));
        let names: Vec<&str> = others.into_iter().chain(faults).map(policy::Cause::name).collect();
        closed_set(
            &names,
            "Why the safe default was answered: nobody answers, everybody is off, the brake, or a fault.",
        )
    }
}

impl ToSchema for Cause {}

/// Why something was denied, in the names of metrics.
pub(crate) struct ReasonName;

impl PartialSchema for ReasonName {
    fn schema() -> RefOr<Schema> {
        let names: Vec<&str> = policy::ReasonCode::ALL.iter().map(|reason| reason.name()).collect();
        closed_set(&names, "Why something was denied, in the names of metrics.")
    }
}

impl ToSchema for ReasonName {}

/// What a shadow has shown.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is the shape of another crate's type; a test compares the two")]
pub(crate) struct Evidence {
    /// Decisions that were offered to it.
    offered: u64,
    /// Of these, dropped because it was busy.
    dropped: u64,
    /// Of these, compared: both versions answered.
    compared: u64,
    /// The same decision.
    same: u64,
    /// It would have let less through.
    tighter: u64,
    /// It would have let more through.
    looser: u64,
    /// Different otherwise.
    other: u64,
    /// It failed.
    faults: u64,
    /// The serving version failed, and it answered.
    live_faults: u64,
    /// Most fuel of one call.
    peak_fuel: u64,
    /// Its slowest call in a hundred, ns.
    p99_ns: u64,
    /// The same of the serving version, over the same calls.
    live_p99_ns: u64,
    /// On some hook it said one thing only, where the serving version said several.
    constant: bool,
}
