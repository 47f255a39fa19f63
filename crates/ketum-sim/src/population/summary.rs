//! Numbers that say what a population's profiles look like.

/// The probabilities of a population's bands.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Quantile of sorted values, Hyndman and Fan's type 7 (doi:10.2307/2684934): linear between order
/// statistics at `(n − 1)·p`. Not a number for an empty list.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position.floor();
    let low = sorted[below as usize];
    let high = sorted[(below as usize + 1).min(last)];
    low + (position - below) * (high - low)
}

/// How much one subject is exposed to, over the output times.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Exposure {
    /// Highest predicted value, in the output's unit.
    pub cmax: f64,
    /// Time of it, hours.
    pub tmax_h: f64,
    /// Area under the predicted values from the first to the last output time, linear while rising
    /// and logarithmic while falling, output unit times hours.
    pub auc: f64,
    /// Value at the last output time.
    pub last: f64,
}

impl Exposure {
    /// Exposure of one profile.
    pub fn of(times_h: &[f64], values: impl Iterator<Item = f64>) -> Self {
        let mut exposure = Self {
            cmax: f64::NEG_INFINITY,
            ..Self::default()
        };
        let mut before: Option<(f64, f64)> = None;
        for (&time_h, value) in times_h.iter().zip(values) {
            if value > exposure.cmax {
                exposure.cmax = value;
                exposure.tmax_h = time_h;
            }
            if let Some((t, y)) = before {
                exposure.auc += area(time_h - t, y, value);
            }
            before = Some((time_h, value));
            exposure.last = value;
        }
        exposure
    }
}

/// Area under a curve between two points: straight while rising, exponential while falling.
fn area(dt: f64, from: f64, to: f64) -> f64 {
    if to < from && to > 0.0 {
        let ratio = to / from;
        // ln(1 + x) keeps its digits where the two values are nearly equal.
        dt * (to - from) / crate::math::ln_1p(ratio - 1.0)
    } else {
        dt * 0.5 * (from + to)
    }
}
