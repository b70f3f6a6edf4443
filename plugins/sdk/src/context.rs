//! What goes with every call.

use std::ops::Deref;

use crate::SymbolTable;
use crate::hooks::Context;

/// The context of a call: event time (the only clock), cycle, stage, mode, risk mode and directives as fields of
/// [`Context`], and the symbol table.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    context: &'a Context,
    symbols: &'a SymbolTable,
}

impl<'a> Ctx<'a> {
    /// Joins the two. The SDK does this for every call; tests do it themselves.
    #[must_use]
    pub const fn new(context: &'a Context, symbols: &'a SymbolTable) -> Self {
        Self { context, symbols }
    }

    /// Names and trading rules by symbol id.
    #[must_use]
    pub const fn symbols(&self) -> &'a SymbolTable {
        self.symbols
    }
}

impl Deref for Ctx<'_> {
    type Target = Context;

    fn deref(&self) -> &Context {
        self.context
    }
}
