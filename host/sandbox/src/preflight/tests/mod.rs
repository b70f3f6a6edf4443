//! What would cost a compiler seconds, gigabytes or its stack is refused before it sees it.

mod bombs;

use std::thread;

use bulkhead_policy::FaultClass;
use wasmparser::{Validator, WasmFeatures};

use super::*;
use crate::{Ceilings, Grants, LoadError, Phase, Sandbox};

use bombs::{code, doubling};

fn inspected(bytes: &[u8]) -> Result<Structure, NotAComponent> {
    inspect(bytes, &PreflightLimits::default())
}

#[test]
fn each_kind_of_wrong_file_has_its_own_sentence() {
    const COMPONENT: [u8; 8] = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];
    assert_eq!(inspected(b""), Err(NotAComponent::Empty));
    assert!(matches!(inspected(b"hello world"), Err(NotAComponent::NotWasm { .. })));
    assert_eq!(inspected(b"\0asm\x01\0\0\0"), Err(NotAComponent::CoreModule));
    assert!(matches!(inspected(&COMPONENT[..6]), Err(NotAComponent::Damaged { .. })));
    assert!(matches!(inspected(&vec![0; MAX_BYTES + 1]), Err(NotAComponent::TooLarge { .. })));
    assert_eq!(inspected(&COMPONENT).unwrap().found(Measure::Components), 1);
}

/// What it is refused for.
fn excess(bytes: &[u8]) -> Excess {
    match inspected(bytes) {
        Err(NotAComponent::TooMuch(excess)) => excess,
        other => panic!("{} bytes: {other:?}", bytes.len()),
    }
}

/// Every bomb that was found to go off, at a size at which it does.
fn going_off() -> Vec<(&'static str, Vec<u8>, Measure)> {
    vec![
        ("nested instantiation", doubling::nested(24), Measure::Depth),
        ("components handed to components", doubling::handed(18), Measure::CodeValues),
        ("a component taken out of an instance", doubling::exported(), Measure::CodeValues),
        ("instances of instances", doubling::instances(18), Measure::TypeSizes),
        ("pairs of pairs", doubling::types(16, 1_000), Measure::TypeSize),
        ("functions that take pairs of pairs", doubling::types(10, 240), Measure::TypeSizes),
        ("types in types", bombs::nested_types(5_000), Measure::TypeDepth),
        ("200,000 functions", bombs::empty_functions(200_000), Measure::Functions),
        ("300,000 types", bombs::types(300_000), Measure::CoreTypes),
        ("40,000 data segments", bombs::data_segments(40_000), Measure::DataSegments),
        ("a million elements", bombs::elements(1_000_000), Measure::Elements),
        ("20,000 exports with long names", bombs::exports(20_000, 180), Measure::Exports),
        ("a name of 90 kB", bombs::exports(1, 90_000), Measure::NameBytes),
        ("people's sections of 90 kB", bombs::custom(90_000), Measure::CustomBytes),
        ("one long function", code::straight_line(1_000_000), Measure::BodyBytes),
        ("20,000 functions of 20 calls", code::calls(20_000, 20), Measure::Functions),
        ("4,000 functions of 200 calls", code::calls(4_000, 200), Measure::CodeBytes),
        ("wide calls", code::wide_calls(1_000, 990), Measure::Signature),
        ("calls of twenty", code::wide_calls(30_000, 20), Measure::Instructions),
        ("loops of a hundred values", code::wide_loops(1_000, 100), Measure::Signature),
        ("loops of twenty values", code::wide_loops(1_000, 20), Measure::BlockValues),
        ("a branch table of a million", code::branch_table(1_000_000), Measure::BodyBytes),
        ("a branch table of 65,000", code::branch_table(65_000), Measure::BranchTable),
        ("20,000 nested blocks", code::nested_blocks(20_000), Measure::Nesting),
        ("49,000 locals", code::locals(49_000), Measure::Values),
        ("1,000 nested loops", code::nested_loops(1_000, 200), Measure::Nesting),
        ("loops in a row", code::loop_row(1, 4_000, 500), Measure::FunctionMoves),
        ("functions of loops in a row", code::loop_row(6, 350, 400), Measure::Moves),
        ("a switch", code::switch(1_000, 1_000), Measure::Values),
        ("a switch of fewer values", code::switch(380, 500), Measure::FunctionMoves),
        ("values on the stack", code::stack_row(1, 4_000, 9_000), Measure::FunctionTangle),
        ("functions of values on the stack", code::stack_row(8, 1_000, 1_500), Measure::Tangle),
    ]
}

#[test]
fn every_bomb_is_refused_for_what_it_is_and_the_sentence_says_so() {
    for (name, bytes, measure) in going_off() {
        let excess = excess(&bytes);
        assert_eq!(excess.measure, measure, "{name}: {excess}");
        assert!(excess.found > excess.most && excess.most == measure.most(), "{name}: {excess}");
        let sentence = NotAComponent::from(excess).to_string();
        for part in [measure.what(), &excess.found.to_string(), &measure.most().to_string(), measure.remedy()] {
            assert!(sentence.contains(part), "{name}: `{part}` is missing in: {sentence}");
        }
    }
}

#[test]
fn bombs_are_components_that_a_compiler_would_have_taken() {
    // Not of those that a validator has no stack or patience for: they are valid when they are small.
    let small = [doubling::nested(3), doubling::handed(4), doubling::types(5, 2), bombs::nested_types(5)];
    let taken = going_off().into_iter().map(|(_, bytes, _)| bytes).filter(|bytes| bytes.len() > 10_000);
    for bytes in taken.chain(small).filter(|bytes| !bytes.starts_with(&bombs::nested_types(5_000)[..64])) {
        let mut validator = Validator::new_with_features(WasmFeatures::default());
        if let Err(error) = validator.validate_all(&bytes) {
            // The validator has a limit of its own here.
            assert!(error.message().contains("br_table"), "{error}");
        }
    }
}

/// A file with so much of something, and nothing else near its limit.
fn with(measure: Measure, n: usize) -> Option<Vec<u8>> {
    Some(match measure {
        Measure::Components => bombs::components(n),
        Measure::Modules => bombs::modules(n),
        Measure::Aliases => bombs::aliases(n),
        Measure::Canonicals => bombs::lifts(n),
        Measure::TypeDepth => bombs::nested_types(n - 1),
        Measure::CoreTypes => bombs::types(n),
        Measure::Imports => bombs::imports(n),
        Measure::Exports => bombs::exports(n, 8),
        Measure::Functions => bombs::empty_functions(n),
        Measure::Globals => bombs::globals(n),
        Measure::Tables => bombs::tables(n),
        Measure::Memories => bombs::memories(n),
        Measure::ElementSegments => bombs::element_segments(n),
        Measure::Elements => bombs::elements(n),
        Measure::DataSegments => bombs::data_segments(n),
        Measure::Values => code::locals(n),
        Measure::Nesting => code::nested_blocks(n),
        Measure::LoopNesting => code::nested_loops(n, 4),
        Measure::BranchTable => code::branch_table(n),
        Measure::NameBytes => bombs::exports(1, n),
        Measure::TableElements => bombs::table(n),
        _ => return None,
    })
}

#[test]
fn what_is_at_a_limit_passes_and_one_more_does_not() {
    let mut tried = 0;
    for measure in Measure::ALL {
        let most = usize::try_from(measure.most()).unwrap();
        let (Some(at), Some(over)) = (with(measure, most), with(measure, most + 1)) else { continue };
        let structure = inspected(&at).unwrap_or_else(|error| panic!("{measure:?}: {error}"));
        assert_eq!(structure.found(measure), measure.most(), "{measure:?}");
        assert_eq!(excess(&over), Excess { measure, found: measure.most() + 1, most: measure.most() });
        tried += 1;
    }
    assert_eq!(tried, 21);
}

#[test]
fn sums_are_over_all_modules_and_instances_count_as_they_stand_at_the_end() {
    let module = "(core module (func) (global i32 (i32.const 0)))";
    let three = wat::parse_str(format!("(component {module} {module} {module})")).unwrap();
    let found = inspected(&three).unwrap();
    assert_eq!([Measure::Modules, Measure::Functions, Measure::Globals].map(|m| found.found(m)), [3, 3, 3]);
    // Each has one inside: two for every one that is made.
    assert_eq!(inspected(&bombs::instances(256)).unwrap().found(Measure::Instances), 256);
    assert_eq!(excess(&bombs::instances(258)).measure, Measure::Instances);
}

#[test]
fn a_code_module_inside_a_component_inside_is_refused() {
    assert_eq!(excess(&bombs::nested_module()).measure, Measure::NestedModules);
    assert_eq!(excess(&bombs::fields(40_000)).measure, Measure::TypeItems);
    assert_eq!(excess(&code::lines(17, 32_000)).measure, Measure::CodeBytes);
}

#[test]
fn types_however_deep_take_no_stack() {
    let deep = || assert_eq!(excess(&bombs::nested_types(1_000_000)).measure, Measure::TypeDepth);
    thread::Builder::new().stack_size(128 << 10).spawn(deep).unwrap().join().unwrap();
    // And with a limit that lets them pass they are counted to the end.
    let lax = Measure::ALL.into_iter().fold(PreflightLimits::default(), |limits, m| limits.with(m, u64::MAX));
    let deep = move || inspect(&bombs::nested_types(100_000), &lax).unwrap().found(Measure::TypeDepth);
    let depth = thread::Builder::new().stack_size(128 << 10).spawn(deep).unwrap().join().unwrap();
    assert_eq!(depth, 100_001);
}

#[test]
fn what_is_declared_at_the_start_is_held_against_the_ceilings() {
    let ceilings = Ceilings { memory_bytes: 1 << 20, table_elements: 7, ..Ceilings::default() };
    let limits = PreflightLimits::under(&ceilings);
    assert!(inspect(&bombs::memory(16), &limits).is_ok() && inspect(&bombs::table(7), &limits).is_ok());
    let sandbox = Sandbox::new(ceilings).unwrap();
    for bytes in [bombs::memory(17), bombs::table(8), bombs::memory(65_536)] {
        assert!(matches!(inspect(&bytes, &limits), Err(NotAComponent::TooMuch(_))));
        // The same fault as that of the limiter, which would have refused it.
        match sandbox.load(&bytes, Grants::default()) {
            Err(LoadError::Fault(fault)) => {
                assert_eq!((fault.class, fault.phase), (FaultClass::Memory, Phase::Instantiate));
                assert!(fault.text.contains("at most") && fault.text.contains("ceiling in [sandbox]"), "{fault}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn loading_refuses_a_bomb_too() {
    let sandbox = Sandbox::new(Ceilings::default()).unwrap();
    for bytes in [doubling::nested(20), bombs::nested_types(100_000), code::switch(1_000, 1_000)] {
        let error = sandbox.load(&bytes, Grants::default()).unwrap_err();
        assert!(matches!(error, LoadError::NotAComponent(NotAComponent::TooMuch(_))), "{error}");
    }
}

#[test]
fn nothing_panics_on_damage() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    let whole = [
        doubling::handed(3),
        doubling::types(5, 4),
        doubling::instances(3),
        bombs::instances(6),
        bombs::nested_types(6),
        code::wide_loops(3, 3),
        code::switch(5, 3),
        bombs::elements(9),
    ];
    let mut refused = 0;
    for round in 0..40_000 {
        let mut bytes = whole[round % whole.len()].clone();
        for _ in 0..=random() % 3 {
            let at = 8 + random() % (bytes.len() - 8);
            bytes[at] = u8::try_from(random() % 256).unwrap();
        }
        bytes.truncate(if random() % 4 == 0 { 8 + random() % (bytes.len() - 8) } else { bytes.len() });
        refused += usize::from(inspected(&bytes).is_err());
    }
    assert!(refused > 10_000, "{refused}");
}
