//! From a description to a model: every name resolved, every number checked.

use super::{
    Block, CovariateEffect, Flow, FlowRate, Model, Modifier, Output, Parameter, Residual, State,
    Term,
};
use crate::error::{ModelFault, SimError};
use crate::math;
use ketum_core::model::{
    self as described, Distribution, Driver, ModelDescription, RateLaw, Ratio, SpreadSize,
};

impl Model {
    /// Compiles a description.
    ///
    /// # Errors
    /// The first contradiction found: an unknown name, a name defined twice, a parameter without a
    /// unit, a number that cannot be.
    pub fn compile(description: &ModelDescription) -> Result<Self, SimError> {
        Compiler { description }
            .model()
            .map_err(|what| SimError::Model {
                model: description.id.clone(),
                what,
            })
    }
}

struct Compiler<'a> {
    description: &'a ModelDescription,
}

type Checked<T> = Result<T, ModelFault>;

impl Compiler<'_> {
    fn model(&self) -> Checked<Model> {
        let parameters = self.parameters()?;
        let states = self.states()?;
        let outputs = self.outputs()?;
        Ok(Model {
            id: self.description.id.clone(),
            parameters,
            states,
            flows: self.flows()?,
            outputs,
            blocks: self.blocks()?,
            covariate_effects: self.covariate_effects()?,
            residuals: self.residuals()?,
        })
    }

    fn parameters(&self) -> Checked<Vec<Parameter>> {
        let list = &self.description.parameter;
        unique("parameter", list.iter().map(|p| p.name.as_str()))?;
        let parameters: Vec<Parameter> = list
            .iter()
            .map(|p| {
                if p.unit.trim().is_empty() {
                    return Err(ModelFault::NoUnit {
                        name: p.name.clone(),
                    });
                }
                finite(&format!("the value of '{}'", p.name), p.value)?;
                let rule = match p.distribution {
                    Distribution::LogNormal if p.value < 0.0 => Some("not negative (log-normal)"),
                    Distribution::LogitNormal if !(0.0..=1.0).contains(&p.value) => {
                        Some("between 0 and 1 (logit-normal)")
                    }
                    _ => None,
                };
                if let Some(rule) = rule {
                    return Err(number(format!("the value of '{}'", p.name), p.value, rule));
                }
                Ok(Parameter {
                    name: p.name.clone(),
                    unit: p.unit.clone(),
                    typical: p.value,
                    distribution: p.distribution,
                    draw: name_draw(&p.name),
                })
            })
            .collect::<Checked<_>>()?;
        let mut draws: Vec<u32> = parameters.iter().map(|p| p.draw).collect();
        draws.sort_unstable();
        if draws.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(ModelFault::Shape {
                place: "the parameters".to_owned(),
                why: "two names have the same 32-bit fingerprint and would share random draws; rename one",
            });
        }
        Ok(parameters)
    }

    fn state_names(&self) -> impl Iterator<Item = &str> {
        let d = self.description;
        (d.compartment.iter().map(|c| c.name.as_str()))
            .chain(d.turnover.iter().map(|t| t.name.as_str()))
            .chain(d.effect_site.iter().map(|e| e.name.as_str()))
    }

    fn states(&self) -> Checked<Vec<State>> {
        unique("state", self.state_names())?;
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
        for c in &self.description.compartment {
            let place = format!("compartment '{}'", c.name);
            let term = |ratio: &Option<Ratio>| -> Checked<Option<Term>> {
                ratio.as_ref().map(|r| self.term(&place, r)).transpose()
            };
            states.push(State {
                initial: term(&c.initial)?,
                lag: term(&c.lag)?,
                bioavailability: term(&c.bioavailability)?,
                dose_rate: term(&c.dose_rate)?,
                dose_duration: term(&c.dose_duration)?,
                ..plain(&c.name, &c.unit)
            });
        }
        for t in &self.description.turnover {
            let initial = self.term(&format!("turnover '{}'", t.name), &t.baseline)?;
            states.push(State {
                initial: Some(initial),
                ..plain(&t.name, &t.unit)
            });
        }
        for e in &self.description.effect_site {
            states.push(plain(&e.name, &e.unit));
        }
        if states.len() > crate::ode::MAX_STATES {
            return Err(number(
                "the number of states".to_owned(),
                states.len() as f64,
                "at most 24",
            ));
        }
        if states.is_empty() {
            return Err(ModelFault::Shape {
                place: "the model".to_owned(),
                why: "it has no compartment",
            });
        }
        Ok(states)
    }

    fn flows(&self) -> Checked<Vec<Flow>> {
        let mut flows = Vec::new();
        for (index, flow) in self.description.flow.iter().enumerate() {
            flows.push(self.flow(&format!("flow {}", index + 1), flow)?);
        }
        for t in &self.description.turnover {
            self.turnover(t, &mut flows)?;
        }
        for e in &self.description.effect_site {
            self.effect_site(e, &mut flows)?;
        }
        Ok(flows)
    }

    fn flow(&self, place: &str, flow: &described::Flow) -> Checked<Flow> {
        let from = flow
            .from
            .as_ref()
            .map(|name| self.state(place, name))
            .transpose()?;
        let to = flow
            .to
            .as_ref()
            .map(|name| self.state(place, name))
            .transpose()?;
        let shape = |why| {
            Err(ModelFault::Shape {
                place: place.to_owned(),
                why,
            })
        };
        if from.is_none() && to.is_none() {
            return shape("it has neither 'from' nor 'to'");
        }
        let rate = match &flow.rate {
            RateLaw::FirstOrder(rate) => FlowRate::FirstOrder(self.term(place, rate)?),
            RateLaw::MichaelisMenten { vmax, km, volume } => FlowRate::MichaelisMenten {
                vmax: self.term(place, vmax)?,
                km: self.term(place, km)?,
                volume: self.term(place, volume)?,
            },
            RateLaw::ZeroOrder(rate) => FlowRate::ZeroOrder(self.term(place, rate)?),
        };
        match (&rate, from) {
            (FlowRate::ZeroOrder(_), Some(_)) => {
                return shape(
                    "a zero-order flow has no 'from': a constant rate would empty it below zero",
                );
            }
            (FlowRate::ZeroOrder(_), None) | (_, Some(_)) => {}
            (_, None) => return shape("its rate depends on an amount, so it needs 'from'"),
        }
        Ok(Flow {
            from,
            to,
            rate,
            yield_: match &flow.yield_ {
                Some(ratio) => self.term(place, ratio)?,
                None => Term::number(1.0),
            },
            drains: flow.drains,
            modifiers: self.modifiers(place, &flow.modifier)?,
        })
    }

    fn turnover(&self, t: &described::Turnover, flows: &mut Vec<Flow>) -> Checked<()> {
        let place = format!("turnover '{}'", t.name);
        let state = self.state(&place, &t.name)?;
        let kout = self.term(&place, &t.kout)?;
        let mut kin = self.term(&place, &t.baseline)?;
        kin.factor *= kout.factor;
        kin.times.extend(&kout.times);
        kin.over.extend(&kout.over);
        flows.push(Flow {
            from: None,
            to: Some(state),
            rate: FlowRate::ZeroOrder(kin),
            yield_: Term::number(1.0),
            drains: true,
            modifiers: self.modifiers(&place, &t.on_production)?,
        });
        flows.push(Flow {
            from: Some(state),
            to: None,
            rate: FlowRate::FirstOrder(kout),
            yield_: Term::number(1.0),
            drains: true,
            modifiers: self.modifiers(&place, &t.on_loss)?,
        });
        Ok(())
    }

    fn effect_site(&self, e: &described::EffectSite, flows: &mut Vec<Flow>) -> Checked<()> {
        let place = format!("effect site '{}'", e.name);
        let state = self.state(&place, &e.name)?;
        let ke0 = self.term(&place, &e.ke0)?;
        let (from, volume) = self.driver(&place, &e.follows)?;
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
        Ok(())
    }

    fn modifiers(&self, place: &str, list: &[described::Modifier]) -> Checked<Vec<Modifier>> {
        let saturable = |by: &Driver, max: &Ratio, half: &Ratio, hill: &Option<Ratio>, sign| {
            let (state, volume) = self.driver(place, by)?;
            Ok(Modifier::Saturable {
                state,
                volume,
                max: self.term(place, max)?,
                half: self.term(place, half)?,
                hill: hill.as_ref().map(|h| self.term(place, h)).transpose()?,
                sign,
            })
        };
        list.iter()
            .map(|modifier| match modifier {
                described::Modifier::Inhibited {
                    by,
                    imax,
                    ic50,
                    hill,
                } => saturable(by, imax, ic50, hill, -1.0),
                described::Modifier::Stimulated {
                    by,
                    emax,
                    ec50,
                    hill,
                } => saturable(by, emax, ec50, hill, 1.0),
                described::Modifier::Fading { rate } => {
                    Ok(Modifier::Fading(self.term(place, rate)?))
                }
            })
            .collect()
    }

    fn driver(&self, place: &str, driver: &Driver) -> Checked<(usize, Term)> {
        let volume = match &driver.volume {
            Some(ratio) => self.term(place, ratio)?,
            None => Term::number(1.0),
        };
        Ok((self.state(place, &driver.compartment)?, volume))
    }

    fn outputs(&self) -> Checked<Vec<Output>> {
        unique(
            "output",
            self.description.output.iter().map(|o| o.name.as_str()),
        )?;
        self.description
            .output
            .iter()
            .map(|o| {
                let place = format!("output '{}'", o.name);
                Ok(Output {
                    name: o.name.clone(),
                    unit: o.unit.clone(),
                    state: self.state(&place, &o.compartment)?,
                    scale: match &o.scale {
                        Some(ratio) => self.term(&place, ratio)?,
                        None => Term::number(1.0),
                    },
                    draw: name_draw(&o.name),
                })
            })
            .collect()
    }

    fn blocks(&self) -> Checked<Vec<Block>> {
        let blocks = self.description.spread.iter().enumerate();
        blocks
            .map(|(index, s)| self.block(&format!("spread {}", index + 1), s))
            .collect()
    }

    fn block(&self, place: &str, spread: &described::Spread) -> Checked<Block> {
        let parameters = (spread.parameters.iter())
            .map(|name| self.parameter(place, name))
            .collect::<Checked<Vec<usize>>>()?;
        let n = parameters.len();
        if n > 64 {
            return Err(number(
                format!("the length of {place}"),
                n as f64,
                "at most 64 parameters",
            ));
        }
        let wrong_length = || ModelFault::Shape {
            place: place.to_owned(),
            why: "the size does not fit the list of parameters",
        };
        let diagonal = |sds: Vec<f64>| -> Checked<Vec<Vec<f64>>> {
            if sds.len() != n {
                return Err(wrong_length());
            }
            for &sd in &sds {
                if !(sd >= 0.0 && sd.is_finite()) {
                    return Err(number(
                        format!("a size of {place}"),
                        sd,
                        "finite and not negative",
                    ));
                }
            }
            Ok((0..n)
                .map(|i| (0..=i).map(|j| if i == j { sds[i] } else { 0.0 }).collect())
                .collect())
        };
        let cholesky = match &spread.size {
            SpreadSize::Sd(sds) => diagonal(sds.clone())?,
            SpreadSize::Cv(cvs) => {
                for &index in &parameters {
                    if self.description.parameter[index].distribution != Distribution::LogNormal {
                        return Err(ModelFault::Shape {
                            place: place.to_owned(),
                            why: "a cv is for log-normal parameters; give an sd or a covariance",
                        });
                    }
                }
                diagonal(
                    cvs.iter()
                        .map(|&cv| math::sqrt(math::ln_1p(cv * cv)))
                        .collect(),
                )?
            }
            SpreadSize::Covariance(rows) => {
                let triangular =
                    rows.len() == n && rows.iter().enumerate().all(|(i, r)| r.len() == i + 1);
                if !triangular {
                    return Err(wrong_length());
                }
                cholesky(place, rows)?
            }
        };
        Ok(Block {
            source: spread.source,
            parameters,
            cholesky,
        })
    }

    fn covariate_effects(&self) -> Checked<Vec<CovariateEffect>> {
        self.description
            .covariate_effect
            .iter()
            .map(|e| {
                let place = format!("covariate effect of '{}'", e.covariate);
                Ok(CovariateEffect {
                    parameter: self.parameter(&place, &e.parameter)?,
                    covariate: e.covariate.clone(),
                    form: e.form.clone(),
                })
            })
            .collect()
    }

    fn residuals(&self) -> Checked<Vec<Residual>> {
        let names: Vec<&str> = self
            .description
            .output
            .iter()
            .map(|o| o.name.as_str())
            .collect();
        self.description
            .residual
            .iter()
            .map(|r| {
                let output = find("a residual", "output", &names, &r.output)?;
                for (place, sd) in [("proportional", r.proportional), ("additive", r.additive)] {
                    if !(sd >= 0.0 && sd.is_finite()) {
                        return Err(number(
                            format!("the {place} residual"),
                            sd,
                            "finite and not negative",
                        ));
                    }
                }
                Ok(Residual {
                    output,
                    proportional: r.proportional,
                    additive: r.additive,
                    log: r.log,
                })
            })
            .collect()
    }

    fn term(&self, place: &str, ratio: &Ratio) -> Checked<Term> {
        finite(&format!("a factor of {place}"), ratio.factor)?;
        let positions = |names: &[String]| -> Checked<Vec<usize>> {
            names
                .iter()
                .map(|name| self.parameter(place, name))
                .collect()
        };
        Ok(Term {
            factor: ratio.factor,
            times: positions(&ratio.times)?,
            over: positions(&ratio.over)?,
        })
    }

    fn parameter(&self, place: &str, name: &str) -> Checked<usize> {
        let names: Vec<&str> = self
            .description
            .parameter
            .iter()
            .map(|p| p.name.as_str())
            .collect();
        find(place, "parameter", &names, name)
    }

    fn state(&self, place: &str, name: &str) -> Checked<usize> {
        let names: Vec<&str> = self.state_names().collect();
        find(place, "compartment", &names, name)
    }
}

fn find(place: &str, kind: &'static str, names: &[&str], name: &str) -> Checked<usize> {
    names
        .iter()
        .position(|known| *known == name)
        .ok_or_else(|| ModelFault::Unknown {
            place: place.to_owned(),
            kind,
            name: name.to_owned(),
            hint: match names.is_empty() {
                true => String::new(),
                false => format!("; it has {}", names.join(", ")),
            },
        })
}

fn unique<'n>(kind: &'static str, names: impl Iterator<Item = &'n str>) -> Checked<()> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            return Err(ModelFault::Duplicate {
                kind,
                name: name.to_owned(),
            });
        }
        seen.push(name);
    }
    Ok(())
}

fn finite(place: &str, value: f64) -> Checked<()> {
    match value.is_finite() {
        true => Ok(()),
        false => Err(number(place.to_owned(), value, "a finite number")),
    }
}

fn number(place: String, value: f64, rule: &'static str) -> ModelFault {
    ModelFault::Number { place, value, rule }
}

/// Lower triangular factor of a covariance matrix given as its lower triangle. A variance of zero
/// is allowed: that parameter does not vary.
fn cholesky(place: &str, rows: &[Vec<f64>]) -> Checked<Vec<Vec<f64>>> {
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
