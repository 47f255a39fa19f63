//! Steady states that exist, those that do not, and modelled rates and durations, against equations.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, reference};
use ketum_core::event::{Carry, CovariateSeries, Event, Input, SteadyState, Subject};
use ketum_core::model::{CovariateEffect, CovariateForm, ModelDescription, RateLaw, Ratio};
use ketum_sim::dataset::check;
use ketum_sim::math::{exp, expm1};
use ketum_sim::solve::{Method, Options, Tolerance, simulate};
use ketum_sim::{EventFault, Model, SimError, SolveFault};

const METHODS: [Method; 3] = [Method::ClosedForm, Method::Explicit, Method::Rosenbrock];

/// Clearance 1.1 L/h over 20 L, 1000-fold output.
const K: f64 = 1.1 / 20.0;

fn options(method: Method) -> Options {
    let tolerance = Tolerance {
        relative: 1e-10,
        absolute: 1e-12,
        ..Tolerance::default()
    };
    Options { method, tolerance }
}

fn near(got: f64, expected: f64) {
    assert!(
        (got - expected).abs() <= 1e-8 * expected.abs() + 1e-12,
        "{got} against {expected}"
    );
}

/// Lag, F, duration and rate of the central compartment.
fn dosing(values: [f64; 4]) -> Vec<CovariateSeries> {
    let names = ["LAGT", "BIOAV", "DUR2", "RAT2"];
    let pairs = names.into_iter().zip(values);
    pairs
        .map(|(name, value)| CovariateSeries::constant(name, value))
        .collect()
}

fn levels(events: Vec<Event>, covariates: Vec<CovariateSeries>, method: Method) -> Vec<f64> {
    let subject = Subject {
        id: "1".into(),
        events,
        covariates,
    };
    let got = simulate(&model("nonmem/model.toml"), &subject, &[], &options(method)).unwrap();
    got.rows.iter().map(|row| row[0]).collect()
}

/// Amount under an infusion at `rate` for `hours` that began at zero.
fn infused(rate: f64, hours: f64, t: f64) -> f64 {
    let inside = t.clamp(0.0, hours);
    rate / K * -expm1(-K * inside) * exp(-K * (t - inside).max(0.0))
}

fn given(input: Input) -> Event {
    Event {
        input,
        ..Event::bolus(0.0, "central", 100.0)
    }
}

/// RATE −1 runs at the model's rate and lasts F·AMT over it; RATE −2 lasts the model's duration.
#[test]
fn modelled_rates_and_durations_follow_their_equations() {
    let times = [0.5, 2.0, 4.0, 9.0, 14.0, 40.0];
    for method in METHODS {
        for (lag, f) in [(0.0, 1.0), (1.5, 0.4)] {
            for (input, rate, hours) in [
                (Input::ModelledRate, 8.0, f * 100.0 / 8.0),
                (Input::ModelledDuration, f * 100.0 / 6.0, 6.0),
            ] {
                let mut events = vec![given(input).repeated(1, 20.0)];
                events.extend(times.map(Event::observation));
                let got = levels(events, dosing([lag, f, 6.0, 8.0]), method);
                for (got, t) in got[1..].iter().zip(times) {
                    let sum = infused(rate, hours, t - lag) + infused(rate, hours, t - lag - 20.0);
                    near(*got, 50.0 * sum);
                }
                // At steady state: what one interval leaves, summed over all before.
                let steady = given(input).at_steady_state(20.0);
                let mut events = vec![steady];
                events.extend(times[..4].iter().map(|&t| Event::observation(t)));
                let got = levels(events, dosing([lag, f, 6.0, 8.0]), method);
                let trough = infused(rate, hours, 20.0) / -expm1(-20.0 * K);
                for (got, t) in got[1..].iter().zip(times) {
                    // Phase since the last arrival, one interval before or in this one.
                    let phase = if t < lag { t + 20.0 - lag } else { t - lag };
                    near(
                        *got,
                        50.0 * (trough * exp(-K * phase) + infused(rate, hours, phase)),
                    );
                }
            }
        }
    }
}

#[test]
fn a_modelled_rate_that_is_none_is_the_persons_failure() {
    let model = model("nonmem/model.toml");
    for (input, word) in [
        (Input::ModelledRate, "modelled rate is 0"),
        (Input::ModelledDuration, "modelled duration is 0"),
    ] {
        let subject = Subject {
            id: "1".into(),
            events: vec![given(input)],
            covariates: dosing([0.0, 1.0, 0.0, 0.0]),
        };
        let error = simulate(&model, &subject, &[], &Options::default()).unwrap_err();
        assert!(matches!(error, SimError::Subject { .. }), "{error}");
        assert!(error.to_string().contains(word), "{error}");
        let depot = Event {
            compartment: Some("depot".into()),
            ..given(input)
        };
        let subject = Subject {
            events: vec![depot],
            ..subject
        };
        let error = simulate(&model, &subject, &[], &Options::default()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("the compartment has no modelled"),
            "{error}"
        );
    }
}

/// A model whose rates fade with time never repeats itself.
#[test]
fn a_model_with_explicit_time_has_no_steady_state() {
    let model = model("claret/model.toml");
    let constant = Event {
        amount: 0.0,
        input: Input::Rate(1.0),
        steady_state: SteadyState::Replace,
        ..Event::bolus(0.0, "tumour", 0.0)
    };
    let add = Event {
        steady_state: SteadyState::Add,
        ..Event::bolus(0.0, "tumour", 1.0).at_steady_state(12.0)
    };
    let bolus = Event::bolus(0.0, "tumour", 1.0);
    for dose in [bolus.clone().at_steady_state(12.0), add, constant] {
        let subject = Subject {
            id: "1".into(),
            events: vec![dose, Event::observation(48.0)],
            covariates: Vec::new(),
        };
        assert_eq!(
            check(&model, std::slice::from_ref(&subject)),
            [(0, 0, EventFault::NoRepetition)]
        );
        let error = simulate(&model, &subject, &[], &Options::default()).unwrap_err();
        assert!(
            matches!(error, SimError::Event { record: 1, .. }),
            "{error}"
        );
    }
    let subject = Subject {
        id: "1".into(),
        events: vec![bolus.repeated(3, 12.0), Event::observation(48.0)],
        covariates: Vec::new(),
    };
    assert!(simulate(&model, &subject, &[], &Options::default()).is_ok());
}

/// An interval that ends when nothing is left makes a single dose.
#[test]
fn an_endless_interval_is_a_single_dose() {
    for method in METHODS {
        for interval in [1e3, 1e30, 1e300] {
            if method == Method::Explicit && interval > 1e3 {
                // Its steps are bounded by the fastest rate.
                continue;
            }
            let mut events = vec![Event::bolus(0.0, "central", 100.0).at_steady_state(interval)];
            events.push(Event::observation(7.0));
            let got = levels(events, dosing([0.0, 1.0, 1.0, 1.0]), method);
            assert!(
                (got[0] / 5000.0 - 1.0).abs() < 1e-6,
                "{method:?} {interval} {got:?}"
            );
            assert!((got[1] / (5000.0 * exp(-7.0 * K)) - 1.0).abs() < 1e-6);
        }
    }
}

fn saturated(model: &Model, dose: Event) -> SolveFault {
    let mut causes = Vec::new();
    for method in [Method::Auto, Method::Explicit, Method::Rosenbrock] {
        let subject = Subject {
            id: "1".into(),
            events: vec![dose.clone()],
            covariates: Vec::new(),
        };
        let error = simulate(model, &subject, &[], &options(method)).unwrap_err();
        let SimError::Subject { failure, .. } = error else {
            panic!("{error}")
        };
        causes.push(failure.cause);
    }
    assert!(
        causes.windows(2).all(|pair| pair[0] == pair[1]),
        "{causes:?}"
    );
    causes.remove(0)
}

/// The message has both numbers: what comes in on average and the most that can be removed.
#[test]
fn more_than_can_be_eliminated_is_refused_with_both_numbers() {
    // VMAX is 9 mg/h; what is dosed is absorbed whole and leaves by that way only.
    let b = model("workload-b/model.toml");
    let bolus = Event::bolus(0.0, "depot", 120.0).at_steady_state(12.0);
    let fault = saturated(&b, bolus.clone());
    let (input, largest) = (10.0, 9.0);
    assert_eq!(fault, SolveFault::Saturated { input, largest });
    assert!(
        fault.to_string().contains("10 an hour come in")
            && fault.to_string().contains("below 9 an hour"),
        "{fault}"
    );
    let infusion = Event::infusion(0.0, "central", 240.0, 30.0).at_steady_state(24.0);
    assert_eq!(
        saturated(&b, infusion),
        SolveFault::Saturated { input, largest }
    );
    let constant = Event {
        amount: 0.0,
        input: Input::Rate(9.0),
        steady_state: SteadyState::Replace,
        ..Event::bolus(0.0, "peripheral", 0.0)
    };
    let input = 9.0;
    assert_eq!(
        saturated(&b, constant),
        SolveFault::Saturated { input, largest }
    );
    // Half of it lost on the way, or a second way out in proportion: no bound, and a steady state.
    for change in [
        |d: &mut ModelDescription| d.flow[0].yield_ = Some(Ratio::number(0.5)),
        |d: &mut ModelDescription| {
            let mut way = d.flow[4].clone();
            way.from = Some("central".into());
            way.rate = RateLaw::FirstOrder(Ratio::new(&["q"], &["vp"]));
            d.flow.push(way);
        },
    ] {
        let mut description: ModelDescription =
            toml::from_str(&reference("workload-b/model.toml")).unwrap();
        change(&mut description);
        let model = Model::compile(&description).unwrap();
        let subject = Subject {
            id: "1".into(),
            events: vec![bolus.clone()],
            covariates: Vec::new(),
        };
        assert!(simulate(&model, &subject, &[], &Options::default()).is_ok());
    }
}

/// Lag and F of all doses of a record are those of the record (NONMEM: an additional dose arrives at the
/// record's time plus its lag plus k·II), whatever later records say.
#[test]
fn additional_doses_keep_the_lag_and_bioavailability_of_their_record() {
    let series = |name: &str, values: [f64; 4]| CovariateSeries {
        name: name.into(),
        carry: Carry::Backward,
        times_h: vec![0.0, 5.0, 12.5, 26.0],
        values: values.to_vec(),
    };
    let covariates = vec![
        series("LAGT", [1.0, 4.0, 0.0, 7.0]),
        series("BIOAV", [0.5, 1.0, 2.0, 0.1]),
        series("DUR2", [1.0; 4]),
        series("RAT2", [1.0; 4]),
    ];
    let mut events = vec![Event::bolus(0.0, "central", 100.0).repeated(2, 10.0)];
    events.extend([5.0, 12.5, 26.0].map(Event::observation));
    for method in METHODS {
        let got = levels(events.clone(), covariates.clone(), method);
        let at = |t: f64| -> f64 {
            let arrivals = [1.0, 11.0, 21.0].into_iter().filter(|&a| a <= t);
            arrivals.map(|a| 50.0 * 50.0 * exp(-K * (t - a))).sum()
        };
        for (got, t) in got[1..].iter().zip([5.0, 12.5, 26.0]) {
            near(*got, at(t));
        }
    }
}

/// An additional dose between two records does not split the stretch of a covariate: the clearance of the
/// record at its end holds from the record before (NONMEM).
#[test]
fn additional_doses_do_not_split_the_stretch_of_a_covariate() {
    let mut description: ModelDescription =
        toml::from_str(&reference("nonmem/model.toml")).unwrap();
    description.covariate_effect = vec![CovariateEffect {
        parameter: "cl".into(),
        covariate: "CLR".into(),
        unit: "L/h".into(),
        form: CovariateForm::Replaces,
    }];
    let model = Model::compile(&description).unwrap();
    let mut events = vec![Event::bolus(0.0, "central", 100.0).repeated(2, 10.0)];
    events.extend([25.0, 31.0].map(Event::observation));
    let subject = Subject {
        id: "1".into(),
        events,
        covariates: vec![CovariateSeries {
            name: "CLR".into(),
            carry: Carry::Backward,
            times_h: vec![0.0, 25.0, 31.0],
            values: vec![1.0, 3.0, 6.0],
        }],
    };
    let k = 3.0 / 20.0;
    let at_25 = exp(-25.0 * k) + exp(-15.0 * k) + exp(-5.0 * k);
    for method in METHODS {
        let got = simulate(&model, &subject, &[], &options(method)).unwrap();
        near(got.rows[1][0], 5000.0 * at_25);
        near(got.rows[2][0], 5000.0 * at_25 * exp(-6.0 * 6.0 / 20.0));
    }
}
