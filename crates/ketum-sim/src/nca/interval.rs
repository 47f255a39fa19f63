//! A dosing interval out of a longer profile: peak, trough, average, area.

use super::area::part;
use super::{AucMethod, NcaError, check};
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
/// Samples that are not a profile (see [`super::analyse`]); an interval that is empty or not covered by
/// them.
pub fn interval(
    times: &[f64],
    values: &[f64],
    from: f64,
    to: f64,
    method: AucMethod,
) -> Result<Interval, NcaError> {
    check(times, values)?;
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else {
        return Err(NcaError::Empty);
    };
    if !(first <= from && from < to && to <= last) {
        return Err(NcaError::Interval {
            from,
            to,
            first,
            last,
        });
    }
    let start = (from, at(times, values, from, method));
    let end = (to, at(times, values, to, method));
    let inside = times.iter().copied().zip(values.iter().copied());
    let inside = inside.filter(|(time, _)| *time > from && *time < to);
    let points = || [start].into_iter().chain(inside.clone()).chain([end]);
    let mut result = Interval {
        cmax: f64::NEG_INFINITY,
        tmax: 0.0,
        cmin: f64::INFINITY,
        auc_tau: 0.0,
        cavg: 0.0,
    };
    let mut peak = 0;
    for (index, (time, value)) in points().enumerate() {
        if value > result.cmax {
            result.cmax = value;
            result.tmax = time - from;
            peak = index;
        }
        result.cmin = result.cmin.min(value);
    }
    for (index, (before, after)) in points().zip(points().skip(1)).enumerate() {
        let exponential = match method {
            AucMethod::Linear => false,
            AucMethod::LinearUpLogDown => after.1 < before.1,
            AucMethod::LinearThenLog => index >= peak,
        };
        result.auc_tau += part(before.0, after.0, before.1, after.1, exponential).auc;
    }
    result.cavg = result.auc_tau / (to - from);
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
