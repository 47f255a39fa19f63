//! diffsol's BDF method as a reference (feature `diffsol`): code that shares nothing with our own methods,
//! on the same timeline. Slow, because it starts anew after every event; for tests only.
//!
//! diffsol, M. Robinson and others, MIT licence; the bits of its answers are not promised.

use crate::error::SolveFault;
use crate::ode::{Differentiable, Span, Tolerance, Work};
use diffsol::{NalgebraLU, NalgebraMat, OdeBuilder, OdeSolverMethod, OdeSolverStopReason, Vector};

type M = NalgebraMat<f64>;

fn failed(error: impl std::fmt::Display) -> SolveFault {
    SolveFault::Reference(error.to_string())
}

/// Moves `x` through a span.
///
/// # Errors
/// What diffsol says went wrong.
pub(super) fn advance(
    rhs: &impl Differentiable,
    span: Span<'_>,
    tolerance: Tolerance,
    x: &mut [f64],
    work: &mut Work,
    sink: &mut dyn FnMut(usize, &[f64]),
) -> Result<(), SolveFault> {
    let mut next = 0;
    while span.stops.get(next).is_some_and(|&stop| stop <= span.from) {
        sink(next, x);
        next += 1;
    }
    if span.to <= span.from {
        return Ok(());
    }
    let n = x.len();
    let start = x.to_vec();
    let problem = OdeBuilder::<M>::new()
        .t0(span.from)
        .rtol(tolerance.relative)
        .atol([tolerance.absolute])
        .rhs_implicit(
            |x: &[f64], _: &[f64], t: f64, y: &mut [f64]| rhs.eval(t, x, y),
            |x: &[f64], _: &[f64], t: f64, v: &[f64], y: &mut [f64]| {
                let (mut by_state, mut by_time) = (vec![0.0; n * n], vec![0.0; n]);
                rhs.jacobian(t, x, &mut by_state, &mut by_time);
                for (row, y) in y.iter_mut().enumerate() {
                    *y = (0..n)
                        .map(|column| by_state[row * n + column] * v[column])
                        .sum();
                }
            },
        )
        .init(
            |_: &[f64], _: f64, y: &mut [f64]| y.copy_from_slice(&start),
            n,
        )
        .build()
        .map_err(failed)?;
    let mut solver = problem.bdf::<NalgebraLU<f64>>().map_err(failed)?;
    solver.set_stop_time(span.to).map_err(failed)?;
    let mut steps = 0;
    loop {
        let end = match solver.step().map_err(failed)? {
            OdeSolverStopReason::InternalTimestep => false,
            OdeSolverStopReason::TstopReached => true,
            OdeSolverStopReason::RootFound(..) => return Err(failed("a root, none was asked for")),
        };
        steps += 1;
        work.steps += 1;
        if steps > tolerance.max_steps {
            let (limit, time_h) = (tolerance.max_steps, solver.state().t);
            return Err(SolveFault::TooManySteps { limit, time_h });
        }
        let reached = if end { span.to } else { solver.state().t };
        while let Some(&stop) = span.stops.get(next).filter(|&&stop| stop <= reached) {
            let at = solver
                .interpolate(stop.min(solver.state().t))
                .map_err(failed)?;
            sink(next, &at.clone_as_vec());
            next += 1;
        }
        if end {
            x.copy_from_slice(&solver.state().y.clone_as_vec());
            return Ok(());
        }
    }
}
