//! Ordinary differential equations `dx/dt = f(t, x)`: right-hand sides of compiled models, an
//! explicit pair, a Rosenbrock method for stiff ones.
//!
//! Nothing here knows doses or subjects; inputs come as constant rates over a stretch.

mod explicit;
mod prepared;
mod rosenbrock;

pub use explicit::{Explicit, Stiff};
pub use prepared::Prepared;
pub use rosenbrock::Rosenbrock;
pub(crate) use rosenbrock::{factorise, solve};

use crate::error::SolveFault;
use crate::math::Real;

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
    /// Writes `f(t, x)` into `dx`.
    fn eval(&self, t: f64, x: &[T], dx: &mut [T]);
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

/// Where a solver writes the state at a stop: position of the stop, state.
pub type Sink<'s, T> = &'s mut dyn FnMut(usize, &[T]);

/// First step, from the size of the derivative at the start.
fn first_step<T: Real>(x: &[T], dx: &[T], tolerance: &Tolerance, span: &Span<'_>) -> f64 {
    let (mut size, mut slope) = (0.0_f64, 0.0_f64);
    for (x, dx) in x.iter().zip(dx) {
        for lane in 0..T::WIDTH {
            let scale = tolerance.absolute + tolerance.relative * x.lane(lane).abs();
            size = size.max(x.lane(lane).abs() / scale);
            slope = slope.max(dx.lane(lane).abs() / scale);
        }
    }
    let length = span.to - span.from;
    let step = if slope > 1e-5 && size > 1e-5 {
        0.01 * size / slope
    } else {
        1e-4 * length
    };
    step.min(length)
}

fn too_small(t: f64, h: f64) -> Result<(), SolveFault> {
    match t + 0.1 * h == t {
        true => Err(SolveFault::StepTooSmall { time_h: t }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
