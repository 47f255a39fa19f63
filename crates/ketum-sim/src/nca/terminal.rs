//! The terminal phase: a line through the logarithms of the last samples.

use crate::math::Real;

/// Which samples make the terminal line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Selection {
    /// Of all lines through the last `m ≥ min_points` samples after the peak, those whose adjusted R²
    /// is within `tolerance` of the best; of these the falling one with most points. The best is
    /// taken over rising lines too, so a tail that rises can leave no line at all.
    BestFit {
        /// Fewest samples.
        min_points: usize,
        /// How near the best counts as best.
        tolerance: f64,
        /// Whether the peak itself may be among them.
        with_peak: bool,
    },
    /// The last so many samples.
    Last(usize),
    /// The samples between two times, hours, ends included.
    Window {
        /// From.
        from: f64,
        /// To.
        to: f64,
    },
}

impl Default for Selection {
    fn default() -> Self {
        Self::BestFit {
            min_points: 3,
            tolerance: 1e-4,
            with_peak: false,
        }
    }
}

/// A terminal line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terminal {
    /// Rate of decline, 1/h.
    pub lambda_z: f64,
    /// `ln 2 / λz`, hours.
    pub t_half: f64,
    /// R² of the line.
    pub r_squared: f64,
    /// R² adjusted for the number of points.
    pub adjusted_r_squared: f64,
    /// Samples used.
    pub points: usize,
    /// Time of the first sample used, hours.
    pub from: f64,
    /// Time of the last sample used, hours.
    pub to: f64,
    /// Span of the samples in half-lives.
    pub span: f64,
    /// Logarithm of the concentration on the line at `to`.
    log_at_end: f64,
}

impl Terminal {
    /// Concentration on the line.
    #[inline(always)]
    pub fn at(&self, time: f64) -> f64 {
        Real::exp(self.log_at_end - self.lambda_z * (time - self.to))
    }

    #[inline(always)]
    pub(super) fn of<const N: usize>(
        t: &[f64],
        c: &[f64],
        peak: usize,
        selection: &Selection,
    ) -> Option<Self> {
        match *selection {
            Selection::BestFit {
                min_points,
                tolerance,
                with_peak,
            } => {
                let first = if with_peak { peak } else { peak + 1 };
                Self::best::<N>(t, c, first, min_points.max(3), tolerance)
            }
            Selection::Last(points) => {
                let mut line = Line::new();
                for i in (0..t.len()).rev().filter(|&i| c[i] > 0.0).take(points) {
                    line.add(t[i], Real::ln(c[i]));
                }
                (points >= 2 && line.n == points)
                    .then(|| line.fit())
                    .flatten()
                    .filter(falls)
            }
            Selection::Window { from, to } => {
                let mut line = Line::new();
                for i in (0..t.len()).rev() {
                    if c[i] > 0.0 && t[i] >= from && t[i] <= to {
                        line.add(t[i], Real::ln(c[i]));
                    }
                }
                line.fit().filter(falls)
            }
        }
    }

    /// Sums grow point by point from the last one; then all lines are worked out at once.
    #[inline(always)]
    fn best<const N: usize>(
        t: &[f64],
        c: &[f64],
        first: usize,
        min: usize,
        tolerance: f64,
    ) -> Option<Self> {
        let len = t.len().min(N).min(c.len());
        let mut logs = [0.0; N];
        for i in first..len {
            logs[i] = Real::ln(c[i]);
        }
        // Line by line: Σt, Σy, Σtt, Σty, Σyy about the last point, and the first point's position.
        let (mut st, mut sy, mut stt, mut sty, mut syy) =
            ([0.0; N], [0.0; N], [0.0; N], [0.0; N], [0.0; N]);
        let mut from = [0; N];
        let mut lines = 0;
        let mut sums = Line::new();
        for i in (first..len).rev() {
            if !(c[i] > 0.0) {
                continue;
            }
            sums.add(t[i], logs[i]);
            st[lines] = sums.t;
            sy[lines] = sums.y;
            stt[lines] = sums.tt;
            sty[lines] = sums.ty;
            syy[lines] = sums.yy;
            from[lines] = i;
            lines += 1;
        }
        if lines < min {
            return None;
        }
        let (mut adjusted, mut slopes) = ([0.0; N], [0.0; N]);
        for k in min - 1..lines {
            let n = (k + 1) as f64;
            let each = 1.0 / n;
            let tt = stt[k] - st[k] * st[k] * each;
            let ty = sty[k] - st[k] * sy[k] * each;
            let yy = syy[k] - sy[k] * sy[k] * each;
            slopes[k] = ty / tt;
            // Not a number where all points lie on one level.
            let r_squared = slopes[k] * ty / if yy > 0.0 { yy } else { f64::NAN };
            adjusted[k] = 1.0 - (1.0 - r_squared) * (n - 1.0) / (n - 2.0);
        }
        let mut best = f64::NEG_INFINITY;
        for &value in &adjusted[min - 1..lines] {
            best = best.max(value);
        }
        // Later lines have more points.
        let chosen =
            (min - 1..lines).rfind(|&k| adjusted[k] > best - tolerance && slopes[k] < 0.0)?;
        Line {
            n: chosen + 1,
            t_end: sums.t_end,
            y_end: sums.y_end,
            t_first: t[from[chosen]],
            t: st[chosen],
            y: sy[chosen],
            tt: stt[chosen],
            ty: sty[chosen],
            yy: syy[chosen],
        }
        .fit()
    }
}

fn falls(fit: &Terminal) -> bool {
    fit.lambda_z > 0.0
}

/// Sums of a straight line through points, about the last point so that little cancels.
struct Line {
    n: usize,
    t_end: f64,
    y_end: f64,
    t_first: f64,
    t: f64,
    y: f64,
    tt: f64,
    ty: f64,
    yy: f64,
}

impl Line {
    #[inline(always)]
    fn new() -> Self {
        let zero = 0.0;
        Self {
            n: 0,
            t_end: zero,
            y_end: zero,
            t_first: zero,
            t: zero,
            y: zero,
            tt: zero,
            ty: zero,
            yy: zero,
        }
    }

    #[inline(always)]
    fn add(&mut self, t: f64, y: f64) {
        if self.n == 0 {
            self.t_end = t;
            self.y_end = y;
        }
        self.n += 1;
        self.t_first = t;
        let (t, y) = (t - self.t_end, y - self.y_end);
        self.t += t;
        self.y += y;
        self.tt += t * t;
        self.ty += t * y;
        self.yy += y * y;
    }

    #[inline(always)]
    fn fit(&self) -> Option<Terminal> {
        if self.n < 2 {
            return None;
        }
        let n = self.n as f64;
        let stt = self.tt - self.t * self.t / n;
        let sty = self.ty - self.t * self.y / n;
        let syy = self.yy - self.y * self.y / n;
        let slope = sty / stt;
        let r_squared = if syy > 0.0 {
            slope * sty / syy
        } else {
            f64::NAN
        };
        let adjusted_r_squared = if self.n > 2 {
            1.0 - (1.0 - r_squared) * (n - 1.0) / (n - 2.0)
        } else {
            f64::NAN
        };
        let lambda_z = -slope;
        let t_half = std::f64::consts::LN_2 / lambda_z;
        Some(Terminal {
            lambda_z,
            t_half,
            r_squared,
            adjusted_r_squared,
            points: self.n,
            from: self.t_first,
            to: self.t_end,
            span: (self.t_end - self.t_first) / t_half,
            log_at_end: self.y_end + (self.y - slope * self.t) / n,
        })
    }
}
