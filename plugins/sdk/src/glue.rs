//! Between the bindings, which are static functions, and a plugin, which is a value with state. Used by
//! [`crate::export!`] only.

use std::marker::PhantomData;

use crate::bindings::plugin_base::exports::bulkhead::hooks::plugin::{Description, Guest, HookFuel};
use crate::hooks::{Context, SymbolInfo};
use crate::{Answer, Ctx, Plugin, SymbolTable, config, panic};

/// What implements the bindings' traits in place of the plugin.
pub struct Component<P>(PhantomData<P>);

/// A plugin with a place to live in. Implemented by [`crate::export!`].
pub trait Exported: Plugin {
    /// Lends the one slot of this instance. No call of the host comes while another is served, so it is always free.
    fn with_slot<R>(serve: impl FnOnce(&mut Slot<Self>) -> R) -> R;
}

/// The plugin of an instance and what the host told it.
pub struct Slot<P> {
    plugin: Option<P>,
    symbols: SymbolTable,
    ready: bool,
}

impl<P: Plugin> Slot<P> {
    /// A slot before the first call.
    #[must_use]
    pub const fn empty() -> Self {
        Self { plugin: None, symbols: SymbolTable::empty(), ready: false }
    }

    /// The plugin, made from the default configuration when the host has not configured it, and the symbols.
    fn parts(&mut self) -> Result<(&mut P, &SymbolTable), String> {
        if self.plugin.is_none() {
            self.plugin = Some(self.make(P::Config::default())?);
        }
        match &mut self.plugin {
            Some(plugin) => Ok((plugin, &self.symbols)),
            None => Err("the plugin was not made".to_string()),
        }
    }

    fn make(&self, config: P::Config) -> Result<P, String> {
        let mut plugin = P::new(config)?;
        if !self.symbols.is_empty() {
            plugin.symbols(&self.symbols);
        }
        Ok(plugin)
    }

    fn configure(&mut self, json: &str) -> Result<(), String> {
        self.plugin = Some(self.make(config::parse(json)?)?);
        Ok(())
    }

    fn set_symbols(&mut self, symbols: Vec<SymbolInfo>) -> Result<(), String> {
        self.symbols = SymbolTable::new(symbols);
        let (plugin, symbols) = self.parts()?;
        plugin.symbols(symbols);
        Ok(())
    }
}

fn slot<P: Exported, R>(serve: impl FnOnce(&mut Slot<P>) -> R) -> R {
    P::with_slot(|slot| {
        if !slot.ready {
            panic::install_hook();
            slot.ready = true;
        }
        serve(slot)
    })
}

/// Serves a call that has a context.
pub(crate) fn answer<P: Exported, T>(context: &Context, hook: impl FnOnce(&mut P, &Ctx<'_>) -> Answer<T>) -> Answer<T> {
    slot::<P, _>(|slot| {
        let (plugin, symbols) = slot.parts()?;
        hook(plugin, &Ctx::new(context, symbols))
    })
}

/// Serves a call that has none.
pub(crate) fn serve<P: Exported, T>(call: impl FnOnce(&mut P) -> Answer<T>) -> Answer<T> {
    slot::<P, _>(|slot| call(slot.parts()?.0))
}

impl<P: Exported> Guest for Component<P> {
    fn describe() -> Description {
        Description {
            name: P::NAME.to_string(),
            version: P::VERSION.to_string(),
            summary: P::SUMMARY.to_string(),
            config_schema: P::SCHEMA.to_string(),
            fuel: P::FUEL.iter().map(|&(hook, fuel)| HookFuel { hook: hook.to_string(), fuel }).collect(),
            stateful: P::STATEFUL,
        }
    }

    fn configure(json: String) -> Result<(), String> {
        slot::<P, _>(|slot| slot.configure(&json))
    }

    fn set_symbols(symbols: Vec<SymbolInfo>) -> Result<(), String> {
        slot::<P, _>(|slot| slot.set_symbols(symbols))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::Slot;
    use crate::testing::symbol;
    use crate::{Plugin, SymbolTable};

    #[derive(Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Config {
        limit: u32,
    }

    struct Counter {
        limit: u32,
        told: usize,
    }

    impl Plugin for Counter {
        const NAME: &str = "counter";
        const VERSION: &str = "1.0.0";
        const SUMMARY: &str = "Counts.";
        type Config = Config;

        fn new(config: Config) -> Result<Self, String> {
            if config.limit > 10 {
                return Err("limit must be at most 10".to_string());
            }
            Ok(Self { limit: config.limit, told: 0 })
        }

        fn symbols(&mut self, table: &SymbolTable) {
            self.told += table.len();
        }
    }

    #[test]
    fn serves_with_the_default_configuration_before_configure() {
        let mut slot = Slot::<Counter>::empty();
        assert_eq!(slot.parts().unwrap().0.limit, 0);
    }

    #[test]
    fn configures_and_tells_the_symbols_in_any_order() {
        let mut slot = Slot::<Counter>::empty();
        slot.set_symbols(vec![symbol(0, "BTC")]).unwrap();
        slot.configure(r#"{"limit": 5}"#).unwrap();
        let (plugin, symbols) = slot.parts().unwrap();
        assert_eq!((plugin.limit, plugin.told), (5, 1));
        assert_eq!(symbols.name(0), "BTC");
        slot.set_symbols(vec![symbol(0, "BTC"), symbol(1, "ETH")]).unwrap();
        assert_eq!(slot.parts().unwrap().0.told, 3);
    }

    #[test]
    fn keeps_the_old_plugin_when_a_configuration_is_refused() {
        let mut slot = Slot::<Counter>::empty();
        slot.configure(r#"{"limit": 5}"#).unwrap();
        assert_eq!(slot.configure(r#"{"limit": 11}"#).unwrap_err(), "limit must be at most 10");
        assert!(slot.configure(r#"{"limt": 1}"#).unwrap_err().contains("`limit`"));
        assert_eq!(slot.parts().unwrap().0.limit, 5);
    }
}
