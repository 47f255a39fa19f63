//! One subject of a population by the matrix exponential, from event to event.

use crate::error::SolveFault;
use crate::events::Regimen;
use crate::linear::{Matrix, SIZE, Vector, steady_state};
use crate::math::dispatch::Kernel;
use crate::model::Model;
use crate::ode::{factorise, solve};

/// One subject's work.
pub(crate) struct Single<'a> {
    pub model: &'a Model,
    pub regimen: &'a Regimen,
    pub times_h: &'a [f64],
    pub parameters: &'a [f64],
    /// `put(time index, output, value)`.
    pub put: &'a mut dyn FnMut(usize, usize, f64),
}

struct Arrival {
    time_h: f64,
    state: usize,
    bolus: f64,
    rate_change: f64,
    steady_interval_h: f64,
}

impl Kernel for Single<'_> {
    /// Area of each output from the first to the last time; not a number where something is never
    /// eliminated.
    type Output = Result<[f64; SIZE], SolveFault>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let arrivals = self.arrivals();
        let rates = self.model.linear_rates(self.parameters);
        let mut x: Vector<f64> = [0.0; SIZE];
        for (state, x) in self.model.states.iter().zip(&mut x) {
            *x = state
                .initial
                .as_ref()
                .map_or(0.0, |term| term.value(self.parameters));
        }
        let mut input = rates.input;
        let mut next = 0;
        let first = self.times_h.first().copied().unwrap_or(0.0);
        let mut now = arrivals.first().map_or(first, |a| a.time_h.min(first));
        // What came in, and what was there at the first time.
        let mut inflow: Vector<f64> = [0.0; SIZE];
        let mut before = (inflow, x);
        // From the last event to each time, so that another time changes no other value.
        for (index, &time_h) in self.times_h.iter().enumerate() {
            while let Some(arrival) = arrivals.get(next).filter(|a| a.time_h <= time_h) {
                let dt = arrival.time_h - now;
                x = advance(&rates.matrix, &input, &x, dt);
                add(&mut inflow, &input, dt);
                now = arrival.time_h;
                let mut bolus = [0.0; SIZE];
                bolus[arrival.state] = arrival.bolus;
                if arrival.steady_interval_h > 0.0 {
                    let period = rates.matrix.exponential(arrival.steady_interval_h);
                    bolus = steady_state(&period, &bolus)?;
                }
                add(&mut x, &bolus, 1.0);
                add(&mut inflow, &bolus, 1.0);
                input[arrival.state] += arrival.rate_change;
                next += 1;
            }
            let at = advance(&rates.matrix, &input, &x, time_h - now);
            if index == 0 {
                let mut until = inflow;
                add(&mut until, &input, time_h - now);
                before = (until, at);
            }
            for (o, output) in self.model.outputs.iter().enumerate() {
                let value = output.scale.value(self.parameters) * at[output.state];
                if !value.is_finite() {
                    return Err(SolveFault::NotFinite(format!(
                        "{} at {time_h} h",
                        output.name
                    )));
                }
                (self.put)(index, o, value);
            }
            if index + 1 == self.times_h.len() {
                add(&mut inflow, &input, time_h - now);
                x = at;
            }
        }
        Ok(self.areas(&rates.matrix, &before, &(inflow, x)))
    }
}

impl Single<'_> {
    /// `x' = A·x + input`, so the area under `x` is `A⁻¹·(Δx − Δinput)`.
    fn areas(
        &self,
        a: &Matrix<f64>,
        start: &(Vector<f64>, Vector<f64>),
        end: &(Vector<f64>, Vector<f64>),
    ) -> [f64; SIZE] {
        let n = a.n;
        let mut matrix: Vec<f64> = (0..n * n).map(|i| a.at[i / n][i % n]).collect();
        let mut area: Vec<f64> = (0..n)
            .map(|i| (end.1[i] - start.1[i]) - (end.0[i] - start.0[i]))
            .collect();
        for i in 0..n {
            // A state that nothing enters or leaves makes the matrix singular; while it is empty the
            // area under it is zero.
            let alone = (0..n).all(|j| a.at[i][j] == 0.0 && a.at[j][i] == 0.0);
            if alone && end.1[i] == 0.0 && end.0[i] == 0.0 {
                matrix[i * n + i] = 1.0;
            }
        }
        let mut pivots = vec![0; n];
        let solved = factorise(n, &mut matrix, &mut pivots);
        if solved {
            solve(n, &matrix, &pivots, &mut area);
        }
        let mut areas = [f64::NAN; SIZE];
        for (o, output) in self.model.outputs.iter().enumerate().take(SIZE) {
            if solved {
                areas[o] = output.scale.value(self.parameters) * area[output.state];
            }
        }
        areas
    }

    fn arrivals(&self) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        for (state, events) in &self.regimen.slots {
            let target = &self.model.states[*state];
            let lag = target
                .lag
                .as_ref()
                .map_or(0.0, |t| t.value(self.parameters));
            let f = target
                .bioavailability
                .as_ref()
                .map_or(1.0, |t| t.value(self.parameters));
            arrivals.extend(events.iter().map(|event| Arrival {
                time_h: event.time_h + lag,
                state: *state,
                bolus: event.bolus * f,
                rate_change: event.rate_change * f,
                steady_interval_h: event.steady_interval_h,
            }));
        }
        arrivals.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
        arrivals
    }
}

#[inline(always)]
fn add(x: &mut Vector<f64>, y: &Vector<f64>, times: f64) {
    for (x, y) in x.iter_mut().zip(y) {
        *x = y.mul_add(times, *x);
    }
}

/// The state after `dt` hours of constant input.
#[inline(always)]
fn advance(a: &Matrix<f64>, input: &Vector<f64>, x: &Vector<f64>, dt: f64) -> Vector<f64> {
    if dt == 0.0 {
        return *x;
    }
    if input.iter().all(|&rate| rate == 0.0) {
        return a.exponential(dt).apply(x);
    }
    let augmented = a.with_input(input);
    let mut with_one = *x;
    with_one[a.n] = 1.0;
    let mut moved = augmented.exponential(dt).apply(&with_one);
    moved[a.n] = 0.0;
    moved
}
