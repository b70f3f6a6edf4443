//! scratch
#![cfg(test)]
use bulkhead_sandbox::*;
use bulkhead_tests::{Lab, lab::*, Sample};
use bulkhead_policy::*;
use bulkhead_policy::hooks::RiskCheck;
use serde_json::json;
#[test]
fn bombs() {
    for d in [12, 16, 18] {
        let bytes = std::fs::read(format!("/tmp/bomb/b{d}.wasm")).unwrap();
        let t = std::time::Instant::now();
        let e = sandbox().load(&bytes, Grants::default()).unwrap_err();
        println!("bomb {d}: {} bytes, {:?}, {e}", bytes.len(), t.elapsed());
    }
}
#[test]
fn reinstantiation() {
    let lab = Lab::default();
    let mut spec = chaos("slow", json!({"start_work": 3_000_000, "fault": "panic"}));
    spec.budget = Budget::CALL;
    let r = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![spec]);
    for i in 0..4 {
        let t = std::time::Instant::now();
        let d = r.call::<RiskCheck>(&moment(i, 0), RiskCheck::input());
        println!("{:?} {:?}", t.elapsed(), d.outcome);
    }
    for i in lab.reader(&r).calls(&Default::default()).unwrap() { println!("journal {} fuel {}", i.record.duration_ns, i.record.decisions[0].fuel); }
}
#[test]
fn two_owners() {
    let lab = Lab::default();
    let mut b = chaos("b", json!({"answer":"different"})); b.mode = Mode::Off;
    let r = lab.registry(Stage::Autonomy, PolicySet::Seed, vec![chaos("a", json!({})), b]);
    println!("set_mode {}", r.set_mode("b", Mode::Enforced, "t", "t", 0));
    type H = hooks::PositionClassification;
    let d = r.call::<H>(&moment(1, 0), H::input());
    println!("{} parts, {:?}", d.parts.len(), d.answer == H::different());
}
#[test]
fn setup_log() {
    let e = Pool::new(loaded("chaos"), setup(&json!({"fault":"panic","fault_on":"configure"})), Instancing::RESIDENT).unwrap_err();
    println!("{e}");
}
