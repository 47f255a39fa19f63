//! One subject of a population by the matrix exponential, from event to event.

use crate::error::SolveFault;
use crate::events::Regimen;
use crate::linear::{Matrix, SIZE, Vector, steady_state};
use crate::math::dispatch::Kernel;
use crate::math::{LANES, Lanes, Real};
use crate::model::Model;
use crate::ode::{factorise, solve};
use std::ops::Range;

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
    fn run(mut self) -> Self::Output {
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
        let mut now = self.regimen.start_h.map_or(first, |start| start.min(first));
        // What came in, and what was there at the first time.
        let mut inflow: Vector<f64> = [0.0; SIZE];
        let mut before = (inflow, x);
        let mut period = Period::default();
        let wide: Matrix<Lanes> = rates.matrix.spread();
        // From the last event to each time, so that another time changes no other value; eight times side
        // by side.
        let mut from = 0;
        while from < self.times_h.len() {
            let time_h = self.times_h[from];
            while let Some(arrival) = arrivals.get(next).filter(|a| a.time_h <= time_h) {
                let dt = arrival.time_h - now;
                x = period.advance(&rates.matrix, &input, &x, dt);
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
            let due = arrivals.get(next).map_or(f64::INFINITY, |a| a.time_h);
            let more = self.times_h[from + 1..].iter().take(LANES - 1);
            let to = from + 1 + more.take_while(|time_h| **time_h < due).count();
            let dt = Lanes::from_fn(|lane| self.times_h[(from + lane).min(to - 1)] - now);
            let at = side_by_side(&wide, &input, &x, dt);
            self.write(from..to, &at)?;
            if from == 0 {
                let mut until = inflow;
                add(&mut until, &input, dt.lane(0));
                before = (until, at.map(|state| state.lane(0)));
            }
            if to == self.times_h.len() {
                let last = to - 1 - from;
                add(&mut inflow, &input, dt.lane(last));
                x = at.map(|state| state.lane(last));
            }
            from = to;
        }
        Ok(self.areas(&rates.matrix, &before, &(inflow, x)))
    }
}

impl Single<'_> {
    /// Writes the outputs at some times, one a lane.
    #[inline(always)]
    fn write(&mut self, times: Range<usize>, at: &Vector<Lanes>) -> Result<(), SolveFault> {
        let first = times.start;
        for (o, output) in self.model.outputs.iter().enumerate() {
            let scale = output.scale.value(self.parameters);
            for time in times.clone() {
                let value = scale * at[output.state].lane(time - first);
                if !value.is_finite() {
                    let time_h = self.times_h[time];
                    return Err(SolveFault::NotFinite(format!(
                        "{} at {time_h} h",
                        output.name
                    )));
                }
                (self.put)(time, o, value);
            }
        }
        Ok(())
    }

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

/// The matrix of the last stretch without input: doses at equal intervals need it once.
#[derive(Default)]
struct Period(Option<(f64, Matrix<f64>)>);

impl Period {
    /// The state after `dt` hours of constant input.
    #[inline(always)]
    fn advance(
        &mut self,
        a: &Matrix<f64>,
        input: &Vector<f64>,
        x: &Vector<f64>,
        dt: f64,
    ) -> Vector<f64> {
        if dt == 0.0 {
            return *x;
        }
        if input.iter().any(|&rate| rate != 0.0) {
            let mut with_one = *x;
            with_one[a.n] = 1.0;
            let mut moved = a.with_input(input).exponential(dt).apply(&with_one);
            moved[a.n] = 0.0;
            return moved;
        }
        match &self.0 {
            Some((hours, matrix)) if *hours == dt => matrix.apply(x),
            _ => {
                let matrix = a.exponential(dt);
                let moved = matrix.apply(x);
                self.0 = Some((dt, matrix));
                moved
            }
        }
    }
}

/// The states after several stretches from the same start, one a lane.
#[inline(always)]
fn side_by_side(
    a: &Matrix<Lanes>,
    input: &Vector<f64>,
    x: &Vector<f64>,
    dt: Lanes,
) -> Vector<Lanes> {
    let wide = |x: &Vector<f64>| -> Vector<Lanes> { x.map(Lanes::splat) };
    if input.iter().all(|&rate| rate == 0.0) {
        return a.exponential(dt).apply(&wide(x));
    }
    let mut with_one = wide(x);
    with_one[a.n] = Lanes::splat(1.0);
    let mut moved = a.with_input(&wide(input)).exponential(dt).apply(&with_one);
    moved[a.n] = Lanes::splat(0.0);
    moved
}
