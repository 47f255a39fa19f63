//! Profiles of a group of subjects side by side, by the explicit pair. Each subject has its own
//! parameters, arrivals and steps; one that turns stiff or fails is named, and the caller solves it
//! alone.

use crate::events::Regimen;
use crate::math::{LANES, Lanes, Real, dispatch::Kernel};
use crate::model::Model;
use crate::ode::{Explicit, MAX_STATES, Outcome, Prepared, State, Stretches, Tolerance, Work};

/// A group's work.
pub(crate) struct EquationGroup<'a> {
    pub model: &'a Model,
    pub regimen: &'a Regimen,
    pub times_h: &'a [f64],
    pub tolerance: Tolerance,
    /// Parameters, one `Lanes` each.
    pub parameters: &'a [Lanes],
    /// `[time][output]`.
    pub profile: &'a mut [Lanes],
}

#[derive(Debug, Clone, Copy)]
struct Arrival {
    time_h: f64,
    state: usize,
    bolus: f64,
    rate_change: f64,
}

impl Kernel for EquationGroup<'_> {
    /// Which lanes have to be solved another way, and what was done.
    type Output = ([bool; LANES], Work);

    #[inline(always)]
    fn run(self) -> Self::Output {
        // The usual sizes are compiled for themselves.
        match self.model.states.len() {
            3 => self.solve::<3>(),
            4 => self.solve::<4>(),
            5 => self.solve::<5>(),
            6 => self.solve::<6>(),
            _ => self.solve::<MAX_STATES>(),
        }
    }
}

impl EquationGroup<'_> {
    #[inline(always)]
    fn solve<const N: usize>(self) -> ([bool; LANES], Work) {
        let n = self.model.states.len();
        let outputs = self.model.outputs.len();
        let arrivals: [Vec<Arrival>; LANES] = std::array::from_fn(|lane| self.arrivals(lane));
        let mut prepared = Prepared::new(self.model, self.parameters);
        let mut solver = Explicit::<Lanes, N>::new(n, self.tolerance);
        let read = self.model.outputs.iter();
        solver.wanted = read.fold(0, |bits, output| bits | (1 << output.state));
        let mut x: State<Lanes, N> = [Lanes::splat(0.0); N];
        for (state, x) in self.model.states.iter().zip(&mut x) {
            if let Some(initial) = &state.initial {
                *x = initial.value(self.parameters);
            }
        }
        let scales: Vec<(usize, Lanes)> = self
            .model
            .outputs
            .iter()
            .map(|output| (output.state, output.scale.value(self.parameters)))
            .collect();
        let profile = self.profile;
        let mut sink = |stop: usize, lane: usize, x: &[Lanes]| {
            for (o, (state, scale)) in scales.iter().enumerate() {
                profile[stop * outputs + o].0[lane] = scale.0[lane] * x[*state].0[lane];
            }
        };
        let first = self.times_h.first().copied().unwrap_or(0.0);
        let last = self.times_h.last().copied().unwrap_or(first);
        let start = self.regimen.start_h.map_or(first, |start| start.min(first));
        let mut from = Lanes::splat(start);
        let mut cursor = [0; LANES];
        let mut next = [0; LANES];
        let mut again = [false; LANES];
        loop {
            let to = Lanes::from_fn(|lane| {
                let due = arrivals[lane]
                    .get(next[lane])
                    .map_or(last, |a| a.time_h.min(last));
                if again[lane] { from.0[lane] } else { due }
            });
            // A time at which something arrives is read after the arrival.
            let limit: [usize; LANES] = std::array::from_fn(|lane| {
                match arrivals[lane].get(next[lane]).filter(|a| a.time_h <= last) {
                    Some(arrival) => self.times_h.partition_point(|&t| t < arrival.time_h),
                    None => self.times_h.len(),
                }
            });
            let span = Stretches {
                from,
                to,
                stops: self.times_h,
                limit: &limit,
                watch: true,
            };
            let mut outcomes = [const { Outcome::Done }; LANES];
            solver.advance(
                &prepared,
                span,
                &mut x,
                &mut cursor,
                &mut outcomes,
                &mut sink,
            );
            let mut any = false;
            for lane in 0..LANES {
                again[lane] |= outcomes[lane] != Outcome::Done;
                from.0[lane] = to.0[lane];
                let due = arrivals[lane].get(next[lane]).filter(|a| a.time_h <= last);
                if let Some(arrival) = due.filter(|_| !again[lane]) {
                    x[arrival.state].0[lane] += arrival.bolus;
                    prepared.input[arrival.state].0[lane] += arrival.rate_change;
                    next[lane] += 1;
                    any = true;
                }
            }
            if !any {
                break;
            }
        }
        (again, solver.work)
    }

    fn arrivals(&self, lane: usize) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        for (state, events) in &self.regimen.slots {
            let target = &self.model.states[*state];
            let lag = target
                .lag
                .as_ref()
                .map_or(0.0, |t| t.value(self.parameters).0[lane]);
            let f = target
                .bioavailability
                .as_ref()
                .map_or(1.0, |t| t.value(self.parameters).0[lane]);
            arrivals.extend(events.iter().map(|event| Arrival {
                time_h: event.time_h + lag,
                state: *state,
                bolus: event.bolus * f,
                rate_change: event.rate_change * f,
            }));
        }
        arrivals.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
        arrivals
    }
}
