//! Small files that cost a compiler seconds and gigabytes. Each is made here, so that nothing of it lies about.

use std::fmt::Write;

/// A component around one core module.
fn around(module: &str) -> Vec<u8> {
    wat::parse_str(format!("(component (core module {module}))")).unwrap()
}

fn repeat(times: usize, mut text: impl FnMut(usize) -> String) -> String {
    (0..times).fold(String::new(), |mut all, index| {
        let _ = write!(all, "{}", text(index));
        all
    })
}

/// Each component instantiates the one inside it twice: instances double with every level.
pub fn nested_instances(depth: usize) -> Vec<u8> {
    let mut text = "(component (core module) (core instance (instantiate 0)))".to_owned();
    for _ in 0..depth {
        text = format!("(component {text} (instance (instantiate 0)) (instance (instantiate 0)))");
    }
    wat::parse_str(text).unwrap()
}

/// The same without nesting: components are handed to components, which instantiate them twice.
pub fn handed_components(depth: usize) -> Vec<u8> {
    // Component n takes all below it and instantiates the last one twice, handing it all below that one.
    let mut text = "(component $c0 (core module) (core instance (instantiate 0)))".to_owned();
    let with = |n: usize| repeat(n, |i| format!("(with \"c{i}\" (component $c{i}))"));
    let mut kinds: Vec<String> = vec!["(component)".to_owned()];
    for n in 1..=depth {
        let imports = repeat(n, |i| format!("(import \"c{i}\" (component $c{i} {}))", inner(&kinds[i])));
        let arguments = with(n - 1);
        let twice = format!("(instance (instantiate $c{} {arguments}))", n - 1).repeat(2);
        let _ = write!(text, "(component $c{n} {imports} {twice})");
        let own = repeat(n, |i| format!("(import \"c{i}\" (component {}))", inner(&kinds[i])));
        kinds.push(format!("(component {own})"));
    }
    let last = format!("(instance (instantiate $c{depth} {}))", with(depth));
    wat::parse_str(format!("(component {text} {last})")).unwrap()
}

fn inner(kind: &str) -> &str {
    kind.strip_prefix("(component").and_then(|k| k.strip_suffix(')')).unwrap()
}

pub fn empty_functions(count: usize) -> Vec<u8> {
    around(&"(func)".repeat(count))
}

pub fn types(count: usize) -> Vec<u8> {
    let params = |n: usize| (0..6).map(|bit| if n >> bit & 1 == 0 { " i32" } else { " i64" }).collect::<String>();
    around(&repeat(count, |n| format!("(type (func (param{}{})))", params(n), " f32".repeat(n >> 6 & 1))))
}

/// One function of so many instructions, without a branch.
pub fn straight_line(instructions: usize) -> Vec<u8> {
    let body = "local.get 0 i32.const 3 i32.add local.set 0 ".repeat(instructions / 4);
    around(&format!("(func (param i32) {body})"))
}

pub fn br_table(targets: usize) -> Vec<u8> {
    around(&format!("(func (param i32) (block local.get 0 br_table{}))", " 0".repeat(targets + 1)))
}

pub fn nested_blocks(depth: usize) -> Vec<u8> {
    around(&format!("(func {}{})", "block ".repeat(depth), "end ".repeat(depth)))
}

pub fn locals(count: usize) -> Vec<u8> {
    around(&format!("(func (local{}))", " i64".repeat(count)))
}

pub fn data_segments(count: usize) -> Vec<u8> {
    around(&format!("(memory 1) {}", "(data (i32.const 0) \"x\")".repeat(count)))
}

pub fn element_segments(count: usize) -> Vec<u8> {
    around(&format!("(table 1 funcref) (func $f) {}", "(elem (i32.const 0) $f)".repeat(count)))
}

pub fn elements(count: usize) -> Vec<u8> {
    around(&format!("(table 10000 funcref) (func $f) (elem func{})", " $f".repeat(count)))
}

/// Functions that each call so many others.
pub fn calls(functions: usize, calls: usize) -> Vec<u8> {
    around(&repeat(functions, |n| {
        let body = repeat(calls, |c| format!(" call {}", (n * 7 + c * 13) % functions));
        format!("(func {body})")
    }))
}

/// Loops in loops, with values that live through all of them.
pub fn nested_loops(depth: usize, live: usize) -> Vec<u8> {
    around(&loops(depth, live))
}

pub fn many_nested_loops(functions: usize, depth: usize, live: usize) -> Vec<u8> {
    around(&loops(depth, live).repeat(functions))
}

fn loops(depth: usize, live: usize) -> String {
    let step = |n: usize| format!("local.get {n} i64.const 1 i64.add local.set {n} ");
    let all = repeat(live, step);
    let open = repeat(depth, |n| format!("loop {}", step(n % live)));
    let close = repeat(depth, |n| format!("local.get {} i32.wrap_i64 br_if 0 end ", n % live));
    format!("(func (local{}) {open} {all} {close})", " i64".repeat(live))
}

/// Loops one after another, with values that live through all of them.
pub fn loop_row(count: usize, live: usize) -> Vec<u8> {
    let step = |n: usize| format!("local.get {n} i64.const 1 i64.add local.set {n} ");
    let row = repeat(count, |n| format!("loop {} local.get {} i32.wrap_i64 br_if 0 end ", step(n % live), n % live));
    let all = repeat(live, step);
    around(&format!("(func (local{}) {all} {row} {all})", " i64".repeat(live)))
}

/// Values on the operand stack that live through a row of branches.
pub fn stack_row(values: usize, branches: usize) -> Vec<u8> {
    let push = repeat(values, |n| format!("local.get 0 i64.const {n} i64.add "));
    let row = repeat(branches, |_| "block local.get 1 br_if 0 end ".to_owned());
    let pop = "drop ".repeat(values - 1);
    around(&format!("(func (param i64 i32) (result i64) {push} {row} {pop})"))
}

pub fn exports(count: usize, name: usize) -> Vec<u8> {
    let exports = repeat(count, |n| format!("(export \"{n:0name$}\" (func 0))"));
    around(&format!("(func) {exports}"))
}

pub fn globals(count: usize) -> Vec<u8> {
    around(&"(global i32 (i32.const 0))".repeat(count))
}

pub fn imports(count: usize) -> Vec<u8> {
    around(&repeat(count, |n| format!("(import \"m\" \"{n}\" (func))")))
}

pub fn modules(count: usize) -> Vec<u8> {
    wat::parse_str(format!("(component {})", "(core module)".repeat(count))).unwrap()
}

pub fn memory(pages: usize) -> Vec<u8> {
    around(&format!("(memory {pages})"))
}

pub fn table(elements: usize) -> Vec<u8> {
    around(&format!("(table {elements} funcref)"))
}

/// Tuples of two of the tuple before: the type written out doubles with every one, the file does not. Each function of
/// that type is written out again.
pub fn doubling_types(depth: usize, functions: usize) -> Vec<u8> {
    let tuples = repeat(depth, |n| match n {
        0 => "(type $t0 (tuple u8 u8))".to_owned(),
        n => format!("(type $t{n} (tuple $t{0} $t{0}))", n - 1),
    });
    let lifts = repeat(functions, |n| {
        format!("(func $f{n} (param \"x\" $t{}) (canon lift (core func $m \"f\") (memory $m \"m\") (realloc (func $m \"r\"))))", depth - 1)
    });
    wat::parse_str(format!(
        "(component {tuples} (core module $m (memory (export \"m\") 1) (func (export \"f\") (param i32))
            (func (export \"r\") (param i32 i32 i32 i32) (result i32) unreachable))
          (core instance $m (instantiate $m)) {lifts})"
    ))
    .unwrap()
}

/// Instance types in instance types. A parser that recurses has no stack left.
pub fn nested_types(depth: usize) -> Vec<u8> {
    // One component type; each instance type has one declaration, which is a type.
    let mut types = vec![1];
    types.extend([0x42, 1, 1].repeat(depth));
    types.extend([0x42, 0]);
    let mut file = b"\0asm\x0d\0\x01\0".to_vec();
    file.push(7);
    let mut len = types.len();
    while len >= 0x80 {
        file.push((len & 0x7f) as u8 | 0x80);
        len >>= 7;
    }
    file.push(len as u8);
    file.extend(types);
    file
}

/// A section for people, of this size, in a module.
pub fn custom(bytes: usize) -> Vec<u8> {
    around(&format!("(@custom \"people\" \"{}\")", "x".repeat(bytes)))
}
