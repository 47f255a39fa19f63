//! Ordinary differential equations `dx/dt = f(t, x)`: right-hand sides of compiled models, an
//! explicit pair, a Rosenbrock method for stiff ones.
//!
//! Nothing here knows doses or subjects; inputs come as constant rates over a stretch.

mod explicit;
mod prepared;
mod rosenbrock;

pub use explicit::{Explicit, Outcome, State, Stretches};
pub use prepared::Prepared;
pub use rosenbrock::Rosenbrock;
pub(crate) use rosenbrock::{factorise, solve};

use crate::math::Real;

/// Most states of a model.
pub const MAX_STATES: usize = 24;

/// Accuracy asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Relative to each state.
    pub relative: f64,
    /// In the unit of each state.
    pub absolute: f64,
    /// Most steps in one stretch.
    pub max_steps: u64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            relative: 1e-8,
            absolute: 1e-10,
            max_steps: 100_000,
        }
    }
}

/// What a solver did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Steps taken.
    pub steps: u64,
    /// Steps tried and thrown away.
    pub rejected: u64,
    /// Evaluations of the right-hand side.
    pub evaluations: u64,
    /// Evaluations of the Jacobian.
    pub jacobians: u64,
    /// Matrix factorisations.
    pub factorisations: u64,
    /// Matrix exponentials.
    pub exponentials: u64,
}

impl std::ops::AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.rejected += other.rejected;
        self.evaluations += other.evaluations;
        self.jacobians += other.jacobians;
        self.factorisations += other.factorisations;
        self.exponentials += other.exponentials;
    }
}

/// A right-hand side.
pub trait Rhs<T: Real> {
    /// How many states.
    fn states(&self) -> usize;
    /// Writes `f(t, x)` into `dx`; each lane has a time of its own.
    fn eval(&self, t: T, x: &[T], dx: &mut [T]);
}

/// A right-hand side with derivatives.
pub trait Differentiable: Rhs<f64> {
    /// Writes `∂f/∂x`, row by row, and `∂f/∂t`.
    fn jacobian(&self, t: f64, x: &[f64], by_state: &mut [f64], by_time: &mut [f64]);
}

/// A stretch of time with outputs inside: `from`, `to`, and times in between, not decreasing.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    /// Start, hours.
    pub from: f64,
    /// End, hours.
    pub to: f64,
    /// Times at which the state is wanted, from `from` to `to`.
    pub stops: &'a [f64],
}

/// Where a solver writes the state at a stop.
pub trait Sink<T> {
    /// The state of the subject in `lane` at the stop with this position.
    fn put(&mut self, stop: usize, lane: usize, x: &[T]);
}

impl<T, F: FnMut(usize, usize, &[T])> Sink<T> for F {
    #[inline(always)]
    fn put(&mut self, stop: usize, lane: usize, x: &[T]) {
        self(stop, lane, x);
    }
}
