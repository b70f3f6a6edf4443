//! What is broken, and how.

use wasm_encoder::{BlockType, HeapType, InstructionSink, MemArg, ValType};

/// Every mutation by its name. All but those of `Start` and `Memory` show in one cycle only, see [`FAULT_CYCLE`].
pub(crate) const ALL: &[(&str, Mutation)] = &[
    ("raw-oob", Mutation::Hook(Deed::Return(0x7fff_fff0))),
    ("raw-misaligned", Mutation::Hook(Deed::Return(1))),
    ("raw-garbage", Mutation::Hook(Deed::Garbage(0xff))),
    ("raw-garbage-ok", Mutation::Hook(Deed::Garbage(0))),
    ("raw-garbage-err", Mutation::Hook(Deed::Garbage(1))),
    ("raw-bad-utf8", Mutation::Hook(Deed::Text(0x4000))),
    ("raw-oob-text", Mutation::Hook(Deed::Text(0x7000_0000))),
    ("core-loop", Mutation::Hook(Deed::Loop)),
    ("core-unreachable", Mutation::Hook(Deed::Unreachable)),
    ("core-divide", Mutation::Hook(Deed::Divide)),
    ("core-oob", Mutation::Hook(Deed::OutOfBounds)),
    ("core-null-call", Mutation::Hook(Deed::NullCall)),
    ("table-growth", Mutation::Hook(Deed::TableGrowth)),
    ("realloc-loop", Mutation::Realloc(Deed::Loop)),
    ("realloc-trap", Mutation::Realloc(Deed::Unreachable)),
    ("realloc-oob", Mutation::Realloc(Deed::Return(0x7fff_fff0))),
    ("realloc-misaligned", Mutation::Realloc(Deed::Return(1))),
    ("post-return-loop", Mutation::PostReturn(Deed::Loop)),
    ("post-return-trap", Mutation::PostReturn(Deed::Unreachable)),
    ("start-loop", Mutation::Start(Deed::Loop)),
    ("start-trap", Mutation::Start(Deed::Unreachable)),
    ("huge-memory", Mutation::Memory { pages: 272 }),
];

/// A guest behaves but in this cycle of the trading loop, which it reads from its context: so a test sees it serve
/// before and after.
pub(crate) const FAULT_CYCLE: i64 = 13;

/// `realloc` runs before there is a context: it misbehaves after a call in this cycle.
pub(crate) const ARM_CYCLE: i64 = 12;

/// Which part of the guest misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// The function of every hook.
    Hook(Deed),
    /// What the host allocates arguments with.
    Realloc(Deed),
    /// What runs after an answer of a hook was read.
    PostReturn(Deed),
    /// What runs when the module is instantiated.
    Start(Deed),
    /// Asks for so many pages of 64 KiB at once.
    Memory {
        /// How many.
        pages: u64,
    },
}

/// What a function does instead of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Never comes back.
    Loop,
    /// Traps.
    Unreachable,
    /// Divides by zero, by the instruction.
    Divide,
    /// Reads behind the end of memory.
    OutOfBounds,
    /// Calls through an empty slot of the table.
    NullCall,
    /// Grows the table until it is denied, then traps.
    TableGrowth,
    /// Returns this number as a pointer.
    Return(i32),
    /// Returns a pointer to this byte, with nothing but 0xff behind it.
    Garbage(u8),
    /// Returns an error whose text begins at this address and is as many bytes long, none of which is UTF-8.
    Text(i32),
}

/// Where a made-up answer lies: within the stack of the guest, aligned to 16.
const ANSWER: i32 = 0x1000;
const WORD: MemArg = MemArg { offset: 0, align: 2, memory_index: 0 };

impl Deed {
    /// Writes the instructions. Nothing after them is reached. `nothing` is the type of a function without parameters
    /// and results.
    pub(crate) fn write(self, code: &mut InstructionSink<'_>, nothing: u32) {
        match self {
            Self::Loop => {
                code.loop_(BlockType::Empty).br(0).end();
            }
            Self::Unreachable => {}
            Self::Divide => {
                code.i32_const(1).i32_const(0).i32_div_s().drop();
            }
            Self::OutOfBounds => {
                code.i32_const(-16).i32_load(WORD).drop();
            }
            Self::NullCall => {
                code.i32_const(0).call_indirect(0, nothing);
            }
            Self::TableGrowth => {
                code.loop_(BlockType::Empty)
                    .ref_null(HeapType::FUNC)
                    .i32_const(1_000)
                    .table_grow(0)
                    .i32_const(-1)
                    .i32_ne()
                    .br_if(0)
                    .end();
            }
            Self::Return(pointer) => {
                code.i32_const(pointer).return_();
            }
            Self::Garbage(first) => {
                fill(code, ANSWER, 4_096);
                code.i32_const(ANSWER).i32_const(first.into()).i32_store8(WORD_BYTE);
                code.i32_const(ANSWER).return_();
            }
            Self::Text(address) => {
                if address < 0x10_0000 {
                    fill(code, address, address);
                }
                // The case, and the text's address and length wherever the answer's alignment puts them.
                for (offset, word) in [(0, 1), (4, address), (8, address), (12, address)] {
                    code.i32_const(ANSWER + offset).i32_const(word).i32_store(WORD);
                }
                code.i32_const(ANSWER).return_();
            }
        }
        code.unreachable();
    }
}

const WORD_BYTE: MemArg = MemArg { align: 0, ..WORD };

fn fill(code: &mut InstructionSink<'_>, address: i32, bytes: i32) {
    code.i32_const(address).i32_const(0xff).i32_const(bytes).memory_fill(0);
}

/// Runs the deed in this cycle: parameter 0 is the address of the arguments, and they begin with the context.
pub(crate) fn in_cycle(code: &mut InstructionSink<'_>, cycle: i64, deed: impl FnOnce(&mut InstructionSink<'_>)) {
    const CYCLE: MemArg = MemArg { offset: 8, align: 3, memory_index: 0 };
    code.local_get(0).i64_load(CYCLE).i64_const(cycle).i64_eq().if_(BlockType::Empty);
    deed(code);
    code.end();
}

/// The type of the flag that arms `realloc` and what runs after a call.
pub(crate) const ARMED: ValType = ValType::I32;
