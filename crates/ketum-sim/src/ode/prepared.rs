//! A model with numbers in it: products of parameters are worked out once, not at every step.

use super::{Differentiable, Rhs};
use crate::math::{self, Real};
use crate::model::{Flow, FlowRate, Model, Modifier};

/// A right-hand side with numbers in it: `dx/dt = input + L·x + nonlinear flows`.
#[derive(Debug, Clone)]
pub struct Prepared<T> {
    states: usize,
    /// Where each state's row of `L` starts in `entries`; one more for the end.
    rows: Vec<usize>,
    /// Column and rate constant.
    entries: Vec<(usize, T)>,
    nonlinear: Vec<Nonlinear<T>>,
    /// What the model itself makes at a constant rate.
    made: Vec<T>,
    /// That and the input from doses, amount per hour.
    pub input: Vec<T>,
}

/// A flow that is not first-order.
#[derive(Debug, Clone)]
struct Nonlinear<T> {
    /// State its rate is worked out from; any where the rate is constant.
    from: usize,
    rate: Rate<T>,
    modifiers: Vec<Factor<T>>,
    /// States it enters and leaves, with the amount per amount.
    targets: Vec<(usize, T)>,
}

#[derive(Debug, Clone, Copy)]
enum Rate<T> {
    /// `k · A`.
    Linear(T),
    /// `vmax · A / (km·V + A)`.
    Saturable {
        max: T,
        half: T,
    },
    Constant(T),
}

#[derive(Debug, Clone, Copy)]
enum Factor<T> {
    /// `1 + change · A / (half·V + A)`.
    Hyperbola { state: usize, change: T, half: T },
    /// `1 + change · A^hill / ((half·V)^hill + A^hill)`.
    Hill {
        state: usize,
        change: T,
        half: T,
        hill: T,
    },
    /// `exp(−rate · t)`.
    Fading(T),
}

impl<T: Real> Prepared<T> {
    /// The equations of `model` with these parameters.
    pub fn new(model: &Model, parameters: &[T]) -> Self {
        let n = model.states.len();
        let zero = T::splat(0.0);
        let mut matrix = vec![None; n * n];
        let mut made = vec![zero; n];
        let mut nonlinear = Vec::new();
        for flow in &model.flows {
            let targets = targets(flow, parameters);
            let rate = rate(flow, parameters);
            let plain = flow.modifiers.is_empty();
            match (rate, flow.from) {
                (Rate::Linear(k), Some(from)) if plain => {
                    for (row, weight) in targets {
                        let at: &mut Option<T> = &mut matrix[row * n + from];
                        *at = Some(weight.mul_add(k, at.unwrap_or(zero)));
                    }
                }
                (Rate::Constant(rate), _) if plain => {
                    for (row, weight) in targets {
                        made[row] = weight.mul_add(rate, made[row]);
                    }
                }
                (rate, from) => nonlinear.push(Nonlinear {
                    from: from.unwrap_or(0),
                    rate,
                    modifiers: factors(flow, parameters),
                    targets,
                }),
            }
        }
        let mut rows = vec![0];
        let mut entries = Vec::new();
        for row in 0..n {
            entries.extend((0..n).filter_map(|c| matrix[row * n + c].map(|k| (c, k))));
            rows.push(entries.len());
        }
        Self {
            states: n,
            rows,
            entries,
            nonlinear,
            input: made.clone(),
            made,
        }
    }

    /// Sets the input from doses.
    pub fn set_input(&mut self, doses: &[T]) {
        for ((input, made), dose) in self.input.iter_mut().zip(&self.made).zip(doses) {
            *input = *made + *dose;
        }
    }
}

/// States a flow leaves and enters, with the amount per amount.
fn targets<T: Real>(flow: &Flow, p: &[T]) -> Vec<(usize, T)> {
    let leaves = flow
        .from
        .filter(|_| flow.drains)
        .map(|from| (from, T::splat(-1.0)));
    let enters = flow.to.map(|to| (to, flow.yield_.value(p)));
    leaves.into_iter().chain(enters).collect()
}

fn rate<T: Real>(flow: &Flow, p: &[T]) -> Rate<T> {
    match &flow.rate {
        FlowRate::FirstOrder(rate) => Rate::Linear(rate.value(p)),
        FlowRate::MichaelisMenten { vmax, km, volume } => Rate::Saturable {
            max: vmax.value(p),
            half: km.value(p) * volume.value(p),
        },
        FlowRate::ZeroOrder(rate) => Rate::Constant(rate.value(p)),
    }
}

fn factors<T: Real>(flow: &Flow, p: &[T]) -> Vec<Factor<T>> {
    flow.modifiers
        .iter()
        .map(|modifier| match modifier {
            Modifier::Saturable {
                state,
                volume,
                max,
                half,
                hill,
                sign,
            } => {
                let change = T::splat(*sign) * max.value(p);
                let half = half.value(p) * volume.value(p);
                match hill {
                    None => Factor::Hyperbola {
                        state: *state,
                        change,
                        half,
                    },
                    Some(hill) => Factor::Hill {
                        state: *state,
                        change,
                        half,
                        hill: hill.value(p),
                    },
                }
            }
            Modifier::Fading(rate) => Factor::Fading(rate.value(p)),
        })
        .collect()
}

impl<T: Real> Rate<T> {
    #[inline(always)]
    fn value(&self, amount: T) -> T {
        match *self {
            Self::Linear(k) => k * amount,
            Self::Saturable { max, half } => max * amount / (half + amount),
            Self::Constant(rate) => rate,
        }
    }
}

impl<T: Real> Factor<T> {
    #[inline(always)]
    fn value(&self, t: T, x: &[T]) -> T {
        let one = T::splat(1.0);
        match *self {
            Self::Hyperbola {
                state,
                change,
                half,
            } => {
                let a = x[state];
                (change * a / (half + a)) + one
            }
            Self::Hill {
                state,
                change,
                half,
                hill,
            } => {
                // Rounding can leave an amount a hair below zero, where a power has no value.
                let a = x[state].max(T::splat(0.0));
                let ratio = (a / half).pow(hill);
                (change * ratio / (one + ratio)) + one
            }
            Self::Fading(rate) => (-(rate * t)).exp(),
        }
    }
}

impl<T: Real> Rhs<T> for Prepared<T> {
    #[inline(always)]
    fn states(&self) -> usize {
        self.states
    }

    #[inline(always)]
    fn eval(&self, t: T, x: &[T], dx: &mut [T]) {
        for (row, dx) in dx.iter_mut().enumerate() {
            let mut sum = self.input[row];
            for (column, k) in &self.entries[self.rows[row]..self.rows[row + 1]] {
                sum = k.mul_add(x[*column], sum);
            }
            *dx = sum;
        }
        for flow in &self.nonlinear {
            let mut v = flow.rate.value(x[flow.from]);
            for factor in &flow.modifiers {
                v = v * factor.value(t, x);
            }
            for (row, weight) in &flow.targets {
                dx[*row] = weight.mul_add(v, dx[*row]);
            }
        }
    }
}

impl Rate<f64> {
    /// Value and derivative with respect to the amount.
    fn slope(&self, amount: f64) -> (f64, f64) {
        match *self {
            Self::Linear(k) => (k * amount, k),
            Self::Saturable { max, half } => {
                let sum = half + amount;
                (max * amount / sum, max * half / (sum * sum))
            }
            Self::Constant(rate) => (rate, 0.0),
        }
    }
}

impl Factor<f64> {
    /// State it depends on and derivative, or derivative with respect to time.
    fn slope(&self, t: f64, x: &[f64]) -> (Option<usize>, f64) {
        match *self {
            Self::Hyperbola {
                state,
                change,
                half,
            } => {
                let sum = half + x[state];
                (Some(state), change * half / (sum * sum))
            }
            Self::Hill {
                state,
                change,
                half,
                hill,
            } => {
                let a = x[state].max(0.0);
                if a == 0.0 {
                    let slope = if hill == 1.0 { change / half } else { 0.0 };
                    return (Some(state), slope);
                }
                let ratio = math::pow(a / half, hill);
                let sum = 1.0 + ratio;
                (Some(state), change * hill * ratio / (a * sum * sum))
            }
            Self::Fading(rate) => (None, -rate * math::exp(-rate * t)),
        }
    }
}

impl Differentiable for Prepared<f64> {
    fn jacobian(&self, t: f64, x: &[f64], by_state: &mut [f64], by_time: &mut [f64]) {
        let n = self.states;
        by_state.fill(0.0);
        by_time.fill(0.0);
        for row in 0..n {
            for &(column, k) in &self.entries[self.rows[row]..self.rows[row + 1]] {
                by_state[row * n + column] += k;
            }
        }
        for flow in &self.nonlinear {
            let (rate, rate_slope) = flow.rate.slope(x[flow.from]);
            let all: f64 = flow
                .modifiers
                .iter()
                .map(|factor| factor.value(t, x))
                .product();
            let mut add = |column: Option<usize>, derivative: f64| {
                for &(row, weight) in &flow.targets {
                    match column {
                        Some(column) => by_state[row * n + column] += weight * derivative,
                        None => by_time[row] += weight * derivative,
                    }
                }
            };
            add(Some(flow.from), rate_slope * all);
            for (index, factor) in flow.modifiers.iter().enumerate() {
                let others: f64 = flow
                    .modifiers
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != index)
                    .map(|(_, factor)| factor.value(t, x))
                    .product();
                let (column, slope) = factor.slope(t, x);
                add(column, rate * others * slope);
            }
        }
    }
}
