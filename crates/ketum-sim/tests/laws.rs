//! Laws of superposition, time and mass by every propagator, the ones that `properties.rs` holds for the
//! closed form included.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, reference};
use ketum_core::event::{CovariateSeries, Event, EventKind, Subject};
use ketum_core::model::{Compartment, ModelDescription, Output};
use ketum_sim::Model;
use ketum_sim::solve::{Method, Options, Tolerance, simulate};
use proptest::prelude::*;

const METHODS: [Method; 3] = [Method::ClosedForm, Method::Explicit, Method::Rosenbrock];
const TIMES: [f64; 7] = [0.5, 1.0, 3.0, 7.5, 12.0, 30.0, 50.0];

fn options(method: Method) -> Options {
    let tolerance = Tolerance {
        relative: 1e-10,
        absolute: 1e-13,
        max_steps: 100_000,
    };
    Options { method, tolerance }
}

/// How near results of differential equations are.
fn limit(method: Method) -> f64 {
    match method {
        Method::ClosedForm => 1e-11,
        _ => 1e-7,
    }
}

fn dosing(lag: f64, f: f64) -> Vec<CovariateSeries> {
    [("LAGT", lag), ("BIOAV", f), ("DUR2", 1.0), ("RAT2", 1.0)]
        .map(|(name, value)| CovariateSeries::constant(name, value))
        .to_vec()
}

/// Values at samples after these doses.
fn after(
    model: &Model,
    method: Method,
    doses: &[Event],
    times: &[f64],
    covariates: &[CovariateSeries],
    eta: &[f64],
) -> Vec<Vec<f64>> {
    let mut events = doses.to_vec();
    events.extend(times.iter().map(|&t| Event::observation(t)));
    events.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
    let subject = Subject {
        id: "1".into(),
        events: events.clone(),
        covariates: covariates.to_vec(),
    };
    let got = simulate(model, &subject, eta, &options(method)).unwrap();
    let rows = got.rows.into_iter().zip(&events);
    rows.filter(|(_, event)| event.kind == EventKind::Observation)
        .map(|(row, _)| row)
        .collect()
}

fn close(a: &[Vec<f64>], b: &[Vec<f64>], limit: f64) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
        assert!(
            (a - b).abs() <= limit * a.abs().max(b.abs()) + 1e-10,
            "{a} against {b}"
        );
    }
}

fn etas(n: usize) -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(-0.8..0.8_f64, n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn doses_superpose_by_every_method(eta in etas(8), first in 1.0..100.0, second in 1.0..100.0, gap in 0.1..30.0) {
        let model = model("workload-a/model.toml");
        let a = Event::bolus(0.0, "depot", first).repeated(2, 5.0);
        let b = Event::infusion(gap, "metabolite", second, 2.0);
        for method in METHODS {
            let run = |doses: &[Event]| after(&model, method, doses, &TIMES, &[], &eta);
            let (one, two) = (run(std::slice::from_ref(&a)), run(std::slice::from_ref(&b)));
            let add = |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(a, b)| a + b).collect();
            let sum: Vec<Vec<f64>> = one.iter().zip(&two).map(|(a, b)| add(a, b)).collect();
            let mut both = vec![a.clone(), b.clone()];
            both.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
            close(&run(&both), &sum, limit(method));
        }
    }

    #[test]
    fn levels_are_proportional_to_dose_by_every_method(eta in etas(8), dose in 1.0..100.0, factor in 0.1..10.0) {
        let model = model("workload-a/model.toml");
        for method in METHODS {
            let run = |amount: f64| {
                let doses = [
                    Event::bolus(0.0, "depot", amount),
                    Event::infusion(2.0, "central", amount, 3.0),
                ];
                after(&model, method, &doses, &TIMES, &[], &eta)
            };
            let scaled: Vec<Vec<f64>> =
                run(dose).iter().map(|row| row.iter().map(|y| y * factor).collect()).collect();
            close(&run(dose * factor), &scaled, limit(method));
        }
    }

    #[test]
    fn a_lag_is_a_later_dose_by_every_method(lag in 0.0..30.0, f in 0.1..2.0, hours in 0.1..5.0) {
        let model = model("nonmem/model.toml");
        for method in METHODS {
            let run = |lag: f64, f: f64, start: f64, amount: f64| {
                let doses = [
                    Event::bolus(start, "central", amount).repeated(2, 11.0),
                    Event::infusion(start, "central", amount, hours),
                ];
                after(&model, method, &doses, &TIMES, &dosing(lag, f), &[])
            };
            close(&run(lag, f, 0.0, 10.0), &run(0.0, 1.0, lag, 10.0 * f), limit(method));
        }
    }

    #[test]
    fn a_reset_splits_a_subject_in_two_by_every_method(eta in etas(8), at in 5.0..20.0) {
        let model = model("workload-a/model.toml");
        let kinds = [EventKind::Dose, EventKind::ResetAndDose];
        let [fresh, again] = kinds.map(|kind| Event { kind, ..Event::bolus(at, "depot", 20.0) });
        let later: Vec<f64> = TIMES.iter().map(|t| at + t).collect();
        let before = [
            Event::bolus(0.0, "depot", 50.0).repeated(9, 6.0),
            Event::infusion(1.0, "central", 50.0, 100.0),
            again,
        ];
        for method in METHODS {
            let got = after(&model, method, &before, &later, &[], &eta);
            let expected = after(&model, method, std::slice::from_ref(&fresh), &later, &[], &eta);
            close(&got, &expected, limit(method));
        }
    }

    #[test]
    fn another_output_time_changes_nothing_in_closed_form(eta in etas(8), extra in 0.1..49.0) {
        let model = model("workload-a/model.toml");
        let doses = [
            Event::bolus(0.0, "depot", 50.0).repeated(3, 12.0),
            Event::infusion(4.0, "central", 20.0, 3.0),
        ];
        let run = |times: &[f64]| after(&model, Method::ClosedForm, &doses, times, &[], &eta);
        let mut more = TIMES.to_vec();
        more.push(extra);
        more.sort_by(f64::total_cmp);
        let mut got = run(&more);
        got.remove(more.iter().position(|t| *t == extra).unwrap());
        prop_assert_eq!(got, run(&TIMES));
    }

    /// Saturable elimination into a compartment that collects: what came in is all there, whatever the
    /// parameters.
    #[test]
    fn a_saturable_model_loses_no_mass(eta in etas(11), dose in 1.0..500.0_f64, rate in 1.0..50.0_f64) {
        let model = collecting();
        for method in [Method::Auto, Method::Explicit, Method::Rosenbrock] {
            let doses = [
                Event::bolus(0.0, "depot", dose).repeated(1, 7.0),
                Event::infusion(2.0, "central", 4.0 * rate, 4.0),
            ];
            let rows = after(&model, method, &doses, &TIMES, &[], &eta);
            for (row, t) in rows.iter().zip(TIMES) {
                let boluses = if t < 7.0 { dose } else { 2.0 * dose };
                let given = boluses + rate * (t - 2.0).clamp(0.0, 4.0);
                let total: f64 = row.iter().sum();
                prop_assert!((total / given - 1.0).abs() < 1e-9, "{:?} {}: {} of {}", method, t, total, given);
                prop_assert!(row.iter().all(|amount| *amount > -1e-8), "{:?}", row);
            }
        }
    }
}

/// Workload B without its response, its whole metabolite collected where it leaves; all amounts shown.
fn collecting() -> Model {
    let mut d: ModelDescription = toml::from_str(&reference("workload-b/model.toml")).unwrap();
    d.turnover.clear();
    d.compartment.push(Compartment {
        name: "gone".into(),
        unit: "mg".into(),
        ..Compartment::default()
    });
    d.flow[3].yield_ = None;
    d.flow[4].to = Some("gone".into());
    let outputs = d.compartment.iter().map(|c| Output {
        name: c.name.clone(),
        unit: "mg".into(),
        compartment: c.name.clone(),
        scale: None,
    });
    d.output = outputs.collect();
    Model::compile(&d).unwrap()
}

/// An infusion is the limit of many small doses in its place, by every method: halving the gap between
/// them halves the difference.
#[test]
fn an_infusion_is_the_limit_of_boluses_by_every_method() {
    let model = model("workload-a/model.toml");
    let later = [6.0, 12.0, 30.0];
    for method in METHODS {
        let run = |doses: &[Event]| after(&model, method, doses, &later, &[], &[]);
        let infused = run(&[Event::infusion(0.0, "central", 40.0, 4.0)]);
        let apart = |n: u32| {
            let gap = 4.0 / f64::from(n);
            // In the middle of each gap, so that the error falls with its square.
            let small = Event::bolus(0.5 * gap, "central", 40.0 / f64::from(n));
            let split = run(&[small.repeated(n - 1, gap)]);
            let pairs = infused.iter().flatten().zip(split.iter().flatten());
            pairs.map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max)
        };
        let (few, many) = (apart(20), apart(40));
        assert!(few < 1e-3, "{method:?} {few}");
        assert!((few / many - 4.0).abs() < 0.2, "{method:?} {few} {many}");
    }
}
