use super::{AucMethod, Below, BlqRule, Options, Peak, Route, Selection, Start, analyse, interval};
use crate::math::{exp, ln};

const TIMES: [f64; 8] = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0];

fn decay() -> Vec<f64> {
    TIMES.iter().map(|t| 10.0 * exp(-0.2 * t)).collect()
}

#[test]
fn an_exponential_is_recovered_exactly() {
    let options = Options {
        route: Route::Bolus,
        ..Options::default()
    };
    let nca = analyse(&TIMES, &decay(), 50.0, &options).unwrap();
    let near = |got: Option<f64>, expected: f64| {
        let got = got.unwrap();
        assert!((got / expected - 1.0).abs() < 1e-12, "{got} {expected}");
    };
    near(nca.terminal.map(|t| t.lambda_z), 0.2);
    near(nca.auc_0_inf, 50.0);
    near(nca.aumc_0_inf, 250.0);
    near(nca.mrt, 5.0);
    near(nca.cl, 1.0);
    near(nca.vz, 5.0);
    near(nca.c0, 10.0);
    assert_eq!(nca.terminal.unwrap().points, 7);
}

/// The best of all fits is the rising last three; nothing falling comes within 1e-4 of it.
#[test]
fn a_rising_tail_leaves_no_terminal_line() {
    let t = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0];
    let rising = [0.0, 10.0, 6.0, 3.0, exp(0.1), exp(0.2), exp(0.5)];
    let nca = analyse(&t, &rising, 1.0, &Options::default()).unwrap();
    assert!(nca.terminal.is_none() && nca.auc_0_inf.is_none() && nca.auc_0_t.is_some());
    // A slower search would have taken the falling line through all five.
    let all = Options {
        selection: Selection::Last(5),
        ..Options::default()
    };
    assert!(analyse(&t, &rising, 1.0, &all).unwrap().terminal.is_some());
}

/// Of fits within 1e-4 of the best adjusted R² the one with most points counts, not a weighted score.
#[test]
fn near_ties_take_the_most_points() {
    let mut c: Vec<f64> = TIMES.iter().map(|t| 10.0 * exp(-0.2 * t)).collect();
    c[0] = 0.0;
    c[1] = 20.0;
    for (nudge, points) in [(1.01, 6), (1.30, 5)] {
        let mut moved = c.clone();
        moved[2] *= nudge;
        let terminal = analyse(&TIMES, &moved, 1.0, &Options::default())
            .unwrap()
            .terminal
            .unwrap();
        assert_eq!(terminal.points, points, "{terminal:?}");
    }
}

#[test]
fn values_below_the_limit_follow_their_place() {
    let t = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let c = [0.0, 0.05, 4.0, 0.05, 2.0, 1.0, 0.05];
    let with = |blq| Options {
        lloq: 0.1,
        blq,
        auc: AucMethod::Linear,
        ..Options::default()
    };
    let auc = |options: &Options| analyse(&t, &c, 1.0, options).unwrap().auc_0_t.unwrap();
    // First zero, middle left out: 0 0 4 . 2 1.
    assert_eq!(auc(&with(BlqRule::default())), 2.0 + 6.0 + 1.5);
    let zero = BlqRule {
        first: Below::Zero,
        middle: Below::Zero,
        last: Below::Leave,
    };
    assert_eq!(auc(&with(zero)), 2.0 + 2.0 + 1.0 + 1.5);
    let half = BlqRule {
        first: Below::HalfLimit,
        middle: Below::HalfLimit,
        last: Below::Zero,
    };
    assert!((auc(&with(half)) - (0.05 + 2.025 + 2.025 + 1.025 + 1.5)).abs() < 1e-12);
    let none = analyse(&[0.0, 1.0], &[0.0, 0.0], 1.0, &Options::default()).unwrap();
    assert_eq!(none.cmax, 0.0);
    assert!(none.auc_0_t.is_none());
}

#[test]
fn a_bolus_without_a_sample_at_zero() {
    let (t, c) = (&TIMES[1..], &decay()[1..]);
    let options = |start| Options {
        route: Route::Bolus,
        start,
        ..Options::default()
    };
    assert!(
        analyse(t, c, 50.0, &options(Start::Measured))
            .unwrap()
            .auc_0_t
            .is_none()
    );
    let nca = analyse(t, c, 50.0, &options(Start::BackExtrapolated)).unwrap();
    assert!((nca.auc_0_inf.unwrap() - 50.0).abs() < 1e-10);
}

#[test]
fn an_interval_reads_its_ends_off_the_curve() {
    let got = interval(&TIMES, &decay(), 3.0, 15.0, AucMethod::LinearUpLogDown).unwrap();
    let expected = 10.0 * (exp(-0.6) - exp(-3.0)) / 0.2;
    assert!((got.auc_tau / expected - 1.0).abs() < 1e-12);
    assert!((ln(got.cmax / got.cmin) - 2.4).abs() < 1e-12);
    assert!(interval(&TIMES, &decay(), 3.0, 30.0, AucMethod::Linear).is_err());
}

#[test]
fn samples_that_are_no_profile_are_refused() {
    for (t, c) in [
        (&[0.0, 0.0][..], &[1.0, 1.0][..]),
        (&[0.0], &[-1.0]),
        (&[0.0], &[f64::NAN]),
        (&[0.0], &[]),
    ] {
        assert!(analyse(t, c, 1.0, &Options::default()).is_err());
    }
}

/// Few and many samples go through arrays of different sizes; the numbers are the same.
#[test]
fn the_number_of_samples_held_changes_nothing() {
    let times: Vec<f64> = (0..500).map(|i| 0.05 * f64::from(i)).collect();
    let values: Vec<f64> = times
        .iter()
        .map(|t| exp(-0.2 * t) - exp(-2.0 * t))
        .collect();
    let window = Options {
        selection: Selection::Window {
            from: 10.0,
            to: 30.0,
        },
        start: Start::FirstSample,
        until_h: Some(2.0),
        ..Options::default()
    };
    let many = analyse(&times, &values, 1.0, &window).unwrap();
    // ∫ of the difference of exponentials to 2 h, and to infinity.
    let until = (1.0 - exp(-0.4)) / 0.2 - (1.0 - exp(-4.0)) / 2.0;
    assert!((many.auc_until.unwrap() / until - 1.0).abs() < 1e-3);
    assert!((many.auc_0_inf.unwrap() / 4.5 - 1.0).abs() < 1e-3);
    let (short, low) = (&times[..60], &values[..60]);
    let few = analyse(short, low, 1.0, &Options::default()).unwrap();
    let padded: Vec<f64> = short
        .iter()
        .copied()
        .chain([100.0, 101.0, 102.0, 103.0, 104.0])
        .collect();
    let zeros: Vec<f64> = low.iter().copied().chain([0.0; 5]).collect();
    let long = analyse(&padded, &zeros, 1.0, &Options::default()).unwrap();
    assert_eq!(few, long);
}

/// A parabola is met exactly, on an uneven grid too.
#[test]
fn the_top_of_a_parabola_is_read_between_samples() {
    let times = [0.0, 0.7, 1.1, 2.0, 3.0];
    let values = times.map(|t: f64| 9.0 - (t - 1.3) * (t - 1.3));
    let options = Options {
        peak: Peak::Parabola,
        ..Options::default()
    };
    let nca = analyse(&times, &values, 1.0, &options).unwrap();
    assert!((nca.tmax - 1.3).abs() < 1e-12);
    let sampled = analyse(&times, &values, 1.0, &Options::default()).unwrap();
    assert_eq!((sampled.tmax, sampled.cmax), (1.1, nca.cmax));
}

/// Half the limit stands for a value in areas between quantified ones and nowhere else: the peak, the
/// last concentration and the terminal line are those of quantified values.
#[test]
fn half_the_limit_is_no_measurement() {
    let t = [0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 36.0];
    let measured = t.map(|t| 8.0 * exp(-0.23 * t));
    // The limit cuts off what comes after 12 h.
    let lloq = measured[5];
    let half = |first, last| {
        let blq = BlqRule {
            first,
            last,
            ..BlqRule::default()
        };
        let options = Options {
            lloq,
            blq,
            ..Options::default()
        };
        analyse(&t, &measured, 10.0, &options).unwrap()
    };
    let nca = half(Below::HalfLimit, Below::HalfLimit);
    assert_eq!((nca.tlast, nca.clast), (Some(12.0), Some(measured[5])));
    let terminal = nca.terminal.unwrap();
    assert!((terminal.lambda_z - 0.23).abs() < 1e-12 && terminal.to == 12.0);
    assert_eq!(nca, half(Below::Zero, Below::Zero));
    assert_eq!(nca, half(Below::Leave, Below::Leave));
    // Between quantified values it counts for the area and not for the line.
    let gap = Options {
        lloq: 1.0,
        blq: BlqRule {
            middle: Below::HalfLimit,
            ..BlqRule::default()
        },
        auc: AucMethod::Linear,
        selection: Selection::Last(3),
        ..Options::default()
    };
    let (t, c) = ([0.0, 1.0, 2.0, 3.0, 4.0], [16.0, 8.0, 4.0, 0.9, 1.0]);
    let nca = analyse(&t, &c, 1.0, &gap).unwrap();
    assert_eq!(nca.auc_0_t, Some(12.0 + 6.0 + 2.25 + 0.75));
    // Through 8, 4 and 1: y = 3, 2, 0 at 1, 2, 4, all times ln 2.
    assert_eq!(nca.terminal.unwrap().points, 3);
    assert!((nca.terminal.unwrap().lambda_z - std::f64::consts::LN_2).abs() < 1e-12);
    // Where nothing is quantified there is no peak, whatever stands for the values.
    let none = Options {
        lloq: 100.0,
        blq: BlqRule {
            first: Below::HalfLimit,
            middle: Below::HalfLimit,
            last: Below::HalfLimit,
        },
        ..Options::default()
    };
    let nca = analyse(&t, &c, 1.0, &none).unwrap();
    assert_eq!((nca.cmax, nca.tlast, nca.auc_0_t), (0.0, None, None));
}

/// The dose is at time zero: a sample before it is in no result.
#[test]
fn a_sample_before_the_dose_adds_nothing() {
    let without = analyse(&TIMES, &decay(), 50.0, &Options::default()).unwrap();
    for start in [Start::Measured, Start::FirstSample] {
        let options = Options {
            start,
            until_h: Some(9.0),
            ..Options::default()
        };
        let without = analyse(&TIMES, &decay(), 50.0, &options).unwrap();
        // Higher than the peak, so it would be that as well.
        let times = [&[-2.0, -0.5], &TIMES[..]].concat();
        let values = [&[20.0, 11.0], &decay()[..]].concat();
        assert_eq!(analyse(&times, &values, 50.0, &options).unwrap(), without);
    }
    assert!(without.auc_0_t.is_some());
    // Nothing measured at the dose, so there is no area from it.
    let nca = analyse(
        &[-1.0, 1.0, 2.0],
        &[5.0, 4.0, 2.0],
        1.0,
        &Options::default(),
    )
    .unwrap();
    assert_eq!((nca.auc_0_t, nca.cmax, nca.c0), (None, 4.0, None));
    let only = analyse(&[-1.0], &[5.0], 1.0, &Options::default());
    assert_eq!(only, Err(super::NcaError::Empty));
    // Nor does what was quantified before the dose make anything quantified after it.
    let nca = analyse(
        &[-1.0, 0.0, 1.0],
        &[5.0, 0.0, 0.0],
        1.0,
        &Options::default(),
    )
    .unwrap();
    assert_eq!((nca.cmax, nca.tlast), (0.0, None));
}

#[test]
fn a_limit_of_quantification_is_a_number() {
    for lloq in [f64::NAN, f64::INFINITY, -0.1] {
        let options = Options {
            lloq,
            ..Options::default()
        };
        let error = analyse(&TIMES, &decay(), 1.0, &options).unwrap_err();
        assert!(
            error.to_string().contains("limit of quantification"),
            "{error}"
        );
    }
}

#[test]
fn an_interval_checks_its_samples() {
    let method = AucMethod::Linear;
    let good = [3.0, 2.0, 1.0];
    for (t, c) in [
        ([0.0, 2.0, 1.0], good),
        ([0.0, 0.0, 1.0], good),
        ([0.0, f64::NAN, 1.0], good),
        ([0.0, 1.0, 2.0], [3.0, f64::NAN, 1.0]),
        ([0.0, 1.0, 2.0], [3.0, -2.0, 1.0]),
    ] {
        let error = interval(&t, &c, 0.0, 1.0, method).unwrap_err();
        assert!(error.to_string().starts_with("sample "), "{error}");
    }
    for (from, to) in [
        (1.0, 1.0),
        (2.0, 1.0),
        (f64::NAN, 1.0),
        (0.0, 2.5),
        (-0.5, 1.0),
    ] {
        let error = interval(&[0.0, 1.0, 2.0], &good, from, to, method).unwrap_err();
        assert!(error.to_string().starts_with("the interval"), "{error}");
    }
}

/// Over a whole profile an interval has the area of the profile, by every rule: under the last one lines
/// are straight up to the peak, also where they fall, and exponential after it, also where they rise.
#[test]
fn an_interval_has_the_area_of_the_profile_by_every_rule() {
    let t = [0.0, 0.5, 1.0, 2.0, 4.0, 6.0, 10.0];
    let c = [1.0, 4.0, 2.0, 9.0, 3.0, 5.0, 1.0];
    let log = |dt: f64, a: f64, b: f64| dt * (a - b) / ln(a / b);
    let straight = 0.5 * 2.5 + 0.5 * 3.0 + 5.5;
    for (method, expected) in [
        (AucMethod::Linear, straight + 12.0 + 8.0 + 12.0),
        (
            AucMethod::LinearUpLogDown,
            1.25 + log(0.5, 4.0, 2.0) + 5.5 + log(2.0, 9.0, 3.0) + 8.0 + log(4.0, 5.0, 1.0),
        ),
        (
            AucMethod::LinearThenLog,
            straight + log(2.0, 9.0, 3.0) + log(2.0, 3.0, 5.0) + log(4.0, 5.0, 1.0),
        ),
    ] {
        let got = interval(&t, &c, 0.0, 10.0, method).unwrap();
        assert!((got.auc_tau / expected - 1.0).abs() < 1e-14, "{method:?}");
        assert_eq!((got.cmax, got.tmax, got.cmin), (9.0, 2.0, 1.0));
        let options = Options {
            auc: method,
            ..Options::default()
        };
        let whole = analyse(&t, &c, 1.0, &options).unwrap().auc_0_t.unwrap();
        assert!((whole / expected - 1.0).abs() < 1e-14, "{method:?}");
    }
}
