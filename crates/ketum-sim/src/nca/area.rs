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
    #[inline(always)]
    pub(super) fn of(t: &[f64], c: &[f64], peak: usize, method: AucMethod) -> Self {
        let mut areas = Self::default();
        for i in 1..t.len() {
            let exponential = match method {
                AucMethod::Linear => false,
                AucMethod::LinearUpLogDown => c[i] < c[i - 1],
                AucMethod::LinearThenLog => i > peak,
            };
            let part = part(t[i - 1], t[i], c[i - 1], c[i], exponential);
            areas.auc += part.auc;
            areas.aumc += part.aumc;
        }
        areas
    }
}

/// Area between two samples.
#[inline(always)]
pub(super) fn part(t0: f64, t1: f64, c0: f64, c1: f64, exponential: bool) -> Areas {
    let dt = t1 - t0;
    if exponential && c0 > 0.0 && c1 > 0.0 && c0 != c1 {
        let slope = Real::ln(c1 / c0) / dt;
        let auc = (c1 - c0) / slope;
        Areas {
            auc,
            aumc: (c1 * t1 - c0 * t0) / slope - auc / slope,
        }
    } else {
        Areas {
            auc: 0.5 * dt * (c0 + c1),
            aumc: 0.5 * dt * (c0 * t0 + c1 * t1),
        }
    }
}
