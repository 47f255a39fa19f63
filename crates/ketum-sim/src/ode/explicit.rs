//! Explicit Runge–Kutta pair of orders 5 and 4 with dense output: Tsitouras 2011,
//! doi:10.1016/j.camwa.2011.06.002.
//!
//! Outputs are interpolated inside a step, so asking for another time changes no step and no other
//! value. Stiffness is noticed by comparing two slopes at the end of a step (Hairer and Wanner,
//! Solving Ordinary Differential Equations II, IV.2).

use super::{Rhs, Sink, Span, Tolerance, Work, first_step, too_small};
use crate::error::SolveFault;
use crate::math::{self, Real};

const STAGES: usize = 7;
const C: [f64; STAGES] = [0.0, 0.161, 0.327, 0.9, 0.980_025_540_904_509_7, 1.0, 1.0];
const A: [[f64; 6]; STAGES] = [
    [0.0; 6],
    [0.161, 0.0, 0.0, 0.0, 0.0, 0.0],
    [
        -0.008_480_655_492_356_989,
        0.335_480_655_492_357,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        2.897_153_057_105_493_5,
        -6.359_448_489_975_075,
        4.362_295_432_869_581_5,
        0.0,
        0.0,
        0.0,
    ],
    [
        5.325_864_828_439_257,
        -11.748_883_564_062_828,
        7.495_539_342_889_836_5,
        -0.092_495_066_361_755_25,
        0.0,
        0.0,
    ],
    [
        5.861_455_442_946_42,
        -12.920_969_317_847_11,
        8.159_367_898_576_159,
        -0.071_584_973_281_401,
        -0.028_269_050_394_068_383,
        0.0,
    ],
    [
        0.096_460_766_818_065_23,
        0.01,
        0.479_889_650_414_499_6,
        1.379_008_574_103_742,
        -3.290_069_515_436_081,
        2.324_710_524_099_774,
    ],
];
/// Weights of the error estimate.
const E: [f64; STAGES] = [
    -0.001_780_011_052_225_777_14,
    -0.000_816_434_459_656_746_9,
    0.007_880_878_010_261_995,
    -0.144_711_007_173_262_9,
    0.582_357_165_452_555_2,
    -0.458_082_105_929_186_97,
    0.015_151_515_151_515_152,
];
const SAFETY: f64 = 0.9;
const SHRINK: f64 = 0.2;
const GROW: f64 = 5.0;
/// Above this product of step and stiffness the step is limited by stability, not by accuracy.
const STABILITY: f64 = 2.5;
/// So many such steps in a row, and the problem counts as stiff, if at this pace more than
/// `STIFF_STEPS` are still to come.
const STIFF_STREAK: u32 = 15;
const STIFF_STEPS: f64 = 400.0;

/// Weights of the slopes at a fraction `s` of a step.
#[inline(always)]
fn dense(s: f64) -> [f64; STAGES] {
    let s2 = s * s;
    [
        -1.053_088_497_729_021_6
            * s
            * (s - 1.329_989_018_975_141_2)
            * (s2 - 1.436_402_854_171_635_1 * s + 0.713_981_691_707_420_9),
        0.1017 * s2 * (s2 - 2.196_656_833_824_975_4 * s + 1.294_985_250_737_463_1),
        2.490_627_285_651_252_793
            * s2
            * (s2 - 2.385_356_454_720_616_57 * s + 1.578_034_682_080_924_86),
        -16.548_102_889_244_902_72
            * (s - 1.217_129_272_955_332_44)
            * (s - 0.616_204_060_378_000_89)
            * s2,
        47.379_521_962_819_281_22
            * (s - 1.203_071_208_372_362_603)
            * (s - 0.658_047_292_653_547_382)
            * s2,
        -34.870_657_861_496_609_74 * (s - 1.2) * (s - 0.666_666_666_666_666_667) * s2,
        2.5 * (s - 1.0) * (s - 0.6) * s2,
    ]
}

/// The explicit pair with its working space.
#[derive(Debug, Clone)]
pub struct Explicit<T> {
    tolerance: Tolerance,
    slopes: [Vec<T>; STAGES],
    stage: Vec<T>,
    next: Vec<T>,
    /// What was done so far.
    pub work: Work,
}

/// Where a stretch turned stiff.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stiff {
    /// Time reached, hours.
    pub time_h: f64,
    /// Stops already written.
    pub stops_done: usize,
}

impl<T: Real> Explicit<T> {
    /// A solver of this accuracy.
    pub fn new(states: usize, tolerance: Tolerance) -> Self {
        let zero = || vec![T::splat(0.0); states];
        Self {
            tolerance,
            slopes: std::array::from_fn(|_| zero()),
            stage: zero(),
            next: zero(),
            work: Work::default(),
        }
    }

    /// Moves `x` through a span. `Some` says that it turned stiff on the way: `x` is the state at
    /// the time named, and the rest is for another solver. With `watch` off it goes on regardless.
    ///
    /// # Errors
    /// A step size that vanishes, too many steps, a state that is not a number.
    #[inline(always)]
    pub fn advance(
        &mut self,
        rhs: &impl Rhs<T>,
        span: Span<'_>,
        x: &mut [T],
        watch: bool,
        sink: Sink<'_, T>,
    ) -> Result<Option<Stiff>, SolveFault> {
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
            return Ok(None);
        }
        let mut t = span.from;
        rhs.eval(t, x, &mut self.slopes[0]);
        self.work.evaluations += 1;
        let mut h = first_step(x, &self.slopes[0], &self.tolerance, &span);
        let (mut steps, mut streak) = (0, 0);
        let mut rejected_last = false;
        while t < span.to {
            if steps >= self.tolerance.max_steps {
                let limit = self.tolerance.max_steps;
                return Err(SolveFault::TooManySteps { limit, time_h: t });
            }
            // The last step ends exactly at the end; the one before it is not made tiny.
            let left = span.to - t;
            let last = h >= left * (1.0 - 1e-12);
            if last {
                h = left;
            } else if h > 0.5 * left {
                h = 0.5 * left;
            }
            if !last {
                too_small(t, h)?;
            }
            let (error, stiffness) = self.step(rhs, t, h, x);
            steps += 1;
            self.work.evaluations += STAGES as u64 - 1;
            if !error.is_finite() && h < 1e-12 * (1.0 + t.abs()) {
                return Err(SolveFault::NotFinite(format!("the state at {t} h")));
            }
            let factor = match error.is_finite() {
                true if error > 0.0 => SAFETY * math::pow(error, -0.2),
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
                    sink(stops_done, &self.next);
                } else {
                    self.interpolate((stop - t) / h, h, x);
                    sink(stops_done, &self.stage);
                }
                stops_done += 1;
            }
            x.copy_from_slice(&self.next);
            self.slopes.swap(0, STAGES - 1);
            t = end;
            streak = if h * stiffness > STABILITY {
                streak + 1
            } else {
                0
            };
            if watch && streak >= STIFF_STREAK && (span.to - t) / h > STIFF_STEPS {
                return Ok(Some(Stiff {
                    time_h: t,
                    stops_done,
                }));
            }
            h *= factor.clamp(SHRINK, if rejected_last { 1.0 } else { GROW });
            rejected_last = false;
        }
        Ok(None)
    }

    /// One step; gives the error relative to the tolerance and an estimate of the stiffness, 1/h.
    #[inline(always)]
    fn step(&mut self, rhs: &impl Rhs<T>, t: f64, h: f64, x: &[T]) -> (f64, f64) {
        let n = x.len();
        for s in 1..STAGES {
            let to = if s == STAGES - 1 {
                &mut self.next
            } else {
                &mut self.stage
            };
            for i in 0..n {
                let mut sum = x[i];
                for (j, slope) in self.slopes[..s].iter().enumerate() {
                    sum = slope[i].mul_add(T::splat(h * A[s][j]), sum);
                }
                to[i] = sum;
            }
            let to = if s == STAGES - 1 {
                &self.next
            } else {
                &self.stage
            };
            rhs.eval(t + C[s] * h, to, &mut self.slopes[s]);
        }
        // `stage` still holds the argument of the sixth slope, taken at the same time as the last.
        let mut worst = T::splat(0.0);
        let (mut change, mut distance) = (T::splat(0.0), T::splat(0.0));
        for i in 0..n {
            let mut error = T::splat(0.0);
            for (s, weight) in E.iter().enumerate() {
                error = self.slopes[s][i].mul_add(T::splat(h * weight), error);
            }
            let size = x[i].abs().max(self.next[i].abs());
            let scale = size.mul_add(
                T::splat(self.tolerance.relative),
                T::splat(self.tolerance.absolute),
            );
            let ratio = error / scale;
            worst = ratio.mul_add(ratio, worst);
            let slope = self.slopes[6][i] - self.slopes[5][i];
            let step = self.next[i] - self.stage[i];
            change = slope.mul_add(slope, change);
            distance = step.mul_add(step, distance);
        }
        let mut error = 0.0_f64;
        let mut stiffness = 0.0_f64;
        for lane in 0..T::WIDTH {
            let own = worst.lane(lane);
            error = if own >= error || own.is_nan() {
                own
            } else {
                error
            };
            if distance.lane(lane) > 0.0 {
                stiffness = stiffness.max(change.lane(lane) / distance.lane(lane));
            }
        }
        (math::sqrt(error / n as f64), math::sqrt(stiffness))
    }

    /// The state at a fraction of the step just made, into `stage`.
    #[inline(always)]
    fn interpolate(&mut self, fraction: f64, h: f64, x: &[T]) {
        let weights = dense(fraction);
        for i in 0..x.len() {
            let mut sum = x[i];
            for (slope, weight) in self.slopes.iter().zip(weights) {
                sum = slope[i].mul_add(T::splat(h * weight), sum);
            }
            self.stage[i] = sum;
        }
    }
}
