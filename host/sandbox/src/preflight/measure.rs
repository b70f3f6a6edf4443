//! What is measured, how much of it is accepted, and what an author can do about it.
//!
//! The limits are five times and more what first-party components have, rounded up, and low enough that a file at several
//! of them at once compiles within seconds and 300 MB. The numbers in brackets are the most that one component of this
//! repository has; those of the bombs are what a file at a hundred times the limit, or at none, cost the compiler.

/// The remedy for what only a toolchain decides.
const SDK: &str = "build it with the Bulkhead SDK and `cargo xtask plugins`";
const ONE: &str = "a plugin is one component made of one program; give its parts as plugins of their own";
const TYPES: &str = "declare fewer and flatter types in its interfaces";
const SMALLER: &str = "build it with opt-level \"s\" and lto, or split the plugin";
const SPLIT: &str = "split the largest function, or build it with opt-level \"s\"";
const MEMORY: &str = "declare less, or raise the ceiling in [sandbox] of the configuration";
const STRIP: &str = "build it with strip = true";

macro_rules! measures {
    ($($(#[$doc:meta])+ $name:ident: $most:expr, $what:literal, $remedy:expr;)+) => {
        /// A property of a component that is measured. Counts are sums over the whole file, nested components and all
        /// modules included.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Measure {
            $($(#[$doc])+ $name,)+
        }

        impl Measure {
            /// All of them, in the order of their discriminants.
            pub const ALL: [Self; [$(Self::$name),+].len()] = [$(Self::$name),+];

            /// How much is accepted.
            #[must_use]
            pub const fn most(self) -> u64 {
                match self { $(Self::$name => $most),+ }
            }

            /// What is counted, as it follows a number.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$name => $what),+ }
            }

            /// What the author of the plugin can do.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy),+ }
            }
        }
    };
}

measures! {
    /// Levels of components in components, the outermost included (2: an interface gets a shim).
    Depth: 3, "levels of components in components", ONE;
    /// Components, the outermost included (22).
    Components: 128, "components", ONE;
    /// Core modules (3).
    Modules: 16, "core modules", ONE;
    /// Core modules in nested components (0). They would have to be joined to others by adapters, code of the compiler's
    /// own making that had bugs of its own.
    NestedModules: 0, "core modules in nested components", ONE;
    /// Instances as they stand at the end: one inside a component counts for every instance of that component (26). The
    /// compiler writes each of them out: 20 levels of two are 418 bytes, a second and 300 MB, and four times that for every
    /// two levels more.
    Instances: 256, "instances", ONE;
    /// Components and modules that are imported, exported or aliased (0). Handed around they double as nested ones do.
    CodeValues: 0, "components or modules handed around as values", ONE;
    /// Names taken out of other scopes (112).
    Aliases: 1_024, "aliases", SDK;
    /// Functions lifted, lowered and built in (25).
    Canonicals: 256, "lifted and lowered functions", TYPES;
    /// Levels of types declared in types (1). At some thousand the compiler's parser has no stack left and the process dies.
    TypeDepth: 8, "levels of types declared in types", TYPES;
    /// Component types with their fields, cases, parameters and declarations (4,412).
    TypeItems: 32_768, "types and parts of types", TYPES;
    /// Nodes of one component type written out in full (337). A pair of pairs of pairs doubles with every level.
    TypeSize: 4_096, "nodes of one type written out in full", TYPES;
    /// Nodes of the types of all functions, imports, exports and instances, each written out in full as the compiler does
    /// (38,836).
    TypeSizes: 196_608, "nodes of all types written out in full", TYPES;
    /// Core types (48).
    CoreTypes: 1_024, "core types", SMALLER;
    /// Parameters and results of one core function type (10; the canonical ABI has at most 17). Thirty thousand calls of
    /// twenty and twenty are 60 kB, 18 s and 600 MB.
    Signature: 64, "parameters and results of one core function", SMALLER;
    /// Imports of modules and components (492).
    Imports: 4_096, "imports", TYPES;
    /// Exports of modules and components (270).
    Exports: 2_048, "exports", TYPES;
    /// Functions with a body (435). 200,000 empty ones are 19 s and 1.2 GB.
    Functions: 4_096, "functions", SMALLER;
    /// Globals (4).
    Globals: 512, "globals", SMALLER;
    /// Tables (2).
    Tables: 16, "tables", ONE;
    /// Memories (1).
    Memories: 8, "memories", ONE;
    /// Element segments (2).
    ElementSegments: 64, "element segments", SMALLER;
    /// Entries of all element segments (89). A million are 16 s and 2.3 GB.
    Elements: 10_000, "entries of element segments", SMALLER;
    /// Data segments (2).
    DataSegments: 1_024, "data segments", SMALLER;
    /// Bytes of all function bodies (233,782).
    CodeBytes: 1_572_864, "bytes of code", SMALLER;
    /// Bytes of one function body (14,282). 1.7 MB in one line are 10 s and 1 GB.
    BodyBytes: 98_304, "bytes of code in one function", SPLIT;
    /// Parameters and locals of one function (83).
    Values: 512, "parameters and locals of one function", SPLIT;
    /// Levels of blocks in blocks (54).
    Nesting: 384, "levels of nested blocks", SPLIT;
    /// Levels of loops in loops (8).
    LoopNesting: 48, "levels of nested loops", SPLIT;
    /// Targets of one branch table (84). A thousand, with a thousand values to move, are 34 kB and 47 s.
    BranchTable: 512, "targets of one branch table", SPLIT;
    /// Parameters and results of all blocks that have a type of their own (0: compilers use locals). A thousand loops that
    /// take and return a hundred are 8 kB and 4 GB.
    BlockValues: 1_024, "parameters and results of blocks", SMALLER;
    /// Instructions, calls counted with what they take and return (114,412).
    Instructions: 786_432, "instructions", SMALLER;
    /// Branches of one function times its parameters and locals (48,421): what may have to be moved.
    FunctionMoves: 320_000, "moves at the branches of one function", SPLIT;
    /// The same of all functions (255,578).
    Moves: 1_600_000, "moves at branches", SMALLER;
    /// Branches of one function times its instructions (7,419,093): values on the operand stack live through branches too.
    FunctionTangle: 50_000_000, "branches times instructions of one function", SPLIT;
    /// The same of all functions (21,381,436).
    Tangle: 150_000_000, "branches times instructions", SMALLER;
    /// Bytes of memory that a module declares at the start (131,072). The default is that of `Ceilings`.
    MemoryBytes: 16 << 20, "bytes of memory at the start", MEMORY;
    /// Elements of a table that a module declares at the start (89). The default is that of `Ceilings`.
    TableElements: 10_000, "elements of one table at the start", MEMORY;
    /// Bytes of custom sections (10,006).
    CustomBytes: 65_536, "bytes of custom sections", STRIP;
    /// Bytes of one name of an import, an export, a field, a case or a parameter (76).
    NameBytes: 384, "bytes in one name", "use shorter names";
}
