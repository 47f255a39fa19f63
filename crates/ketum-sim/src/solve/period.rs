//! Steady state of a nonlinear model: the fixed point of the map that moves the state through one
//! interval, by Newton's method.
//!
//! No number of intervals is simulated in the hope that it is enough. A few are, to get near; then
//! Newton's method converges quadratically or says that it found none. A mean input above what saturable
//! elimination can remove is refused before, where a bound says so.

use crate::error::SolveFault;
use crate::math;
use crate::ode::Tolerance;

/// Intervals simulated to get near.
const WARM_UP: usize = 4;
/// Newton steps; each doubles the digits.
const ITERATIONS: usize = 60;
/// Largest growth of the state in one Newton step.
const STRIDE: f64 = 50.0;

type Map<'m> = &'m mut dyn FnMut(&mut [f64]) -> Result<(), SolveFault>;

/// Moves `x` to the fixed point of `map`.
///
/// # Errors
/// `NoSteadyState` when none exists near what repeated doses lead to; a failure of `map`.
pub(super) fn periodic_state(
    x: &mut [f64],
    tolerance: &Tolerance,
    map: Map<'_>,
) -> Result<(), SolveFault> {
    let n = x.len();
    for _ in 0..WARM_UP {
        map(x)?;
    }
    // The map is known to the solver's tolerance only; differences are taken well above it.
    let nudge = math::sqrt(tolerance.relative).max(1e-5);
    let close = 20.0 * tolerance.relative;
    for _ in 0..ITERATIONS {
        let size = x.iter().fold(0.0_f64, |size, x| size.max(x.abs()));
        let mut image = x.to_vec();
        map(&mut image)?;
        let residual: Vec<f64> = image.iter().zip(x.iter()).map(|(y, x)| y - x).collect();
        // I − ∂map/∂x, column by column.
        let mut matrix = vec![0.0; n * n];
        for column in 0..n {
            let step = nudge * x[column].abs().max(1e-3 * size).max(tolerance.absolute);
            let mut moved = x.to_vec();
            moved[column] += step;
            map(&mut moved)?;
            for row in 0..n {
                let slope = (moved[row] - image[row]) / step;
                matrix[row * n + column] = f64::from(u8::from(row == column)) - slope;
            }
        }
        let mut pivots = vec![0; n];
        let mut change = residual;
        if !crate::ode::factorise(n, &mut matrix, &mut pivots) {
            break;
        }
        crate::ode::solve(n, &matrix, &pivots, &mut change);
        let mut settled = true;
        for (x, change) in x.iter_mut().zip(&change) {
            let scale = x.abs().max(1e-6 * size);
            settled &= change.abs() <= close * scale + tolerance.absolute;
            *x = (*x + change).clamp(x.abs() * -0.0, (STRIDE * (x.abs() + size)).max(1.0));
        }
        if x.iter().any(|x| !x.is_finite()) {
            break;
        }
        if settled {
            return Ok(());
        }
    }
    Err(SolveFault::NoSteadyState(
        "no state was found that repeats after an interval; more may come in than can be removed",
    ))
}
