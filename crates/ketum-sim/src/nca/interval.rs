//! A dosing interval out of a longer profile: peak, trough, average, area.

use super::area::part;
use super::{AucMethod, NcaError};
use crate::math;

/// What happens between two times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Highest concentration.
    pub cmax: f64,
    /// Time of it after the start of the interval, hours.
    pub tmax: f64,
    /// Lowest concentration.
    pub cmin: f64,
    /// Area over the interval.
    pub auc_tau: f64,
    /// Average concentration.
    pub cavg: f64,
}

/// Analyses `from..=to`; at ends between samples the concentration is read off the curve.
///
/// # Errors
/// An interval that is empty or not covered by samples.
pub fn interval(
    times: &[f64],
    values: &[f64],
    from: f64,
    to: f64,
    method: AucMethod,
) -> Result<Interval, NcaError> {
    if times.len() != values.len() {
        return Err(NcaError::Lengths {
            times: times.len(),
            values: values.len(),
        });
    }
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else {
        return Err(NcaError::Empty);
    };
    if !(first <= from && from < to && to <= last) {
        return Err(NcaError::Sample {
            index: 0,
            time: from,
            value: to,
        });
    }
    let mut result = Interval {
        cmax: f64::NEG_INFINITY,
        tmax: 0.0,
        cmin: f64::INFINITY,
        auc_tau: 0.0,
        cavg: 0.0,
    };
    let mut before = (from, at(times, values, from, method));
    let mut see = |time: f64, value: f64| {
        if value > result.cmax {
            result.cmax = value;
            result.tmax = time - from;
        }
        result.cmin = result.cmin.min(value);
    };
    see(from, before.1);
    let mut auc = 0.0;
    let inside = times
        .iter()
        .zip(values)
        .filter(|(time, _)| **time > from && **time < to);
    let end = (to, at(times, values, to, method));
    for (time, value) in inside.map(|(t, v)| (*t, *v)).chain([end]) {
        let exponential = method != AucMethod::Linear && value < before.1;
        auc += part(before.0, time, before.1, value, exponential).auc;
        see(time, value);
        before = (time, value);
    }
    result.auc_tau = auc;
    result.cavg = auc / (to - from);
    Ok(result)
}

/// The curve between samples, by the rule of the area.
fn at(times: &[f64], values: &[f64], time: f64, method: AucMethod) -> f64 {
    let after = times.partition_point(|&t| t < time);
    if times.get(after) == Some(&time) || after == 0 {
        return values[after.min(values.len() - 1)];
    }
    let (t0, t1) = (times[after - 1], times[after]);
    let (c0, c1) = (values[after - 1], values[after]);
    let share = (time - t0) / (t1 - t0);
    if method != AucMethod::Linear && c1 < c0 && c1 > 0.0 {
        c0 * math::exp(share * math::ln(c1 / c0))
    } else {
        c0 + share * (c1 - c0)
    }
}
