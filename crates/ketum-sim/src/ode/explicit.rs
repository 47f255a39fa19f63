//! Explicit Runge–Kutta pair of orders 5 and 4 with dense output: Tsitouras 2011,
//! doi:10.1016/j.camwa.2011.06.002.
//!
//! Subjects side by side each keep their own time and step: a subject's values do not depend on its
//! neighbours, and are the same bits as when it is solved alone. Outputs are interpolated inside a
//! step, so asking for another time changes no step and no other value. Stiffness is noticed by
//! comparing two slopes at the end of a step (Hairer and Wanner, Solving Ordinary Differential
//! Equations II, IV.2).

use super::{MAX_STATES, Rhs, Sink, Tolerance, Work};
use crate::error::SolveFault;
use crate::math::Real;

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
const SAFETY: f64 = 0.95;
const SHRINK: f64 = 0.2;
const GROW: f64 = 5.0;
/// Above this product of step and stiffness the step is limited by stability, not by accuracy.
const STABILITY: f64 = 2.5;
/// So many such steps in a row, and the problem counts as stiff, if at this pace more than
/// `STIFF_STEPS` are still to come.
const STIFF_STREAK: f64 = 15.0;
const STIFF_STEPS: f64 = 400.0;

/// Weights of the slopes at a fraction `s` of a step.
#[inline(always)]
fn dense<T: Real>(s: T) -> [T; STAGES] {
    let c = T::splat;
    let s2 = s * s;
    [
        c(-1.053_088_497_729_021_6)
            * s
            * (s - c(1.329_989_018_975_141_2))
            * (s2 - c(1.436_402_854_171_635_1) * s + c(0.713_981_691_707_420_9)),
        c(0.1017) * s2 * (s2 - c(2.196_656_833_824_975_4) * s + c(1.294_985_250_737_463_1)),
        c(2.490_627_285_651_252_793)
            * s2
            * (s2 - c(2.385_356_454_720_616_57) * s + c(1.578_034_682_080_924_86)),
        c(-16.548_102_889_244_902_72)
            * (s - c(1.217_129_272_955_332_44))
            * (s - c(0.616_204_060_378_000_89))
            * s2,
        c(47.379_521_962_819_281_22)
            * (s - c(1.203_071_208_372_362_603))
            * (s - c(0.658_047_292_653_547_382))
            * s2,
        c(-34.870_657_861_496_609_74) * (s - c(1.2)) * (s - c(0.666_666_666_666_666_667)) * s2,
        c(2.5) * (s - c(1.0)) * (s - c(0.6)) * s2,
    ]
}

/// A state of several subjects, with room for `N` states.
pub type State<T, const N: usize = MAX_STATES> = [T; N];

/// What became of one subject's stretch.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was solved to its end.
    Done,
    /// It turned stiff here; `x` is the state at this time.
    Stiff {
        /// Time reached, hours.
        time_h: f64,
    },
    /// It failed.
    Failed(SolveFault),
}

/// The explicit pair with its working space. `N` is the exact number of states where that is known when
/// the code is compiled, which makes it faster, else `MAX_STATES`.
#[derive(Debug, Clone)]
pub struct Explicit<T, const N: usize = MAX_STATES> {
    n: usize,
    tolerance: Tolerance,
    slopes: [State<T, N>; STAGES],
    stage: State<T, N>,
    next: State<T, N>,
    /// States whose values at stops somebody reads, one bit each; the others are not interpolated.
    pub wanted: u32,
    /// What was done so far, summed over subjects.
    pub work: Work,
}

/// One stretch of every subject, each with times of its own.
#[derive(Debug, Clone, Copy)]
pub struct Stretches<'a, T> {
    /// Start, hours.
    pub from: T,
    /// End, hours; a subject whose end is not after its start stays where it is.
    pub to: T,
    /// Times at which the state is wanted, not decreasing, the same for all.
    pub stops: &'a [f64],
    /// Each subject's first stop that is not for this stretch: what happens at its end comes first.
    pub limit: &'a [usize],
    /// Whether to stop where a subject turns stiff.
    pub watch: bool,
}

/// Bookkeeping of all subjects; flags are zero or one, so that they are kept like numbers.
#[derive(Debug, Clone, Copy)]
struct Keep<T> {
    t: T,
    h: T,
    running: T,
    rejected_last: T,
    streak: T,
    /// Time of the next stop; infinite after the last.
    next_stop: T,
}

/// `yes` where a flag is set.
#[inline(always)]
fn choose<T: Real>(flag: T, yes: T, no: T) -> T {
    flag.select_le(T::splat(0.5), no, yes)
}

impl<T: Real, const N: usize> Explicit<T, N> {
    /// A solver of this accuracy.
    #[inline(always)]
    pub fn new(states: usize, tolerance: Tolerance) -> Self {
        assert!(
            states == N || (N == MAX_STATES && states < N),
            "room for {N} states, not for {states}"
        );
        let zero = [T::splat(0.0); N];
        Self {
            n: states,
            tolerance,
            slopes: [zero; STAGES],
            stage: zero,
            next: zero,
            wanted: u32::MAX,
            work: Work::default(),
        }
    }

    /// The number of states, a constant where it is known.
    #[inline(always)]
    fn states(&self) -> usize {
        if N < MAX_STATES { N } else { self.n.min(N) }
    }

    /// Moves every subject through its stretch. `cursor` holds each subject's next stop.
    #[inline(always)]
    pub fn advance(
        &mut self,
        rhs: &impl Rhs<T>,
        span: Stretches<'_, T>,
        x: &mut State<T, N>,
        cursor: &mut [usize],
        outcomes: &mut [Outcome],
        sink: &mut impl Sink<T>,
    ) {
        let n = self.states();
        let (zero, one) = (T::splat(0.0), T::splat(1.0));
        for lane in 0..T::WIDTH {
            outcomes[lane] = Outcome::Done;
            let stops = &span.stops[..span.limit[lane]];
            while stops
                .get(cursor[lane])
                .is_some_and(|&stop| stop <= span.from.lane(lane))
            {
                sink.put(cursor[lane], lane, &x[..n]);
                cursor[lane] += 1;
            }
        }
        let length = span.to - span.from;
        let mut keep = Keep {
            t: span.from,
            h: zero,
            running: length.select_le(zero, zero, one),
            rejected_last: zero,
            streak: zero,
            next_stop: next_stops(&span, cursor),
        };
        if !one.any_le(keep.running) {
            return;
        }
        rhs.eval(keep.t, &x[..n], &mut self.slopes[0][..n]);
        keep.h = self.first_step(x, length);
        let mut tried = 0;
        let (mut taken, mut evaluated, mut rejected) = (zero, zero, zero);
        while one.any_le(keep.running) {
            // The last step ends exactly at the end; the one before it is not made tiny.
            let left = span.to - keep.t;
            let half = T::splat(0.5) * left;
            let last = (left * T::splat(1.0 - 1e-12)).select_le(keep.h, one, zero);
            let step = choose(last, left, keep.h.min(half));
            let tiny = (keep.t + T::splat(0.1) * step).select_le(keep.t, one - last, zero);
            if tried >= self.tolerance.max_steps || one.any_le(tiny * keep.running) {
                self.give_up(&mut keep, tiny, tried, outcomes);
                continue;
            }
            tried += 1;
            let step = choose(keep.running, step, zero);
            let (square, limited) = self.step(rhs, keep.t, step, x);
            evaluated = evaluated + keep.running;
            let good = square.select_le(one, keep.running, zero);
            taken = taken + good;
            rejected = rejected + (keep.running - good);
            // SAFETY · error^(−1/5), error² = square; the shortest step where that is not a number.
            let root = (T::splat(-0.1) * square.rough_log2()).rough_exp2();
            let factor = T::splat(SAFETY) * root;
            let most = choose(keep.rejected_last, one, T::splat(GROW));
            let most = choose(good, most, T::splat(SAFETY));
            keep.h = step * factor.max(T::splat(SHRINK)).min(most);
            keep.rejected_last = one - good;
            let end = choose(last, span.to, keep.t + step);
            let reached = choose(good, end, T::splat(f64::NEG_INFINITY));
            if keep.next_stop.any_le(reached) {
                self.outputs(&keep, reached, step, &span, x, cursor, sink);
                keep.next_stop = next_stops(&span, cursor);
            }
            for i in 0..n {
                x[i] = choose(good, self.next[i], x[i]);
                self.slopes[0][i] = choose(good, self.slopes[STAGES - 1][i], self.slopes[0][i]);
            }
            keep.t = choose(good, end, keep.t);
            let streak = choose(limited, keep.streak + one, zero);
            keep.streak = choose(good, streak, keep.streak);
            keep.running = span.to.select_le(keep.t, zero, keep.running);
            if span.watch && T::splat(STIFF_STREAK).any_le(keep.streak) {
                stop_stiff(&mut keep, span.to, step, outcomes);
            }
        }
        for lane in 0..T::WIDTH {
            self.work.steps += taken.lane(lane) as u64;
            self.work.rejected += rejected.lane(lane) as u64;
            self.work.evaluations += (STAGES as u64 - 1) * evaluated.lane(lane) as u64;
        }
    }

    /// Ends the subjects that cannot go on.
    fn give_up(&self, keep: &mut Keep<T>, tiny: T, tried: u64, outcomes: &mut [Outcome]) {
        let limit = self.tolerance.max_steps;
        for lane in 0..T::WIDTH {
            if keep.running.lane(lane) == 0.0 {
                continue;
            }
            let time_h = keep.t.lane(lane);
            if tiny.lane(lane) > 0.0 {
                outcomes[lane] = Outcome::Failed(SolveFault::StepTooSmall { time_h });
            } else if tried >= limit {
                outcomes[lane] = Outcome::Failed(SolveFault::TooManySteps { limit, time_h });
            }
        }
        keep.running = T::from_fn(|lane| match outcomes[lane] {
            Outcome::Failed(_) => 0.0,
            _ => keep.running.lane(lane),
        });
    }

    /// First step, from the size of the derivative at the start.
    #[inline(always)]
    fn first_step(&mut self, x: &State<T, N>, length: T) -> T {
        self.work.evaluations += T::WIDTH as u64;
        T::from_fn(|lane| {
            let (mut size, mut slope) = (0.0_f64, 0.0_f64);
            for i in 0..self.states() {
                let own = x[i].lane(lane).abs();
                let scale = self.tolerance.absolute + self.tolerance.relative * own;
                size = size.max(own / scale);
                slope = slope.max(self.slopes[0][i].lane(lane).abs() / scale);
            }
            let length = length.lane(lane);
            let step = if slope > 1e-5 && size > 1e-5 {
                0.01 * size / slope
            } else {
                1e-4 * length
            };
            step.min(length)
        })
    }

    /// One step; gives the square of the error relative to the tolerance and whether the step is limited by
    /// stability: the slopes at its end differ more than `STABILITY` times the states do, over the step.
    #[inline(always)]
    fn step(&mut self, rhs: &impl Rhs<T>, t: T, h: T, x: &State<T, N>) -> (T, T) {
        let n = self.states();
        for s in 1..STAGES {
            let to = match s {
                1 => self.combined::<1>(h, x),
                2 => self.combined::<2>(h, x),
                3 => self.combined::<3>(h, x),
                4 => self.combined::<4>(h, x),
                5 => self.combined::<5>(h, x),
                _ => self.combined::<6>(h, x),
            };
            if s == STAGES - 1 {
                self.next = to;
            } else {
                self.stage = to;
            }
            let to = if s == STAGES - 1 {
                &self.next
            } else {
                &self.stage
            };
            rhs.eval(t + T::splat(C[s]) * h, &to[..n], &mut self.slopes[s][..n]);
        }
        // `stage` still holds the argument of the sixth slope, taken at the same time as the last.
        let zero = T::splat(0.0);
        let mut worst = zero;
        let (mut change, mut distance) = (zero, zero);
        let mut weights = [zero; STAGES];
        for s in 0..STAGES {
            weights[s] = h * T::splat(E[s]);
        }
        for i in 0..n {
            let mut error = zero;
            for s in 0..STAGES {
                error = self.slopes[s][i].mul_add(weights[s], error);
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
        let bound = T::splat(STABILITY * STABILITY) * distance;
        let limited = (h * h * change).select_le(bound, zero, T::splat(1.0));
        (worst * T::splat(1.0 / n as f64), limited)
    }

    /// Where a stage looks at the slope: the state moved along the `S` slopes before it. The number is known when
    /// the code is compiled; else compilers turn the short loop into something slow.
    #[inline(always)]
    fn combined<const S: usize>(&self, h: T, x: &State<T, N>) -> State<T, N> {
        let mut weights = [h; S];
        for j in 0..S {
            weights[j] = h * T::splat(A[S][j]);
        }
        let mut to = *x;
        for i in 0..self.states() {
            for j in 0..S {
                to[i] = self.slopes[j][i].mul_add(weights[j], to[i]);
            }
        }
        to
    }

    /// Writes the stops that lie in the step just taken, subject by subject: in most steps only one of
    /// them has any.
    #[inline(always)]
    #[expect(
        clippy::too_many_arguments,
        reason = "the pieces of one step, borrowed one by one"
    )]
    fn outputs(
        &mut self,
        keep: &Keep<T>,
        reached: T,
        h: T,
        span: &Stretches<'_, T>,
        x: &State<T, N>,
        cursor: &mut [usize],
        sink: &mut impl Sink<T>,
    ) {
        let n = self.states();
        for lane in 0..T::WIDTH {
            let (end, start, step) = (reached.lane(lane), keep.t.lane(lane), h.lane(lane));
            let stops = &span.stops[..span.limit[lane]];
            while let Some(&stop) = stops.get(cursor[lane]).filter(|&&stop| stop <= end) {
                if stop == end {
                    sink.put(cursor[lane], lane, &self.next[..n]);
                } else {
                    let weights = dense((stop - start) / step);
                    for i in (0..n).filter(|i| (self.wanted >> i) & 1 == 1) {
                        let mut sum = 0.0;
                        for s in 0..STAGES {
                            sum = Real::mul_add(self.slopes[s][i].lane(lane), weights[s], sum);
                        }
                        let value = Real::mul_add(step, sum, x[i].lane(lane));
                        // The other lanes are read by nobody.
                        self.stage[i] = T::splat(value);
                    }
                    sink.put(cursor[lane], lane, &self.stage[..n]);
                }
                cursor[lane] += 1;
            }
        }
    }
}

/// Time of each subject's next stop.
#[inline(always)]
fn next_stops<T: Real>(span: &Stretches<'_, T>, cursor: &[usize]) -> T {
    T::from_fn(|lane| {
        let stops = &span.stops[..span.limit[lane]];
        stops.get(cursor[lane]).copied().unwrap_or(f64::INFINITY)
    })
}

/// Ends the subjects that are stiff and have far to go. Many a problem is limited by stability all along and
/// never has far to go: that is found out side by side.
#[inline(always)]
fn stop_stiff<T: Real>(keep: &mut Keep<T>, to: T, step: T, outcomes: &mut [Outcome]) {
    let zero = T::splat(0.0);
    let limited = T::splat(STIFF_STREAK).select_le(keep.streak, keep.running, zero);
    let to_come = (to - keep.t) / step;
    let stiff = to_come.select_le(T::splat(STIFF_STEPS), zero, limited);
    if !T::splat(1.0).any_le(stiff) {
        return;
    }
    for lane in 0..T::WIDTH {
        if stiff.lane(lane) > 0.0 {
            let time_h = keep.t.lane(lane);
            outcomes[lane] = Outcome::Stiff { time_h };
        }
    }
    keep.running = keep.running - stiff;
}
