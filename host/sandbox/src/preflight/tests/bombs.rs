//! Small files that cost a compiler seconds and gigabytes. Each is made here, so that nothing of it lies about.

use std::fmt::Write;

/// A component around one core module.
pub(in crate::preflight) fn around(module: &str) -> Vec<u8> {
    wat::parse_str(format!("(component (core module {module}))")).unwrap()
}

fn repeat(times: usize, mut text: impl FnMut(usize) -> String) -> String {
    (0..times).fold(String::new(), |mut all, index| {
        let _ = write!(all, "{}", text(index));
        all
    })
}

/// Components and instances, by what doubles in them.
pub(in crate::preflight) mod doubling {
    use super::{Write, repeat};

    /// Each component instantiates the one inside it twice.
    pub(in crate::preflight) fn nested(depth: usize) -> Vec<u8> {
        let mut text = "(component)".to_owned();
        for _ in 0..depth {
            text = format!("(component {text} (instance (instantiate 0)) (instance (instantiate 0)))");
        }
        wat::parse_str(text).unwrap()
    }

    /// The same without nesting: components are handed to components, which instantiate them twice.
    pub(in crate::preflight) fn handed(depth: usize) -> Vec<u8> {
        // Component n takes all below it and instantiates the last one twice, handing it all below that one.
        let mut text = "(component $c0)(type $k0 (component))".to_owned();
        let takes = |n: usize| repeat(n, |i| format!("(import \"c{i}\" (component $i{i} (type $k{i})))"));
        for n in 1..=depth {
            let hands = repeat(n - 1, |i| format!("(with \"c{i}\" (component $i{i}))"));
            let twice = format!("(instance (instantiate $i{} {hands}))", n - 1).repeat(2);
            let _ = write!(text, "(type $k{n} (component {0}))(component $c{n} {0} {twice})", takes(n));
        }
        let hands = repeat(depth, |i| format!("(with \"c{i}\" (component $c{i}))"));
        wat::parse_str(format!("(component {text} (instance (instantiate $c{depth} {hands})))")).unwrap()
    }

    /// The same again: a component is exported by an instance, and taken out of it by an alias.
    pub(in crate::preflight) fn exported() -> Vec<u8> {
        let text = "(component (component $c) (instance $i (export \"c\" (component $c)))
            (alias export $i \"c\" (component $d)) (instance (instantiate $d)))";
        wat::parse_str(text).unwrap()
    }

    /// Instances that export the instance before twice.
    pub(in crate::preflight) fn instances(depth: usize) -> Vec<u8> {
        let steps = repeat(depth, |n| {
            format!("(instance $i{0} (export \"a\" (instance $i{n})) (export \"b\" (instance $i{n})))", n + 1)
        });
        wat::parse_str(format!("(component (type $t u8) (instance $i0 (export \"t\" (type $t))) {steps})")).unwrap()
    }

    /// Pairs of pairs, and functions that take one: each is written out again.
    pub(in crate::preflight) fn types(depth: usize, functions: usize) -> Vec<u8> {
        let pairs = repeat(depth, |n| match n {
            0 => "(type $t0 (tuple u8 u8))".to_owned(),
            n => format!("(type $t{n} (tuple $t{0} $t{0}))", n - 1),
        });
        let lifts = repeat(functions, |n| {
            let ty = depth - 1;
            format!("(func $f{n} (param \"x\" $t{ty}) (canon lift (core func $f) (memory $m) (realloc $r)))")
        });
        let module = "(memory (export \"m\") 1) (func (export \"f\") (param i32))
            (func (export \"r\") (param i32 i32 i32 i32) (result i32) unreachable)";
        wat::parse_str(format!(
            "(component {pairs} (core module $c {module}) (core instance $c (instantiate $c))
              (alias core export $c \"m\" (core memory $m)) (alias core export $c \"f\" (core func $f))
              (alias core export $c \"r\" (core func $r)) {})",
            lifts
        ))
        .unwrap()
    }
}

/// Instance types in instance types. A parser that recurses has no stack left.
pub(in crate::preflight) fn nested_types(depth: usize) -> Vec<u8> {
    // One type; each instance type has one declaration, which is a type.
    let types = [vec![1], [0x42, 1, 1].repeat(depth), vec![0x42, 0]].concat();
    let mut file = b"\0asm\x0d\0\x01\0\x07".to_vec();
    let mut len = types.len();
    while len >= 0x80 {
        file.push((len & 0x7f) as u8 | 0x80);
        len >>= 7;
    }
    file.push(len as u8);
    [file, types].concat()
}

pub(in crate::preflight) fn components(count: usize) -> Vec<u8> {
    wat::parse_str(format!("(component {})", "(component)".repeat(count - 1))).unwrap()
}

pub(in crate::preflight) fn modules(count: usize) -> Vec<u8> {
    wat::parse_str(format!("(component {})", "(core module)".repeat(count))).unwrap()
}

pub(in crate::preflight) fn nested_module() -> Vec<u8> {
    wat::parse_str("(component (component (core module)))").unwrap()
}

pub(in crate::preflight) fn instances(count: usize) -> Vec<u8> {
    let twice = "(instance (instantiate $c))".repeat(count / 2);
    wat::parse_str(format!("(component (component $c (component $d) (instance (instantiate $d))) {twice})")).unwrap()
}

pub(in crate::preflight) fn aliases(count: usize) -> Vec<u8> {
    let aliases = "(alias core export $i \"g\" (core global))".repeat(count);
    let module = "(core module $m (global (export \"g\") i32 (i32.const 0)))";
    wat::parse_str(format!("(component {module} (core instance $i (instantiate $m)) {aliases})")).unwrap()
}

pub(in crate::preflight) fn lifts(count: usize) -> Vec<u8> {
    let lifts = "(func (canon lift (core func $i \"f\")))".repeat(count);
    let module = "(core module $m (func (export \"f\")))";
    wat::parse_str(format!("(component {module} (core instance $i (instantiate $m)) {lifts})")).unwrap()
}

pub(in crate::preflight) fn fields(count: usize) -> Vec<u8> {
    let record = format!("(type (enum {}))", repeat(1_000, |n| format!(" \"f{n}\"")));
    wat::parse_str(format!("(component {})", record.repeat(count.div_ceil(1_000)))).unwrap()
}

pub(in crate::preflight) fn types(count: usize) -> Vec<u8> {
    let params = |n: usize| (0..6).map(|bit| if n >> bit & 1 == 0 { " i32" } else { " i64" }).collect::<String>();
    around(&repeat(count, |n| format!("(type (func (param{})))", params(n))))
}

pub(in crate::preflight) fn imports(count: usize) -> Vec<u8> {
    around(&repeat(count, |n| format!("(import \"m\" \"{n}\" (func))")))
}

pub(in crate::preflight) fn exports(count: usize, name: usize) -> Vec<u8> {
    let exports = repeat(count, |n| format!("(export \"{}{n:08}\" (func 0))", "x".repeat(name.saturating_sub(8))));
    around(&format!("(func) {exports}"))
}

pub(in crate::preflight) fn empty_functions(count: usize) -> Vec<u8> {
    around(&"(func)".repeat(count))
}

pub(in crate::preflight) fn globals(count: usize) -> Vec<u8> {
    around(&"(global i32 (i32.const 0))".repeat(count))
}

pub(in crate::preflight) fn tables(count: usize) -> Vec<u8> {
    around(&"(table 1 funcref)".repeat(count))
}

pub(in crate::preflight) fn memories(count: usize) -> Vec<u8> {
    around(&"(memory 0)".repeat(count))
}

pub(in crate::preflight) fn element_segments(count: usize) -> Vec<u8> {
    around(&format!("(table 1 funcref) (func $f) {}", "(elem (i32.const 0) $f)".repeat(count)))
}

pub(in crate::preflight) fn elements(count: usize) -> Vec<u8> {
    around(&format!("(func $f) (elem func{})", " $f".repeat(count)))
}

pub(in crate::preflight) fn data_segments(count: usize) -> Vec<u8> {
    around(&format!("(memory 1) {}", "(data (i32.const 0) \"x\")".repeat(count)))
}

pub(in crate::preflight) fn memory(pages: usize) -> Vec<u8> {
    around(&format!("(memory {pages})"))
}

pub(in crate::preflight) fn table(elements: usize) -> Vec<u8> {
    around(&format!("(table {elements} funcref)"))
}

pub(in crate::preflight) fn custom(bytes: usize) -> Vec<u8> {
    around(&format!("(@custom \"people\" \"{}\")", "x".repeat(bytes)))
}

/// Function bodies.
pub(in crate::preflight) mod code {
    use super::{around, repeat};

    /// One function of so many instructions, without a branch.
    pub(in crate::preflight) fn straight_line(instructions: usize) -> Vec<u8> {
        let body = "local.get 0 i32.const 3 i32.add local.set 0 ".repeat(instructions / 4);
        around(&format!("(func (param i32) {body})"))
    }

    /// So many functions of so many instructions.
    pub(in crate::preflight) fn lines(functions: usize, instructions: usize) -> Vec<u8> {
        around(&format!("(func {})", "i32.const 100000000 drop ".repeat(instructions / 2)).repeat(functions))
    }

    /// Functions that each call so many others.
    pub(in crate::preflight) fn calls(functions: usize, calls: usize) -> Vec<u8> {
        around(&repeat(functions, |n| {
            let body = repeat(calls, |c| format!(" call {}", (n * 7 + c * 13) % functions));
            format!("(func {body})")
        }))
    }

    /// Calls that take and return so many values.
    pub(in crate::preflight) fn wide_calls(count: usize, values: usize) -> Vec<u8> {
        let many = " i64".repeat(values);
        let all = repeat(values, |n| format!("local.get {n} "));
        around(&format!(
            "(type $t (func (param{many}) (result{many}))) (import \"m\" \"f\" (func $f (type $t)))
             (func (type $t) {all} {})",
            "call $f ".repeat(count)
        ))
    }

    /// Loops that take and return so many values.
    pub(in crate::preflight) fn wide_loops(count: usize, values: usize) -> Vec<u8> {
        let many = " i64".repeat(values);
        let all = repeat(values, |n| format!("local.get {n} "));
        let row = "loop (type $t) local.get 0 i32.wrap_i64 br_if 0 end ".repeat(count);
        around(&format!("(type $t (func (param{many}) (result{many}))) (func (type $t) {all} {row})"))
    }

    pub(in crate::preflight) fn branch_table(targets: usize) -> Vec<u8> {
        around(&format!("(func (param i32) (block local.get 0 br_table{}))", " 0".repeat(targets + 1)))
    }

    pub(in crate::preflight) fn locals(count: usize) -> Vec<u8> {
        around(&format!("(func (local{}))", " i64".repeat(count)))
    }

    pub(in crate::preflight) fn nested_blocks(depth: usize) -> Vec<u8> {
        around(&format!("(func {}{})", "block ".repeat(depth), "end ".repeat(depth)))
    }

    /// Loops in loops, with values that live through all of them.
    pub(in crate::preflight) fn nested_loops(depth: usize, live: usize) -> Vec<u8> {
        let open = repeat(depth, |n| format!("loop {}", step(n % live)));
        let close = repeat(depth, |n| format!("local.get {} i32.wrap_i64 br_if 0 end ", n % live));
        around(&format!("(func (local{}) {open} {} {close})", " i64".repeat(live), repeat(live, step)))
    }

    /// Loops one after another, with values that live through all of them.
    pub(in crate::preflight) fn loop_row(functions: usize, count: usize, live: usize) -> Vec<u8> {
        let row =
            repeat(count, |n| format!("loop {} local.get {} i32.wrap_i64 br_if 0 end ", step(n % live), n % live));
        let all = repeat(live, step);
        around(&format!("(func (local{}) {all} {row} {all})", " i64".repeat(live)).repeat(functions))
    }

    /// A table of branches to a block each, with values that live through all of them.
    pub(in crate::preflight) fn switch(targets: usize, live: usize) -> Vec<u8> {
        let table = repeat(targets, |n| format!(" {n}"));
        let cases = repeat(targets, |n| format!("end {} ", step(1 + n % live)));
        let all = repeat(live, |n| step(1 + n));
        let open = "block ".repeat(targets);
        let locals = " i64".repeat(live);
        around(&format!("(func (param i32) (local{locals}) {all} {open} local.get 0 br_table{table} {cases} {all})"))
    }

    /// Values on the operand stack that live through a row of branches.
    pub(in crate::preflight) fn stack_row(functions: usize, values: usize, branches: usize) -> Vec<u8> {
        let push = repeat(values, |n| format!("local.get 0 i64.const {n} i64.add "));
        let row = "block local.get 1 br_if 0 end ".repeat(branches);
        let pop = "drop ".repeat(values - 1);
        around(&format!("(func (param i64 i32) (result i64) {push} {row} {pop})").repeat(functions))
    }

    fn step(local: usize) -> String {
        format!("local.get {local} i64.const 1 i64.add local.set {local} ")
    }
}
