//! Area under a curve given at points.

use crate::math::Real;

/// Rule of the area between two samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AucMethod {
    /// Straight lines.
    Linear,
    /// Straight where it rises, exponential where it falls.
    #[default]
    LinearUpLogDown,
    /// Straight up to the peak, exponential after it.
    LinearThenLog,
}

/// Area and first moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Areas {
    pub auc: f64,
    pub aumc: f64,
}

impl Areas {
    /// Areas over all samples, and the area up to the last sample not after `until_h`.
    #[inline(always)]
    pub(super) fn of<const N: usize>(
        t: &[f64],
        c: &[f64],
        peak: usize,
        method: AucMethod,
        until_h: Option<f64>,
    ) -> (Self, f64) {
        let n = t.len().min(N).min(c.len());
        let (mut auc, mut aumc) = ([0.0; N], [0.0; N]);
        let first_log = match method {
            AucMethod::Linear => N,
            AucMethod::LinearUpLogDown => 1,
            AucMethod::LinearThenLog => peak + 1,
        };
        let falls_only = method == AucMethod::LinearUpLogDown;
        // One loop without branches, so that several intervals are worked out at once.
        for i in 1..n {
            let (t0, t1, c0, c1) = (t[i - 1], t[i], c[i - 1], c[i]);
            let (own, moment) = both(t0, t1, c0, c1);
            let exponential =
                (i >= first_log) & (!falls_only | (c1 < c0)) & (c0 > 0.0) & (c1 > 0.0) & (c0 != c1);
            auc[i] = if exponential { own[1] } else { own[0] };
            aumc[i] = if exponential { moment[1] } else { moment[0] };
        }
        let mut areas = Self::default();
        let mut until = 0.0;
        let limit = until_h.unwrap_or(f64::NEG_INFINITY);
        for i in 1..n {
            areas.auc += auc[i];
            areas.aumc += aumc[i];
            until = if t[i] <= limit { areas.auc } else { until };
        }
        (areas, until)
    }
}

/// Area and first moment between two samples, by a straight line and by an exponential; the latter is
/// not a number where there is none.
///
/// With `L = ln(c₁/c₀)` the exponential's area is `Δt·(c₁ − c₀)/L`, and its moment about the first sample
/// `Δt²·(c₁·(L − 1) + c₀)/L²`, which loses its digits for small `L`: there its power series stands,
/// `Δt²·c₀·(1/2 + L/3 + L²/8 + …)`.
#[inline(always)]
fn both(t0: f64, t1: f64, c0: f64, c1: f64) -> ([f64; 2], [f64; 2]) {
    let dt = t1 - t0;
    let l = Real::ln(c1 / c0);
    let per_l = 1.0 / l;
    let auc = dt * (c1 - c0) * per_l;
    let far = (l - 1.0).mul_add(c1, c0) * per_l * per_l;
    let series = [
        1.0 / 5760.0,
        1.0 / 840.0,
        1.0 / 144.0,
        1.0 / 30.0,
        1.0 / 8.0,
        1.0 / 3.0,
        0.5,
    ];
    let mut near = 0.0;
    for term in series {
        near = l.mul_add(near, term);
    }
    let about_first = if l.abs() < 0.03 { c0 * near } else { far };
    (
        [0.5 * dt * (c0 + c1), auc],
        [
            0.5 * dt * (c0 * t0 + c1 * t1),
            (dt * dt).mul_add(about_first, t0 * auc),
        ],
    )
}

/// Area between two samples.
#[inline(always)]
pub(super) fn part(t0: f64, t1: f64, c0: f64, c1: f64, exponential: bool) -> Areas {
    let (auc, aumc) = both(t0, t1, c0, c1);
    let kind = usize::from(exponential && c0 > 0.0 && c1 > 0.0 && c0 != c1);
    Areas {
        auc: auc[kind],
        aumc: aumc[kind],
    }
}
