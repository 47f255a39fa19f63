//! Non-compartmental analysis of one profile: what a paper's table would print for this person.

use crate::nca;

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

/// Times that ought to be equal differ by rounding when a dose's time was taken off.
const ROUNDING_H: f64 = 1e-9;

/// Analyses a profile sampled at `times_h` (h after the last dose, rising). A choice of options of the
/// one analysis there is, [`crate::nca`]: what a profile does not determine is not a number here.
pub fn analyse(times_h: &[f64], values: &[f64], options: Options) -> Nca {
    let (from, to) = options.window_h.unwrap_or((f64::INFINITY, f64::INFINITY));
    let (from, to) = (from - ROUNDING_H, to + ROUNDING_H);
    let choices = nca::Options {
        selection: nca::Selection::Window { from, to },
        start: nca::Start::FirstSample,
        extrapolation: nca::Extrapolation::Predicted,
        peak: match options.smooth_peak {
            true => nca::Peak::Parabola,
            false => nca::Peak::Sampled,
        },
        until_h: Some(24.0 + ROUNDING_H),
        ..nca::Options::default()
    };
    let Ok(found) = nca::analyse(times_h, values, 1.0, &choices) else {
        return Nca {
            cmax: f64::NAN,
            tmax_h: f64::NAN,
            t_half_h: f64::NAN,
            auc_inf: f64::NAN,
            auc_24: f64::NAN,
        };
    };
    // A line through two points, or one that skips a sample, is none that a paper would print.
    let inside = |time: &f64| (from..=to).contains(time);
    let samples = times_h.iter().filter(|time| inside(time)).count();
    let whole = |terminal: &nca::Terminal| terminal.points >= 3 && terminal.points == samples;
    let terminal = found.terminal.filter(whole);
    let or_none = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Nca {
        cmax: found.cmax,
        tmax_h: found.tmax,
        t_half_h: or_none(terminal.map(|terminal| terminal.t_half)),
        auc_inf: or_none(terminal.and(found.auc_0_inf)),
        auc_24: or_none(found.auc_until),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp;

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
