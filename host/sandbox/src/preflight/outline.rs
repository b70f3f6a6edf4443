//! What the code implements and what the component exports.

use super::NotAComponent;

#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    implemented: Vec<&'a str>,
    exported: Vec<&'a str>,
}

impl<'a> Outline<'a> {
    /// A core function of this name, such as `bulkhead:hooks/signal@1.0.0#on-bars`, belongs to an interface.
    pub(super) fn implements(&mut self, core_export: &'a str) {
        let interface = core_export.split_once('#').map(|(interface, _)| interface);
        self.implemented.extend(interface.filter(|name| name.starts_with("bulkhead:hooks/")));
    }

    /// The outermost component exports this.
    pub(super) fn exports(&mut self, name: &'a str) {
        self.exported.push(name);
    }

    /// A file that was cut off between two sections is still a component, only with fewer exports: it would serve with
    /// hooks missing.
    pub(super) fn whole(&self, len: usize) -> Result<(), NotAComponent> {
        match self.implemented.iter().find(|interface| !self.exported.contains(interface)) {
            None => Ok(()),
            Some(lost) => {
                let text = format!("its code implements {lost}, which it does not export");
                Err(NotAComponent::Damaged { offset: len as u64, text })
            }
        }
    }
}
