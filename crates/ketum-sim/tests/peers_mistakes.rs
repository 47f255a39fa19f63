//! Mistakes that other simulators made and their users reported, each as a test: a dose applied twice or
//! not at all, a plausible number after a failure, a steady state cut off, a method swapped in silence.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, table};
use ketum_core::event::{Carry, CovariateSeries, Event, EventKind, Subject};
use ketum_core::model::ModelDescription;
use ketum_sim::dataset::{DataOptions, run};
use ketum_sim::math::{exp, expm1};
use ketum_sim::population::{RunOptions, columns, solve_linear, solve_profiles};
use ketum_sim::solve::{Method, Options, Tolerance, simulate};
use ketum_sim::{Model, SimError, SolveFault};

const METHODS: [Method; 3] = [Method::ClosedForm, Method::Explicit, Method::Rosenbrock];

/// Clearance 1.1 L/h over 20 L, absorbed at 1.5 1/h, 1000-fold output.
const K: f64 = 1.1 / 20.0;

fn dosing(lag: f64) -> Vec<CovariateSeries> {
    [("LAGT", lag), ("BIOAV", 1.0), ("DUR2", 1.0), ("RAT2", 1.0)]
        .map(|(name, value)| CovariateSeries::constant(name, value))
        .to_vec()
}

fn options(method: Method) -> Options {
    let tolerance = Tolerance {
        relative: 1e-10,
        absolute: 1e-12,
        ..Tolerance::default()
    };
    Options { method, tolerance }
}

fn levels(events: Vec<Event>, covariates: Vec<CovariateSeries>, method: Method) -> Vec<f64> {
    let subject = Subject {
        id: "1".into(),
        events,
        covariates,
    };
    let prediction =
        simulate(&model("nonmem/model.toml"), &subject, &[], &options(method)).unwrap();
    assert_eq!(prediction.method, method);
    prediction.rows.iter().map(|row| row[0]).collect()
}

fn near(got: f64, expected: f64) {
    assert!(
        (got - expected).abs() <= 1e-8 * expected.abs() + 1e-12,
        "{got} against {expected}"
    );
}

/// The next double after a positive one.
fn after(x: f64) -> f64 {
    f64::from_bits(x.to_bits() + 1)
}

fn before(x: f64) -> f64 {
    f64::from_bits(x.to_bits() - 1)
}

/// One double before the arrival the dose is not there; at it and one double after, it is.
#[test]
fn a_sample_beside_a_lagged_dose_sees_it_or_not_by_order_alone() {
    let arrival = 2.0 + 0.7;
    for method in METHODS {
        let mut events = vec![Event::bolus(2.0, "central", 100.0)];
        events.extend([before(arrival), arrival, after(arrival)].map(Event::observation));
        let got = levels(events, dosing(0.7), method);
        assert_eq!(got[..2], [0.0, 0.0], "{method:?}");
        near(got[2], 5000.0);
        near(got[3], 5000.0);
    }
}

/// Doses, ends of infusions and samples a rounding error apart: each dose counts once.
#[test]
fn a_dose_beside_another_event_is_applied_once() {
    let time = 8.2;
    for method in METHODS {
        for neighbour in [before(time), time, after(time)] {
            let mut events = vec![
                // Ends at `neighbour` within rounding, the bolus falls beside that.
                Event::infusion(neighbour - 2.0, "central", 20.0, 2.0),
                Event::bolus(time, "central", 100.0).repeated(3, time),
                Event::observation(40.0),
            ];
            events.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
            let got = levels(events, dosing(0.0), method)[2];
            let boluses: f64 = (1..=4)
                .map(|k| exp(-K * (40.0 - time * f64::from(k))))
                .sum();
            let infused = 10.0 / K * (-expm1(-2.0 * K)) * exp(-K * (40.0 - neighbour));
            near(got, (100.0 * boluses + infused) * 50.0);
        }
    }
}

/// A hundred doses at multiples that are not exact in binary, samples at the same times computed another
/// way: amounts come out as if each had been given once.
#[test]
fn repeated_additions_of_an_interval_lose_no_dose() {
    let interval = 0.1;
    for method in METHODS {
        let mut events = vec![Event::bolus(0.0, "central", 1.0).repeated(99, interval)];
        let mut time = 0.0;
        for _ in 0..99 {
            time += interval;
            events.push(Event::observation(time));
        }
        events.push(Event::observation(20.0));
        let got = *levels(events, dosing(0.0), method).last().unwrap();
        let expected: f64 = (0..100)
            .map(|k| exp(-K * (20.0 - interval * f64::from(k))))
            .sum();
        near(got, expected * 50.0);
    }
}

/// When the allowed steps are used up there is an error with the time reached, and no padded rows.
#[test]
fn after_a_failure_there_is_no_number() {
    let model = model("workload-b/model.toml");
    let mut events = vec![Event::bolus(0.0, "depot", 50.0)];
    events.extend([1.0, 300.0, 600.0].map(Event::observation));
    let subject = Subject {
        id: "17".into(),
        events,
        covariates: Vec::new(),
    };
    for method in [Method::Explicit, Method::Rosenbrock] {
        let mut options = options(method);
        options.tolerance.max_steps = 40;
        let error = simulate(&model, &subject, &[], &options).unwrap_err();
        let SimError::Subject { id, failure } = &error else {
            panic!("{error}")
        };
        assert_eq!(id, "17");
        let SolveFault::TooManySteps { limit: 40, time_h } = failure.cause else {
            panic!("{error}")
        };
        assert!(time_h > 0.0 && time_h < 600.0);
        assert_eq!(failure.parameters.len(), 11);
    }
}

/// Accumulation over thousands of intervals: no cycle is counted, the steady state is the limit.
#[test]
fn slow_accumulation_reaches_its_steady_state() {
    let text = common::reference("nonmem/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description.covariate_effect.clear();
    // A half-life of 50 days, a dose every hour: 1,700 intervals a half-life.
    description.parameter[0].value = 20.0 * std::f64::consts::LN_2 / 1200.0;
    let k = std::f64::consts::LN_2 / 1200.0;
    let model = Model::compile(&description).unwrap();
    for method in METHODS {
        let subject = Subject {
            id: "1".into(),
            events: vec![Event::bolus(0.0, "central", 1.0).at_steady_state(1.0)],
            covariates: Vec::new(),
        };
        let got = simulate(&model, &subject, &[], &options(method)).unwrap();
        let expected = 50.0 / -expm1(-k);
        let limit = if method == Method::ClosedForm {
            1e-11
        } else {
            1e-5
        };
        let got = got.rows[0][0];
        assert!(
            (got / expected - 1.0).abs() < limit,
            "{method:?} {got} {expected}"
        );
    }
}

/// A lag longer than the interval, at steady state: earlier doses are still on their way.
#[test]
fn steady_state_with_a_lag_longer_than_the_interval() {
    let times = [0.0, 1.0, 3.9, 4.0, 4.1, 11.0, 12.0, 20.0, 29.0];
    for method in METHODS {
        for lag in [0.0, 3.0, 8.0, 20.0, 21.5] {
            let dose = Event::bolus(0.0, "central", 10.0);
            let mut events = vec![dose.clone().repeated(2, 8.0).at_steady_state(8.0)];
            events.extend(times.map(Event::observation));
            let steady = levels(events, dosing(lag), method);
            // The same by a long history: 400 intervals before, then the two further doses.
            let last = 400.0 * 8.0;
            let mut events = vec![dose.repeated(402, 8.0)];
            events.extend(times.map(|t| Event::observation(last + t)));
            let long = levels(events, dosing(lag), Method::ClosedForm);
            for (a, b) in steady[1..].iter().zip(&long[1..]) {
                near(*a, *b);
            }
        }
    }
}

/// A covariate that changes while an infusion runs changes the elimination and not the infusion.
#[test]
fn a_covariate_changing_during_an_infusion_leaves_the_infusion_alone() {
    let text = common::reference("nonmem/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description.covariate_effect = vec![ketum_core::model::CovariateEffect {
        parameter: "cl".into(),
        covariate: "CLR".into(),
        unit: "L/h".into(),
        form: ketum_core::model::CovariateForm::Replaces,
    }];
    let model = Model::compile(&description).unwrap();
    let subject = Subject {
        id: "1".into(),
        events: vec![
            Event::infusion(0.0, "central", 40.0, 4.0),
            Event::observation(2.0),
            Event::observation(6.0),
        ],
        covariates: vec![CovariateSeries {
            name: "CLR".into(),
            carry: Carry::Backward,
            times_h: vec![0.0, 2.0, 6.0],
            values: vec![2.0, 2.0, 6.0],
        }],
    };
    let (first, second) = (2.0 / 20.0, 6.0 / 20.0);
    let at_2 = 10.0 / first * -expm1(-2.0 * first);
    let at_4 = at_2 * exp(-2.0 * second) + 10.0 / second * -expm1(-2.0 * second);
    let at_6 = at_4 * exp(-2.0 * second);
    for method in METHODS {
        let got = simulate(&model, &subject, &[], &options(method)).unwrap();
        near(got.rows[1][0], at_2 * 50.0);
        near(got.rows[2][0], at_6 * 50.0);
    }
}

/// F and lag of a dose are those of its own record, also when it arrives after the next record.
#[test]
fn a_lagged_dose_keeps_the_bioavailability_of_its_record() {
    let mut covariates = dosing(5.0);
    covariates[1] = CovariateSeries {
        name: "BIOAV".into(),
        carry: Carry::Backward,
        times_h: vec![0.0, 2.0, 8.0],
        values: vec![0.5, 1.0, 1.0],
    };
    let events = vec![
        Event::bolus(0.0, "central", 100.0),
        Event::observation(2.0),
        Event::observation(8.0),
    ];
    for method in METHODS {
        let got = levels(events.clone(), covariates.clone(), method);
        near(got[2], 0.5 * 100.0 * 50.0 * exp(-3.0 * K));
    }
}

/// Defaults are tight enough that a validation at defaults hides nothing.
#[test]
fn default_tolerances_give_seven_digits() {
    for case in ["workload-a", "workload-b"] {
        let model = model(&format!("{case}/model.toml"));
        let parameters: Vec<Vec<f64>> = table(&format!("{case}/parameters.csv"))
            .into_iter()
            .map(|row| row[1..].to_vec())
            .collect();
        let times: Vec<f64> = (1..=200).map(|j| 3.37 * f64::from(j)).collect();
        let options = RunOptions {
            method: Method::Explicit,
            ..RunOptions::default()
        };
        let doses = [Event::bolus(0.0, "depot", 50.0).repeated(27, 24.0)];
        let own = columns(&model, &parameters);
        let n = parameters.len();
        let got = solve_profiles(&model, &doses, &times, &own, n, 1, &options).unwrap();
        let mut worst = 0.0_f64;
        for row in table(&format!("{case}/expected.csv")) {
            for (output, expected) in row[2..].iter().enumerate() {
                let value = got.value(row[0] as usize - 1, row[1] as usize - 1, output);
                worst = worst.max((value / expected - 1.0).abs());
            }
        }
        assert!(worst < 1e-7, "{case}: {worst:e}");
    }
}

/// Every dose counts once, those given by ADDL at their own times, and time after dose starts at the last of
/// them. A reset takes none back that was given.
#[test]
fn dose_numbers_and_time_after_dose_follow_the_records() {
    let subject = Subject {
        id: "1".into(),
        events: vec![
            Event::observation(0.0),
            Event::bolus(1.0, "central", 10.0).repeated(3, 4.0),
            Event::observation(1.0),
            Event::observation(9.5),
            Event {
                kind: EventKind::ResetAndDose,
                ..Event::bolus(20.0, "central", 10.0)
            },
            Event::observation(21.0),
        ],
        covariates: dosing(0.0),
    };
    let model = model("nonmem/model.toml");
    let rows = run(&model, &[subject], &DataOptions::default())
        .unwrap()
        .rows;
    let doses: Vec<Option<(u32, f64)>> = rows.iter().map(|row| row.dose).collect();
    let expected = [
        None,
        Some((1, 0.0)),
        Some((1, 0.0)),
        Some((3, 0.5)), // after 1, 5 and 9 h
        Some((5, 0.0)),
        Some((5, 1.0)),
    ];
    assert_eq!(doses, expected);
    near(rows[5].values[0], 10.0 * 50.0 * exp(-K));
}

/// In a population, by every way: another output time changes no other value, to the last bit.
#[test]
fn another_output_time_of_a_population_changes_no_other_value() {
    let model_a = model("workload-a/model.toml");
    let model_b = model("workload-b/model.toml");
    let few: Vec<f64> = vec![0.5, 3.0, 24.0, 25.0, 49.5];
    let mut more = few.clone();
    more.insert(2, 11.25);
    more.insert(4, 24.0);
    for (model, method) in [
        (&model_a, Method::ClosedForm),
        (&model_a, Method::Explicit),
        (&model_b, Method::Auto),
    ] {
        let parameters = vec![model.typical(); 5];
        let own = columns(model, &parameters);
        let options = RunOptions {
            method,
            ..RunOptions::default()
        };
        let doses = [Event::bolus(0.0, "depot", 50.0).repeated(2, 24.0)];
        let run =
            |times: &[f64]| solve_profiles(model, &doses, times, &own, 5, 1, &options).unwrap();
        let (short, long) = (run(&few), run(&more));
        for (at, time) in few.iter().enumerate() {
            let there = more.iter().position(|t| t == time).unwrap();
            for output in 0..model.outputs().len() {
                let (a, b) = (short.value(3, at, output), long.value(3, there, output));
                assert_eq!(a.to_bits(), b.to_bits(), "{method:?} {time} {output}");
            }
        }
    }
}

/// The closed form of a population takes a hundred doses as well as one; dose after dose adds up.
#[test]
fn a_population_superposes_too() {
    let model = model("workload-a/model.toml");
    let parameters = vec![model.typical(); 3];
    let times: Vec<f64> = (1..30).map(|t| 1.7 * f64::from(t)).collect();
    let all: Vec<Event> = (0..40)
        .map(|k| Event::bolus(1.3 * f64::from(k), "depot", 10.0 + f64::from(k % 7)))
        .collect();
    let together = solve_linear(&model, &all, &times, &parameters).unwrap();
    let single: Vec<_> = all
        .iter()
        .map(|dose| solve_linear(&model, std::slice::from_ref(dose), &times, &parameters).unwrap())
        .collect();
    for time in 0..times.len() {
        for output in 0..2 {
            let sum: f64 = single.iter().map(|one| one.value(2, time, output)).sum();
            let got = together.value(2, time, output);
            assert!((got / sum - 1.0).abs() < 1e-11, "{got} {sum}");
        }
    }
}
