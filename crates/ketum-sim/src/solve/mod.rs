//! Simulates one subject: carries out its timeline with one of several interchangeable propagators.
//!
//! The timeline says what happens, a propagator only how the state moves in between; so closed form
//! and differential equations cannot disagree about a dose.

mod capacity;
mod closed;
mod equations;
mod period;
#[cfg(feature = "diffsol")]
mod reference;

use crate::error::{SimError, SolveFault, SubjectFailure};
use crate::events::{Action, SteadyPlan, Step, timeline};
use crate::linear::MAX_STATES;
use crate::model::{Individual, Model};
pub use crate::ode::{Span, Tolerance, Work};
use crate::population::Draws;
use closed::ClosedForm;
use equations::Equations;
use ketum_core::event::Subject;

/// How the state moves between events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// Closed form where there is one, else the explicit pair with a switch to Rosenbrock where it
    /// turns stiff.
    #[default]
    Auto,
    /// Matrix exponential; linear models only.
    ClosedForm,
    /// Explicit pair of order 5, whether stiff or not.
    Explicit,
    /// Rosenbrock method of order 4.
    Rosenbrock,
    /// diffsol's BDF method, another project's code, for comparison.
    #[cfg(feature = "diffsol")]
    Reference,
}

/// How to solve.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Options {
    /// The method; one that is asked for is used or refused, never replaced.
    pub method: Method,
    /// Accuracy of differential equations; closed forms have no use for it.
    pub tolerance: Tolerance,
}

/// Something the solver did that a reader should know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// The explicit pair found the problem stiff and the Rosenbrock method went on from here.
    TurnedStiff {
        /// Hours.
        time_h: f64,
    },
    /// The model is linear, but a covariate moves between records, so there is no closed form.
    NoClosedForm,
}

/// Predictions for one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// One row a record, in the order of the data: one value an output of the model.
    pub rows: Vec<Vec<f64>>,
    /// The method that was used.
    pub method: Method,
    /// What the solver did.
    pub work: Work,
    /// What a reader should know.
    pub notes: Vec<Note>,
}

/// Moves the state between events.
pub(crate) trait Propagator {
    /// Parameters from here on.
    fn set_parameters(&mut self, parameters: &[f64]);
    /// Moves `x` through a span under constant input from doses, writing the state at stops.
    fn advance(
        &mut self,
        span: Span<'_>,
        input: &[f64],
        x: &mut [f64],
        sink: &mut dyn FnMut(usize, &[f64]),
    ) -> Result<(), SolveFault>;
    /// Puts the steady state of a repeated dose into `x`, or adds it.
    fn steady(&mut self, time_h: f64, plan: &SteadyPlan, x: &mut [f64]) -> Result<(), SolveFault>;
    /// What was done so far.
    fn work(&self) -> Work;
    /// What a reader should know.
    fn notes(&self) -> Vec<Note>;
}

/// Where a subject's parameters come from.
#[derive(Clone, Copy)]
pub enum Effects<'a> {
    /// The typical subject.
    Typical,
    /// Random effects, each on its parameter's own scale, the same at every record.
    Given(&'a [f64]),
    /// Random effects drawn for this subject; those between occasions change with the column OCC.
    Drawn {
        /// The draws.
        draws: &'a Draws<'a>,
        /// Index of the subject.
        subject: u64,
    },
}

impl Effects<'_> {
    /// Random effects at an occasion.
    fn at(&self, occasion: u32) -> Vec<f64> {
        match self {
            Self::Typical => Vec::new(),
            Self::Given(eta) => eta.to_vec(),
            Self::Drawn { draws, subject } => draws.effects(*subject, occasion),
        }
    }
}

/// Simulates a subject whose random effects are `eta`, each on its parameter's own scale; an empty
/// list is the typical subject. A subject without records has no rows.
///
/// # Errors
/// A list of random effects that is neither empty nor one a parameter, a record that cannot be carried
/// out, a method that does not fit the model, parameters the equations have no meaning for, a failure
/// of the solver with its cause.
pub fn simulate(
    model: &Model,
    subject: &Subject,
    eta: &[f64],
    options: &Options,
) -> Result<Prediction, SimError> {
    simulate_with(model, subject, &Effects::Given(eta), options)
}

/// The same with random effects of any origin.
///
/// # Errors
/// As for [`simulate`].
pub fn simulate_with(
    model: &Model,
    subject: &Subject,
    effects: &Effects<'_>,
    options: &Options,
) -> Result<Prediction, SimError> {
    if let Effects::Given(eta) = effects
        && !eta.is_empty()
    {
        fits(model, "random effects", eta.len())?;
    }
    let whole = |what| SimError::Event {
        subject: subject.id.clone(),
        record: 1,
        what,
    };
    let eta = |occasion| effects.at(occasion);
    let individuals = model.individuals(subject, &eta).map_err(whole)?;
    let moving = model.moves_between_records(subject);
    let first = effects.at(0);
    carry(
        model,
        subject,
        individuals,
        moving.then_some(&first),
        options,
    )
}

/// Simulates a subject whose parameters are given, in the model's order.
///
/// # Errors
/// A list that is not one a parameter; else as for [`simulate`].
pub fn simulate_parameters(
    model: &Model,
    subject: &Subject,
    parameters: &[f64],
    options: &Options,
) -> Result<Prediction, SimError> {
    fits(model, "parameters", parameters.len())?;
    let always = Individual {
        before: parameters.to_vec(),
        at_record: parameters.to_vec(),
        after: parameters.to_vec(),
    };
    carry(
        model,
        subject,
        vec![always; subject.events.len()],
        None,
        options,
    )
}

fn fits(model: &Model, what: &'static str, given: usize) -> Result<(), SimError> {
    let needed = model.parameters.len();
    if given == needed {
        return Ok(());
    }
    Err(SimError::Lengths {
        what,
        given,
        needed,
    })
}

fn carry(
    model: &Model,
    subject: &Subject,
    individuals: Vec<Individual>,
    moving: Option<&Vec<f64>>,
    options: &Options,
) -> Result<Prediction, SimError> {
    let failed = |cause: SolveFault| match cause {
        // What the person's parameters make of a dose is the person's failure, not the record's.
        SolveFault::Record { record, what } if !what.is_of_parameters() => SimError::Event {
            subject: subject.id.clone(),
            record,
            what,
        },
        cause => SimError::Subject {
            id: subject.id.clone(),
            failure: Box::new(SubjectFailure {
                subject: 0,
                cause,
                parameters: named(model, individuals.first().map_or(&[], |i| &i.after)),
            }),
        },
    };
    let steps = timeline(model, subject, &individuals).map_err(failed)?;
    let closed = model.is_linear() && model.states.len() <= MAX_STATES && moving.is_none();
    let method = match options.method {
        Method::Auto if closed => Method::ClosedForm,
        Method::ClosedForm if !closed => {
            return Err(SimError::Unsupported {
                method: "the closed form",
                why: "the model is not linear, has too many states, or a covariate moves between records",
            });
        }
        method => method,
    };
    let mut propagator: Box<dyn Propagator + '_> = match method {
        Method::ClosedForm => Box::new(ClosedForm::new(model)),
        method => {
            let moving = moving.map(|eta| (subject, eta.as_slice()));
            Box::new(Equations::new(model, method, options.tolerance, moving))
        }
    };
    let Some(first) = individuals.first() else {
        return Ok(Prediction {
            rows: Vec::new(),
            method,
            work: propagator.work(),
            notes: Vec::new(),
        });
    };
    let carried = Carrier {
        model,
        individuals: &individuals,
        outputs: vec![Vec::new(); subject.events.len()],
        x: vec![0.0; model.states.len()],
        input: vec![0.0; model.states.len()],
        parameters: first.before.clone(),
        now: steps.first().map_or(0.0, |step| step.time_h),
    };
    let rows = carried
        .carry_out(&steps, propagator.as_mut())
        .map_err(failed)?;
    let mut notes = propagator.notes();
    if options.method == Method::Auto && model.is_linear() && moving.is_some() {
        notes.push(Note::NoClosedForm);
    }
    Ok(Prediction {
        rows,
        method,
        work: propagator.work(),
        notes,
    })
}

fn named(model: &Model, parameters: &[f64]) -> Vec<(String, f64)> {
    let names = model.parameters.iter().map(|p| p.name.clone());
    names.zip(parameters.iter().copied()).collect()
}

/// The state of a subject on its way through the timeline.
struct Carrier<'a> {
    model: &'a Model,
    individuals: &'a [Individual],
    outputs: Vec<Vec<f64>>,
    x: Vec<f64>,
    input: Vec<f64>,
    parameters: Vec<f64>,
    now: f64,
}

impl Carrier<'_> {
    fn carry_out(
        mut self,
        steps: &[Step],
        propagator: &mut dyn Propagator,
    ) -> Result<Vec<Vec<f64>>, SolveFault> {
        self.model.check_values(&self.parameters)?;
        propagator.set_parameters(&self.parameters);
        self.reset();
        // Observations wait until something changes the state or its equations.
        let mut stops: Vec<f64> = Vec::new();
        let mut records: Vec<usize> = Vec::new();
        for step in steps {
            if let Action::Observe { record } = step.action {
                stops.push(step.time_h);
                records.push(record);
                continue;
            }
            self.move_to(step.time_h, &mut stops, &mut records, propagator)?;
            match &step.action {
                Action::Bolus { state, amount } => self.x[*state] += amount,
                Action::Rate { state, change } => self.input[*state] += change,
                Action::Reset => self.reset(),
                Action::Steady(plan) => propagator.steady(self.now, plan, &mut self.x)?,
                Action::Parameters { record, after } => {
                    let individual = &self.individuals[*record];
                    let chosen = if *after {
                        &individual.after
                    } else {
                        &individual.before
                    };
                    self.parameters.clone_from(chosen);
                    self.model.check_values(&self.parameters)?;
                    propagator.set_parameters(&self.parameters);
                }
                Action::Observe { .. } => {}
            }
        }
        let end = stops.last().copied().unwrap_or(self.now);
        self.move_to(end, &mut stops, &mut records, propagator)?;
        Ok(self.outputs)
    }

    fn reset(&mut self) {
        self.input.fill(0.0);
        for (x, state) in self.x.iter_mut().zip(&self.model.states) {
            *x = state
                .initial
                .as_ref()
                .map_or(0.0, |term| term.value(&self.parameters));
        }
    }

    fn move_to(
        &mut self,
        to: f64,
        stops: &mut Vec<f64>,
        records: &mut Vec<usize>,
        propagator: &mut dyn Propagator,
    ) -> Result<(), SolveFault> {
        // Most stretches between doses have no stop in them.
        let read = match stops.is_empty() {
            true => &[][..],
            false => &self.model.outputs[..],
        };
        let scales: Vec<(usize, f64)> = read
            .iter()
            .map(|output| (output.state, output.scale.value(&self.parameters)))
            .collect();
        let outputs = &mut self.outputs;
        let span = Span {
            from: self.now,
            to,
            stops,
        };
        propagator.advance(span, &self.input, &mut self.x, &mut |stop, x| {
            outputs[records[stop]] = scales
                .iter()
                .map(|&(state, scale)| scale * x[state])
                .collect();
        })?;
        for (row, &time_h) in records.iter().zip(stops.iter()) {
            for (value, output) in self.outputs[*row].iter().zip(&self.model.outputs) {
                if !value.is_finite() {
                    return Err(SolveFault::NotFinite(format!(
                        "{} at {time_h} h",
                        output.name
                    )));
                }
            }
        }
        stops.clear();
        records.clear();
        self.now = to;
        Ok(())
    }
}
