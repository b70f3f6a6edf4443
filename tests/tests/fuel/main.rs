//! What every first-party plugin costs: fuel per hook on ordinary input against what its `describe` says, and the size of
//! its component. Fuel is the same on every machine, so that it can be asserted.

mod described;
mod measured;
mod table;

use std::{sync::OnceLock, thread::Builder};

use bulkhead_sandbox::Budget;
use described::Described;
use measured::{Cost, Costs};

/// A figure is an upper bound, but for a little that a compiler may add.
const OVER: f64 = 1.1;
/// And no larger than twice what was measured: a figure with too much room says nothing.
const UNDER: f64 = 0.5;
/// Ordinary input takes a tenth of the budget at most, so that a large one is no fault.
const ROOM: u64 = 10;

struct Plugin {
    name: String,
    bytes: usize,
    says: Described,
    costs: Costs,
}

/// All of them, measured once in this process.
fn plugins() -> &'static [Plugin] {
    static PLUGINS: OnceLock<Vec<Plugin>> = OnceLock::new();
    PLUGINS.get_or_init(|| {
        let names = bulkhead_tests::components::first_party();
        std::thread::scope(|scope| {
            let start = |name: String| Builder::new().name(name.clone()).spawn_scoped(scope, || look_at(name)).unwrap();
            let workers: Vec<_> = names.into_iter().map(start).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        })
    })
}

fn look_at(name: String) -> Plugin {
    let bytes = std::fs::read(bulkhead_tests::components::plugin(&name)).unwrap();
    Plugin { says: Described::of(&bytes), costs: Costs::of(&bytes), bytes: bytes.len(), name }
}

/// Fails with every plugin that does not hold, not with the first one.
fn for_each(holds: impl Fn(&Plugin) -> Result<(), String>) {
    let wrong: Vec<String> =
        plugins().iter().filter_map(|p| holds(p).err().map(|why| format!("{}: {why}", p.name))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_a_figure_for_each_hook_and_for_nothing_else() {
    for_each(|p| {
        let (mut figures, mut hooks): (Vec<_>, Vec<_>) = (p.says.names().collect(), p.costs.names().collect());
        figures.sort_unstable();
        hooks.sort_unstable();
        if figures == hooks { Ok(()) } else { Err(format!("FUEL names {figures:?}, the plugin answers {hooks:?}")) }
    });
}

/// With `--nocapture` it shows what to write into FUEL.
#[test]
fn figures_are_what_is_measured() {
    for_each(|p| {
        println!("{} ({} bytes)", p.name, p.bytes);
        let mut wrong = Vec::new();
        for (hook, Cost { most, mean }) in p.costs.iter() {
            let says = p.says.fuel(hook);
            println!("  {hook:<36} most {most:>8}  mean {mean:>8}  FUEL says {:>8}", says.unwrap_or_default());
            if let Some(says) = says.filter(|says| !(UNDER..=OVER).contains(&(most as f64 / *says as f64))) {
                wrong.push(format!("{hook} takes {most}, FUEL says {says}"));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    });
}

#[test]
fn an_ordinary_question_takes_a_tenth_of_the_budget_at_most() {
    for_each(|p| {
        let most = p.costs.iter().map(|(_, cost)| cost.most).chain(p.says.figures()).max().unwrap_or(0);
        if most * ROOM <= Budget::CALL.fuel { Ok(()) } else { Err(format!("{most} of {}", Budget::CALL.fuel)) }
    });
}

#[test]
fn the_table_for_people_is_true() {
    table::check(plugins());
}
