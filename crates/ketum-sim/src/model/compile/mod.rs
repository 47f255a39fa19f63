//! From a description to a model: every name resolved, every number checked. Faults are collected, so
//! that the author of a model file sees all of them at once.

mod flows;
mod guarded;
mod names;
pub(super) mod place;
mod spread;

pub use place::{Key, ModelProblem};

use super::guards::{Guard, Rule, not_zero};
use super::units;
use super::{
    CovariateEffect, Flow, FlowRate, Model, Modifier, Output, Parameter, Residual, State, Term,
};
use crate::error::{ModelFault, SimError};
use ketum_core::model::{Distribution, ModelDescription, Ratio};
use place::{Place, output_place, turnover_place};
use std::cell::RefCell;

impl Model {
    /// Compiles a description.
    ///
    /// # Errors
    /// The first contradiction found: an unknown name, a name defined twice, a parameter without a
    /// unit, a number that cannot be. Units are not compared; see [`Model::compile_checked`].
    pub fn compile(description: &ModelDescription) -> Result<Self, SimError> {
        let compiler = Compiler::new(description);
        let model = compiler.model();
        match compiler.problems.into_inner().into_iter().next() {
            None => Ok(model),
            Some(problem) => Err(SimError::Model {
                model: description.id.clone(),
                what: problem.fault,
            }),
        }
    }

    /// Compiles a description somebody wrote by hand: units are compared too, and everything wrong is
    /// reported, each with the way to its place in the description.
    ///
    /// # Errors
    /// Every contradiction found.
    pub fn compile_checked(description: &ModelDescription) -> Result<Self, Vec<ModelProblem>> {
        let compiler = Compiler::new(description);
        let model = compiler.model();
        let mut problems = compiler.problems.into_inner();
        units::check(description, &mut problems);
        if problems.is_empty() {
            Ok(model)
        } else {
            Err(problems)
        }
    }
}

/// Compiles and goes on after a fault, with a stand-in where something is missing; the model counts
/// only where there is no problem.
struct Compiler<'a> {
    description: &'a ModelDescription,
    problems: RefCell<Vec<ModelProblem>>,
    guards: RefCell<Vec<(Place, Guard)>>,
}

impl<'a> Compiler<'a> {
    fn new(description: &'a ModelDescription) -> Self {
        Self {
            description,
            problems: RefCell::new(Vec::new()),
            guards: RefCell::new(Vec::new()),
        }
    }

    fn report(&self, place: &Place, fault: ModelFault) {
        self.problems.borrow_mut().push(place.problem(fault));
    }

    fn model(&self) -> Model {
        let mut model = Model {
            id: self.description.id.clone(),
            parameters: self.parameters(),
            states: self.states(),
            flows: self.flows(),
            outputs: self.outputs(),
            blocks: self.blocks(),
            covariate_effects: self.covariate_effects(),
            residuals: self.residuals(),
            guards: Vec::new(),
            not_zero: Vec::new(),
        };
        model.guards = self.guards(&model);
        model.not_zero = not_zero(&model);
        model
    }

    fn parameters(&self) -> Vec<Parameter> {
        let list = &self.description.parameter;
        self.unique(
            "parameter",
            list.iter()
                .enumerate()
                .map(|(i, p)| ("parameter", i, p.name.as_str())),
        );
        let parameters: Vec<Parameter> = list
            .iter()
            .enumerate()
            .map(|(index, p)| {
                let place = Place::new(format!("the value of '{}'", p.name), "parameter", index);
                if p.unit.trim().is_empty() {
                    let name = p.name.clone();
                    self.report(&place.then("unit"), ModelFault::NoUnit { name });
                }
                let value = place.then("value");
                self.finite(&value, p.value);
                let rule = match p.distribution {
                    Distribution::LogNormal if p.value < 0.0 => Some("not negative (log-normal)"),
                    Distribution::LogitNormal if !(0.0..=1.0).contains(&p.value) => {
                        Some("between 0 and 1 (logit-normal)")
                    }
                    _ => None,
                };
                if let Some(rule) = rule {
                    self.number(&value, p.value, rule);
                }
                Parameter {
                    name: p.name.clone(),
                    unit: p.unit.clone(),
                    typical: p.value,
                    distribution: p.distribution,
                    draw: name_draw(&p.name),
                }
            })
            .collect();
        for (index, p) in parameters.iter().enumerate() {
            let same = |other: &Parameter| other.draw == p.draw && other.name != p.name;
            if parameters[..index].iter().any(same) {
                let place = Place::new(format!("the parameter '{}'", p.name), "parameter", index);
                self.shape(
                    &place.then("name"),
                    "its name has the same 32-bit fingerprint as another's and would share its random draws; rename one",
                );
            }
        }
        parameters
    }

    fn states(&self) -> Vec<State> {
        self.unique("state", self.state_names());
        let plain = |name: &str, unit: &str| State {
            name: name.to_owned(),
            unit: unit.to_owned(),
            initial: None,
            lag: None,
            bioavailability: None,
            dose_rate: None,
            dose_duration: None,
        };
        let mut states = Vec::new();
        for (index, c) in self.description.compartment.iter().enumerate() {
            let place = Place::new(format!("compartment '{}'", c.name), "compartment", index);
            let term =
                |key, ratio: &Option<Ratio>| ratio.as_ref().map(|r| self.term(&place.then(key), r));
            let guarded = |what, key, ratio: &Option<Ratio>, rule| {
                let ratio = ratio.as_ref()?;
                Some(self.guarded(what, &place.then(key), ratio, rule))
            };
            // A rate or duration that no dose asks for may be anything.
            states.push(State {
                initial: guarded("the initial amount of", "initial", &c.initial, Rule::Finite),
                lag: guarded("the lag of", "lag", &c.lag, Rule::NotNegative),
                bioavailability: guarded(
                    "the bioavailability of",
                    "bioavailability",
                    &c.bioavailability,
                    Rule::NotNegative,
                ),
                dose_rate: term("dose_rate", &c.dose_rate),
                dose_duration: term("dose_duration", &c.dose_duration),
                ..plain(&c.name, &c.unit)
            });
        }
        for (index, t) in self.description.turnover.iter().enumerate() {
            let place = turnover_place(index, t).then("baseline");
            states.push(State {
                initial: Some(self.guarded("the baseline of", &place, &t.baseline, Rule::Finite)),
                ..plain(&t.name, &t.unit)
            });
        }
        for e in &self.description.effect_site {
            states.push(plain(&e.name, &e.unit));
        }
        let whole = |label: &str| Place {
            label: label.to_owned(),
            path: Vec::new(),
        };
        if states.len() > crate::ode::MAX_STATES {
            let place = whole("the number of states");
            self.number(&place, states.len() as f64, "at most 24");
        }
        if states.is_empty() {
            self.shape(&whole("the model"), "it has no compartment");
        }
        states
    }

    fn outputs(&self) -> Vec<Output> {
        let list = self.description.output.iter().enumerate();
        self.unique(
            "output",
            list.clone().map(|(i, o)| ("output", i, o.name.as_str())),
        );
        list.map(|(index, o)| {
            let place = output_place(index, o);
            Output {
                name: o.name.clone(),
                unit: o.unit.clone(),
                state: self.state(&place.then("compartment"), &o.compartment),
                scale: match &o.scale {
                    Some(ratio) => {
                        self.guarded("the scale of", &place.then("scale"), ratio, Rule::Finite)
                    }
                    None => Term::number(1.0),
                },
                draw: name_draw(&o.name),
            }
        })
        .collect()
    }

    fn covariate_effects(&self) -> Vec<CovariateEffect> {
        let list = self.description.covariate_effect.iter().enumerate();
        list.map(|(index, e)| {
            let label = format!("covariate effect of '{}'", e.covariate);
            let place = Place::new(label, "covariate_effect", index);
            self.form(&place.then("form"), &e.form);
            CovariateEffect {
                parameter: self.parameter(&place.then("parameter"), &e.parameter),
                covariate: e.covariate.clone(),
                form: e.form.clone(),
            }
        })
        .collect()
    }

    fn residuals(&self) -> Vec<Residual> {
        let names: Vec<&str> = (self.description.output.iter())
            .map(|o| o.name.as_str())
            .collect();
        let list = self.description.residual.iter().enumerate();
        list.map(|(index, r)| {
            let place = Place::new("a residual", "residual", index);
            let at = place.then("output");
            for (key, sd) in [("proportional", r.proportional), ("additive", r.additive)] {
                if !(sd >= 0.0 && sd.is_finite()) {
                    let mut place = place.then(key);
                    place.label = format!("the {key} residual");
                    self.number(&place, sd, "finite and not negative");
                }
            }
            let before = &self.description.residual[..index];
            if before.iter().any(|other| other.output == r.output) {
                let what = format!("the output '{}' has a residual already", r.output);
                let advice = "put both parts into one [[residual]]: proportional and additive";
                self.report(&at, ModelFault::Twice { what, advice });
            }
            Residual {
                output: self.find(&at, "output", &names, &r.output),
                proportional: r.proportional,
                additive: r.additive,
                log: r.log,
            }
        })
        .collect()
    }
}

/// A draw's number from a name (FNV-1a), so that adding or moving a parameter shifts no other draw.
pub(crate) fn name_draw(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
