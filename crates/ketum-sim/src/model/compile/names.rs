//! Names turned into positions, numbers checked, faults reported.

use super::place::{Place, called};
use super::{Compiler, Term};
use crate::error::ModelFault;
use ketum_core::model::Ratio;

impl Compiler<'_> {
    pub(super) fn state_names(&self) -> impl Iterator<Item = (&'static str, usize, &str)> {
        let d = self.description;
        let compartments = d.compartment.iter().enumerate();
        let turnovers = d.turnover.iter().enumerate();
        let sites = d.effect_site.iter().enumerate();
        (compartments.map(|(i, c)| ("compartment", i, c.name.as_str())))
            .chain(turnovers.map(|(i, t)| ("turnover", i, t.name.as_str())))
            .chain(sites.map(|(i, e)| ("effect_site", i, e.name.as_str())))
    }

    pub(super) fn term(&self, place: &Place, ratio: &Ratio) -> Term {
        let factor = place.then("factor");
        self.finite(&called("a factor of", &factor), ratio.factor);
        let positions = |key, names: &[String]| -> Vec<usize> {
            let at = place.then(key);
            let names = names.iter().enumerate();
            names
                .map(|(index, name)| self.parameter(&at.at(index), name))
                .collect()
        };
        Term {
            factor: ratio.factor,
            times: positions("times", &ratio.times),
            over: positions("over", &ratio.over),
        }
    }

    /// A term whose faults were reported before.
    pub(super) fn quiet_term(&self, ratio: &Ratio) -> Term {
        let position = |name: &String| {
            let list = &self.description.parameter;
            list.iter().position(|p| p.name == *name).unwrap_or(0)
        };
        Term {
            factor: ratio.factor,
            times: ratio.times.iter().map(position).collect(),
            over: ratio.over.iter().map(position).collect(),
        }
    }

    pub(super) fn parameter(&self, place: &Place, name: &str) -> usize {
        let names: Vec<&str> = (self.description.parameter.iter())
            .map(|p| p.name.as_str())
            .collect();
        self.find(place, "parameter", &names, name)
    }

    pub(super) fn state(&self, place: &Place, name: &str) -> usize {
        let names: Vec<&str> = self.state_names().map(|(_, _, name)| name).collect();
        self.find(place, "compartment", &names, name)
    }

    /// Position of a name; the first where there is none, and that is a problem.
    pub(super) fn find(
        &self,
        place: &Place,
        kind: &'static str,
        names: &[&str],
        name: &str,
    ) -> usize {
        if let Some(position) = names.iter().position(|known| *known == name) {
            return position;
        }
        let hint = match names.is_empty() {
            true => String::new(),
            false => format!("; it has {}", names.join(", ")),
        };
        self.report(
            place,
            ModelFault::Unknown {
                place: place.label.clone(),
                kind,
                name: name.to_owned(),
                hint,
            },
        );
        0
    }

    pub(super) fn unique<'n>(
        &self,
        kind: &'static str,
        names: impl Iterator<Item = (&'static str, usize, &'n str)>,
    ) {
        let mut seen: Vec<&str> = Vec::new();
        for (list, index, name) in names {
            if seen.contains(&name) {
                let place = Place::new(name, list, index).then("name");
                let name = name.to_owned();
                self.report(&place, ModelFault::Duplicate { kind, name });
            }
            seen.push(name);
        }
    }

    pub(super) fn finite(&self, place: &Place, value: f64) {
        if !value.is_finite() {
            self.number(place, value, "a finite number");
        }
    }

    pub(super) fn number(&self, place: &Place, value: f64, rule: &'static str) {
        self.report(place, number(place.label.clone(), value, rule));
    }

    pub(super) fn shape(&self, place: &Place, why: &'static str) {
        self.report(
            place,
            ModelFault::Shape {
                place: place.label.clone(),
                why,
            },
        );
    }
}

pub(super) fn number(place: String, value: f64, rule: &'static str) -> ModelFault {
    ModelFault::Number { place, value, rule }
}
