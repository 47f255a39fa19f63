//! Whether a description's units fit its equations: a rate given in litres is an error, and so is a
//! level in ng/mL computed in mg/L. Nothing is converted; the author is told.
//!
//! A product of plain numbers (`{ factor = 0.9 }`) has no unit and fits anywhere, as far as it is not an
//! output's scale. What cannot be read is reported once, at the parameter.

use std::collections::BTreeMap;

use super::compile::place::{
    ModelProblem, Place, flow_place, output_place, site_place, turnover_place,
};
use crate::error::ModelFault;
use ketum_core::model::{
    CovariateForm, Driver, Flow, ModelDescription, Modifier, Output, RateLaw, Ratio, UnitProduct,
};

pub(super) fn check(description: &ModelDescription, problems: &mut Vec<ModelProblem>) {
    let mut check = Check {
        parameters: BTreeMap::new(),
        states: BTreeMap::new(),
        problems,
    };
    check.read(description);
    check.compartments(description);
    for (index, flow) in description.flow.iter().enumerate() {
        check.flow(&flow_place(index), flow);
    }
    check.responses(description);
    for (index, output) in description.output.iter().enumerate() {
        check.output(&output_place(index, output), output);
    }
    check.covariates(description);
}

struct Check<'a> {
    /// Units that could be read, by name.
    parameters: BTreeMap<&'a str, UnitProduct>,
    states: BTreeMap<&'a str, UnitProduct>,
    problems: &'a mut Vec<ModelProblem>,
}

/// How far two units agree, as a fraction.
const SAME: f64 = 1e-9;

impl<'a> Check<'a> {
    fn read(&mut self, d: &'a ModelDescription) {
        for (index, p) in d.parameter.iter().enumerate() {
            let place = Place::new(format!("parameter '{}'", p.name), "parameter", index);
            // An empty unit has an error of its own.
            if !p.unit.trim().is_empty()
                && let Some(unit) = self.unit(&place, &p.unit)
            {
                self.parameters.insert(&p.name, unit);
            }
        }
        let compartments = d.compartment.iter().enumerate().map(|(i, c)| {
            let place = Place::new(format!("compartment '{}'", c.name), "compartment", i);
            (place, &c.name, &c.unit)
        });
        let turnovers =
            (d.turnover.iter().enumerate()).map(|(i, t)| (turnover_place(i, t), &t.name, &t.unit));
        let sites =
            (d.effect_site.iter().enumerate()).map(|(i, e)| (site_place(i, e), &e.name, &e.unit));
        for (place, name, unit) in compartments.chain(turnovers).chain(sites) {
            if let Some(unit) = self.unit(&place, unit) {
                self.states.insert(name, unit);
            }
        }
    }

    fn unit(&mut self, place: &Place, written: &str) -> Option<UnitProduct> {
        match UnitProduct::parse(written) {
            Ok(unit) => Some(unit),
            Err(error) => {
                let fault = ModelFault::UnreadableUnit {
                    place: place.label.clone(),
                    unit: error.unit,
                    part: error.part,
                };
                self.problems.push(place.then("unit").problem(fault));
                None
            }
        }
    }

    /// The unit of a product; `None` for plain numbers and where a part's unit is not known.
    fn of(&self, ratio: &Ratio) -> Option<UnitProduct> {
        if ratio.times.is_empty() && ratio.over.is_empty() {
            return None;
        }
        let mut unit = UnitProduct::number();
        for name in &ratio.times {
            unit = unit.times(self.parameters.get(name.as_str())?);
        }
        for name in &ratio.over {
            unit = unit.over(self.parameters.get(name.as_str())?);
        }
        Some(unit)
    }

    fn state(&self, name: &str) -> Option<UnitProduct> {
        self.states.get(name).cloned()
    }

    /// A concentration: the state's unit over the volume's; `None` where the volume is a plain number.
    fn driver(&self, driver: &Driver) -> Option<UnitProduct> {
        let state = self.state(&driver.compartment)?;
        match &driver.volume {
            None => Some(state),
            Some(volume) => Some(state.over(&self.of(volume)?)),
        }
    }

    fn need(
        &mut self,
        place: &Place,
        what: &str,
        found: Option<UnitProduct>,
        needed: Option<UnitProduct>,
    ) {
        let (Some(found), Some(needed)) = (found, needed) else {
            return;
        };
        let label = format!("{what} of {}", place.label);
        let fault = match found.in_units_of(&needed) {
            None => ModelFault::Unit {
                place: label,
                found: found.to_string(),
                needed: needed.to_string(),
            },
            Some(times) if (times - 1.0).abs() > SAME => ModelFault::UnitScale {
                place: label,
                found: found.to_string(),
                needed: needed.to_string(),
                times: round(times),
            },
            Some(_) => return,
        };
        self.problems.push(place.problem(fault));
    }

    /// A product that must have a unit.
    fn term(&mut self, place: &Place, what: &str, ratio: &Ratio, needed: Option<UnitProduct>) {
        let found = self.of(ratio);
        self.need(place, what, found, needed);
    }

    fn compartments(&mut self, d: &'a ModelDescription) {
        let hours = UnitProduct::hours;
        for (index, c) in d.compartment.iter().enumerate() {
            let place = Place::new(format!("compartment '{}'", c.name), "compartment", index);
            let own = self.state(&c.name);
            let per_hour = own.clone().map(|unit| unit.over(&hours()));
            let number = Some(UnitProduct::number());
            for (key, what, ratio, needed) in [
                ("initial", "the initial amount", &c.initial, own),
                ("lag", "the lag", &c.lag, Some(hours())),
                (
                    "bioavailability",
                    "the bioavailability",
                    &c.bioavailability,
                    number,
                ),
                ("dose_rate", "the modelled rate", &c.dose_rate, per_hour),
                (
                    "dose_duration",
                    "the modelled duration",
                    &c.dose_duration,
                    Some(hours()),
                ),
            ] {
                if let Some(ratio) = ratio {
                    self.term(&place.then(key), what, ratio, needed);
                }
            }
        }
    }

    fn flow(&mut self, place: &Place, flow: &Flow) {
        let per_hour = UnitProduct::number().over(&UnitProduct::hours());
        let from = flow.from.as_deref().and_then(|name| self.state(name));
        let to = flow.to.as_deref().and_then(|name| self.state(name));
        let at = place.then("rate");
        let arriving = match &flow.yield_ {
            // Without a yield, or with a plain number, what leaves is what arrives.
            None => Some(UnitProduct::number()),
            Some(ratio) => self.of(ratio),
        };
        match &flow.rate {
            RateLaw::FirstOrder(rate) => {
                self.term(&at.then("first_order"), "the rate", rate, Some(per_hour));
                self.arrives(place, from, arriving, to);
            }
            RateLaw::MichaelisMenten { vmax, km, volume } => {
                let at = at.then("michaelis_menten");
                let largest = from.clone().map(|unit| unit.times(&per_hour));
                self.term(&at.then("vmax"), "vmax", vmax, largest);
                let half = match (&from, self.of(volume)) {
                    (Some(from), Some(volume)) => Some(from.clone().over(&volume)),
                    _ => None,
                };
                self.term(&at.then("km"), "km", km, half);
                self.arrives(place, from, arriving, to);
            }
            RateLaw::ZeroOrder(rate) => {
                let made = match (self.of(rate), arriving) {
                    (Some(rate), Some(arriving)) => Some(rate.times(&arriving)),
                    _ => None,
                };
                let needed = to.map(|unit| unit.times(&per_hour));
                self.need(&at.then("zero_order"), "the rate", made, needed);
            }
        }
        self.modifiers(&place.then("modifier"), &flow.modifier);
    }

    /// Whether what leaves `from` has the unit of `to` when it arrives.
    fn arrives(
        &mut self,
        place: &Place,
        from: Option<UnitProduct>,
        arriving: Option<UnitProduct>,
        to: Option<UnitProduct>,
    ) {
        if let (Some(from), Some(arriving)) = (from, arriving) {
            self.need(
                place,
                "what arrives at the end",
                Some(from.times(&arriving)),
                to,
            );
        }
    }

    fn modifiers(&mut self, place: &Place, list: &[Modifier]) {
        let number = || Some(UnitProduct::number());
        for (index, modifier) in list.iter().enumerate() {
            let at = place.at(index);
            let (at, by, max, half, hill) = match modifier {
                Modifier::Inhibited {
                    by,
                    imax,
                    ic50,
                    hill,
                } => {
                    let at = at.then("inhibited");
                    (at, by, ("imax", imax), ("ic50", ic50), hill)
                }
                Modifier::Stimulated {
                    by,
                    emax,
                    ec50,
                    hill,
                } => {
                    let at = at.then("stimulated");
                    (at, by, ("emax", emax), ("ec50", ec50), hill)
                }
                Modifier::Fading { rate } => {
                    let needed = UnitProduct::number().over(&UnitProduct::hours());
                    let at = at.then("fading").then("rate");
                    self.term(&at, "the rate of fading", rate, Some(needed));
                    continue;
                }
            };
            let level = self.driver(by);
            self.term(&at.then(max.0), max.0, max.1, number());
            self.term(&at.then(half.0), half.0, half.1, level);
            if let Some(hill) = hill {
                self.term(&at.then("hill"), "hill", hill, number());
            }
        }
    }

    fn responses(&mut self, d: &'a ModelDescription) {
        let per_hour = || Some(UnitProduct::number().over(&UnitProduct::hours()));
        for (index, t) in d.turnover.iter().enumerate() {
            let place = turnover_place(index, t);
            let own = self.state(&t.name);
            self.term(&place.then("baseline"), "the baseline", &t.baseline, own);
            self.term(&place.then("kout"), "kout", &t.kout, per_hour());
            self.modifiers(&place.then("on_production"), &t.on_production);
            self.modifiers(&place.then("on_loss"), &t.on_loss);
        }
        for (index, e) in d.effect_site.iter().enumerate() {
            let place = site_place(index, e);
            self.term(&place.then("ke0"), "ke0", &e.ke0, per_hour());
            let (level, own) = (self.driver(&e.follows), self.state(&e.name));
            self.need(&place.then("follows"), "the level followed", level, own);
        }
    }

    /// The one place where a plain number matters: it must be the factor between the units, or a share
    /// that is no power of a thousand away from it.
    fn output(&mut self, place: &Place, output: &Output) {
        let Some(shown) = self.unit(place, &output.unit) else {
            return;
        };
        let Some(state) = self.state(&output.compartment) else {
            return;
        };
        let scale = output.scale.as_ref();
        let given = scale.map_or(1.0, |ratio| ratio.factor);
        let made = match scale {
            None => state,
            // A plain number may hide a volume; without one the units must agree.
            Some(ratio) if ratio.times.is_empty() && ratio.over.is_empty() => {
                if !state.measures_as(&shown) {
                    return;
                }
                state
            }
            Some(ratio) => match self.of(ratio) {
                Some(unit) => state.times(&unit),
                None => return,
            },
        };
        let Some(conversion) = made.in_units_of(&shown) else {
            self.need(place, "the value", Some(made), Some(shown));
            return;
        };
        let off = given / conversion;
        let forgotten = given == 1.0 && (off - 1.0).abs() > SAME;
        let thousands = [1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9]
            .iter()
            .any(|power| (off / power - 1.0).abs() < SAME);
        if forgotten || thousands {
            let at = if scale.is_some() {
                place.then("scale")
            } else {
                place.clone()
            };
            let fault = ModelFault::UnitScale {
                place: format!("the value of {}", place.label),
                found: made.to_string(),
                needed: shown.to_string(),
                times: round(conversion),
            };
            self.problems.push(at.problem(fault));
        }
    }

    fn covariates(&mut self, d: &'a ModelDescription) {
        for (index, e) in d.covariate_effect.iter().enumerate() {
            let label = format!("covariate effect of '{}'", e.covariate);
            let place = Place::new(label, "covariate_effect", index);
            let unit = self.unit(&place, &e.unit);
            if matches!(e.form, CovariateForm::Replaces) {
                let needed = self.parameters.get(e.parameter.as_str()).cloned();
                self.need(&place.then("unit"), "the covariate", unit, needed);
            }
        }
    }
}

/// Twelve digits: the rest is rounding of the factors of units.
fn round(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests;
