//! From bytes to a pool that could serve. The same steps at start and at every reload.

use std::sync::Arc;

use bulkhead_journal::{Journal, PluginIdentity};
use bulkhead_policy::{HookId, PolicySet};
use bulkhead_sandbox::{Phase, Plugin, Pool, Sandbox, Setup, SymbolInfo};
use semver::Version as Semver;

use super::Step;
use crate::{
    SubsystemSpec,
    setup::Documents,
    spec::Binding,
    version::{Candidate, digest_of},
    world::{Version, asked},
};

/// A candidate that passed everything it can pass alone.
pub(crate) struct Admitted {
    pub(crate) pool: Pool,
    pub(crate) identity: PluginIdentity,
    pub(crate) binding: Arc<Binding>,
    pub(crate) documents: Documents,
}

impl Admitted {
    pub(crate) fn version(&self) -> &str {
        &self.identity.version
    }

    pub(crate) const fn plugin(&self) -> &Plugin {
        self.pool.plugin()
    }

    /// Whether its number is not under that of what serves. Numbers that are none are not compared.
    pub(crate) fn not_lower(&self, serving: &Version, downgrade: bool) -> Result<(), String> {
        let now = &serving.pool.plugin().description().version;
        match (Semver::parse(self.version()), Semver::parse(now)) {
            (Ok(new), Ok(old)) if new.cmp_precedence(&old).is_lt() && !downgrade => {
                Err(format!("version {new} is lower than {old}"))
            }
            _ => Ok(()),
        }
    }

    /// Hooks it would be asked.
    pub(crate) fn hooks(&self) -> Vec<HookId> {
        asked(&self.binding, self.plugin())
    }

    /// As it serves.
    pub(crate) fn into_version(self, journal: &Journal) -> Version {
        for document in &self.documents.bytes {
            // The identity names its digest.
            let _ = journal.document(document);
        }
        let reference = journal.intern(&self.identity);
        Version { pool: Arc::new(self.pool), reference, binding: self.binding }
    }

    pub(crate) fn answers_all(&self, hooks: &[HookId]) -> Result<(), String> {
        let missing: Vec<&str> = hooks.iter().filter(|h| !self.plugin().answers(**h)).map(|h| h.name()).collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("it does not answer {}", missing.join(", "))) }
    }
}

/// Loads, configures and tests a candidate.
pub(crate) fn admit(
    sandbox: &Sandbox,
    spec: &SubsystemSpec,
    binding: &Arc<Binding>,
    symbols: &Arc<[SymbolInfo]>,
    candidate: &Candidate,
    policy: PolicySet,
) -> Result<Admitted, (Step, String)> {
    let plugin = sandbox.load(&candidate.bytes, spec.grants).map_err(|error| (Step::Load, error.to_string()))?;
    let documents = Documents::of(spec, &binding.config, symbols, plugin.ceilings(), policy);
    let config = binding.config.to_string();
    let identity = PluginIdentity {
        subsystem: spec.name.clone(),
        plugin: plugin.description().name.clone(),
        version: plugin.description().version.clone(),
        digest: plugin.digest().to_owned(),
        wit_version: plugin.wit_version().to_owned(),
        config_digest: digest_of(config.as_bytes()),
        setup: documents.setup.clone(),
    };
    let setup = Setup { config, symbols: Arc::clone(symbols) };
    let pool = Pool::new(plugin, setup, spec.instancing).map_err(|fault| {
        let step = if fault.phase == Phase::SelfTest { Step::SelfTest } else { Step::Configure };
        (step, fault.to_string())
    })?;
    Ok(Admitted { pool, identity, binding: Arc::clone(binding), documents })
}
