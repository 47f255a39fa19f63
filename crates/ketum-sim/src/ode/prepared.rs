//! A model with numbers in it: products of parameters are worked out once, not at every step.

use super::{Differentiable, Rhs};
use crate::math::{self, Real};
use crate::model::{Flow, FlowRate, Model, Modifier};

/// A right-hand side with numbers in it.
#[derive(Debug, Clone)]
pub struct Prepared<T> {
    states: usize,
    flows: Vec<PreparedFlow<T>>,
    /// Constant input from doses, amount per hour.
    pub input: Vec<T>,
}

#[derive(Debug, Clone)]
struct PreparedFlow<T> {
    from: Option<usize>,
    to: Option<usize>,
    drains: bool,
    yield_: Option<T>,
    rate: Rate<T>,
    modifiers: Vec<Factor<T>>,
}

#[derive(Debug, Clone, Copy)]
enum Rate<T> {
    /// `k · A`.
    Linear(T),
    /// `vmax · A / (km·V + A)`.
    Saturable { max: T, half: T },
    Constant(T),
}

#[derive(Debug, Clone, Copy)]
enum Factor<T> {
    /// `1 + change · A / (half·V + A)`.
    Hyperbola { state: usize, change: T, half: T },
    /// `1 + change · A^hill / ((half·V)^hill + A^hill)`.
    Hill { state: usize, change: T, half: T, hill: T },
    /// `exp(−rate · t)`.
    Fading(T),
}

impl<T: Real> Prepared<T> {
    /// The equations of `model` with these parameters.
    #[inline(always)]
    pub fn new(model: &Model, parameters: &[T]) -> Self {
        let states = model.states.len();
        let flows = model.flows.iter().map(|flow| prepare(flow, parameters)).collect();
        Self { states, flows, input: vec![T::splat(0.0); states] }
    }
}

#[inline(always)]
fn prepare<T: Real>(flow: &Flow, p: &[T]) -> PreparedFlow<T> {
    let rate = match &flow.rate {
        FlowRate::FirstOrder(rate) => Rate::Linear(rate.value(p)),
        FlowRate::MichaelisMenten { vmax, km, volume } => {
            Rate::Saturable { max: vmax.value(p), half: km.value(p) * volume.value(p) }
        }
        FlowRate::ZeroOrder(rate) => Rate::Constant(rate.value(p)),
    };
    let modifiers = flow
        .modifiers
        .iter()
        .map(|modifier| match modifier {
            Modifier::Saturable { state, volume, max, half, hill, sign } => {
                let change = T::splat(*sign) * max.value(p);
                let half = half.value(p) * volume.value(p);
                match hill {
                    None => Factor::Hyperbola { state: *state, change, half },
                    Some(hill) => Factor::Hill { state: *state, change, half, hill: hill.value(p) },
                }
            }
            Modifier::Fading(rate) => Factor::Fading(rate.value(p)),
        })
        .collect();
    let plain = flow.yield_.times.is_empty() && flow.yield_.over.is_empty();
    let yield_ = (!plain || flow.yield_.factor != 1.0).then(|| flow.yield_.value(p));
    PreparedFlow { from: flow.from, to: flow.to, drains: flow.drains, yield_, rate, modifiers }
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
            Self::Hyperbola { state, change, half } => {
                let a = x[state];
                (change * a / (half + a)) + one
            }
            Self::Hill { state, change, half, hill } => {
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
        dx.copy_from_slice(&self.input);
        for flow in &self.flows {
            let amount = flow.from.map_or(T::splat(0.0), |from| x[from]);
            let mut v = flow.rate.value(amount);
            for factor in &flow.modifiers {
                v = v * factor.value(t, x);
            }
            if flow.drains && let Some(from) = flow.from {
                dx[from] = dx[from] - v;
            }
            if let Some(to) = flow.to {
                dx[to] = match flow.yield_ {
                    None => dx[to] + v,
                    Some(yield_) => yield_.mul_add(v, dx[to]),
                };
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
            Self::Hyperbola { state, change, half } => {
                let sum = half + x[state];
                (Some(state), change * half / (sum * sum))
            }
            Self::Hill { state, change, half, hill } => {
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
        for flow in &self.flows {
            let (rate, rate_slope) = flow.rate.slope(flow.from.map_or(0.0, |from| x[from]));
            let all: f64 = flow.modifiers.iter().map(|factor| factor.value(t, x)).product();
            let gain = flow.yield_.unwrap_or(1.0);
            let mut add = |column: Option<usize>, derivative: f64| {
                let mut put = |row: usize, value: f64| match column {
                    Some(column) => by_state[row * n + column] += value,
                    None => by_time[row] += value,
                };
                if flow.drains && let Some(from) = flow.from {
                    put(from, -derivative);
                }
                if let Some(to) = flow.to {
                    put(to, gain * derivative);
                }
            };
            if let Some(from) = flow.from {
                add(Some(from), rate_slope * all);
            }
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
