//! Guests that no compiler would make: `chaos` with its ABI broken in one place, and components of other worlds.

mod mutation;
mod rewrite;
mod stranger;

use anyhow::{Context, Result};

use crate::component;
use crate::repo::Repo;

/// The guest that mutations start from.
pub(crate) const ORIGIN: &str = "chaos";

/// Name and bytes of every component that is derived from the core module of [`ORIGIN`] or from the contract.
pub(crate) fn derive(repo: &Repo, chaos: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut derived = Vec::new();
    for (name, mutation) in mutation::ALL {
        let name = format!("{ORIGIN}-{name}");
        let component = rewrite::mutate(chaos, *mutation)
            .and_then(|module| component::encode(&module))
            .with_context(|| format!("{name} could not be derived"))?;
        derived.push((name, component));
    }
    for (name, change) in stranger::ALL {
        let component = stranger::component(&repo.path("wit/v1"), change)
            .with_context(|| format!("{name} could not be derived"))?;
        derived.push(((*name).to_string(), component));
    }
    Ok(derived)
}
