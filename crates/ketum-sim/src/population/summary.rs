//! Numbers that say what a population's profiles look like.

use crate::math::dispatch::{self, Kernel, Path};
use crate::math::{LANES, Lanes, Real};

/// The probabilities of a population's bands.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Quantile of sorted values, Hyndman and Fan's type 7 (doi:10.2307/2684934): linear between order
/// statistics at `(n − 1)·p`. Not a number for an empty list.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let (below, share) = between(last, p);
    let low = sorted[below];
    let high = sorted[(below + 1).min(last)];
    low + share * (high - low)
}

/// The position below a quantile, and how far it lies towards the next one.
pub(super) fn between(last: usize, p: f64) -> (usize, f64) {
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position.floor();
    (below as usize, position - below)
}

/// How much one subject is exposed to, over the output times. Nothing is a number for a subject that failed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Exposure {
    /// Highest predicted value, in the output's unit.
    pub cmax: f64,
    /// First time of it, hours.
    pub tmax_h: f64,
    /// Area from the first to the last output time, output unit times hours: exact for linear
    /// models, else under the predicted values, straight while rising and exponential while falling.
    pub auc: f64,
    /// Value at the last output time.
    pub last: f64,
}

/// Exposure of a group's subjects to one output. `profile` is `[time][output]`; `area` is taken where it is a
/// number.
pub(super) fn exposures(
    times_h: &[f64],
    profile: &[Lanes],
    outputs: usize,
    output: usize,
    area: Lanes,
) -> [Exposure; LANES] {
    let values = profile.get(output..).unwrap_or_default();
    let highest = Highest {
        times_h,
        values,
        outputs,
    };
    let (cmax, tmax) = dispatch::run(Path::widest(), highest);
    let value = |time: usize, lane: usize| values[time * outputs].0[lane];
    std::array::from_fn(|lane| {
        let times = 0..times_h.len();
        let auc = match area.0[lane].is_nan() {
            false => area.0[lane],
            true => trapezoids(times_h, times.clone().map(|time| value(time, lane))),
        };
        Exposure {
            cmax: cmax.0[lane],
            tmax_h: tmax.0[lane],
            auc,
            last: times.last().map_or(f64::NAN, |time| value(time, lane)),
        }
    })
}

/// Finds the highest value and the first time of it. Neither is a number where no value is, as in a subject
/// that failed.
struct Highest<'a> {
    times_h: &'a [f64],
    /// Every so many is a time's.
    values: &'a [Lanes],
    outputs: usize,
}

impl Kernel for Highest<'_> {
    type Output = (Lanes, Lanes);

    #[inline(always)]
    fn run(self) -> Self::Output {
        let nothing = Lanes::splat(f64::NEG_INFINITY);
        let none = Lanes::splat(f64::NAN);
        let (mut cmax, mut tmax) = (nothing, none);
        for (&time_h, value) in self
            .times_h
            .iter()
            .zip(self.values.iter().step_by(self.outputs))
        {
            // What is no number is not above.
            tmax = above(*value, cmax, Lanes::splat(time_h), tmax);
            cmax = value.max(cmax);
        }
        (above(cmax, nothing, cmax, none), tmax)
    }
}

/// Lane by lane: `yes` where `value > than`, else `no`.
#[inline(always)]
fn above(value: Lanes, than: Lanes, yes: Lanes, no: Lanes) -> Lanes {
    let mut out = no.0;
    for lane in 0..LANES {
        out[lane] = if value.0[lane] > than.0[lane] {
            yes.0[lane]
        } else {
            no.0[lane]
        };
    }
    Lanes(out)
}

/// Area under values at times: straight while rising, exponential while falling.
fn trapezoids(times_h: &[f64], values: impl Iterator<Item = f64>) -> f64 {
    let mut sum = 0.0;
    let mut before: Option<(f64, f64)> = None;
    for (&time_h, value) in times_h.iter().zip(values) {
        if let Some((t, y)) = before {
            sum += area(time_h - t, y, value);
        }
        before = Some((time_h, value));
    }
    sum
}

fn area(dt: f64, from: f64, to: f64) -> f64 {
    if to < from && to > 0.0 {
        // ln(1 + x) keeps its digits where the two values are nearly equal.
        dt * (to - from) / crate::math::ln_1p((to - from) / from)
    } else {
        dt * 0.5 * (from + to)
    }
}
