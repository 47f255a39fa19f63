//! Closed forms of linear compartment models `dx/dt = A·x + u`.
//!
//! Two ways, of the same equation:
//! - `matrix`: the exponential of a matrix with non-negative off-diagonal elements, summed from
//!   positive terms only, so no digit is lost for any topology and however near the rates are.
//! - `modes`: a sum of exponentials, much faster, with a running bound on what it loses; subjects
//!   for which the bound is too large go the first way.

mod eigen;
mod matrix;
mod modes;
mod steady;

pub use crate::model::LinearRates;
pub use eigen::Spectrum;
pub use matrix::{Matrix, SIZE, Vector};
pub use modes::residues;
pub use steady::steady_state;

/// Largest number of states of a closed form.
pub const MAX_STATES: usize = SIZE - 1;

#[cfg(test)]
mod tests;
