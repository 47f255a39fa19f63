//! Differential equations as a propagator: explicit pair, Rosenbrock, or the first with a switch to
//! the second where it turns stiff.

use super::capacity::below_capacity;
use super::period::periodic_state;
use super::{Method, Note, Propagator, Span, Tolerance, Work};
use crate::error::SolveFault;
use crate::events::SteadyPlan;
use crate::model::{Model, Side, read};
use crate::ode::{
    Differentiable, Explicit, MAX_STATES, Outcome, Prepared, Rhs, Rosenbrock, State, Stretches,
};
use ketum_core::event::Subject;

pub(super) struct Equations<'m> {
    model: &'m Model,
    method: Method,
    tolerance: Tolerance,
    /// The subject and its random effects, where a covariate moves between records.
    moving: Option<(&'m Subject, &'m [f64])>,
    parameters: Vec<f64>,
    prepared: Prepared<f64>,
    explicit: Explicit<f64>,
    rosenbrock: Rosenbrock,
    #[cfg(feature = "diffsol")]
    reference: Work,
    notes: Vec<Note>,
}

impl<'m> Equations<'m> {
    pub(super) fn new(
        model: &'m Model,
        method: Method,
        tolerance: Tolerance,
        moving: Option<(&'m Subject, &'m [f64])>,
    ) -> Self {
        let n = model.states.len();
        Self {
            model,
            method,
            tolerance,
            moving,
            parameters: model.typical(),
            prepared: Prepared::new(model, &model.typical()),
            explicit: Explicit::new(n, tolerance),
            rosenbrock: Rosenbrock::new(n, tolerance),
            #[cfg(feature = "diffsol")]
            reference: Work::default(),
            notes: Vec::new(),
        }
    }

    fn advance_with(
        &mut self,
        rhs: &impl Differentiable,
        span: Span<'_>,
        x: &mut [f64],
        sink: &mut dyn FnMut(usize, &[f64]),
    ) -> Result<(), SolveFault> {
        match self.method {
            Method::Rosenbrock => self.rosenbrock.advance(rhs, span, x, sink),
            #[cfg(feature = "diffsol")]
            Method::Reference => {
                let work = &mut self.reference;
                super::reference::advance(rhs, span, self.tolerance, x, work, sink)
            }
            Method::Explicit | Method::Auto | Method::ClosedForm => {
                let watch = self.method != Method::Explicit;
                let (outcome, done) = self.explicit(rhs, span, x, watch, sink);
                let from = match outcome {
                    Outcome::Done => return Ok(()),
                    Outcome::Failed(fault) => return Err(fault),
                    Outcome::Stiff { time_h } => time_h,
                };
                self.notes.push(Note::TurnedStiff { time_h: from });
                let rest = Span {
                    from,
                    to: span.to,
                    stops: &span.stops[done..],
                };
                self.rosenbrock
                    .advance(rhs, rest, x, &mut |stop, x| sink(stop + done, x))
            }
        }
    }

    /// The explicit pair for one subject; gives what became of it and how many stops are done.
    fn explicit(
        &mut self,
        rhs: &impl Differentiable,
        span: Span<'_>,
        x: &mut [f64],
        watch: bool,
        sink: &mut dyn FnMut(usize, &[f64]),
    ) -> (Outcome, usize) {
        let limit = [span.stops.len()];
        let stretches = Stretches {
            from: span.from,
            to: span.to,
            stops: span.stops,
            limit: &limit,
            watch,
        };
        let mut state: State<f64> = [0.0; MAX_STATES];
        state[..x.len()].copy_from_slice(x);
        let mut cursor = [0];
        let mut outcome = [Outcome::Done];
        let mut put = |stop: usize, _lane: usize, x: &[f64]| sink(stop, x);
        self.explicit.advance(
            rhs,
            stretches,
            &mut state,
            &mut cursor,
            &mut outcome,
            &mut put,
        );
        x.copy_from_slice(&state[..x.len()]);
        let [outcome] = outcome;
        (outcome, cursor[0])
    }

    /// The state after the first `hours` of an interval at steady state that starts from `x`.
    fn interval(
        &mut self,
        time_h: f64,
        plan: &SteadyPlan,
        hours: f64,
        x: &mut [f64],
    ) -> Result<(), SolveFault> {
        x[plan.state] += plan.bolus;
        let mut input = vec![0.0; x.len()];
        let mut now = time_h;
        for stretch in plan.stretches(hours) {
            input[plan.state] = stretch.rate;
            let span = Span {
                from: now,
                to: now + stretch.hours,
                stops: &[],
            };
            self.advance(span, &input, x, &mut |_, _| {})?;
            now += stretch.hours;
        }
        Ok(())
    }
}

impl Propagator for Equations<'_> {
    fn set_parameters(&mut self, parameters: &[f64]) {
        self.parameters.clear();
        self.parameters.extend_from_slice(parameters);
        self.prepared = Prepared::new(self.model, parameters);
    }

    fn advance(
        &mut self,
        span: Span<'_>,
        input: &[f64],
        x: &mut [f64],
        sink: &mut dyn FnMut(usize, &[f64]),
    ) -> Result<(), SolveFault> {
        match self.moving {
            None => {
                let mut prepared = self.prepared.clone();
                prepared.set_input(input);
                self.advance_with(&prepared, span, x, sink)
            }
            Some((subject, eta)) => {
                let rhs = Moving {
                    model: self.model,
                    subject,
                    eta,
                    input: input.to_vec(),
                };
                self.advance_with(&rhs, span, x, sink)
            }
        }
    }

    fn steady(&mut self, time_h: f64, plan: &SteadyPlan, x: &mut [f64]) -> Result<(), SolveFault> {
        if self.moving.is_some() {
            return Err(SolveFault::NoSteadyState(
                "a covariate moves between records",
            ));
        }
        if !plan.replace && self.model.has_source() {
            return Err(SolveFault::NoSteadyState(
                "a steady state is added (SS 2) to a nonlinear model that makes something itself",
            ));
        }
        let mean = match plan.interval_h.is_infinite() {
            true => plan.rate,
            false => (plan.bolus + plan.rate * plan.duration_h) / plan.interval_h,
        };
        below_capacity(self.model, &self.parameters, plan.state, mean)?;
        let tolerance = self.tolerance;
        let mut steady = x.to_vec();
        if !plan.replace {
            steady.fill(0.0);
        }
        if plan.interval_h.is_infinite() {
            // Any interval serves for a constant input; this one sees the fastest and slowest rates.
            let day = SteadyPlan {
                duration_h: 24.0,
                interval_h: 24.0,
                ..*plan
            };
            periodic_state(&mut steady, &tolerance, &mut |x| {
                self.interval(time_h, &day, 24.0, x)
            })?;
        } else {
            periodic_state(&mut steady, &tolerance, &mut |x| {
                self.interval(time_h, plan, plan.interval_h, x)
            })?;
            self.interval(time_h, plan, plan.elapsed_h, &mut steady)?;
        }
        for (x, steady) in x.iter_mut().zip(steady) {
            *x = if plan.replace { steady } else { *x + steady };
        }
        Ok(())
    }

    fn work(&self) -> Work {
        let mut work = self.explicit.work;
        work += self.rosenbrock.work;
        #[cfg(feature = "diffsol")]
        {
            work += self.reference;
        }
        work
    }

    fn notes(&self) -> Vec<Note> {
        self.notes.clone()
    }
}

/// Equations whose parameters follow a covariate that runs in a straight line between records.
struct Moving<'m> {
    model: &'m Model,
    subject: &'m Subject,
    eta: &'m [f64],
    input: Vec<f64>,
}

impl Moving<'_> {
    fn at(&self, t: f64) -> Prepared<f64> {
        let value = |name: &str| {
            let series = self.subject.covariates.iter().find(|c| c.name == name)?;
            read(series, t, 0, Side::At)
        };
        // Covariates were all found when the records were laid out.
        let parameters = self
            .model
            .individual(self.eta, &value)
            .unwrap_or_else(|_| self.model.typical());
        let mut prepared = Prepared::new(self.model, &parameters);
        prepared.set_input(&self.input);
        prepared
    }
}

impl Rhs<f64> for Moving<'_> {
    fn states(&self) -> usize {
        self.model.states.len()
    }

    fn eval(&self, t: f64, x: &[f64], dx: &mut [f64]) {
        self.at(t).eval(t, x, dx);
    }
}

impl Differentiable for Moving<'_> {
    fn jacobian(&self, t: f64, x: &[f64], by_state: &mut [f64], by_time: &mut [f64]) {
        self.at(t).jacobian(t, x, by_state, by_time);
        // The covariate's own change: a central difference over a minute of a straight line.
        let d = 1.0 / 60.0;
        let (mut up, mut down) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        self.at(t + d).eval(t, x, &mut up);
        self.at(t - d).eval(t, x, &mut down);
        for ((by_time, up), down) in by_time.iter_mut().zip(up).zip(down) {
            *by_time += (up - down) / (2.0 * d);
        }
    }
}
