//! Steady state of a repeated dose in a linear model.
//!
//! Each interval multiplies what is in the body by `P = exp(A·τ)`; after infinitely many the state
//! is `(I + P + P² + …)·b` with `b` what one interval leaves behind. The sum is built by doubling,
//! `S₂ₘ = Sₘ + Pᵐ·Sₘ`: all terms are positive, and every step doubles the number of doses, so the
//! limit is reached exactly or does not exist.

use super::{Matrix, SIZE, Vector};
use crate::error::SolveFault;

/// 2⁶⁰ intervals.
const DOUBLINGS: usize = 60;

/// The state just before a dose when one interval multiplies the state by `period` and leaves
/// `gain` behind.
///
/// # Errors
/// `NoSteadyState` when the sum does not settle: something is not eliminated.
pub fn steady_state(period: &Matrix<f64>, gain: &Vector<f64>) -> Result<Vector<f64>, SolveFault> {
    let mut power = *period;
    let mut sum = *gain;
    for _ in 0..DOUBLINGS {
        let more = power.apply(&sum);
        let mut settled = true;
        for i in 0..power.n {
            let next = sum[i] + more[i];
            settled &= next == sum[i];
            sum[i] = next;
        }
        if !sum.iter().all(|x| x.is_finite()) {
            break;
        }
        if settled {
            return Ok(sum);
        }
        power = power.times(&power);
    }
    let _: [f64; SIZE] = sum;
    Err(SolveFault::NoSteadyState(
        "what one interval adds is never fully eliminated",
    ))
}
