//! One record can neither hang the engine nor make it answer what has no meaning: too many doses, a
//! rate for nothing, lists of the wrong length, parameters with the wrong sign.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::model;
use ketum_core::event::{CovariateSeries, Event, Input, SteadyState, Subject};
use ketum_sim::dataset::{DataOptions, check, run};
use ketum_sim::math::{exp, expm1};
use ketum_sim::population::{RunOptions, columns, solve_profiles};
use ketum_sim::solve::{Method, Options, Prediction, simulate, simulate_parameters};
use ketum_sim::{EventFault, SimError};

/// Clearance 1.1 L/h over 20 L, 1000-fold output.
const K: f64 = 1.1 / 20.0;

fn dosing(lag: f64) -> Vec<CovariateSeries> {
    [("LAGT", lag), ("BIOAV", 1.0), ("DUR2", 1.0), ("RAT2", 5.0)]
        .map(|(name, value)| CovariateSeries::constant(name, value))
        .to_vec()
}

fn with(events: Vec<Event>, lag: f64) -> Subject {
    Subject {
        id: "1".into(),
        events,
        covariates: dosing(lag),
    }
}

/// What is wrong with the first record, found before anything is simulated.
fn fault(dose: Event, lag: f64) -> EventFault {
    let subject = with(vec![dose, Event::observation(9.0)], lag);
    let faults = check(&model("nonmem/model.toml"), &[subject]);
    let [(0, 0, fault)] = &faults[..] else {
        panic!("{faults:?}")
    };
    fault.clone()
}

fn predict(subject: &Subject) -> Prediction {
    simulate(
        &model("nonmem/model.toml"),
        subject,
        &[],
        &Options::default(),
    )
    .unwrap()
}

fn near(got: f64, expected: f64) {
    assert!(
        (got - expected).abs() <= 1e-9 * expected.abs(),
        "{got} against {expected}"
    );
}

/// As many additional doses as may be asked for are laid out in time that grows with their number.
#[test]
fn a_million_additional_doses_are_laid_out_at_once() {
    let dose = Event::bolus(0.0, "central", 1.0).repeated(1_000_000, 0.001);
    // None of them is due: the train is not even walked.
    let idle = with(vec![dose.clone(), Event::observation(0.0)], 5000.0);
    assert_eq!(predict(&idle).rows[1], [0.0]);
    // All are due.
    let events = vec![dose, Event::observation(2000.0)];
    assert!(check(&model("nonmem/model.toml"), &[with(events, 0.0)]).is_empty());
    // And carried out, where fewer are given.
    let dose = Event::bolus(0.0, "central", 1.0).repeated(20_000, 0.001);
    let got = predict(&with(vec![dose, Event::observation(20.0)], 0.0));
    // A sum of 20,001 powers of exp(-K/1000).
    let expected = 50.0 * expm1(-K * 20.001) / expm1(-K * 0.001);
    near(got.rows[1][0], expected);
}

#[test]
fn more_doses_than_can_be_meant_are_an_error_before_the_run() {
    let bolus = || Event::bolus(0.0, "central", 100.0);
    let slow = Event {
        input: Input::Rate(1e-4),
        ..bolus()
    };
    for (dose, lag, count) in [
        (bolus().repeated(4_000_000_000, 1.0), 0.0, 4e9),
        (slow.at_steady_state(0.001), 0.0, 1e9),
        (bolus().at_steady_state(0.001), 1e6, 1e9),
        (bolus().at_steady_state(1e-300), 0.5, 5e299),
    ] {
        let found = fault(dose, lag);
        let EventFault::TooMany { count: counted, .. } = found else {
            panic!("{found}")
        };
        assert!((counted / count - 1.0).abs() < 1e-6, "{found}");
        assert!(found.to_string().contains("; at most 100000"), "{found}");
    }
    // A population lays out its doses itself.
    let model = model("workload-a/model.toml");
    let doses = [Event::bolus(0.0, "depot", 1.0).repeated(u32::MAX, 1.0)];
    let own = columns(&model, &[model.typical()]);
    let options = RunOptions::default();
    let error = solve_profiles(&model, &doses, &[1.0], &own, 1, 1, &options).unwrap_err();
    assert!(error.to_string().contains("at most 1000000 are"), "{error}");
}

/// Many records of many doses are refused where they add up to too much, not only one by one.
#[test]
fn doses_of_several_records_are_counted_together() {
    let dose = Event::infusion(0.0, "central", 1.0, 0.5).repeated(1_000_000, 1e-6);
    let mut events = vec![dose; 3];
    events.push(Event::observation(10.0));
    let faults = check(&model("nonmem/model.toml"), &[with(events, 0.0)]);
    let [(0, 3, EventFault::TooMany { .. })] = faults[..] else {
        panic!("{faults:?}")
    };
    // A hundred thousand infusions run at once after each of these.
    let dose = Event::infusion(0.0, "central", 1.0, 1.0).at_steady_state(1e-5);
    let faults = check(&model("nonmem/model.toml"), &[with(vec![dose; 50], 0.0)]);
    assert!(
        matches!(faults[0], (0, 39, EventFault::TooMany { .. })),
        "{faults:?}"
    );
    // A population lays out its doses itself.
    let model = model("workload-a/model.toml");
    let doses = vec![Event::bolus(0.0, "depot", 1.0).repeated(1_000_000, 1.0); 4];
    let own = columns(&model, &[model.typical()]);
    let options = RunOptions::default();
    let error = solve_profiles(&model, &doses, &[1.0], &own, 1, 1, &options).unwrap_err();
    assert!(error.to_string().contains("at most 4000000 are"), "{error}");
}

/// Infusions longer than the interval, many of them at once: the same as their sum.
#[test]
fn a_thousand_infusions_at_once_are_a_constant_one() {
    // Every 0.01 h an infusion of 10 h at 0.1 mg/h: 1,000 run at any time, 100 mg/h in all.
    let dose = Event::infusion(0.0, "central", 1.0, 10.0).at_steady_state(0.01);
    let got = predict(&with(vec![dose, Event::observation(20.0)], 0.0));
    let constant = 100.0 / K * 50.0;
    near(got.rows[0][0], constant);
    // They end one after another within ten hours: a ramp, summed dose by dose.
    let left: f64 = (0..1000)
        .map(|k| {
            let hours = 10.0 - 0.01 * f64::from(k);
            0.1 / K * -expm1(-K * hours) * exp(-K * (20.0 - hours))
        })
        .sum();
    near(got.rows[1][0], 50.0 * left + constant * exp(-K * 20.0));
}

#[test]
fn a_rate_for_an_amount_of_zero_is_an_error() {
    let zero = |input| Event {
        input,
        ..Event::bolus(0.0, "central", 0.0)
    };
    for input in [
        Input::Rate(10.0),
        Input::ModelledRate,
        Input::ModelledDuration,
    ] {
        assert_eq!(fault(zero(input), 0.0), EventFault::Nothing);
        assert_eq!(
            fault(zero(input).at_steady_state(12.0), 0.0),
            EventFault::Nothing
        );
        assert_eq!(
            fault(zero(input).repeated(2, 12.0), 0.0),
            EventFault::Nothing
        );
    }
    // In a population too, and the constant infusion at steady state keeps its meaning.
    let model = model("workload-a/model.toml");
    let own = columns(&model, &[model.typical()]);
    let dose = Event {
        compartment: None,
        ..zero(Input::Rate(10.0))
    };
    let options = RunOptions::default();
    let error = solve_profiles(&model, &[dose], &[1.0], &own, 1, 1, &options).unwrap_err();
    assert!(error.to_string().contains("the amount is zero"), "{error}");
    for (input, rate) in [(Input::Rate(10.0), 10.0), (Input::ModelledRate, 5.0)] {
        let constant = Event {
            steady_state: SteadyState::Replace,
            ..zero(input)
        };
        let got = predict(&with(vec![constant, Event::observation(3.0)], 0.0));
        near(got.rows[0][0], rate / K * 50.0);
        near(got.rows[1][0], rate / K * 50.0 * exp(-K * 3.0));
    }
}

#[test]
fn a_subject_without_records_has_no_rows() {
    let nobody = with(Vec::new(), 0.0);
    for method in [
        Method::Auto,
        Method::ClosedForm,
        Method::Explicit,
        Method::Rosenbrock,
    ] {
        let options = Options {
            method,
            ..Options::default()
        };
        let model = model("nonmem/model.toml");
        let got = simulate(&model, &nobody, &[], &options).unwrap();
        assert!(got.rows.is_empty());
        let got = simulate_parameters(&model, &nobody, &model.typical(), &options).unwrap();
        assert!(got.rows.is_empty());
    }
    let result = run(
        &model("nonmem/model.toml"),
        &[nobody],
        &DataOptions::default(),
    );
    assert!(result.unwrap().rows.is_empty());
}

#[test]
fn lists_of_the_wrong_length_are_an_error() {
    let model = model("nonmem/model.toml");
    let subject = with(vec![Event::observation(0.0)], 0.0);
    let options = Options::default();
    for wrong in [vec![0.1; 3], vec![0.1; 8]] {
        let given = wrong.len();
        let error = simulate(&model, &subject, &wrong, &options).unwrap_err();
        assert!(
            matches!(error, SimError::Lengths { given: g, needed: 7, .. } if g == given),
            "{error}"
        );
        let error = simulate_parameters(&model, &subject, &wrong, &options).unwrap_err();
        assert!(
            matches!(error, SimError::Lengths { given: g, needed: 7, .. } if g == given),
            "{error}"
        );
    }
    let error = simulate_parameters(&model, &subject, &[], &options).unwrap_err();
    assert_eq!(error.to_string(), "0 parameters were given; 7 are needed");
}
