//! One subject of a population by the matrix exponential, from event to event.

use crate::error::SolveFault;
use crate::events::Regimen;
use crate::linear::{Matrix, SIZE, Vector, steady_state};
use crate::math::dispatch::Kernel;
use crate::model::Model;

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
    type Output = Result<(), SolveFault>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let arrivals = self.arrivals();
        let rates = self.model.linear_rates(self.parameters);
        let n = rates.matrix.n;
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
        for (index, &time_h) in self.times_h.iter().enumerate() {
            while let Some(arrival) = arrivals.get(next).filter(|a| a.time_h <= time_h) {
                x = advance(&rates.matrix, &input, &x, arrival.time_h - now);
                now = arrival.time_h;
                if arrival.steady_interval_h > 0.0 {
                    let period = rates.matrix.exponential(arrival.steady_interval_h);
                    let mut gain = [0.0; SIZE];
                    gain[arrival.state] = arrival.bolus;
                    let steady = steady_state(&period, &gain)?;
                    for (x, steady) in x.iter_mut().zip(steady) {
                        *x += steady;
                    }
                } else {
                    x[arrival.state] += arrival.bolus;
                }
                input[arrival.state] += arrival.rate_change;
                next += 1;
            }
            x = advance(&rates.matrix, &input, &x, time_h - now);
            now = time_h;
            for (o, output) in self.model.outputs.iter().enumerate() {
                let value = output.scale.value(self.parameters) * x[output.state];
                if !value.is_finite() {
                    return Err(SolveFault::NotFinite(format!(
                        "{} at {time_h} h",
                        output.name
                    )));
                }
                (self.put)(index, o, value);
            }
        }
        let _ = n;
        Ok(())
    }
}

impl Single<'_> {
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
