//! A layer: a tree of values, each with the place that set it. Layers are laid over each other before anything is read.

mod read;

use std::collections::BTreeMap;

pub(crate) use read::read;
use toml::Value;

use crate::Origin;

/// A value or a table of values.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// Joined with the same table of another layer.
    Table(Table),
    /// Replaced as a whole.
    Leaf(Value, Origin),
}

impl Node {
    pub(crate) const fn origin(&self) -> &Origin {
        match self {
            Self::Table(table) => &table.origin,
            Self::Leaf(_, origin) => origin,
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Table(table) => table.value(),
            Self::Leaf(value, _) => value.clone(),
        }
    }
}

/// Named nodes.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    origin: Origin,
    entries: BTreeMap<String, Node>,
}

impl Table {
    pub(crate) const fn new(origin: Origin) -> Self {
        Self { origin, entries: BTreeMap::new() }
    }

    /// A layer that sets nothing.
    pub(crate) const fn empty() -> Self {
        Self::new(Origin::Default)
    }

    /// Sets the value of a key, and makes the tables on the way.
    pub(crate) fn set(&mut self, key: &[&str], value: Value, origin: &Origin) {
        let Some((first, rest)) = key.split_first() else { return };
        if rest.is_empty() {
            self.entries.insert((*first).to_owned(), Node::Leaf(value, origin.clone()));
            return;
        }
        let made = || Node::Table(Self::new(origin.clone()));
        let node = self.entries.entry((*first).to_owned()).or_insert_with(made);
        if let Node::Leaf(..) = node {
            *node = made();
        }
        if let Node::Table(table) = node {
            table.set(rest, value, origin);
        }
    }

    /// Lays `over` on this layer: tables are joined, everything else is replaced.
    pub(crate) fn overlaid(mut self, over: Self) -> Self {
        self.origin = over.origin;
        for (key, node) in over.entries {
            let joined = match (self.entries.remove(&key), node) {
                (Some(Node::Table(below)), Node::Table(above)) => Node::Table(below.overlaid(above)),
                (_, node) => node,
            };
            self.entries.insert(key, joined);
        }
        self
    }

    /// The node of a key.
    pub(crate) fn find<'k>(&self, key: impl IntoIterator<Item = &'k str>) -> Option<&Node> {
        let mut key = key.into_iter();
        let mut node = self.entries.get(key.next()?)?;
        for name in key {
            let Node::Table(table) = node else { return None };
            node = table.entries.get(name)?;
        }
        Some(node)
    }

    /// The node of as much of the key as there is, and how many names that are.
    pub(crate) fn deepest<'k>(&self, key: &'k [String]) -> Option<(&Node, &'k [String])> {
        (1..=key.len()).rev().find_map(|depth| {
            let part = key.get(..depth)?;
            Some((self.find(part.iter().map(String::as_str))?, part))
        })
    }

    /// Takes a node out.
    pub(crate) fn remove(&mut self, key: &[String]) -> bool {
        match key {
            [] => false,
            [name] => self.entries.remove(name).is_some(),
            [name, rest @ ..] => match self.entries.get_mut(name) {
                Some(Node::Table(table)) => table.remove(rest),
                _ => false,
            },
        }
    }

    /// The bare values.
    pub(crate) fn value(&self) -> Value {
        Value::Table(self.entries.iter().map(|(key, node)| (key.clone(), node.value())).collect())
    }

    /// Every value with its key, depth first.
    pub(crate) fn leaves(&self) -> Vec<(Vec<String>, &Value, &Origin)> {
        let mut all = Vec::new();
        for (name, node) in &self.entries {
            match node {
                Node::Leaf(value, origin) => all.push((vec![name.clone()], value, origin)),
                Node::Table(table) => {
                    for (mut key, value, origin) in table.leaves() {
                        key.insert(0, name.clone());
                        all.push((key, value, origin));
                    }
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests;
