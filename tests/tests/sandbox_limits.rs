//! What one guest can take, and what is left when it has taken it.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use bulkhead_journal::{EventKind, Filter};
use bulkhead_policy::{
    Brake, Context, FaultClass, HookId, Mode, Outcome, PolicySet, RiskMode, Stage,
    hooks::{PositionSizing, RiskCheck, Signal, coordination::Inputs},
    value::{SizeUsd, tame_text},
};
use bulkhead_runtime::SubsystemSpec;
use bulkhead_sandbox::{
    Budget, Fault, Grants, Instance, Instancing, LoadError, Phase, Pool, StateBlob, Usage, WireHook,
};
use bulkhead_tests::{
    Lab, Sample, components, each_hook,
    lab::{BUDGET, chaos, loaded, moment, sandbox, setup, symbols},
};
use serde_json::{Value, json};

fn context(cycle: u64) -> Context {
    Context {
        event_time_ms: moment(cycle, 0).event_time_ms,
        cycle,
        stage: Stage::Autonomy,
        mode: Mode::Enforced,
        risk_mode: RiskMode::Normal,
        directives: None,
    }
}

fn pool(config: &Value) -> Pool {
    Pool::new(loaded("chaos"), setup(config), Instancing::RESIDENT).unwrap()
}

fn instance(guest: &str, config: &Value) -> Instance {
    let mut instance = Instance::new(&loaded(guest)).unwrap();
    instance.configure(&config.to_string()).unwrap();
    instance.set_symbols(&symbols()).unwrap();
    instance
}

fn ask<H: Sample>(instance: &mut Instance, cycle: u64) -> (Result<H::Raw, Fault>, Usage) {
    instance.ask::<H>(&context(cycle), &H::input(), &BUDGET)
}

/// Asks through a pool, as the host does.
fn ask_pool<H: WireHook + Sample>(pool: &Pool, cycle: u64) -> Result<H::Raw, Fault> {
    let mut lease = pool.lease()?;
    lease.with(|instance| ask::<H>(instance, cycle).0)
}

fn class<T: std::fmt::Debug>(said: Result<T, Fault>) -> FaultClass {
    said.unwrap_err().class
}

#[test]
fn memory_ends_at_the_ceiling_and_a_guest_that_bears_it_serves_on() {
    let mut hungry = instance("chaos", &json!({ "hungry": true, "after": 2, "fault": "panic" }));
    for cycle in 1..=2 {
        let (said, usage) = ask::<PositionSizing>(&mut hungry, cycle);
        assert_eq!(said, Ok(1_000.0));
        assert!(usage.memory_bytes > 15 << 20 && usage.memory_bytes <= 16 << 20, "{usage:?}");
    }
    // It dies in a call in which it was denied: that is what it died of, whatever it says itself.
    assert_eq!(class(ask::<PositionSizing>(&mut hungry, 3).0), FaultClass::Memory);

    // A guest that dies of something else is not excused by hunger.
    let mut sated = instance("chaos", &json!({ "fault": "panic" }));
    assert_eq!(class(ask::<PositionSizing>(&mut sated, 1).0), FaultClass::Trap);
}

#[test]
fn more_memory_than_the_ceiling_is_refused_before_anything_runs() {
    let bytes = std::fs::read(components::guest("chaos-huge-memory")).unwrap();
    match sandbox().load(&bytes, Grants::default()) {
        Err(LoadError::Fault(fault)) => {
            assert_eq!((fault.class, fault.phase), (FaultClass::Memory, Phase::Instantiate))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_start_function_runs_under_the_same_bounds() {
    let load = |name: &str| match sandbox().load(&std::fs::read(components::guest(name)).unwrap(), Grants::default()) {
        Err(LoadError::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let fault = load("chaos-start-loop");
    assert_eq!(fault.phase, Phase::Instantiate);
    assert!(matches!(fault.class, FaultClass::OutOfFuel | FaultClass::Deadline), "{fault}");
    let fault = load("chaos-start-trap");
    assert_eq!((fault.class, fault.phase), (FaultClass::Trap, Phase::Instantiate));
}

#[test]
fn a_flood_of_lines_ends_in_fuel_and_thirty_two_are_kept() {
    let mut flooding = instance("chaos", &json!({ "fault": "log-flood" }));
    let (said, usage) = ask::<RiskCheck>(&mut flooding, 1);
    assert_eq!(class(said), FaultClass::OutOfFuel);
    assert_eq!(usage.fuel, BUDGET.fuel);
    let (lines, dropped) = flooding.take_log().unwrap();
    assert_eq!(lines.len(), 32);
    // A line costs 200 units at least, so this many is the most there can be.
    assert!(dropped > 1_000 && dropped <= BUDGET.fuel / 200, "{dropped}");
}

#[test]
fn a_line_is_cut_to_256_bytes_and_paid_for_by_its_length() {
    let fuel = |line: String| {
        let mut logging = instance("chaos", &json!({ "log": [line] }));
        let (said, usage) = ask::<RiskCheck>(&mut logging, 1);
        assert!(said.is_ok());
        let (lines, dropped) = logging.take_log().unwrap();
        assert_eq!((lines.len(), dropped), (1, 0));
        (lines[0].text.len(), usage.fuel)
    };
    let (short, little) = fuel("x".to_owned());
    let (long, much) = fuel("é".repeat(50_000));
    assert_eq!((short, long), (1, 256));
    assert!(much - little >= 100_000 / 4, "{little} {much}");
}

#[test]
fn a_line_cannot_forge_another() {
    let hostile = "kept 3\n2026-01-01T00:00:00Z ERROR brake released\u{1b}[2J\u{202e}\u{2028}\r\0";
    let lab = Lab::default();
    let config = json!({ "log": [hostile], "log_again": 39 });
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![chaos("noisy", config)]);
    let decided = registry.call::<RiskCheck>(&moment(1, 0), RiskCheck::input());
    assert_eq!(decided.outcome, Outcome::Applied, "to be noisy is no fault");

    let events = lab.reader(&registry).events(&Filter::default()).unwrap();
    let lines: Vec<_> = events.iter().map(|e| &e.record).filter(|e| e.kind == EventKind::PluginLog).collect();
    assert_eq!(lines.len(), 33);
    assert!(lines.iter().all(|line| line.actor == "noisy"));
    for line in &lines[..32] {
        assert_eq!(line.text, tame_text(hostile));
        assert!(
            !line.text.chars().any(|c| c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c)),
            "{:?}",
            line.text
        );
    }
    assert_eq!(lines[32].text, "8 more lines dropped");
}

#[test]
fn a_deep_stack_traps_and_the_process_lives() {
    for (stack, rounds) in [(2 << 20, 50), (1 << 20, 50)] {
        let run = move || {
            let pool = pool(&json!({ "script": { "13": "stack-overflow", "15": "shadow-stack-overflow" } }));
            for _ in 0..rounds {
                assert_eq!(class(ask_pool::<RiskCheck>(&pool, 13)), FaultClass::Stack);
                assert!(ask_pool::<RiskCheck>(&pool, 14).is_ok());
                assert_eq!(class(ask_pool::<RiskCheck>(&pool, 15)), FaultClass::Trap);
            }
        };
        thread::Builder::new().stack_size(stack).spawn(run).unwrap().join().unwrap();
    }
}

#[test]
fn a_thread_that_waits_for_a_processor_is_not_blamed() {
    // 32 guests that compute for some ten milliseconds share the processors: each is parked most of the time, for longer
    // in all than the CPU time that it may use.
    let budget = Budget { fuel: 1 << 60, cpu: Duration::from_millis(250), wall: Duration::from_secs(60) };
    let pool = pool(&json!({ "work": 40_000_000 }));
    let served = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                for cycle in 1..=2 {
                    let mut lease = pool.lease().unwrap();
                    let instance = lease.instance().unwrap();
                    let (said, _) = instance.ask::<RiskCheck>(&context(cycle), &RiskCheck::input(), &budget);
                    assert!(said.is_ok(), "{said:?}");
                    served.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(served.into_inner(), 64);
}

#[test]
fn time_ends_what_fuel_does_not() {
    let hasty = |cpu, wall| {
        let mut endless = instance("chaos", &json!({ "fault": "endless-loop" }));
        let budget = Budget { fuel: 1 << 60, cpu, wall };
        endless.ask::<RiskCheck>(&context(1), &RiskCheck::input(), &budget).0
    };
    let (short, long) = (Duration::from_millis(5), Duration::from_secs(60));
    assert_eq!(class(hasty(short, long)), FaultClass::Deadline);
    assert_eq!(class(hasty(long, short)), FaultClass::Deadline);
}

#[test]
fn sixty_four_calls_at_once_and_no_more() {
    let pool = pool(&json!({}));
    let leases: Vec<_> = (0..64).map(|_| pool.lease().unwrap()).collect();
    assert_eq!(pool.lease().unwrap_err().class, FaultClass::Overloaded);
    drop(leases);
    assert!(ask_pool::<RiskCheck>(&pool, 1).is_ok());
}

#[test]
fn a_dead_instance_answers_nothing_more() {
    fn dies_of<H: Sample>(fault: &str) {
        let mut dying = instance("chaos", &json!({ "script": { "13": fault } }));
        assert!(ask::<H>(&mut dying, 12).0.is_ok());
        let (said, usage) = ask::<H>(&mut dying, 13);
        assert!(said.is_err() && !dying.alive(), "{} {fault}", H::ID);
        assert_eq!(usage.fuel, BUDGET.fuel, "a count lost in a trap is charged in full");
        for said in [
            ask::<H>(&mut dying, 14).0.map(|_| ()),
            dying.configure("{}"),
            dying.set_symbols(&symbols()),
            dying.self_test(),
            dying.snapshot().map(|_| ()),
            dying.report(&context(14), &BUDGET).map(|_| ()),
        ] {
            let fault = said.unwrap_err();
            assert_eq!(fault.class, FaultClass::Refused, "{fault}");
            assert!(fault.text.contains("died"), "{fault}");
        }
    }
    for fault in ["panic", "stack-overflow", "declared-giant", "log-giant"] {
        each_hook!(H => dies_of::<H>(fault));
    }
    // To say that one cannot answer, or to answer nonsense, kills nobody.
    let mut honest = instance("chaos", &json!({ "script": { "13": "declared", "14": "nan" } }));
    assert_eq!(class(ask::<PositionSizing>(&mut honest, 13).0), FaultClass::Declared);
    assert!(ask::<PositionSizing>(&mut honest, 14).0.unwrap().is_nan());
    assert_eq!(ask::<PositionSizing>(&mut honest, 15).0, Ok(1_000.0));
    assert!(honest.alive());
    assert_eq!(honest.calls(), 3);
}

#[test]
fn a_hook_that_the_plugin_does_not_answer_is_refused_without_it() {
    let bytes = std::fs::read(components::guest("bench-columns")).unwrap();
    let mut one_hook = Instance::new(&sandbox().load(&bytes, Grants::default()).unwrap()).unwrap();
    let (said, usage) = ask::<Signal>(&mut one_hook, 1);
    assert_eq!(class(said), FaultClass::Refused);
    assert_eq!(usage, Usage::default());
    assert!(one_hook.alive() && ask::<RiskCheck>(&mut one_hook, 1).0.is_ok());
}

#[test]
fn the_same_question_twice_costs_the_same_and_is_answered_the_same() {
    fn same<H: Sample>(config: &Value) {
        let run = || {
            let mut fresh = instance("chaos", config);
            (0..3)
                .map(|cycle| {
                    let (said, usage) = ask::<H>(&mut fresh, 12 + cycle);
                    (said.map(|raw| postcard::to_stdvec(&raw).unwrap()), usage, fresh.take_log())
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(run(), run(), "{}", H::ID);
    }
    let faults = ["nan", "stack-overflow", "memory-touch", "panic", "log-flood", "declared-giant"];
    for fault in faults {
        let config = json!({ "answer": "different", "script": { "13": fault }, "log": ["line"] });
        each_hook!(H => same::<H>(&config));
    }
}

#[test]
fn a_fresh_instance_forgets_and_a_resident_one_does_not() {
    // Its second call is a fault, if it remembers the first.
    let config = json!({ "fault": "declared", "after": 1 });
    let second = |instancing| {
        let pool = Pool::new(loaded("chaos"), setup(&config), instancing).unwrap();
        ask_pool::<RiskCheck>(&pool, 1).unwrap();
        ask_pool::<RiskCheck>(&pool, 2)
    };
    assert_eq!(class(second(Instancing::RESIDENT)), FaultClass::Declared);
    assert!(second(Instancing::Fresh).is_ok());
    assert!(second(Instancing::Resident { recycle_after: 1 }).is_ok());
}

#[test]
fn state_goes_over_and_nonsense_does_not() {
    let mut old = instance("chaos", &json!({}));
    for cycle in 1..=5 {
        ask::<RiskCheck>(&mut old, cycle).0.unwrap();
    }
    let state = old.snapshot().unwrap().unwrap();
    assert_eq!((state.schema, state.bytes.as_slice()), (1, 5_u64.to_le_bytes().as_slice()));
    let mut new = instance("chaos", &json!({ "fault": "declared", "after": 5 }));
    new.restore(&state).unwrap();
    assert_eq!(class(ask::<RiskCheck>(&mut new, 6).0), FaultClass::Declared, "it remembers five calls");

    let nonsense = StateBlob { schema: 9, bytes: vec![0xff; 3] };
    assert_eq!(class(instance("chaos", &json!({})).restore(&nonsense)), FaultClass::Declared);
    // A refusal of any length is a refusal, and what holds the state goes on serving; a trap ends it.
    for (fault, expected, alive) in [("panic", FaultClass::Trap, false), ("declared-giant", FaultClass::Declared, true)]
    {
        let mut broken = instance("chaos", &json!({ "fault": fault, "fault_on": "state" }));
        assert_eq!(class(broken.snapshot()), expected);
        assert_eq!(broken.alive(), alive);
    }
}

#[test]
fn a_report_that_fails_leaves_its_input_absent() {
    let lab = Lab::default();
    let reporter = |name: &str, fault: Value| SubsystemSpec {
        hooks: vec![HookId::Signal],
        ..chaos(name, json!({ "fault": fault, "fault_on": "report" }))
    };
    for fault in ["panic", "declared", "endless-loop"] {
        let lab = Lab::default();
        let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![reporter("mute", fault.into())]);
        let mut inputs = Inputs::default();
        registry.collect_reports(&moment(1, 0), &mut inputs);
        assert_eq!(inputs, Inputs::default(), "{fault}");
        let events = lab.reader(&registry).events(&Filter::default()).unwrap();
        let noted = events.iter().any(|e| e.record.actor == "mute" && e.record.text.contains("report failed"));
        assert!(noted, "{fault}");
        assert_eq!(registry.status()[0].faults, 1);
        let decided = registry.call::<Signal>(&moment(2, 0), Signal::input());
        assert_eq!(decided.outcome, Outcome::Applied, "{fault}: it still answers");
    }
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![reporter("talks", Value::Null)]);
    let mut inputs = Inputs::default();
    registry.collect_reports(&moment(1, 0), &mut inputs);
    assert!(inputs.positions.is_some());
    registry.engage(Brake::Halt, "test", "nobody is asked", 0);
    let mut braked = Inputs::default();
    registry.collect_reports(&moment(2, 0), &mut braked);
    assert_eq!(braked, Inputs::default());
}

#[test]
fn a_denormal_size_is_no_size() {
    let lab = Lab::default();
    let registry = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![chaos("tiny", json!({ "fault": "denormal" }))]);
    let decided = registry.call::<PositionSizing>(&moment(1, 0), PositionSizing::input());
    assert_eq!((decided.outcome, decided.answer), (Outcome::Applied, SizeUsd::new(0.0).unwrap()));
    assert_eq!(decided.answer.get().to_bits(), 0);
}
