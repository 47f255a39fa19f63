//! Non-compartmental analysis of one profile: what a paper's table would print for this person.

use crate::math::{exp, ln, ln_1p};

/// What to take from a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Window of the terminal regression, h after the last dose, both ends included. Without one
    /// neither half-life nor area to infinity exist.
    pub window_h: Option<(f64, f64)>,
    /// Read the time of the peak off a parabola through the highest sample and its neighbours instead of
    /// the sampling grid. For fits: the grid time jumps when a parameter moves, the parabola's does not.
    pub smooth_peak: bool,
}

/// Non-compartmental parameters of one profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nca {
    /// Highest sampled value, in the unit of the profile.
    pub cmax: f64,
    /// Time of the first highest sample, h after the last dose.
    pub tmax_h: f64,
    /// `ln 2 / λz`, h. Not a number where the window does not fall or holds fewer than three samples.
    pub t_half_h: f64,
    /// Area from the first to the last sample plus `c_last / λz`: straight while rising, logarithmic
    /// while falling; c_last is the value of the regression at the last sample.
    pub auc_inf: f64,
    /// Area from the first sample to 24 h.
    pub auc_24: f64,
}

/// Analyses a profile sampled at `times_h` (h after the last dose, rising).
pub fn analyse(times_h: &[f64], values: &[f64], options: Options) -> Nca {
    let mut cmax = f64::NEG_INFINITY;
    let mut tmax_h = f64::NAN;
    let mut auc = 0.0;
    let mut auc_24 = 0.0;
    let mut before: Option<(f64, f64)> = None;
    for (&time, &value) in times_h.iter().zip(values) {
        if value > cmax {
            (cmax, tmax_h) = (value, time);
        }
        if let Some((t, y)) = before {
            let part = area(time - t, y, value);
            auc += part;
            if time <= 24.0 + 1e-9 {
                auc_24 += part;
            }
        }
        before = Some((time, value));
    }
    if options.smooth_peak {
        tmax_h = vertex(times_h, values, tmax_h);
    }
    let (t_half_h, tail) = match options
        .window_h
        .and_then(|window| slope(times_h, values, window))
    {
        Some((lambda_z, at)) => {
            let last = times_h.last().copied().unwrap_or(0.0);
            (core::f64::consts::LN_2 / lambda_z, at(last) / lambda_z)
        }
        None => (f64::NAN, f64::NAN),
    };
    Nca {
        cmax,
        tmax_h,
        t_half_h,
        auc_inf: auc + tail,
        auc_24,
    }
}

/// Time of the top of the parabola through the sample at `peak_h` and its neighbours; `peak_h` itself at
/// an end.
fn vertex(times_h: &[f64], values: &[f64], peak_h: f64) -> f64 {
    let at = times_h.partition_point(|time| *time < peak_h);
    if at == 0 || at + 1 >= times_h.len() {
        return peak_h;
    }
    let (before, after) = (peak_h - times_h[at - 1], times_h[at + 1] - peak_h);
    let (fall, rise) = (values[at] - values[at + 1], values[at] - values[at - 1]);
    let curvature = rise * after + fall * before;
    if !(curvature > 0.0) {
        return peak_h;
    }
    let shift = 0.5 * (rise * after * after - fall * before * before) / curvature;
    peak_h + shift.clamp(-before, after)
}

/// Log-linear least squares over the window: λz and the fitted curve.
fn slope(
    times_h: &[f64],
    values: &[f64],
    window: (f64, f64),
) -> Option<(f64, impl Fn(f64) -> f64)> {
    let (mut n, mut st, mut sy, mut stt, mut sty) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (&time, &value) in times_h.iter().zip(values) {
        if time < window.0 - 1e-9 || time > window.1 + 1e-9 {
            continue;
        }
        if !(value > 0.0) {
            return None;
        }
        let y = ln(value);
        n += 1.0;
        st += time;
        sy += y;
        stt += time * time;
        sty += time * y;
    }
    if n < 3.0 {
        return None;
    }
    let fall = -(n * sty - st * sy) / (n * stt - st * st);
    let start = (sy + fall * st) / n;
    (fall > 0.0).then_some((fall, move |time: f64| exp(start - fall * time)))
}

/// Area between two points: straight while rising, exponential while falling.
fn area(dt: f64, from: f64, to: f64) -> f64 {
    if to < from && to > 0.0 {
        dt * (to - from) / ln_1p(to / from - 1.0)
    } else {
        dt * 0.5 * (from + to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_gives_its_own_rate_and_area() {
        let times: Vec<f64> = (0..30).map(f64::from).collect();
        let values: Vec<f64> = times.iter().map(|t| 8.0 * exp(-0.2 * t)).collect();
        let window_h = Some((5.0, 29.0));
        let nca = analyse(
            &times,
            &values,
            Options {
                window_h,
                smooth_peak: false,
            },
        );
        assert!((nca.t_half_h - core::f64::consts::LN_2 / 0.2).abs() < 1e-12);
        assert!((nca.auc_inf - 40.0).abs() < 1e-10);
        assert_eq!((nca.cmax, nca.tmax_h), (8.0, 0.0));
    }

    #[test]
    fn a_rising_or_short_window_has_no_half_life() {
        let rising = analyse(
            &[0.0, 1.0, 2.0, 3.0],
            &[1.0, 2.0, 3.0, 4.0],
            Options {
                window_h: Some((0.0, 3.0)),
                smooth_peak: false,
            },
        );
        assert!(rising.t_half_h.is_nan() && rising.auc_inf.is_nan());
        let short = analyse(
            &[0.0, 1.0, 2.0],
            &[3.0, 2.0, 1.0],
            Options {
                window_h: Some((1.0, 2.0)),
                smooth_peak: false,
            },
        );
        assert!(short.t_half_h.is_nan());
        let none = analyse(
            &[0.0, 1.0],
            &[2.0, 1.0],
            Options {
                window_h: None,
                smooth_peak: false,
            },
        );
        assert!(none.auc_inf.is_nan());
    }

    /// A parabola is met exactly, on an uneven grid too.
    #[test]
    fn the_smooth_peak_of_a_parabola_is_its_top() {
        let times = [0.0, 0.7, 1.1, 2.0, 3.0];
        let values = times.map(|t: f64| 9.0 - (t - 1.3) * (t - 1.3));
        let options = Options {
            window_h: None,
            smooth_peak: true,
        };
        assert!((analyse(&times, &values, options).tmax_h - 1.3).abs() < 1e-12);
        let falling = analyse(&[0.0, 1.0, 2.0], &[3.0, 2.0, 1.0], options);
        assert_eq!(falling.tmax_h, 0.0);
    }

    /// The area of a triangle that rises and falls, by hand: 1 + (1 − 2)/ln(1/2) = 1 + 1/ln 2.
    #[test]
    fn areas_are_straight_up_and_logarithmic_down() {
        let nca = analyse(
            &[0.0, 1.0, 2.0],
            &[0.0, 2.0, 1.0],
            Options {
                window_h: None,
                smooth_peak: false,
            },
        );
        assert!((nca.auc_24 - (1.0 + 1.0 / core::f64::consts::LN_2)).abs() < 1e-14);
    }
}
