//! Function bodies.
//!
//! A compiler's work is more than its input: every value that lives may have to be moved at every branch. So branches are
//! multiplied with values, of each function and of the whole file.

use wasmparser::{BlockType, FunctionBody, Operator};

use super::{Measure, NotAComponent, module::Module, walk::Walk};

impl<'a> Walk<'a> {
    pub(super) fn body(&mut self, body: &FunctionBody<'a>) -> Result<(), NotAComponent> {
        let bytes = body.range().len() as u64;
        self.gauge.peak(Measure::BodyBytes, bytes)?;
        self.gauge.add(Measure::CodeBytes, bytes)?;
        let mut values = self.module.next_body().params;
        for group in body.get_locals_reader()? {
            values = values.saturating_add(group?.0.into());
        }
        self.gauge.peak(Measure::Values, values)?;
        let mut scan = Scan::new(&self.module, values);
        for operator in body.get_operators_reader()? {
            scan.operator(&operator?);
        }
        self.gauge.peak(Measure::Nesting, scan.nesting)?;
        self.gauge.peak(Measure::LoopNesting, scan.loop_nesting)?;
        self.gauge.peak(Measure::BranchTable, scan.branch_table)?;
        self.gauge.add(Measure::Instructions, scan.instructions)?;
        self.gauge.peak(Measure::FunctionMoves, scan.moves)?;
        self.gauge.add(Measure::Moves, scan.moves)?;
        let tangle = scan.branches.saturating_mul(scan.instructions);
        self.gauge.peak(Measure::FunctionTangle, tangle)?;
        self.gauge.add(Measure::Tangle, tangle)?;
        self.gauge.add(Measure::BlockValues, scan.block_values)?;
        Ok(())
    }
}

/// A block that is open.
struct Open {
    is_loop: bool,
    /// Values that a branch to it takes along.
    label: u64,
}

/// What one body adds up to. Its length was checked, so nothing here can run away.
struct Scan<'m> {
    module: &'m Module,
    values: u64,
    open: Vec<Open>,
    loops: u64,
    nesting: u64,
    loop_nesting: u64,
    branch_table: u64,
    /// Calls count with what they take and return.
    instructions: u64,
    branches: u64,
    /// Values that may have to be moved at branches.
    moves: u64,
    /// Parameters and results of blocks with a type of their own.
    block_values: u64,
}

impl<'m> Scan<'m> {
    fn new(module: &'m Module, values: u64) -> Self {
        Self {
            module,
            values,
            open: Vec::new(),
            loops: 0,
            nesting: 0,
            loop_nesting: 0,
            branch_table: 0,
            instructions: 0,
            branches: 0,
            moves: 0,
            block_values: 0,
        }
    }

    fn operator(&mut self, operator: &Operator<'_>) {
        self.instructions += 1;
        match operator {
            Operator::Block { blockty } | Operator::If { blockty } => self.open(false, *blockty),
            Operator::Loop { blockty } => self.open(true, *blockty),
            Operator::Else => self.branch(1, 0),
            Operator::End => {
                self.loops -= self.open.pop().map_or(0, |block| block.is_loop.into());
            }
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                self.branch(1, self.label(*relative_depth));
            }
            Operator::BrTable { targets } => {
                self.branch_table = self.branch_table.max(targets.len().into());
                self.branch(u64::from(targets.len()) + 1, self.label(targets.default()));
            }
            Operator::Call { function_index } => self.call(self.module.function(*function_index).sum()),
            Operator::CallIndirect { type_index, .. } => self.call(self.module.ty(*type_index).sum()),
            _ => {}
        }
    }

    fn open(&mut self, is_loop: bool, ty: BlockType) {
        let (params, results) = match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => {
                let ty = self.module.ty(index);
                self.block_values = self.block_values.saturating_add(ty.sum());
                (ty.params, ty.results)
            }
        };
        self.branch(1, params.saturating_add(results));
        self.open.push(Open { is_loop, label: if is_loop { params } else { results } });
        self.loops += u64::from(is_loop);
        self.nesting = self.nesting.max(self.open.len() as u64);
        self.loop_nesting = self.loop_nesting.max(self.loops);
    }

    fn branch(&mut self, ways: u64, taken_along: u64) {
        self.branches += ways;
        let values = self.values.saturating_add(taken_along);
        self.moves = self.moves.saturating_add(ways.saturating_mul(values));
    }

    fn call(&mut self, operands: u64) {
        self.instructions = self.instructions.saturating_add(operands);
    }

    fn label(&self, depth: u32) -> u64 {
        let block = usize::try_from(depth).ok().and_then(|depth| self.open.iter().rev().nth(depth));
        block.map_or(0, |block| block.label)
    }
}
