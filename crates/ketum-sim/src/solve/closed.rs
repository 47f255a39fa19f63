//! The closed form as a propagator: matrix exponentials from the last event to each stop, so that
//! asking for another time changes no other value.

use super::{Note, Propagator, Span, Work};
use crate::error::SolveFault;
use crate::events::SteadyPlan;
use crate::linear::{LinearRates, Matrix, SIZE, Vector, steady_state};
use crate::model::Model;

pub(super) struct ClosedForm<'m> {
    model: &'m Model,
    rates: LinearRates<f64>,
    work: Work,
}

impl<'m> ClosedForm<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let rates = model.linear_rates(&model.typical());
        Self {
            model,
            rates,
            work: Work::default(),
        }
    }

    /// The state after `hours` under constant input.
    fn moved(&mut self, x: &Vector<f64>, input: &Vector<f64>, hours: f64) -> Vector<f64> {
        if hours == 0.0 {
            return *x;
        }
        self.work.exponentials += 1;
        let a = &self.rates.matrix;
        if input.iter().all(|&rate| rate == 0.0) {
            return a.exponential(hours).apply(x);
        }
        let mut with_one = *x;
        with_one[a.n] = 1.0;
        let mut moved = a.with_input(input).exponential(hours).apply(&with_one);
        moved[a.n] = 0.0;
        moved
    }

    /// The state after the first `hours` of an interval at steady state that starts from `x`.
    fn interval(
        &mut self,
        x: &Vector<f64>,
        plan: &SteadyPlan,
        constant: &Vector<f64>,
        hours: f64,
    ) -> Vector<f64> {
        let mut x = *x;
        x[plan.state] += plan.bolus;
        for stretch in plan.stretches(hours) {
            let mut input = *constant;
            input[plan.state] += stretch.rate;
            x = self.moved(&x, &input, stretch.hours);
        }
        x
    }
}

impl Propagator for ClosedForm<'_> {
    fn set_parameters(&mut self, parameters: &[f64]) {
        self.rates = self.model.linear_rates(parameters);
    }

    fn advance(
        &mut self,
        span: Span<'_>,
        input: &[f64],
        x: &mut [f64],
        sink: &mut dyn FnMut(usize, &[f64]),
    ) -> Result<(), SolveFault> {
        let mut state: Vector<f64> = [0.0; SIZE];
        state[..x.len()].copy_from_slice(x);
        let mut total = self.rates.input;
        for (total, rate) in total.iter_mut().zip(input) {
            *total += rate;
        }
        let mut last = (span.from, state);
        for (index, &stop) in span.stops.iter().enumerate() {
            if stop != last.0 {
                last = (stop, self.moved(&state, &total, stop - span.from));
            }
            sink(index, &last.1[..x.len()]);
        }
        if span.to != last.0 {
            last.1 = self.moved(&state, &total, span.to - span.from);
        }
        x.copy_from_slice(&last.1[..x.len()]);
        Ok(())
    }

    fn steady(&mut self, _time_h: f64, plan: &SteadyPlan, x: &mut [f64]) -> Result<(), SolveFault> {
        // What replaces the body contains what the model itself makes; what is added does not.
        let constant = if plan.replace {
            self.rates.input
        } else {
            [0.0; SIZE]
        };
        let plan = &self.shortened(plan);
        let steady = if plan.interval_h.is_infinite() {
            let mut input = constant;
            input[plan.state] += plan.rate;
            self.constant_input(&input)?
        } else {
            let gain = self.interval(&[0.0; SIZE], plan, &constant, plan.interval_h);
            self.work.exponentials += 1;
            let period = self.rates.matrix.exponential(plan.interval_h);
            let start = steady_state(&period, &gain)?;
            self.interval(&start, plan, &constant, plan.elapsed_h)
        };
        for (x, steady) in x.iter_mut().zip(steady) {
            *x = if plan.replace { steady } else { *x + steady };
        }
        Ok(())
    }

    fn work(&self) -> Work {
        self.work
    }

    fn notes(&self) -> Vec<Note> {
        Vec::new()
    }
}

/// So many times the mean residence in the fastest state change nothing any more; longer exponentials
/// would only overflow.
const ENDLESS: f64 = 1e18;

impl ClosedForm<'_> {
    /// The same plan with an interval that matrix exponentials can span: at the end of a longer one
    /// nothing is left either.
    fn shortened(&self, plan: &SteadyPlan) -> SteadyPlan {
        let a = &self.rates.matrix;
        let fastest = (0..a.n).map(|i| -a.at[i][i]).fold(0.0, f64::max);
        let endless = ENDLESS / fastest;
        let mut plan = *plan;
        if plan.interval_h.is_finite() && plan.interval_h > endless && plan.duration_h < endless {
            plan.elapsed_h = plan.elapsed_h.min(endless);
            plan.interval_h = endless;
        }
        plan
    }

    /// Steady state of a constant input: intervals of one mean residence of the fastest state, summed
    /// by doubling like any other repetition.
    fn constant_input(&mut self, input: &Vector<f64>) -> Result<Vector<f64>, SolveFault> {
        let a: &Matrix<f64> = &self.rates.matrix;
        let fastest = (0..a.n).map(|i| -a.at[i][i]).fold(0.0, f64::max);
        if !(fastest > 0.0) {
            return Err(SolveFault::NoSteadyState("nothing is eliminated"));
        }
        let hours = 1.0 / fastest;
        let period = a.exponential(hours);
        let gain = self.moved(&[0.0; SIZE], input, hours);
        self.work.exponentials += 1;
        steady_state(&period, &gain)
    }
}
