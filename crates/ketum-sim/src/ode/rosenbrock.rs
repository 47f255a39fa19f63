//! Rosenbrock method of order 4 with an embedded method of order 3, L-stable and stiffly accurate:
//! RODAS (Hairer and Wanner, Solving Ordinary Differential Equations II, IV.7).
//!
//! One Jacobian and one factorisation a step, no iteration, so nothing that can fail to converge.
//! A time inside a step is reached by a shorter step of its own from the same start: asking for
//! another time changes no other value.

use super::{Differentiable, Span, Tolerance, Work};
use crate::error::SolveFault;
use crate::math;

const STAGES: usize = 6;
const GAMMA: f64 = 0.25;
/// Times of the stages; the last two are at the end of the step.
const TIMES: [f64; STAGES] = [0.0, 0.386, 0.21, 0.63, 1.0, 1.0];
/// Weights of ∂f/∂t.
const TIME_WEIGHTS: [f64; STAGES] = [0.25, -0.1043, 0.1035, -0.036_200_000_000_000_23, 0.0, 0.0];
const A: [[f64; 5]; STAGES] = [
    [0.0; 5],
    [1.544, 0.0, 0.0, 0.0, 0.0],
    [
        0.946_678_528_081_582_6,
        0.255_701_169_898_328_4,
        0.0,
        0.0,
        0.0,
    ],
    [
        3.314_825_187_068_521,
        2.896_124_015_972_201,
        0.998_641_913_997_781_7,
        0.0,
        0.0,
    ],
    [
        1.221_224_509_226_641,
        6.019_134_481_288_629,
        12.537_083_329_320_87,
        -0.687_886_036_105_895,
        0.0,
    ],
    [
        1.221_224_509_226_641,
        6.019_134_481_288_629,
        12.537_083_329_320_87,
        -0.687_886_036_105_895,
        1.0,
    ],
];
const C: [[f64; 5]; STAGES] = [
    [0.0; 5],
    [-5.6688, 0.0, 0.0, 0.0, 0.0],
    [
        -2.430_093_356_833_875,
        -0.206_359_915_709_191_5,
        0.0,
        0.0,
        0.0,
    ],
    [
        -0.107_352_905_815_137_5,
        -9.594_562_251_023_355,
        -20.470_286_148_096_16,
        0.0,
        0.0,
    ],
    [
        7.496_443_313_967_647,
        -10.246_804_314_643_52,
        -33.999_903_528_199_05,
        11.708_908_932_061_6,
        0.0,
    ],
    [
        8.083_246_795_921_522,
        -7.981_132_988_064_893,
        -31.521_594_328_743_71,
        16.319_305_431_231_36,
        -6.058_818_238_834_054,
    ],
];
const SAFETY: f64 = 0.9;
const SHRINK: f64 = 0.2;
const GROW: f64 = 5.0;

/// The stiff solver with its working space.
#[derive(Debug, Clone)]
pub struct Rosenbrock {
    n: usize,
    tolerance: Tolerance,
    jacobian: Vec<f64>,
    by_time: Vec<f64>,
    matrix: Vec<f64>,
    pivots: Vec<usize>,
    increments: [Vec<f64>; STAGES],
    argument: Vec<f64>,
    slope: Vec<f64>,
    first: Vec<f64>,
    /// What was done so far.
    pub work: Work,
}

impl Rosenbrock {
    /// A solver of this accuracy.
    pub fn new(n: usize, tolerance: Tolerance) -> Self {
        let zero = || vec![0.0; n];
        Self {
            n,
            tolerance,
            jacobian: vec![0.0; n * n],
            by_time: zero(),
            matrix: vec![0.0; n * n],
            pivots: vec![0; n],
            increments: std::array::from_fn(|_| zero()),
            argument: zero(),
            slope: zero(),
            first: zero(),
            work: Work::default(),
        }
    }

    /// Moves `x` through a span.
    ///
    /// # Errors
    /// A step size that vanishes, too many steps, a state that is not a number.
    pub fn advance(
        &mut self,
        rhs: &impl Differentiable,
        span: Span<'_>,
        x: &mut [f64],
        sink: &mut dyn FnMut(usize, &[f64]),
    ) -> Result<(), SolveFault> {
        let mut stops_done = 0;
        while span
            .stops
            .get(stops_done)
            .is_some_and(|&stop| stop <= span.from)
        {
            sink(stops_done, x);
            stops_done += 1;
        }
        if span.to <= span.from {
            return Ok(());
        }
        let mut t = span.from;
        let mut first = std::mem::take(&mut self.first);
        rhs.eval(t, x, &mut first);
        self.work.evaluations += 1;
        let mut h = self.first_step(x, &first, span.to - span.from);
        let mut next = vec![0.0; self.n];
        let mut between = vec![0.0; self.n];
        let mut steps = 0;
        let mut rejected_last = false;
        rhs.jacobian(t, x, &mut self.jacobian, &mut self.by_time);
        self.work.jacobians += 1;
        while t < span.to {
            if steps >= self.tolerance.max_steps {
                let limit = self.tolerance.max_steps;
                return Err(SolveFault::TooManySteps { limit, time_h: t });
            }
            let left = span.to - t;
            let last = h >= left * (1.0 - 1e-12);
            if last {
                h = left;
            } else if h > 0.5 * left {
                h = 0.5 * left;
            }
            if !last && t + 0.1 * h == t {
                return Err(SolveFault::StepTooSmall { time_h: t });
            }
            steps += 1;
            let error = self.step(rhs, t, h, x, &first, &mut next);
            if !error.is_finite() && h < 1e-12 * (1.0 + t.abs()) {
                return Err(SolveFault::NotFinite(format!("the state at {t} h")));
            }
            let factor = match error.is_finite() {
                true if error > 0.0 => SAFETY * math::pow(error, -0.25),
                true => GROW,
                false => SHRINK,
            };
            if !(error <= 1.0) {
                self.work.rejected += 1;
                rejected_last = true;
                h *= factor.clamp(SHRINK, SAFETY);
                continue;
            }
            self.work.steps += 1;
            let end = if last { span.to } else { t + h };
            while let Some(&stop) = span.stops.get(stops_done).filter(|&&stop| stop <= end) {
                if stop == end {
                    sink(stops_done, &next);
                } else {
                    self.step(rhs, t, stop - t, x, &first, &mut between);
                    sink(stops_done, &between);
                }
                stops_done += 1;
            }
            x.copy_from_slice(&next);
            t = end;
            if t < span.to {
                rhs.eval(t, x, &mut first);
                self.work.evaluations += 1;
                rhs.jacobian(t, x, &mut self.jacobian, &mut self.by_time);
                self.work.jacobians += 1;
            }
            h *= factor.clamp(SHRINK, if rejected_last { 1.0 } else { GROW });
            rejected_last = false;
        }
        self.first = first;
        Ok(())
    }

    /// First step, from the size of the derivative at the start.
    fn first_step(&self, x: &[f64], slope: &[f64], length: f64) -> f64 {
        let (mut size, mut steep) = (0.0_f64, 0.0_f64);
        for (x, slope) in x.iter().zip(slope) {
            let scale = self.tolerance.absolute + self.tolerance.relative * x.abs();
            size = size.max(x.abs() / scale);
            steep = steep.max(slope.abs() / scale);
        }
        let step = if steep > 1e-5 && size > 1e-5 {
            0.01 * size / steep
        } else {
            1e-4 * length
        };
        step.min(length)
    }

    /// One step from `x`, whose slope is `first`, into `next`; gives the error relative to the
    /// tolerance.
    fn step(
        &mut self,
        rhs: &impl Differentiable,
        t: f64,
        h: f64,
        x: &[f64],
        first: &[f64],
        next: &mut [f64],
    ) -> f64 {
        let n = self.n;
        for (matrix, jacobian) in self.matrix.iter_mut().zip(&self.jacobian) {
            *matrix = -jacobian;
        }
        for i in 0..n {
            self.matrix[i * n + i] += 1.0 / (h * GAMMA);
        }
        self.work.factorisations += 1;
        if !factorise(n, &mut self.matrix, &mut self.pivots) {
            return f64::INFINITY;
        }
        for s in 0..STAGES {
            if s == 0 {
                self.slope.copy_from_slice(first);
            } else {
                for i in 0..n {
                    let mut sum = x[i];
                    for j in 0..s {
                        sum += A[s][j] * self.increments[j][i];
                    }
                    self.argument[i] = sum;
                }
                rhs.eval(t + TIMES[s] * h, &self.argument, &mut self.slope);
                self.work.evaluations += 1;
            }
            for i in 0..n {
                let mut sum = self.slope[i] + h * TIME_WEIGHTS[s] * self.by_time[i];
                for j in 0..s {
                    sum += C[s][j] / h * self.increments[j][i];
                }
                self.increments[s][i] = sum;
            }
            solve(n, &self.matrix, &self.pivots, &mut self.increments[s]);
        }
        let mut worst = 0.0;
        for i in 0..n {
            let error = self.increments[STAGES - 1][i];
            next[i] = self.argument[i] + error;
            let size = x[i].abs().max(next[i].abs());
            let scale = self.tolerance.absolute + self.tolerance.relative * size;
            worst += (error / scale) * (error / scale);
        }
        math::sqrt(worst / n as f64)
    }
}

/// LU factors with partial pivoting, in place; `false` for a singular matrix.
pub(crate) fn factorise(n: usize, m: &mut [f64], pivots: &mut [usize]) -> bool {
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if m[i * n + k].abs() > m[pivot * n + k].abs() {
                pivot = i;
            }
        }
        pivots[k] = pivot;
        if pivot != k {
            for j in 0..n {
                m.swap(k * n + j, pivot * n + j);
            }
        }
        let diagonal = m[k * n + k];
        if !(diagonal.abs() > 0.0 && diagonal.is_finite()) {
            return false;
        }
        for i in k + 1..n {
            let factor = m[i * n + k] / diagonal;
            m[i * n + k] = factor;
            for j in k + 1..n {
                m[i * n + j] -= factor * m[k * n + j];
            }
        }
    }
    true
}

/// Solves with the factors of `factorise`.
pub(crate) fn solve(n: usize, m: &[f64], pivots: &[usize], b: &mut [f64]) {
    for k in 0..n {
        b.swap(k, pivots[k]);
    }
    for k in 0..n {
        for i in k + 1..n {
            b[i] -= m[i * n + k] * b[k];
        }
    }
    for k in (0..n).rev() {
        for j in k + 1..n {
            b[k] -= m[k * n + j] * b[j];
        }
        b[k] /= m[k * n + k];
    }
}
