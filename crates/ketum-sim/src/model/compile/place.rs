//! Places in a description, and faults found there.

use crate::error::ModelFault;
use ketum_core::model as described;

/// A fault and where it stands in the description.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelProblem {
    /// The way to the value: keys and indices as in the description's TOML.
    pub path: Vec<Key>,
    /// What is wrong.
    pub fault: ModelFault,
}

/// One step into a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A key of a table.
    Name(&'static str),
    /// An index of a list, from zero.
    Index(usize),
}

/// A place in the description: how it is called in a message, and the way to it.
#[derive(Debug, Clone)]
pub(in crate::model) struct Place {
    pub label: String,
    pub path: Vec<Key>,
}

impl Place {
    pub(in crate::model) fn new(
        label: impl Into<String>,
        list: &'static str,
        index: usize,
    ) -> Self {
        Self {
            label: label.into(),
            path: vec![Key::Name(list), Key::Index(index)],
        }
    }

    pub(in crate::model) fn then(&self, key: &'static str) -> Self {
        let mut place = self.clone();
        place.path.push(Key::Name(key));
        place
    }

    pub(in crate::model) fn at(&self, index: usize) -> Self {
        let mut place = self.clone();
        place.path.push(Key::Index(index));
        place
    }

    pub(in crate::model) fn problem(&self, fault: ModelFault) -> ModelProblem {
        ModelProblem {
            path: self.path.clone(),
            fault,
        }
    }
}

pub(in crate::model) fn flow_place(index: usize) -> Place {
    Place::new(format!("flow {}", index + 1), "flow", index)
}

pub(in crate::model) fn turnover_place(index: usize, t: &described::Turnover) -> Place {
    Place::new(format!("turnover '{}'", t.name), "turnover", index)
}

pub(in crate::model) fn site_place(index: usize, e: &described::EffectSite) -> Place {
    Place::new(format!("effect site '{}'", e.name), "effect_site", index)
}

pub(in crate::model) fn output_place(index: usize, o: &described::Output) -> Place {
    Place::new(format!("output '{}'", o.name), "output", index)
}

/// The same place under a longer name.
pub(super) fn called(what: &str, place: &Place) -> Place {
    Place {
        label: format!("{what} {}", place.label),
        path: place.path.clone(),
    }
}
