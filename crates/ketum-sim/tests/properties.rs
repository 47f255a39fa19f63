//! What must hold for any subject, whatever the numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::model;
use ketum_core::event::{Carry, CovariateSeries, Event, EventKind, SteadyState, Subject};
use ketum_core::model::{CovariateEffect, CovariateForm, ModelDescription};
use ketum_sim::math::{exp, ln};
use ketum_sim::solve::{Method, Note, Options, Prediction, Tolerance, simulate};
use ketum_sim::{Model, Population, SimError, Sources};
use proptest::prelude::*;

const TIGHT: Tolerance = Tolerance {
    relative: 1e-10,
    absolute: 1e-13,
    max_steps: 100_000,
};

fn subject(events: Vec<Event>) -> Subject {
    Subject {
        id: "1".into(),
        events,
        covariates: Vec::new(),
    }
}

fn solve(model: &Model, method: Method, events: Vec<Event>, eta: &[f64]) -> Prediction {
    let options = Options {
        method,
        tolerance: TIGHT,
    };
    simulate(model, &subject(events), eta, &options).unwrap()
}

fn observed(times: &[f64]) -> Vec<Event> {
    times.iter().map(|&t| Event::observation(t)).collect()
}

/// Records in order of time; doses before observations at the same time.
fn ordered(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_by(|a, b| a.time_h.total_cmp(&b.time_h));
    events
}

/// Values of the observations, output by output.
fn values(prediction: &Prediction, events: &[Event]) -> Vec<Vec<f64>> {
    let rows = prediction.rows.iter().zip(events);
    rows.filter(|(_, event)| event.kind == EventKind::Observation)
        .map(|(row, _)| row.clone())
        .collect()
}

fn close(a: &[Vec<f64>], b: &[Vec<f64>], limit: f64) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
        assert!(
            (a - b).abs() <= limit * a.abs().max(b.abs()) + 1e-12,
            "{a} against {b}"
        );
    }
}

const TIMES: [f64; 7] = [0.5, 1.0, 3.0, 7.5, 12.0, 30.0, 50.0];

fn etas(n: usize) -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(-0.8..0.8_f64, n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn doses_superpose(eta in etas(8), first in 1.0..100.0, second in 1.0..100.0, gap in 0.1..30.0) {
        let model = model("workload-a/model.toml");
        for method in [Method::ClosedForm, Method::Explicit] {
            let run = |doses: Vec<Event>| {
                let events = ordered([doses, observed(&TIMES)].concat());
                values(&solve(&model, method, events.clone(), &eta), &events)
            };
            let a = Event::bolus(0.0, "depot", first);
            let b = Event::infusion(gap, "central", second, 2.0);
            let together = run(vec![a.clone(), b.clone()]);
            let (a, b) = (run(vec![a]), run(vec![b]));
            let sum: Vec<Vec<f64>> = a.iter().zip(&b)
                .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect();
            close(&together, &sum, if method == Method::ClosedForm { 1e-12 } else { 1e-7 });
        }
    }

    #[test]
    fn levels_are_proportional_to_dose(eta in etas(8), dose in 1.0..100.0, factor in 0.1..10.0) {
        let model = model("workload-a/model.toml");
        let run = |amount: f64| {
            let events = [vec![Event::bolus(0.0, "depot", amount)], observed(&TIMES)].concat();
            values(&solve(&model, Method::ClosedForm, events.clone(), &eta), &events)
        };
        let scaled: Vec<Vec<f64>> =
            run(dose).iter().map(|row| row.iter().map(|y| y * factor).collect()).collect();
        close(&run(dose * factor), &scaled, 1e-13);
    }

    #[test]
    fn a_lag_is_a_later_dose(lag in 0.0..30.0, f in 0.1..2.0) {
        let model = model("nonmem/model.toml");
        let covariates = |lag: f64, f: f64| {
            [("LAGT", lag), ("BIOAV", f), ("DUR2", 1.0), ("RAT2", 1.0)]
                .map(|(name, value)| CovariateSeries::constant(name, value)).to_vec()
        };
        let run = |lag: f64, f: f64, start: f64, amount: f64| {
            let doses = vec![Event::bolus(start, "central", amount).repeated(2, 11.0)];
            let events = ordered([doses, observed(&TIMES)].concat());
            let subject = Subject { id: "1".into(), events: events.clone(), covariates: covariates(lag, f) };
            values(&simulate(&model, &subject, &[], &Options::default()).unwrap(), &events)
        };
        close(&run(lag, f, 0.0, 10.0), &run(0.0, 1.0, lag, 10.0 * f), 1e-12);
    }

    #[test]
    fn steady_state_is_the_limit_of_many_doses(eta in etas(8), tau in 4.0..30.0, hours in 0.0..60.0) {
        let model = model("workload-a/model.toml");
        for method in [Method::ClosedForm, Method::Rosenbrock] {
            // Slow subjects need many intervals: 40 half-lives of 1/λ ≈ 300 h at most.
            let doses = (40.0 * 300.0 / tau) as u32;
            let dose = if hours == 0.0 {
                Event::bolus(0.0, "depot", 10.0)
            } else {
                Event::infusion(0.0, "central", 10.0, hours)
            };
            let steady = ordered([vec![dose.clone().at_steady_state(tau)], observed(&[0.0, 1.0, 9.0, 70.0])].concat());
            let got = values(&solve(&model, method, steady.clone(), &eta), &steady);
            let last = f64::from(doses) * tau;
            let long = [
                vec![dose.repeated(doses, tau)],
                observed(&[0.0, 1.0, 9.0, 70.0].map(|t| last + t)),
            ].concat();
            let expected = values(&solve(&model, Method::ClosedForm, long.clone(), &eta), &long);
            close(&got, &expected, if method == Method::ClosedForm { 1e-10 } else { 1e-6 });
        }
    }

    #[test]
    fn a_reset_splits_a_subject_in_two(eta in etas(8), at in 5.0..20.0) {
        let model = model("workload-a/model.toml");
        let again = Event { kind: EventKind::ResetAndDose, ..Event::bolus(at, "depot", 20.0) };
        let later: Vec<f64> = TIMES.iter().map(|t| at + t).collect();
        let events = [vec![Event::bolus(0.0, "depot", 50.0).repeated(9, 6.0), again], observed(&later)].concat();
        let got = values(&solve(&model, Method::ClosedForm, events.clone(), &eta), &events);
        let fresh = [vec![Event::bolus(at, "depot", 20.0)], observed(&later)].concat();
        close(&got, &values(&solve(&model, Method::ClosedForm, fresh.clone(), &eta), &fresh), 1e-14);
    }

    #[test]
    fn another_output_time_changes_no_other_value(eta in etas(11), extra in 0.1..49.0) {
        let model = model("workload-b/model.toml");
        for method in [Method::Explicit, Method::Rosenbrock] {
            let run = |times: &[f64]| {
                let doses = vec![Event::bolus(0.0, "depot", 50.0).repeated(3, 12.0)];
                let events = ordered([doses, observed(times)].concat());
                values(&solve(&model, method, events.clone(), &eta), &events)
            };
            let mut more = TIMES.to_vec();
            more.push(extra);
            more.sort_by(f64::total_cmp);
            let mut got = run(&more);
            got.remove(more.iter().position(|t| *t == extra).unwrap());
            prop_assert_eq!(got, run(&TIMES));
        }
    }
}

#[test]
fn nothing_is_lost_and_nothing_appears() {
    let text = common::reference("workload-a/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    // Collect what leaves: the parent that is not turned into metabolite, and the metabolite.
    let collect = |flow: &mut ketum_core::model::Flow| flow.to = Some("gone".into());
    description
        .compartment
        .push(ketum_core::model::Compartment {
            name: "gone".into(),
            unit: "mg".into(),
            ..Default::default()
        });
    description.flow[3].yield_ = None;
    collect(&mut description.flow[4]);
    description.output = description
        .compartment
        .iter()
        .map(|c| ketum_core::model::Output {
            name: c.name.clone(),
            unit: "mg".into(),
            compartment: c.name.clone(),
            scale: None,
        })
        .collect();
    let model = Model::compile(&description).unwrap();
    for (method, limit) in [
        (Method::ClosedForm, 1e-12),
        (Method::Explicit, 1e-8),
        (Method::Rosenbrock, 1e-8),
    ] {
        let events = [vec![Event::bolus(0.0, "depot", 50.0)], observed(&TIMES)].concat();
        for row in solve(&model, method, events, &[]).rows {
            let total: f64 = row.iter().sum();
            assert!((total / 50.0 - 1.0).abs() < limit, "{method:?}: {total}");
            assert!(row.iter().all(|amount| *amount > -1e-9), "{row:?}");
        }
    }
}

#[test]
fn a_short_infusion_is_nearly_a_bolus() {
    let model = model("workload-a/model.toml");
    for method in [Method::ClosedForm, Method::Explicit] {
        let run = |dose: Event| {
            let events = [vec![dose], observed(&TIMES)].concat();
            values(&solve(&model, method, events.clone(), &[]), &events)
        };
        let bolus = run(Event::bolus(0.0, "central", 50.0));
        let mut last = f64::INFINITY;
        for hours in [1e-2, 1e-4, 1e-6] {
            let infused = run(Event::infusion(0.0, "central", 50.0, hours));
            let pairs = bolus.iter().flatten().zip(infused.iter().flatten());
            let worst = pairs.map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
            assert!(
                worst < last / 50.0 || worst < 1e-8,
                "{method:?}: {worst} after {last}"
            );
            last = worst;
        }
    }
}

#[test]
fn order_of_subjects_changes_nothing() {
    let model = model("kratom-joint/model.toml");
    let events = [Event::bolus(0.0, "gut", 25.0).repeated(6, 8.0)];
    let times_h: Vec<f64> = (0..40).map(f64::from).collect();
    let run = |subjects| {
        Population {
            model: &model,
            events: &events,
            times_h: &times_h,
            subjects,
            seed: 5,
            sources: Sources::PREDICTION,
            threads: 1,
        }
        .run()
        .unwrap()
    };
    let (few, many) = (run(19), run(43));
    assert_eq!(few.parameters, many.parameters[..19]);
    assert_eq!(few.outputs[1].exposure, many.outputs[1].exposure[..19]);
    let mut parameters = few.parameters.clone();
    parameters.reverse();
    let solve =
        |p: &[Vec<f64>]| ketum_sim::population::solve_linear(&model, &events, &times_h, p).unwrap();
    let (there, back) = (solve(&few.parameters), solve(&parameters));
    for subject in 0..19 {
        for time in 0..times_h.len() {
            assert_eq!(
                there.value(subject, time, 0),
                back.value(18 - subject, time, 0)
            );
        }
    }
}

/// Steady state of Michaelis–Menten elimination: found where it exists, refused where it does not.
#[test]
fn saturable_steady_state_exists_below_the_largest_rate_only() {
    let model = model("workload-b/model.toml");
    let tau = 12.0;
    let dose = |share: f64| {
        // VMAX is 9 mg/h.
        let dose = Event::bolus(0.0, "depot", 9.0 * tau * share);
        [vec![dose.at_steady_state(tau)], observed(&[0.0, 1.0, 6.0])].concat()
    };
    for method in [Method::Explicit, Method::Rosenbrock] {
        for share in [0.2, 0.5, 0.9] {
            let events = dose(share);
            let got = values(&solve(&model, method, events.clone(), &[]), &events);
            let mut long = events.clone();
            let intervals = 3000;
            long[0].steady_state = SteadyState::Off;
            long[0] = long[0].clone().repeated(intervals, tau);
            for event in &mut long[1..] {
                event.time_h += f64::from(intervals) * tau;
            }
            let options = Options {
                method,
                tolerance: Tolerance {
                    relative: 1e-8,
                    ..TIGHT
                },
            };
            let expected = simulate(&model, &subject(long.clone()), &[], &options).unwrap();
            close(&got, &values(&expected, &long), 1e-5);
        }
        let options = Options {
            method,
            tolerance: TIGHT,
        };
        let error = simulate(&model, &subject(dose(1.02)), &[], &options).unwrap_err();
        assert!(error.to_string().contains("no steady state"), "{error}");
    }
}

#[test]
fn nothing_eliminated_has_no_steady_state() {
    let text = common::reference("workload-a/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description.flow.pop();
    let model = Model::compile(&description).unwrap();
    let events = vec![Event::bolus(0.0, "depot", 1.0).at_steady_state(12.0)];
    let error = simulate(&model, &subject(events), &[], &Options::default()).unwrap_err();
    assert!(error.to_string().contains("no steady state"), "{error}");
}

#[test]
fn a_stiff_model_switches_and_says_so() {
    let text = common::reference("workload-b/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description.parameter[10].value = 2e5;
    let model = Model::compile(&description).unwrap();
    let events = [vec![Event::bolus(0.0, "depot", 50.0)], observed(&TIMES)].concat();
    let options = |method| Options {
        method,
        tolerance: Tolerance {
            relative: 1e-7,
            ..TIGHT
        },
    };
    let auto = simulate(
        &model,
        &subject(events.clone()),
        &[],
        &options(Method::Auto),
    )
    .unwrap();
    assert!(
        matches!(auto.notes[..], [Note::TurnedStiff { .. }]),
        "{:?}",
        auto.notes
    );
    let stiff = simulate(&model, &subject(events), &[], &options(Method::Rosenbrock)).unwrap();
    close(&auto.rows, &stiff.rows, 1e-5);
    assert!(auto.work.steps < 2000, "{:?}", auto.work);
    assert!(stiff.notes.is_empty());
}

#[test]
fn a_method_that_does_not_fit_is_refused() {
    let model = model("workload-b/model.toml");
    let options = Options {
        method: Method::ClosedForm,
        tolerance: TIGHT,
    };
    let error = simulate(&model, &subject(observed(&TIMES)), &[], &options).unwrap_err();
    assert!(matches!(error, SimError::Unsupported { .. }));
}

/// Decay whose rate follows a covariate: the exact solution is the integral of the rate.
#[test]
fn covariates_carry_backward_forward_and_in_a_line() {
    let text = common::reference("nonmem/model.toml");
    let mut description: ModelDescription = toml::from_str(&text).unwrap();
    description.covariate_effect = vec![CovariateEffect {
        parameter: "cl".into(),
        covariate: "WT".into(),
        unit: "kg".into(),
        form: CovariateForm::Linear {
            reference: 70.0,
            slope: 1.0 / 70.0,
        },
    }];
    let model = Model::compile(&description).unwrap();
    let times = [0.0, 4.0, 10.0, 11.0];
    let weights = [70.0, 105.0, 35.0, 140.0];
    let k = |weight: f64| 1.1 / 20.0 * weight / 70.0;
    // Area under k until each record.
    let area = |carry| {
        let mut sum = 0.0;
        let mut areas = vec![0.0];
        for i in 1..4 {
            let mean = match carry {
                Carry::Backward => k(weights[i]),
                Carry::Forward => k(weights[i - 1]),
                Carry::Linear => 0.5 * (k(weights[i - 1]) + k(weights[i])),
            };
            sum += mean * (times[i] - times[i - 1]);
            areas.push(sum);
        }
        areas
    };
    for carry in [Carry::Backward, Carry::Forward, Carry::Linear] {
        for method in [Method::Auto, Method::Explicit, Method::Rosenbrock] {
            let mut events = vec![Event::bolus(0.0, "central", 100.0)];
            events.extend(observed(&times[1..]));
            let series = CovariateSeries {
                name: "WT".into(),
                carry,
                times_h: times.to_vec(),
                values: weights.to_vec(),
            };
            let person = Subject {
                id: "1".into(),
                events,
                covariates: vec![series],
            };
            let options = Options {
                method,
                tolerance: TIGHT,
            };
            let got = simulate(&model, &person, &[], &options).unwrap();
            for (row, area) in got.rows.iter().zip(area(carry)) {
                let expected = 5000.0 * exp(-area);
                assert!(
                    (row[0] / expected - 1.0).abs() < 1e-8,
                    "{carry:?} {method:?} {row:?} {expected}"
                );
            }
            assert_eq!(
                carry == Carry::Linear && method == Method::Auto,
                !got.notes.is_empty()
            );
        }
    }
}

/// Growth with a kill rate that fades with explicit time has a closed solution.
#[test]
fn explicit_time_follows_the_published_solution() {
    let model = model("claret/model.toml");
    let times: Vec<f64> = (0..=40).map(|i| 0.1 * f64::from(i)).collect();
    for method in [Method::Explicit, Method::Rosenbrock] {
        let got = solve(&model, method, observed(&times), &[]);
        for (row, &t) in got.rows.iter().zip(&times) {
            let expected = 70.0 * exp(0.6 * t - 0.4 * ln(10.0) * (1.0 - exp(-0.8 * t)) / 0.8);
            assert!(
                (row[0] / expected - 1.0).abs() < 1e-8,
                "{method:?} {t}: {row:?} {expected}"
            );
        }
    }
}

#[test]
fn a_covariate_that_is_missing_is_an_error() {
    let model = model("nonmem/model.toml");
    let error = simulate(&model, &subject(observed(&[1.0])), &[], &Options::default()).unwrap_err();
    assert!(error.to_string().contains("'LAGT' is not given"), "{error}");
}
