//! From bytes to a [`Plugin`]: outline, compilation, imports, contract version, `describe`.

use std::{collections::BTreeMap, sync::Arc};

use bulkhead_policy::{FaultClass, HookId, value::tame_text};
use sha2::{Digest as _, Sha256};
use wasmtime::component::{
    Component, ComponentExportIndex,
    types::{ComponentInstance, ComponentItem},
};

use crate::{
    Compiled, Description, Fault, Grants, Phase, Plugin, Sandbox, WIT_VERSION,
    cache::Digest,
    instance::Instance,
    plugin::{Exports, Inner},
    preflight::{self, Excess, Measure, NotAComponent, PreflightLimits},
    wire,
};

/// Package of the contract.
const PACKAGE: &str = "bulkhead:hooks/";
/// Longest configuration schema kept, bytes.
const MAX_SCHEMA: usize = 64 << 10;

/// Why a plugin was refused. Nothing of it runs or serves.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not a component at all.
    #[error(transparent)]
    NotAComponent(#[from] NotAComponent),
    /// The engine refused the code.
    #[error(
        "the component does not compile: {0}; it may use WebAssembly features that this host keeps off (threads, GC, memory64, tail calls, relaxed SIMD)"
    )]
    Compile(String),
    /// A component made for something else.
    #[error(
        "the component is of another world: it exports no {PACKAGE}plugin (it exports {exports}); build it with the Bulkhead SDK"
    )]
    OtherWorld {
        /// What it exports.
        exports: String,
    },
    /// Built for another contract.
    #[error(
        "built for bulkhead:hooks {built_for}, this host speaks {WIT_VERSION}; rebuild the plugin against the SDK of this host, or update the host"
    )]
    OtherVersion {
        /// Version in its export names.
        built_for: String,
    },
    /// Wants more than it is granted.
    #[error(
        "it imports {import}, which is not granted (granted: {granted}); remove the use of it or grant it in the configuration"
    )]
    NotGranted {
        /// The import.
        import: String,
        /// What is granted.
        granted: &'static str,
    },
    /// An interface is there, but not as the contract has it.
    #[error(
        "its {interface} is not that of bulkhead:hooks {WIT_VERSION}: {text}; rebuild it against the SDK of this host"
    )]
    Contract {
        /// Which interface.
        interface: String,
        /// What differs.
        text: String,
    },
    /// It exports no hook.
    #[error("it answers no hook: implement at least one hook trait and name it in `export!`")]
    NoHook,
    /// It failed while it was asked about itself.
    #[error("it failed when loaded: {0}")]
    Fault(#[from] Fault),
}

impl Sandbox {
    /// Checks and compiles a component. Nothing of the guest runs before its imports are known to be granted.
    ///
    /// # Errors
    /// [`LoadError`], one clear sentence with a remedy.
    pub fn load(&self, bytes: &[u8], grants: Grants) -> Result<Plugin, LoadError> {
        preflight::inspect(bytes, &PreflightLimits::under(&self.ceilings)).map_err(too_much)?;
        let digest: Digest = Sha256::digest(bytes).into();
        let component = self.component(bytes, &digest)?;
        // The version first: an import of another contract is no missing grant.
        let (exports, wit_version) = self.find_exports(&component)?;
        self.check_imports(&component, grants)?;
        let linker = if grants.log { &self.linker } else { &self.bare_linker };
        let pre = linker.instantiate_pre(&component).map_err(|error| uncompiled(&error))?;
        let description = Description {
            name: String::new(),
            version: String::new(),
            summary: String::new(),
            config_schema: String::new(),
            fuel: BTreeMap::new(),
            stateful: false,
        };
        let inner = Inner { pre, exports, ceilings: self.ceilings, digest: hex(&digest), wit_version, description };
        describe(inner)
    }

    /// Does everything of [`Sandbox::load`] in which nothing of the guest runs, and returns the code.
    ///
    /// # Errors
    /// As [`Sandbox::load`].
    pub fn compile_only(&self, bytes: &[u8], grants: Grants) -> Result<Vec<u8>, LoadError> {
        // Nothing is instantiated, so there are no ceilings.
        let limits = PreflightLimits::default().with(Measure::MemoryBytes, u64::MAX);
        preflight::inspect(bytes, &limits.with(Measure::TableElements, u64::MAX))?;
        let component = Component::from_binary(&self.engine, bytes).map_err(|error| uncompiled(&error))?;
        self.find_exports(&component)?;
        self.check_imports(&component, grants)?;
        component.serialize().map_err(|error| uncompiled(&error))
    }

    /// Takes over what a child of this host has made of a component, so that loading it compiles nothing. Without a code
    /// cache nothing happens: every code that is loaded comes out of one.
    pub fn take_over(&self, bytes: &[u8], compiled: &Compiled) {
        if let Some(cache) = &self.cache
            && !compiled.0.is_empty()
        {
            cache.take_over(&self.engine, &Sha256::digest(bytes).into(), compiled);
        }
    }

    /// Whether these bytes are a component from end to end, and of bounded structure: all but compiling it.
    #[must_use]
    pub fn is_whole(&self, bytes: &[u8]) -> bool {
        preflight::inspect(bytes, &PreflightLimits::under(&self.ceilings)).is_ok()
    }

    /// Whether this sandbox has compiled this component before and kept the code: [`Sandbox::load`] compiles nothing then.
    #[must_use]
    pub fn compiled_before(&self, bytes: &[u8]) -> bool {
        self.cache.as_ref().is_some_and(|cache| cache.holds(&self.engine, &Sha256::digest(bytes).into()))
    }

    /// Compiled, or compiled before.
    fn component(&self, bytes: &[u8], digest: &Digest) -> Result<Component, LoadError> {
        let compile = || Component::from_binary(&self.engine, bytes);
        let component = match &self.cache {
            Some(cache) => cache.component(&self.engine, digest, compile),
            None => compile(),
        };
        component.map_err(|error| uncompiled(&error))
    }

    fn check_imports(&self, component: &Component, grants: Grants) -> Result<(), LoadError> {
        for (name, import) in component.component_type().imports(&self.engine) {
            let refused = match &import.ty {
                // A types-only interface carries no function: it is no capability.
                ComponentItem::ComponentInstance(instance) => self.carries_code(instance) && !grants.allows(name),
                ComponentItem::Type(_) => false,
                _ => true,
            };
            if refused {
                return Err(LoadError::NotGranted { import: tame_text(name), granted: grants.names() });
            }
        }
        Ok(())
    }

    fn carries_code(&self, instance: &ComponentInstance) -> bool {
        instance.exports(&self.engine).any(|(_, export)| !matches!(export.ty, ComponentItem::Type(_)))
    }

    fn find_exports(&self, component: &Component) -> Result<(Exports, String), LoadError> {
        let ty = component.component_type();
        let names: Vec<&str> = ty.exports(&self.engine).map(|(name, _)| name).collect();
        let wit_version = contract_version(&names)?;
        let function = |interface: &str, function: &str| -> Option<ComponentExportIndex> {
            let instance = component.get_export_index(None, &*format!("{PACKAGE}{interface}@{wit_version}"))?;
            component.get_export_index(Some(&instance), function)
        };
        let needed = |name: &str| {
            function("plugin", name).ok_or_else(|| LoadError::Contract {
                interface: "plugin".to_owned(),
                text: format!("function {name} is missing"),
            })
        };
        let hooks: Vec<(HookId, ComponentExportIndex)> = HookId::ALL
            .iter()
            .filter_map(|hook| Some((*hook, function(hook.name(), wire::function(*hook))?)))
            .collect();
        if hooks.is_empty() {
            return Err(LoadError::NoHook);
        }
        let exports = Exports {
            describe: needed("describe")?,
            configure: needed("configure")?,
            set_symbols: needed("set-symbols")?,
            self_test: function("self-test", "run"),
            state: function("state", "snapshot").zip(function("state", "restore")),
            report: function("report", "report"),
            hooks,
        };
        Ok((exports, wit_version))
    }
}

fn uncompiled(error: &wasmtime::Error) -> LoadError {
    LoadError::Compile(tame_text(&error.root_cause().to_string()))
}

/// What does not fit under the ceilings is the fault that it would be when instantiated, found before it is compiled.
fn too_much(error: NotAComponent) -> LoadError {
    match error {
        NotAComponent::TooMuch(Excess { measure: Measure::MemoryBytes | Measure::TableElements, .. }) => {
            Fault::new(FaultClass::Memory, Phase::Instantiate, &error.to_string()).into()
        }
        error => error.into(),
    }
}

/// Version in the name of the `plugin` interface. The host speaks one minor version and its patches.
fn contract_version(exports: &[&str]) -> Result<String, LoadError> {
    let base = format!("{PACKAGE}plugin@");
    let Some(version) = exports.iter().find_map(|name| name.strip_prefix(&base)) else {
        let mut list = exports.join(", ");
        if list.is_empty() {
            list = "nothing".to_owned();
        }
        return Err(LoadError::OtherWorld { exports: tame_text(&list) });
    };
    let minor = |v: &str| v.rsplit_once('.').map(|(minor, _)| minor.to_owned());
    if minor(version) != minor(WIT_VERSION) {
        return Err(LoadError::OtherVersion { built_for: tame_text(version) });
    }
    Ok(version.to_owned())
}

/// Instantiates once, to check every function's type against the contract and to ask the plugin about itself.
fn describe(inner: Inner) -> Result<Plugin, LoadError> {
    let mut plugin = Plugin { inner: Arc::new(inner) };
    let mut probe = Instance::new(&plugin)?;
    probe.check_types()?;
    let said = probe.describe()?;
    drop(probe);
    let schema_end = said.config_schema.floor_char_boundary(MAX_SCHEMA);
    let description = Description {
        name: tame_text(&said.name),
        version: tame_text(&said.version),
        summary: tame_text(&said.summary),
        config_schema: said.config_schema.get(..schema_end).unwrap_or_default().to_owned(),
        fuel: said.fuel.iter().filter_map(|row| Some((HookId::parse(&row.hook)?, row.fuel))).collect(),
        stateful: said.stateful,
    };
    if let Some(inner) = Arc::get_mut(&mut plugin.inner) {
        inner.description = description;
    }
    Ok(plugin)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_minor_version_is_spoken() {
        assert_eq!(contract_version(&["bulkhead:hooks/plugin@1.0.0"]).unwrap(), "1.0.0");
        assert_eq!(contract_version(&["bulkhead:hooks/plugin@1.0.7"]).unwrap(), "1.0.7");
        for other in ["1.1.0", "2.0.0", "0.9.0"] {
            let name = format!("bulkhead:hooks/plugin@{other}");
            let error = contract_version(&[&name]).unwrap_err().to_string();
            assert!(error.contains(other) && error.contains(WIT_VERSION), "{error}");
        }
        assert!(matches!(contract_version(&["wasi:cli/run@0.2.0"]), Err(LoadError::OtherWorld { .. })));
    }
}
