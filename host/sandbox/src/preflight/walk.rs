//! The one pass over a file.

use wasmparser::{Encoding, Parser, Payload};

use super::{
    Measure, NotAComponent, PreflightLimits, Structure, limits::Gauge, module::Module, outline::Outline, scope::Scope,
};

/// What is known so far.
pub(super) struct Walk<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) gauge: Gauge<'a>,
    pub(super) outline: Outline<'a>,
    /// Components that are open, and type declarations while one is read.
    pub(super) scopes: Vec<Scope<'a>>,
    /// The module that is open, if one is.
    pub(super) module: Module,
    in_module: bool,
    /// Where the section begins that is being read.
    at: u64,
}

pub(super) fn walk(bytes: &[u8], limits: &PreflightLimits) -> Result<Structure, NotAComponent> {
    let mut walk = Walk {
        bytes,
        gauge: Gauge::new(limits),
        outline: Outline::default(),
        scopes: Vec::new(),
        module: Module::default(),
        in_module: false,
        at: 0,
    };
    for payload in Parser::new(0).parse_all(bytes) {
        walk.payload(payload?)?;
    }
    walk.outline.whole(bytes.len())?;
    Ok(walk.gauge.finish())
}

impl<'a> Walk<'a> {
    fn payload(&mut self, payload: Payload<'a>) -> Result<(), NotAComponent> {
        if let Some((_, range)) = payload.as_section() {
            self.at = range.start as u64;
        }
        match payload {
            Payload::Version { encoding, .. } => self.open(encoding),
            Payload::End(_) => self.close(),
            Payload::CustomSection(section) => {
                Ok(self.gauge.add(Measure::CustomBytes, section.range().len() as u64)?)
            }
            payload if self.in_module => self.module(payload),
            payload => self.component(payload),
        }
    }

    fn open(&mut self, encoding: Encoding) -> Result<(), NotAComponent> {
        match encoding {
            Encoding::Module if self.scopes.is_empty() => return Err(NotAComponent::CoreModule),
            Encoding::Module => {
                self.gauge.add(Measure::Modules, 1)?;
                self.gauge.add(Measure::NestedModules, u64::from(self.scopes.len() > 1))?;
                self.module = Module::default();
                self.in_module = true;
            }
            Encoding::Component => {
                self.scopes.push(Scope::default());
                self.gauge.add(Measure::Components, 1)?;
                self.gauge.peak(Measure::Depth, self.scopes.len() as u64)?;
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), NotAComponent> {
        if self.in_module {
            self.in_module = false;
        } else if let Some(closed) = self.scopes.pop()
            && let Some(outer) = self.scopes.last_mut()
        {
            outer.components.push(closed.into_shape());
        }
        Ok(())
    }

    /// A name that stands in the file.
    pub(super) fn name(&mut self, name: &str) -> Result<(), NotAComponent> {
        Ok(self.gauge.peak(Measure::NameBytes, name.len() as u64)?)
    }

    /// The innermost scope.
    pub(super) fn scope(&mut self) -> Result<&mut Scope<'a>, NotAComponent> {
        self.outer_scope(0)
    }

    /// The scope so many levels out.
    pub(super) fn outer_scope(&mut self, levels: u32) -> Result<&mut Scope<'a>, NotAComponent> {
        let astray = self.astray();
        let levels = usize::try_from(levels).unwrap_or(usize::MAX);
        let index = self.scopes.len().checked_sub(1).and_then(|last| last.checked_sub(levels));
        index.and_then(|index| self.scopes.get_mut(index)).ok_or_else(|| astray.into())
    }

    /// For an index or a name behind which there is nothing.
    pub(super) const fn astray(&self) -> Astray {
        Astray { section: self.at }
    }
}

/// The section of a reference to nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Astray {
    section: u64,
}

impl From<Astray> for NotAComponent {
    fn from(astray: Astray) -> Self {
        Self::Damaged { offset: astray.section, text: "this section refers to something that is not there".to_owned() }
    }
}
