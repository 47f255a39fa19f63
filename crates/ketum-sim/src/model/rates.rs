//! Rates of a compiled model: products of parameters, the matrix of a linear model, the right-hand
//! side of any model. Written once for one subject and for a group of subjects.

use super::Model;
use crate::linear::{Matrix, SIZE, Vector};
use crate::math::Real;

/// `factor · Π times / Π over`, parameters by position.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    pub(crate) factor: f64,
    pub(crate) times: Vec<usize>,
    pub(crate) over: Vec<usize>,
}

impl Term {
    pub(crate) fn number(factor: f64) -> Self {
        Self {
            factor,
            times: Vec::new(),
            over: Vec::new(),
        }
    }

    /// Value with these parameters.
    ///
    /// # Panics
    /// Where the list is shorter than the model's.
    #[inline(always)]
    pub fn value<T: Real>(&self, parameters: &[T]) -> T {
        let mut value = T::splat(self.factor);
        for &index in &self.times {
            value = value * parameters[index];
        }
        for &index in &self.over {
            value = value / parameters[index];
        }
        value
    }
}

/// A flow of a compiled model.
#[derive(Debug, Clone)]
pub struct Flow {
    pub(crate) from: Option<usize>,
    pub(crate) to: Option<usize>,
    pub(crate) rate: FlowRate,
    pub(crate) yield_: Term,
    pub(crate) drains: bool,
    pub(crate) modifiers: Vec<Modifier>,
}

/// How fast a flow is.
#[derive(Debug, Clone)]
pub enum FlowRate {
    /// `k · A`.
    FirstOrder(Term),
    /// `vmax · c / (km + c)`, `c = A / volume`.
    MichaelisMenten {
        /// Largest rate.
        vmax: Term,
        /// Concentration of half the largest rate.
        km: Term,
        /// Volume.
        volume: Term,
    },
    /// Constant.
    ZeroOrder(Term),
}

/// A factor on a flow.
#[derive(Debug, Clone)]
pub enum Modifier {
    /// `1 + sign · max · c^hill / (half^hill + c^hill)`.
    Saturable {
        /// State read.
        state: usize,
        /// Volume that turns it into a concentration.
        volume: Term,
        /// Largest change.
        max: Term,
        /// Concentration of half of it.
        half: Term,
        /// Steepness.
        hill: Option<Term>,
        /// −1 inhibits, +1 stimulates.
        sign: f64,
    },
    /// `exp(−rate · t)`.
    Fading(Term),
}

impl Flow {
    pub(crate) fn is_linear(&self) -> bool {
        self.modifiers.is_empty() && !matches!(self.rate, FlowRate::MichaelisMenten { .. })
    }
}

/// A linear model with numbers in it: `dx/dt = matrix · x + input`.
#[derive(Debug, Clone, Copy)]
pub struct LinearRates<T> {
    /// Rate constants, 1/h; off-diagonal elements are not negative.
    pub matrix: Matrix<T>,
    /// Constant input, amount per hour.
    pub input: Vector<T>,
}

impl Model {
    /// The matrix of a linear model. Flows that are not linear are left out: ask `is_linear` first.
    ///
    /// # Panics
    /// Where the list is shorter than the model's, and for a model of more states than
    /// [`crate::linear::MAX_STATES`] allows for.
    #[inline(always)]
    pub fn linear_rates<T: Real>(&self, parameters: &[T]) -> LinearRates<T> {
        let mut matrix = Matrix::zero(self.states.len());
        let mut input = [T::splat(0.0); SIZE];
        for flow in &self.flows {
            match (&flow.rate, flow.from) {
                (FlowRate::FirstOrder(rate), Some(from)) => {
                    let rate = rate.value(parameters);
                    if flow.drains {
                        matrix.at[from][from] = matrix.at[from][from] - rate;
                    }
                    if let Some(to) = flow.to {
                        let gain = rate * flow.yield_.value(parameters);
                        matrix.at[to][from] = matrix.at[to][from] + gain;
                    }
                }
                (FlowRate::ZeroOrder(rate), _) => {
                    if let Some(to) = flow.to {
                        let gain = rate.value(parameters) * flow.yield_.value(parameters);
                        input[to] = input[to] + gain;
                    }
                }
                _ => {}
            }
        }
        LinearRates { matrix, input }
    }
}
