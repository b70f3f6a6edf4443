//! What every plugin is.

use serde::de::DeserializeOwned;

use crate::SymbolTable;

/// What a hook returns: the answer, or why the plugin could not answer. The text is for people, the host keeps its first
/// 256 bytes; the host then takes the hook's safe default.
pub type Answer<T> = Result<T, String>;

/// Identity and configuration of a plugin.
pub trait Plugin: Sized + 'static {
    /// Lower-case words with dashes.
    const NAME: &str;
    /// Semantic version, usually `env!("CARGO_PKG_VERSION")`.
    const VERSION: &str;
    /// One sentence for people.
    const SUMMARY: &str;
    /// Fuel that each hook takes on typical input, by the name of its interface. For people: `cargo xtask test` compares
    /// it with what is measured, for the plugins of this repository.
    const FUEL: &[(&str, u64)] = &[];
    /// Keeps state between calls: the host then keeps one instance and never recycles it unasked.
    const STATEFUL: bool = false;
    /// JSON Schema of [`Plugin::Config`]: what the host shows to people who write the configuration.
    const SCHEMA: &str = "{\"type\":\"object\"}";

    /// The configuration. Give it `#[serde(default, deny_unknown_fields)]`, so that every key is optional and a
    /// misspelt one is refused.
    type Config: DeserializeOwned + Default;

    /// Makes the plugin. Called when the host configures the instance, or with the default configuration when a hook is
    /// asked before that.
    ///
    /// # Errors
    /// When the configuration makes no sense: say which key, what it is and what it must be.
    fn new(config: Self::Config) -> Result<Self, String>;

    /// Told when the symbol table changes. Hooks see the table in [`crate::Ctx::symbols`], so that only a plugin that
    /// derives something from it needs this.
    fn symbols(&mut self, table: &SymbolTable) {
        let _ = table;
    }
}
