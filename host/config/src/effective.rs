//! What holds, and why.

use crate::{HostConfig, Origin, document::Table, show};

/// A sound configuration with the origin of every value.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The values.
    pub config: HostConfig,
    layers: Table,
    profile: Option<String>,
    notes: Vec<String>,
}

impl Effective {
    pub(crate) const fn new(config: HostConfig, layers: Table, profile: Option<String>, notes: Vec<String>) -> Self {
        Self { config, layers, profile, notes }
    }

    /// The profile that was laid over the file.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// What is no error but needs saying, a sentence each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Where the value of a key comes from; the key is given name by name.
    #[must_use]
    pub fn origin<'k>(&self, key: impl IntoIterator<Item = &'k str>) -> &Origin {
        self.layers.find(key).map_or(&Origin::Default, |node| node.origin())
    }

    /// The whole as TOML that reads back as the same; with `origins`, each value with where it comes from.
    ///
    /// # Errors
    /// One sentence about a value that TOML cannot say.
    pub fn show(&self, origins: bool) -> Result<String, String> {
        show::show(self, origins)
    }
}
