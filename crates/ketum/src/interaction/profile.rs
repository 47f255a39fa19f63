//! What a drug brings into a check: its classes and enzymes, each with whether somebody read a source.
//!
//! Knows memberships and how a side of a rule reads them. Knows no rule and no words.

use std::collections::BTreeMap;

use ketum_core::drug::{ClassId, Drug, Route, Strength};
use ketum_core::id::DrugId;
use ketum_core::interaction::{EnzymeMatch, Member};
use ketum_data::catalogue::Catalogue;

/// Whether a membership may be stated as fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A source was read.
    Sourced,
    /// No source was read: it warns, and needs checking.
    Unsourced,
}

/// A drug as a check sees it.
#[derive(Debug, Clone)]
pub struct Profile<'a> {
    /// Its id.
    pub id: &'a DrugId,
    /// Its fact sheet.
    pub drug: &'a Drug,
    /// How it is taken, where that was said.
    pub route: Option<Route>,
    classes: BTreeMap<&'a str, Standing>,
}

impl<'a> Profile<'a> {
    /// The profile of a drug: classes written, implied and computed, each as well sourced as its best row.
    #[must_use]
    pub fn of(catalogue: &'a Catalogue, drug: &'a Drug) -> Self {
        let mut classes: BTreeMap<&str, Standing> = BTreeMap::new();
        let mut add = |row: &'a ClassId, standing: Standing| {
            for class in catalogue.classes.closure([row]) {
                classes
                    .entry(class.as_str())
                    .and_modify(|held| *held = (*held).min(standing))
                    .or_insert(standing);
            }
        };
        for row in &drug.class {
            add(&row.id, standing(row.verification().is_shippable()));
        }
        for row in &drug.enzyme {
            if let Some(class) = catalogue.classes.get(row.role.class()) {
                add(&class.id, standing(row.verification().is_shippable()));
            }
        }
        Self {
            id: &drug.id,
            drug,
            route: None,
            classes,
        }
    }

    /// The same, taken this way.
    #[must_use]
    pub fn taken(mut self, route: Option<Route>) -> Self {
        self.route = route;
        self
    }

    /// How well it is sourced that the drug belongs to `class`; absent where it does not.
    #[must_use]
    pub fn class(&self, class: &str) -> Option<Standing> {
        self.classes.get(class).copied()
    }

    /// Every class it belongs to, sourced or not.
    pub fn all_classes(&self) -> impl Iterator<Item = &str> {
        self.classes.keys().copied()
    }

    /// Whether it belongs to `class`, sourced or not.
    #[must_use]
    pub fn is(&self, class: &str) -> bool {
        self.class(class).is_some()
    }

    fn any_class(&self, classes: &[ClassId]) -> Option<Standing> {
        classes
            .iter()
            .filter_map(|class| self.class(class.as_str()))
            .min()
    }

    fn enzyme(&self, wanted: &EnzymeMatch) -> Option<Standing> {
        let fits =
            |strength: &Strength| wanted.strength.is_empty() || wanted.strength.contains(strength);
        self.drug
            .on(wanted.enzyme, wanted.role)
            .filter(|row| fits(&row.strength))
            .map(|row| standing(row.verification().is_shippable()))
            .min()
    }

    /// Whether the drug takes part on this side, and how well that is sourced.
    #[must_use]
    pub fn takes_part(&self, side: &Member) -> Option<Standing> {
        if side.unless_drug.contains(self.id) || self.any_class(&side.unless_class).is_some() {
            return None;
        }
        let by_route = |route: Route| side.route.contains(&route);
        if !side.route.is_empty() && !self.route.is_some_and(by_route) {
            return None;
        }
        let named = side.drug.contains(self.id).then_some(Standing::Sourced);
        let by_enzyme = side.enzyme.iter().filter_map(|one| self.enzyme(one)).min();
        let mut found = [named, self.any_class(&side.class), by_enzyme]
            .into_iter()
            .flatten()
            .min()?;
        if !side.and_class.is_empty() {
            found = found.max(self.any_class(&side.and_class)?);
        }
        let narrow = self.drug.narrow_index.as_ref().filter(|index| index.narrow);
        match (side.narrow_index, narrow) {
            (Some(true), None) | (Some(false), Some(_)) => None,
            (Some(true), Some(index)) => {
                let read = ketum_core::drug::verification(&index.sources).is_shippable();
                Some(found.max(standing(read)))
            }
            (Some(false), None) | (None, _) => Some(found),
        }
    }
}

fn standing(read: bool) -> Standing {
    if read {
        Standing::Sourced
    } else {
        Standing::Unsourced
    }
}
