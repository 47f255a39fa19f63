//! From a description to a model: every name resolved, every number checked. Faults are collected, so
//! that the author of a model file sees all of them at once.

use super::units;
use super::{
    Block, CovariateEffect, Flow, FlowRate, Model, Modifier, Output, Parameter, Residual, State,
    Term,
};
use crate::error::{ModelFault, SimError};
use crate::math;
use std::cell::RefCell;

use ketum_core::model::{
    self as described, Distribution, Driver, ModelDescription, RateLaw, Ratio, SpreadSize,
};

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
pub(super) struct Place {
    pub label: String,
    pub path: Vec<Key>,
}

impl Place {
    pub(super) fn new(label: impl Into<String>, list: &'static str, index: usize) -> Self {
        Self {
            label: label.into(),
            path: vec![Key::Name(list), Key::Index(index)],
        }
    }

    pub(super) fn then(&self, key: &'static str) -> Self {
        let mut place = self.clone();
        place.path.push(Key::Name(key));
        place
    }

    pub(super) fn at(&self, index: usize) -> Self {
        let mut place = self.clone();
        place.path.push(Key::Index(index));
        place
    }

    pub(super) fn problem(&self, fault: ModelFault) -> ModelProblem {
        ModelProblem {
            path: self.path.clone(),
            fault,
        }
    }
}

/// Compiles and goes on after a fault, with a stand-in where something is missing; the model counts
/// only where there is no problem.
struct Compiler<'a> {
    description: &'a ModelDescription,
    problems: RefCell<Vec<ModelProblem>>,
}

impl<'a> Compiler<'a> {
    fn new(description: &'a ModelDescription) -> Self {
        Self {
            description,
            problems: RefCell::new(Vec::new()),
        }
    }

    fn report(&self, place: &Place, fault: ModelFault) {
        self.problems.borrow_mut().push(place.problem(fault));
    }

    fn model(&self) -> Model {
        Model {
            id: self.description.id.clone(),
            parameters: self.parameters(),
            states: self.states(),
            flows: self.flows(),
            outputs: self.outputs(),
            blocks: self.blocks(),
            covariate_effects: self.covariate_effects(),
            residuals: self.residuals(),
        }
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
            let same = |other: &&Parameter| other.draw == p.draw && other.name != p.name;
            if parameters[..index].iter().find(same).is_some() {
                let place = Place::new(format!("the parameter '{}'", p.name), "parameter", index);
                self.shape(
                    &place.then("name"),
                    "its name has the same 32-bit fingerprint as another's and would share its random draws; rename one",
                );
            }
        }
        parameters
    }

    fn state_names(&self) -> impl Iterator<Item = (&'static str, usize, &str)> {
        let d = self.description;
        let compartments = d.compartment.iter().enumerate();
        let turnovers = d.turnover.iter().enumerate();
        let sites = d.effect_site.iter().enumerate();
        (compartments.map(|(i, c)| ("compartment", i, c.name.as_str())))
            .chain(turnovers.map(|(i, t)| ("turnover", i, t.name.as_str())))
            .chain(sites.map(|(i, e)| ("effect_site", i, e.name.as_str())))
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
            states.push(State {
                initial: term("initial", &c.initial),
                lag: term("lag", &c.lag),
                bioavailability: term("bioavailability", &c.bioavailability),
                dose_rate: term("dose_rate", &c.dose_rate),
                dose_duration: term("dose_duration", &c.dose_duration),
                ..plain(&c.name, &c.unit)
            });
        }
        for (index, t) in self.description.turnover.iter().enumerate() {
            let place = turnover_place(index, t).then("baseline");
            states.push(State {
                initial: Some(self.term(&place, &t.baseline)),
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

    fn flows(&self) -> Vec<Flow> {
        let mut flows = Vec::new();
        for (index, flow) in self.description.flow.iter().enumerate() {
            flows.extend(self.flow(&flow_place(index), flow));
        }
        for (index, t) in self.description.turnover.iter().enumerate() {
            self.turnover(&turnover_place(index, t), t, &mut flows);
        }
        for (index, e) in self.description.effect_site.iter().enumerate() {
            self.effect_site(&site_place(index, e), e, &mut flows);
        }
        flows
    }

    fn flow(&self, place: &Place, flow: &described::Flow) -> Option<Flow> {
        let state = |key, name: &Option<String>| {
            name.as_ref().map(|name| self.state(&place.then(key), name))
        };
        let (from, to) = (state("from", &flow.from), state("to", &flow.to));
        let at = place.then("rate");
        let rate = match &flow.rate {
            RateLaw::FirstOrder(rate) => {
                FlowRate::FirstOrder(self.term(&at.then("first_order"), rate))
            }
            RateLaw::MichaelisMenten { vmax, km, volume } => {
                let at = at.then("michaelis_menten");
                FlowRate::MichaelisMenten {
                    vmax: self.term(&at.then("vmax"), vmax),
                    km: self.term(&at.then("km"), km),
                    volume: self.term(&at.then("volume"), volume),
                }
            }
            RateLaw::ZeroOrder(rate) => {
                FlowRate::ZeroOrder(self.term(&at.then("zero_order"), rate))
            }
        };
        let yield_ = match &flow.yield_ {
            Some(ratio) => self.term(&place.then("yield"), ratio),
            None => Term::number(1.0),
        };
        let modifiers = self.modifiers(&place.then("modifier"), &flow.modifier);
        let wrong = match (&rate, from, to) {
            (_, None, None) => Some("it has neither 'from' nor 'to'"),
            (FlowRate::ZeroOrder(_), Some(_), _) => {
                Some("a zero-order flow has no 'from': a constant rate would empty it below zero")
            }
            (FlowRate::ZeroOrder(_), None, _) | (_, Some(_), _) => None,
            (_, None, _) => Some("its rate depends on an amount, so it needs 'from'"),
        };
        if let Some(why) = wrong {
            self.shape(place, why);
            return None;
        }
        Some(Flow {
            from,
            to,
            rate,
            yield_,
            drains: flow.drains,
            modifiers,
        })
    }

    fn turnover(&self, place: &Place, t: &described::Turnover, flows: &mut Vec<Flow>) {
        let state = self.state(&place.then("name"), &t.name);
        let kout = self.term(&place.then("kout"), &t.kout);
        // The baseline was checked where the state was made.
        let mut kin = self.quiet_term(&t.baseline);
        kin.factor *= kout.factor;
        kin.times.extend(&kout.times);
        kin.over.extend(&kout.over);
        flows.push(Flow {
            from: None,
            to: Some(state),
            rate: FlowRate::ZeroOrder(kin),
            yield_: Term::number(1.0),
            drains: true,
            modifiers: self.modifiers(&place.then("on_production"), &t.on_production),
        });
        flows.push(Flow {
            from: Some(state),
            to: None,
            rate: FlowRate::FirstOrder(kout),
            yield_: Term::number(1.0),
            drains: true,
            modifiers: self.modifiers(&place.then("on_loss"), &t.on_loss),
        });
    }

    fn effect_site(&self, place: &Place, e: &described::EffectSite, flows: &mut Vec<Flow>) {
        let state = self.state(&place.then("name"), &e.name);
        let ke0 = self.term(&place.then("ke0"), &e.ke0);
        let (from, volume) = self.driver(&place.then("follows"), &e.follows);
        let first_order = |from, to, drains, yield_| Flow {
            from: Some(from),
            to,
            rate: FlowRate::FirstOrder(ke0.clone()),
            yield_,
            drains,
            modifiers: Vec::new(),
        };
        let per_volume = Term {
            factor: 1.0 / volume.factor,
            times: volume.over.clone(),
            over: volume.times.clone(),
        };
        flows.push(first_order(from, Some(state), false, per_volume));
        flows.push(first_order(state, None, true, Term::number(1.0)));
    }

    fn modifiers(&self, place: &Place, list: &[described::Modifier]) -> Vec<Modifier> {
        let saturable = |at: &Place,
                         by: &Driver,
                         max: (&'static str, &Ratio),
                         half: (&'static str, &Ratio),
                         hill: &Option<Ratio>,
                         sign| {
            let (state, volume) = self.driver(&at.then("by"), by);
            Modifier::Saturable {
                state,
                volume,
                max: self.term(&at.then(max.0), max.1),
                half: self.term(&at.then(half.0), half.1),
                hill: hill.as_ref().map(|h| self.term(&at.then("hill"), h)),
                sign,
            }
        };
        list.iter()
            .enumerate()
            .map(|(index, modifier)| match modifier {
                described::Modifier::Inhibited {
                    by,
                    imax,
                    ic50,
                    hill,
                } => {
                    let at = place.at(index).then("inhibited");
                    saturable(&at, by, ("imax", imax), ("ic50", ic50), hill, -1.0)
                }
                described::Modifier::Stimulated {
                    by,
                    emax,
                    ec50,
                    hill,
                } => {
                    let at = place.at(index).then("stimulated");
                    saturable(&at, by, ("emax", emax), ("ec50", ec50), hill, 1.0)
                }
                described::Modifier::Fading { rate } => {
                    let at = place.at(index).then("fading").then("rate");
                    Modifier::Fading(self.term(&at, rate))
                }
            })
            .collect()
    }

    fn driver(&self, place: &Place, driver: &Driver) -> (usize, Term) {
        let volume = match &driver.volume {
            Some(ratio) => self.term(&place.then("volume"), ratio),
            None => Term::number(1.0),
        };
        (
            self.state(&place.then("compartment"), &driver.compartment),
            volume,
        )
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
                    Some(ratio) => self.term(&place.then("scale"), ratio),
                    None => Term::number(1.0),
                },
                draw: name_draw(&o.name),
            }
        })
        .collect()
    }

    fn blocks(&self) -> Vec<Block> {
        let blocks = self.description.spread.iter().enumerate();
        blocks
            .map(|(index, s)| {
                let place = Place::new(format!("spread {}", index + 1), "spread", index);
                self.block(&place, s)
            })
            .collect()
    }

    fn block(&self, place: &Place, spread: &described::Spread) -> Block {
        let at = place.then("parameters");
        let names = spread.parameters.iter().enumerate();
        let parameters: Vec<usize> = names
            .map(|(index, name)| self.parameter(&at.at(index), name))
            .collect();
        let n = parameters.len();
        if n > 64 {
            let place = Place {
                label: format!("the length of {}", place.label),
                path: at.path,
            };
            self.number(&place, n as f64, "at most 64 parameters");
        }
        let size = place.then("size");
        let cholesky = self
            .factor(&size, spread, &parameters)
            .unwrap_or_else(|| (0..n).map(|i| vec![0.0; i + 1]).collect());
        Block {
            source: spread.source,
            parameters,
            cholesky,
        }
    }

    /// The triangular factor of a block; `None` where something is wrong with it.
    fn factor(
        &self,
        place: &Place,
        spread: &described::Spread,
        parameters: &[usize],
    ) -> Option<Vec<Vec<f64>>> {
        let n = parameters.len();
        let diagonal = |sds: Vec<f64>| {
            let mut good = sds.len() == n;
            if !good {
                self.shape(place, "the size does not fit the list of parameters");
            }
            for &sd in &sds {
                if !(sd >= 0.0 && sd.is_finite()) {
                    self.number(&called("a size of", place), sd, "finite and not negative");
                    good = false;
                }
            }
            let row = |i| (0..=i).map(|j| if i == j { sds[i] } else { 0.0 }).collect();
            good.then(|| (0..n).map(row).collect())
        };
        match &spread.size {
            SpreadSize::Sd(sds) => diagonal(sds.clone()),
            SpreadSize::Cv(cvs) => {
                let log_normal = |&index: &usize| {
                    let parameter = self.description.parameter.get(index);
                    parameter.is_none_or(|p| p.distribution == Distribution::LogNormal)
                };
                if !parameters.iter().all(log_normal) {
                    self.shape(
                        place,
                        "a cv is for log-normal parameters; give an sd or a covariance",
                    );
                    return None;
                }
                let sd = |&cv: &f64| math::sqrt(math::ln_1p(cv * cv));
                diagonal(cvs.iter().map(sd).collect())
            }
            SpreadSize::Covariance(rows) => {
                let triangular =
                    rows.len() == n && rows.iter().enumerate().all(|(i, r)| r.len() == i + 1);
                if !triangular {
                    self.shape(place, "the size does not fit the list of parameters");
                    return None;
                }
                let label = place.label.clone();
                cholesky(&label, rows)
                    .map_err(|fault| self.report(place, fault))
                    .ok()
            }
        }
    }

    fn covariate_effects(&self) -> Vec<CovariateEffect> {
        let list = self.description.covariate_effect.iter().enumerate();
        list.map(|(index, e)| {
            let label = format!("covariate effect of '{}'", e.covariate);
            let place = Place::new(label, "covariate_effect", index);
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
            Residual {
                output: self.find(&at, "output", &names, &r.output),
                proportional: r.proportional,
                additive: r.additive,
                log: r.log,
            }
        })
        .collect()
    }

    fn term(&self, place: &Place, ratio: &Ratio) -> Term {
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
    fn quiet_term(&self, ratio: &Ratio) -> Term {
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

    fn parameter(&self, place: &Place, name: &str) -> usize {
        let names: Vec<&str> = (self.description.parameter.iter())
            .map(|p| p.name.as_str())
            .collect();
        self.find(place, "parameter", &names, name)
    }

    fn state(&self, place: &Place, name: &str) -> usize {
        let names: Vec<&str> = self.state_names().map(|(_, _, name)| name).collect();
        self.find(place, "compartment", &names, name)
    }

    /// Position of a name; the first where there is none, and that is a problem.
    fn find(&self, place: &Place, kind: &'static str, names: &[&str], name: &str) -> usize {
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

    fn unique<'n>(
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

    fn finite(&self, place: &Place, value: f64) {
        if !value.is_finite() {
            self.number(place, value, "a finite number");
        }
    }

    fn number(&self, place: &Place, value: f64, rule: &'static str) {
        self.report(place, number(place.label.clone(), value, rule));
    }

    fn shape(&self, place: &Place, why: &'static str) {
        self.report(
            place,
            ModelFault::Shape {
                place: place.label.clone(),
                why,
            },
        );
    }
}

pub(super) fn flow_place(index: usize) -> Place {
    Place::new(format!("flow {}", index + 1), "flow", index)
}

pub(super) fn turnover_place(index: usize, t: &described::Turnover) -> Place {
    Place::new(format!("turnover '{}'", t.name), "turnover", index)
}

pub(super) fn site_place(index: usize, e: &described::EffectSite) -> Place {
    Place::new(format!("effect site '{}'", e.name), "effect_site", index)
}

pub(super) fn output_place(index: usize, o: &described::Output) -> Place {
    Place::new(format!("output '{}'", o.name), "output", index)
}

/// The same place under a longer name.
fn called(what: &str, place: &Place) -> Place {
    Place {
        label: format!("{what} {}", place.label),
        path: place.path.clone(),
    }
}

fn number(place: String, value: f64, rule: &'static str) -> ModelFault {
    ModelFault::Number { place, value, rule }
}

/// Lower triangular factor of a covariance matrix given as its lower triangle. A variance of zero
/// is allowed: that parameter does not vary.
fn cholesky(place: &str, rows: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, ModelFault> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let mut new = vec![0.0; i + 1];
        for j in 0..=i {
            let earlier = |a: &[f64], b: &[f64]| (0..j).map(|k| a[k] * b[k]).sum::<f64>();
            if j == i {
                let rest = row[i] - earlier(&new, &new);
                let slack = 1e-12 * row[i].abs();
                if !(rest >= -slack && row[i].is_finite()) {
                    return Err(number(
                        format!("the covariance of {place}"),
                        row[i],
                        "positive semi-definite",
                    ));
                }
                new[i] = math::sqrt(rest.max(0.0));
            } else {
                let rest = row[j] - earlier(&new, &factor[j]);
                let pivot = factor[j][j];
                if pivot == 0.0 && rest != 0.0 {
                    return Err(number(
                        format!("the covariance of {place}"),
                        row[j],
                        "zero beside a variance of zero",
                    ));
                }
                new[j] = if pivot == 0.0 { 0.0 } else { rest / pivot };
            }
        }
        factor.push(new);
    }
    Ok(factor)
}

/// A draw's number from a name (FNV-1a), so that adding or moving a parameter shifts no other draw.
pub(crate) fn name_draw(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
